"""All-electron local-spin-density constants of alkali dimers and their cations.

The functional is Perdew-Zunger 81 with the von Barth-Hedin spin interpolation. Basis sets are uncontracted
even-tempered Gaussians; Coulomb potentials come from density fitting with even-tempered products of the basis
(`--exact`: four-centre integrals). The quadrature uses the symmetry of a homonuclear dimer: Gauss-Chebyshev
in the radius (Treutler and Ahlrichs, J. Chem. Phys. 102, 346 (1995)), Gauss-Legendre in the polar angle, and
as many azimuths as the basis needs. The relativistic Hamiltonian is the spin-free exact two-component one of
the bare nuclei. Energies are differences to spin-polarised atoms in the same basis, without zero points.

    python all_electron.py Na                   both Hamiltonians, tables in TOML on standard output
    python all_electron.py K --add 2 2 2 2      more s, p, d, f functions at both ends
    python all_electron.py Na --ratio 2.1       the same range with closer exponents
    python all_electron.py Al                   ionization potential of an atom alone
"""

import argparse

import numpy as np
from pyscf import dft, gto
from scipy.linalg import block_diag

from clusterdft.units import DALTON_ELECTRON_MASS, HARTREE_CM1, HARTREE_EV

# most common isotope, dalton (Wang et al., Chinese Phys. C 45, 030003 (2021))
MASSES = {"Li": 7.0160034, "Na": 22.9897693, "K": 38.9637065, "Rb": 84.9117897, "Cs": 132.9054520}
# smallest and largest exponent of s, p, d, f
LADDERS = {
    "Li": [(0.008, 3e4), (0.012, 40.0), (0.03, 3.0), (0.06, 0.6)],
    "Na": [(0.008, 2e6), (0.012, 3e3), (0.03, 5.0), (0.06, 0.6)],
    "Mg": [(0.015, 3e6), (0.02, 5e3)],
    "Al": [(0.02, 4e6), (0.015, 5e3), (0.04, 5.0), (0.1, 1.0)],
    "K": [(0.007, 8e6), (0.010, 2e4), (0.02, 20.0), (0.05, 1.5)],
    "Rb": [(0.007, 3e7), (0.010, 1e5), (0.02, 2e3), (0.05, 2.0)],
    "Cs": [(0.006, 1e8), (0.009, 4e5), (0.018, 5e3), (0.04, 3.0)],
}
# first guess of the bond lengths of X2 and X2+, bohr
BONDS = {"Li": (5.2, 6.0), "Na": (5.6, 6.8), "K": (7.2, 8.4), "Rb": (7.6, 8.8), "Cs": (8.4, 9.8)}
SPACING = 0.2
FITTING_MAX_L = 4
MEMORY_MB = 8000


def ladder(smallest, largest, ratio, extra=0):
    """Exponents from the smallest to at least the largest; half of the extra ones are more diffuse."""
    count = int(np.ceil(np.log(largest / smallest) / np.log(ratio))) + 1
    below = extra // 2
    return smallest * float(ratio) ** np.arange(-below, count + extra - below)


def orbital_basis(element, ratio, extra):
    """Uncontracted even-tempered shells in PySCF's form."""
    return [
        [momentum, [float(exponent), 1.0]]
        for momentum, (smallest, largest) in enumerate(LADDERS[element])
        for exponent in ladder(smallest, largest, ratio, extra[momentum])
    ]


def fitting_basis(shells, ratio):
    """Even-tempered fitting shells that span the products of the orbital shells on one atom.

    An angular momentum L reaches from the smallest sum of two exponents to twice their largest geometric
    mean, over the pairs of shells with l + l' = L.
    """
    exponents = {}
    for momentum, (exponent, _) in shells:
        exponents.setdefault(momentum, []).append(exponent)
    fitting = []
    for total in range(min(2 * max(exponents), FITTING_MAX_L) + 1):
        pairs = [(exponents[low], exponents[total - low]) for low in exponents if total - low in exponents]
        smallest = min(min(a) + min(b) for a, b in pairs)
        largest = max(2 * np.sqrt(max(a) * max(b)) for a, b in pairs)
        fitting += [[total, [float(exponent), 1.0]] for exponent in ladder(smallest, largest, ratio)]
    return fitting


def molecule(element, shells, *, bond=None, charge=0):
    """One atom at the origin, or two on the z axis with their centre there; `bond` in bohr."""
    heights = [0.0] if bond is None else [bond / 2, -bond / 2]
    electrons = len(heights) * gto.charge(element) - charge
    return gto.M(
        atom=[(element, (0, 0, z)) for z in heights],
        unit="Bohr",
        basis={element: shells},
        charge=charge,
        spin=electrons % 2,
        symmetry="SO3" if bond is None else "Dooh",
        verbose=0,
    )


def quadrature(bond, n_radial=140, n_polar=40, n_azimuth=2):
    """Points and weights for integrands with the full symmetry of an atom or a homonuclear dimer.

    One atom's cell (Becke, J. Chem. Phys. 88, 2547 (1988)) stands for both, and azimuths between 0 and pi/2
    for all: products of functions whose azimuthal orders add up to less than 4 n_azimuth are exact.

    Returns
    -------
    points : (npoint, 3) bohr
    weights : (npoint,) bohr^3
    """
    angle = np.pi * np.arange(1, n_radial + 1) / (n_radial + 1)
    x = np.cos(angle)
    scale = 1.2 / np.log(2) * (1 + x) ** 0.6
    radius = scale * np.log(2 / (1 - x))
    step = (
        scale * (0.6 / (1 + x) * np.log(2 / (1 - x)) + 1 / (1 - x)) * np.pi / (n_radial + 1) * np.sin(angle)
    )
    cosine, polar = np.polynomial.legendre.leggauss(n_polar)
    azimuth = (np.arange(n_azimuth) + 0.5) * np.pi / 2 / n_azimuth
    r, c, phi = (mesh.ravel() for mesh in np.meshgrid(radius, cosine, azimuth, indexing="ij"))
    across, along = r * np.sqrt(1 - c**2), r * c
    points = np.column_stack([across * np.cos(phi), across * np.sin(phi), along])
    weights = np.einsum(
        "r,c,p->rcp", radius**2 * step, polar, np.full(n_azimuth, 2 * np.pi / n_azimuth)
    ).ravel()
    if bond is None:
        return points, weights
    mu = (r - np.hypot(across, along + bond)) / bond
    for _ in range(3):
        mu = 1.5 * mu - 0.5 * mu**3
    return points + [0, 0, bond / 2], weights * (1 - mu)


def thirds(calculation):
    """Occupations with the outermost p electron of the spin-up channel spread over its three orbitals."""

    def occupations(mo_energy, mo_coeff=None):
        filled = np.zeros_like(mo_energy)
        for spin, count in enumerate(calculation.nelec):
            filled[spin, np.argsort(mo_energy[spin])[:count]] = 1
        last = np.argsort(mo_energy[0])[calculation.nelec[0] - 1 :][:3]
        filled[0, last] = 1 / 3
        return filled

    return occupations


def solve(mol, bond, args, *, relativistic, guess=None, spherical_p=False):
    """A converged Kohn-Sham calculation."""
    calculation = (dft.RKS if mol.spin == 0 else dft.UKS)(mol, xc="LDA,PZ")
    calculation.grids.coords, calculation.grids.weights = quadrature(bond)
    if not args.exact:
        element = mol.atom_symbol(0)
        fitting = {element: fitting_basis(mol.basis[element], args.fit_ratio)}
        mol.max_memory = MEMORY_MB
        calculation = calculation.density_fit(auxbasis=fitting)
        calculation.with_df.build()  # else three-centre integrals are computed in every iteration
    if relativistic:
        calculation = calculation.sfx2c1e()
    calculation.conv_tol, calculation.max_cycle, calculation.max_memory = 1e-10, 100, MEMORY_MB
    if spherical_p:
        calculation.get_occ = thirds(calculation)
    calculation.kernel(dm0=guess)
    if not calculation.converged:
        raise SystemExit(f"not converged: {mol.atom}, charge {mol.charge}")
    return calculation


def constants(bonds, energies, mass):
    """Bond length, energy and harmonic frequency at the minimum of a fitted polynomial of degree 5.

    Parameters
    ----------
    bonds : (n,) bohr, n >= 6
    energies : (n,) hartree
    mass : dalton, of one of the two atoms

    Returns
    -------
    bond : bohr
    energy : hartree
    frequency : cm^-1
    """
    centre = np.mean(bonds)
    curve = np.polynomial.Polynomial.fit(np.asarray(bonds) - centre, energies, 5)
    roots = curve.deriv().roots()
    real = roots.real[np.abs(roots.imag) < 1e-10]
    minima = [x for x in real if curve.deriv(2)(x) > 0 and np.min(bonds) < x + centre < np.max(bonds)]
    if len(minima) != 1:
        raise ValueError(
            f"{len(minima)} minima between {np.min(bonds)} and {np.max(bonds)} bohr: one is wanted"
        )
    frequency = np.sqrt(curve.deriv(2)(minima[0]) / (mass * DALTON_ELECTRON_MASS / 2))
    return minima[0] + centre, curve(minima[0]), frequency * HARTREE_CM1


def dimer(element, charge, shells, args, *, relativistic, guess):
    """Constants of X2 or X2+ from seven bond lengths, moved until the middle one is the lowest."""
    energies = {}
    middle = round(BONDS[element][charge] / SPACING)
    while True:
        for step in range(middle - 3, middle + 4):
            if step not in energies:
                bond = step * SPACING
                mol = molecule(element, shells, bond=bond, charge=charge)
                calculation = solve(mol, bond, args, relativistic=relativistic, guess=guess)
                guess, energies[step] = calculation.make_rdm1(), calculation.e_tot
        near = np.arange(middle - 3, middle + 4)
        lowest = min(near, key=energies.get)
        if lowest == middle:
            return constants(near * SPACING, [energies[step] for step in near], MASSES[element])
        middle = lowest


def ionization_potentials(element, shells, args, *, relativistic):
    """The ion, the atom and the ionization potentials of an atom, eV."""
    ion = solve(molecule(element, shells, charge=1), None, args, relativistic=relativistic)
    mol = molecule(element, shells)
    atom = solve(mol, None, args, relativistic=relativistic)
    values = {"ip_ev": (ion.e_tot - atom.e_tot) * HARTREE_EV}
    if element == "Al":
        sphere = solve(mol, None, args, relativistic=relativistic, guess=atom.make_rdm1(), spherical_p=True)
        values["ip_spherical_ev"] = (ion.e_tot - sphere.e_tot) * HARTREE_EV
    return ion, atom, values


def tables(element, args, *, relativistic):
    """Values by species, for one Hamiltonian."""
    shells = orbital_basis(element, args.ratio, args.add)
    ion, atom, values = ionization_potentials(element, shells, args, relativistic=relativistic)
    yield element, values
    if element not in MASSES:
        return
    up, down = atom.make_rdm1()
    core = ion.make_rdm1()
    guess = block_diag(up + down, up + down)
    bond, energy, frequency = dimer(element, 0, shells, args, relativistic=relativistic, guess=guess)
    guess = np.array([block_diag(up + core / 2, up + core / 2) / 2, block_diag(down, down)])
    bond_ion, energy_ion, frequency_ion = dimer(
        element, 1, shells, args, relativistic=relativistic, guess=guess
    )
    yield (
        f"{element}2",
        {
            "re_bohr": bond,
            "de_ev": (2 * atom.e_tot - energy) * HARTREE_EV,
            "we_per_cm": frequency,
            "ip_ev": (energy_ion - energy) * HARTREE_EV,
        },
    )
    separated = atom.e_tot + ion.e_tot
    well = {"re_bohr": bond_ion, "de_ev": (separated - energy_ion) * HARTREE_EV, "we_per_cm": frequency_ion}
    yield f"{element}2+", well


def main():
    """Prints what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("element", choices=LADDERS)
    parser.add_argument(
        "--ratio", type=float, default=2.5, help="between neighbouring exponents of the basis"
    )
    parser.add_argument("--fit-ratio", type=float, default=2.2, help="the same in the fitting basis")
    parser.add_argument("--add", type=int, nargs=4, default=[0, 0, 0, 0], help="more s, p, d, f functions")
    parser.add_argument(
        "--exact", action="store_true", help="four-centre integrals instead of density fitting"
    )
    parser.add_argument("--only", choices=["non-relativistic", "scalar-relativistic"])
    args = parser.parse_args()
    for hamiltonian in ("non-relativistic", "scalar-relativistic"):
        if args.only not in (None, hamiltonian):
            continue
        for name, values in tables(args.element, args, relativistic=hamiltonian == "scalar-relativistic"):
            print(f'\n[all-electron.{hamiltonian}."{name}"]')
            digits = {"re_bohr": 3, "de_ev": 4, "we_per_cm": 1}
            print(
                "\n".join(f"{key} = {value:.{digits.get(key, 4)}f}" for key, value in values.items()),
                flush=True,
            )


if __name__ == "__main__":
    main()
