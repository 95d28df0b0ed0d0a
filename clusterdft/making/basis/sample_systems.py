"""Small systems whose energies say how good a basis is, and their energies in any set of exponents."""

from dataclasses import dataclass

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.basis.set_files import ShellSet
from clusterdft.cluster import Cluster
from clusterdft.errors import ScfNotConverged
from clusterdft.integrals.one_electron import load_library
from clusterdft.method import Method
from clusterdft.pseudo import load_pseudopotential
from clusterdft.scf.energy_functional import EnergyFunctional
from clusterdft.scf.resolve import ResolvedMethod
from clusterdft.scf.self_consistency import SelfConsistency
from clusterdft.scf.setup import ScfSetup, build_setup
from clusterdft.xc import get_functional

SMALLEST_FRACTION = 1e-14  # fraction of an electron
FERMI_WIDTH = 0.005  # hartree: a degenerate p shell is shared, and energies are smooth in the exponents

# bohr: short diagonal of the rhombus, which is about a bond length, and bonds of dimer and dimer cation
BOND_LENGTH = {"Li": 5.1, "Na": 5.6, "K": 7.2, "Rb": 7.7, "Cs": 8.4, "Mg": 5.9, "Al": 4.9}
DIMER_BOND = BOND_LENGTH | {"Mg": 6.4, "Al": 4.7}
CATION_BOND = {"Li": 5.9, "Na": 6.6, "K": 8.3, "Rb": 8.9, "Cs": 9.8, "Mg": 5.6, "Al": 5.4}
UNPAIRED = {"Al": (1, 2, 1, 2), "Mg": (0, 0, 1, 0)}  # of the systems below; alkali metals (1, 0, 1, 0)


def systems(symbol: str) -> tuple[Cluster, ...]:
    """Atom, dimer, dimer cation and rhombus of an element; for magnesium also the atom 3s 3p, spins parallel.

    Returns
    -------
    tuple of Cluster

    Notes
    -----
    Without 3s 3p, p functions of magnesium would hardly count; anions as small as this would pull
    exponents down to where no larger cluster needs them.
    """
    half = 0.5 * BOND_LENGTH[symbol]
    geometries: tuple[list[list[float]], ...] = (
        [[0, 0, 0]],
        [[0, 0, 0], [0, 0, DIMER_BOND[symbol]]],
        [[0, 0, 0], [0, 0, CATION_BOND[symbol]]],
        [[half, 0, 0], [-half, 0, 0], [0, 2 * half, 0], [0, -2 * half, 0]],
    )
    clusters = [
        Cluster(
            symbols=(symbol,) * len(geometry),
            positions=np.array(geometry, float),
            charge=charge,
            n_unpaired=unpaired,
        )
        for geometry, charge, unpaired in zip(
            geometries, (0, 0, 1, 0), UNPAIRED.get(symbol, (1, 0, 1, 0)), strict=True
        )
    ]
    if symbol == "Mg":
        clusters.append(Cluster(symbols=("Mg",), positions=np.zeros((1, 3)), n_unpaired=2))
    return tuple(clusters)


def reference_method(pseudopotential: str, functional: str = "lda-pz") -> Method:
    """The Method of an optimisation: exchange and correlation of the orbital density.

    Returns
    -------
    Method
    """
    return Method(
        pseudopotential=pseudopotential,
        functional=functional,
        density="orbital",
        occupation="fermi",
        width=FERMI_WIDTH,
        tolerance=1e-8,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Solution:
    """A converged state.

    Attributes
    ----------
    energy : hartree
        A free energy.
    entropy_energy : hartree
        -T S in it.
    orbitals : one (nao, n) array a spin
        Orbitals with electrons in them.
    fraction : one (n,) array a spin
        Between 0 and 1.
    fit_coefficients : (nspin, naux)
    """

    energy: float
    entropy_energy: float
    orbitals: tuple[Floats, ...]
    fraction: tuple[Floats, ...]
    fit_coefficients: Floats


def solve_in_shells(
    cluster: Cluster, method: Method, orbital: ShellSet, fitting: ShellSet, start: Solution | None = None
) -> Solution:
    """Converged state of a cluster in shells that belong to no named set.

    Parameters
    ----------
    cluster : Cluster
        With its number of unpaired electrons.
    method : Method
        Its basis and fitting set are not used.
    orbital : ((l, exponent), ...)
        On every atom.
    fitting : ((highest degree, exponent), ...)
        On every atom.
    start : Solution or None
        To start from, with the same fitting shells.

    Returns
    -------
    Solution

    Raises
    ------
    ScfNotConverged
    """
    setup = _setup(cluster, method, orbital, fitting)
    density = np.zeros((1 if cluster.n_unpaired == 0 else 2, setup.fit.naux))
    if start is not None:
        density = start.fit_coefficients
    *_, step = SelfConsistency(EnergyFunctional(setup), cluster.n_unpaired).steps(density)
    if not step.converged:
        raise ScfNotConverged(f"{cluster.natom} atoms of {cluster.symbols[0]} did not converge", step)
    filled = [_filled(density) for density in step.density]
    return Solution(
        energy=step.energy,
        entropy_energy=step.entropy_energy,
        orbitals=tuple(setup.orthonormal @ vectors for _, vectors in filled),
        fraction=tuple(fraction for fraction, _ in filled),
        fit_coefficients=step.evaluation.fit_coefficients,
    )


def energy_nearby(
    cluster: Cluster, method: Method, orbital: ShellSet, fitting: ShellSet, solution: Solution
) -> float:
    """Energy of a solution's orbitals, as they are but for their norms, in shells with other exponents.

        C' = C (C^T S' C)^(-1/2),   E(C') = E_min + O(change of the exponents squared)

    so that central differences of it are those of the converged energies, for one evaluation each.

    Parameters
    ----------
    cluster, method, fitting
        As in `solve_in_shells`.
    orbital : ((l, exponent), ...)
        As many shells of each l as those of the solution.
    solution : Solution

    Returns
    -------
    hartree
    """
    setup = _setup(cluster, method, orbital, fitting)
    nspin = len(solution.orbitals)
    dms = [
        (3 - nspin) * (c * fraction) @ c.T
        for c, fraction in zip(
            (_orthonormalised(c, setup.overlap) for c in solution.orbitals), solution.fraction, strict=True
        )
    ]
    energy: float = EnergyFunctional(setup).evaluate(np.array(dms)).energy
    return energy + solution.entropy_energy


def _setup(cluster: Cluster, method: Method, orbital: ShellSet, fitting: ShellSet) -> ScfSetup:
    """The tables of a cluster in shells of its own."""
    load_library()
    elements = set(cluster.symbols)
    resolved = ResolvedMethod(
        method=method,
        functional=get_functional(method.functional),
        pseudopotentials={s: load_pseudopotential(s, method.pseudopotential) for s in elements},
        orbital_shells=dict.fromkeys(elements, tuple(orbital)),
        fitting_shells=dict.fromkeys(elements, tuple(fitting)),
    )
    return build_setup(cluster, resolved)


def _filled(density: Floats) -> tuple[Floats, Floats]:
    """Fractions above the smallest and their orbitals, from a density matrix in an orthonormal basis."""
    fraction, orbitals = np.linalg.eigh(density)
    kept = fraction > SMALLEST_FRACTION
    return fraction[kept], orbitals[:, kept]


def _orthonormalised(orbitals: Floats, overlap: Floats) -> Floats:
    """C (C^T S C)^(-1/2)."""
    values, vectors = np.linalg.eigh(orbitals.T @ overlap @ orbitals)
    orthonormal: Floats = orbitals @ (vectors / np.sqrt(values)) @ vectors.T
    return orthonormal
