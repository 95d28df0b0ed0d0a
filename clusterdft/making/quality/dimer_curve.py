"""Dimers: bond length, dissociation energy and frequency, beside all-electron theory and experiment."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Any, TypeAlias

import numpy as np
from ase.data import atomic_masses, atomic_numbers, covalent_radii

from clusterdft.arrays import Floats
from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.files.toml import read_toml
from clusterdft.method import Method
from clusterdft.scf.solve_scf import solve_scf
from clusterdft.surfaces.choose import spec_of
from clusterdft.units import BOHR_ANGSTROM, DALTON_ELECTRON_MASS

CURVE_POINTS = 7
POINT_SPACING = 0.018  # of the bond length, between the points
CURVE_DEGREE = 4  # of the polynomial through them
FIRST_STEP = 0.1  # of the bond length
MOST_BOND_STEPS = 12
MIDDLE_TOLERANCE = 0.25  # of the spacing, by which the middle point may miss the minimum
CATION_BOND_RATIO = 1.15  # to the neutral dimer's bond length, to begin with
# dalton, of the isotopes in the reference file; Wang et al., Chinese Phys. C 45, 030003 (2021)
ISOTOPES = {"Li": 7.0160034, "Na": 22.9897693, "K": 38.9637065, "Rb": 84.9117897, "Cs": 132.9054520}
HAMILTONIANS = {"scalar": "scalar-relativistic", "none": "non-relativistic"}  # names in the reference file


_Constants: TypeAlias = dict[str, dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Dimer:
    """Spectroscopic constants of X2 or its ion.

    Attributes
    ----------
    symbol : str
        Chemical symbol.
    charge : elementary charges
    re : bohr
    de : hartree
        Of spin-polarised atoms minus the molecule; of X2+ those are X and X+.
    we : hartree
        Harmonic.
    energy : hartree
        At the minimum of the curve.
    n_unpaired : float
        At the minimum.
    """

    symbol: str
    charge: int
    re: float
    de: float
    we: float
    energy: float
    n_unpaired: float


@dataclass(frozen=True, kw_only=True)
class DimerTest:
    """X, X2 and X2+ beside all-electron theory and experiment.

    Attributes
    ----------
    symbol, basis : str
    neutral, cation : Dimer
    atomic_ionization_energy : hartree
        Of X.
    hamiltonian : "scalar-relativistic" or "non-relativistic"
        Of the all-electron reference.
    all_electron, experiment : {species: {constant: value}}
        As in the reference file, without the species that it lacks.
    """

    symbol: str
    basis: str
    neutral: Dimer
    cation: Dimer
    atomic_ionization_energy: float
    hamiltonian: str
    all_electron: _Constants
    experiment: _Constants

    @property
    def ionization_energy(self) -> float:
        """Adiabatic, of X2, hartree."""
        return adiabatic_ionization_energy(self.neutral, self.cation)


def dimer_test(symbol: str, method: Method, *, relativity: str = "scalar") -> DimerTest:
    """X, X2 and X2+ of an element in a method, beside all-electron theory and experiment.

    Parameters
    ----------
    symbol : str
        Chemical symbol.
    method : Method
    relativity : "scalar" or "none"
        Of the all-electron reference; of an element that was not computed with relativity (Li) the
        reference is non-relativistic.

    Returns
    -------
    DimerTest

    Notes
    -----
    Frequencies are those of the isotopes of the reference, else of the standard atomic weight.
    """
    mass = ISOTOPES.get(symbol)
    neutral = dimer_constants(symbol, method, mass=mass)
    reference = reference_dimers()
    all_electron = reference.get("all-electron", {})
    hamiltonian = HAMILTONIANS[relativity]
    if symbol not in all_electron.get(hamiltonian, {}):
        hamiltonian = HAMILTONIANS["none"]
    return DimerTest(
        symbol=symbol,
        basis=method.basis,
        neutral=neutral,
        cation=dimer_constants(symbol, method, charge=1, start=CATION_BOND_RATIO * neutral.re, mass=mass),
        atomic_ionization_energy=atomic_ionization_energy(symbol, method),
        hamiltonian=hamiltonian,
        all_electron=_of_species(symbol, all_electron.get(hamiltonian, {})),
        experiment=_of_species(symbol, reference.get("experiment", {})),
    )


def dimer_constants(
    symbol: str,
    method: Method,
    *,
    charge: int = 0,
    n_unpaired: int | None = None,
    start: float | None = None,
    mass: float | None = None,
) -> Dimer:
    """Spectroscopic constants of two atoms of one element, from the minimum of its energy curve.

        E(r) = sum_k c_k (r - r0)^k,  k = 0 ... 4, through seven points;  we = sqrt(E''(re) / (m/2))

    Parameters
    ----------
    symbol : str
        Chemical symbol.
    method : Method
    charge : 0 or 1
    n_unpaired : int or None
        Unpaired electrons at all points, as in Cluster; None for the lowest state.
    start : bohr or None
        Where to begin; None for twice the covalent radius.
    mass : dalton or None
        Of the atom; None for the standard atomic weight.

    Returns
    -------
    Dimer

    Raises
    ------
    InputError
        Impossible charge, spin or start, or the energy has no minimum.
    ScfNotConverged

    Notes
    -----
    Each point starts from the density of the one before, so all have the spin of the first.
    The atoms are those in their ground states, whatever the spin of the molecule.
    """
    if charge not in (0, 1):
        raise InputError(f"charge {charge} of a dimer; give 0 or 1")
    start = _checked_start(symbol, start)
    mass = float(atomic_masses[atomic_numbers[symbol]]) if mass is None else mass
    curve = _Curve(symbol, method, charge, n_unpaired)
    middle = _stationary_point(curve, start)
    re, energy, curvature = _minimum(curve, middle)
    return Dimer(
        symbol=symbol,
        charge=charge,
        re=re,
        de=_separated(symbol, method, charge) - energy,
        we=float(np.sqrt(curvature / (0.5 * mass * DALTON_ELECTRON_MASS))),
        energy=energy,
        n_unpaired=curve.n_unpaired,
    )


def _checked_start(symbol: str, start: float | None) -> float:
    """The bond length to start from, bohr."""
    z = atomic_numbers.get(symbol, 0)
    if z == 0:
        raise InputError(f"unknown element {symbol!r}; give a chemical symbol such as Na")
    start = 2 * float(covalent_radii[z]) / BOHR_ANGSTROM if start is None else float(start)
    if not 1 <= start <= 30:
        raise InputError(f"bond length {start:g} bohr to start from; give one between 1 and 30")
    return start


def adiabatic_ionization_energy(neutral: Dimer, cation: Dimer) -> float:
    """E(X2+) - E(X2), each at its own minimum.

    Parameters
    ----------
    neutral, cation : Dimer

    Returns
    -------
    hartree
    """
    return cation.energy - neutral.energy


def atomic_ionization_energy(symbol: str, method: Method) -> float:
    """E(X+) - E(X) of spin-polarised atoms in the same basis.

    Parameters
    ----------
    symbol : str
        Chemical symbol.
    method : Method

    Returns
    -------
    hartree
    """
    spec = spec_of(method)
    return spec.atom_energy(symbol, 1) - spec.atom_energy(symbol, 0)


def reference_dimers() -> dict[str, Any]:
    """What other theory and experiment say, as the file of the data package tells it.

    Returns
    -------
    dict
        As in pseudopotentials/reference/dimers.toml; empty where there is no such file.
    """
    file = files("clusterdft_pseudopotentials") / "reference" / "dimers.toml"
    return read_toml(file, "reference file") if file.is_file() else {}


def _of_species(symbol: str, table: _Constants) -> _Constants:
    """The entries of X, X2 and X2+, where there are any."""
    return {species: table[species] for species in (symbol, f"{symbol}2", f"{symbol}2+") if species in table}


class _Curve:
    """Energies and forces along the bond; each point starts from the density of the one before."""

    def __init__(self, symbol: str, method: Method, charge: int, n_unpaired_input: int | None) -> None:
        self.symbol, self.method, self.charge, self.n_unpaired_input = (
            symbol,
            method,
            charge,
            n_unpaired_input,
        )
        self.restart: Floats | None = None
        self.n_unpaired = 0.0

    def at(self, distance: float) -> tuple[float, float]:
        """Energy (hartree) and dE/dr (hartree/bohr) at a bond length (bohr)."""
        cluster = Cluster(
            symbols=(self.symbol,) * 2,
            positions=np.array([[0.0, 0.0, 0.0], [0.0, 0.0, distance]]),
            charge=self.charge,
            n_unpaired=self.n_unpaired_input,
        )
        result = solve_scf(cluster, self.method, restart=self.restart)
        self.restart, self.n_unpaired = result.fit_coefficients, abs(result.n_unpaired)
        return result.energy, float(result.forces[0, 2] - result.forces[1, 2]) / 2


def _stationary_point(curve: _Curve, start: float) -> float:
    """Bond length near the minimum: the slope's change of sign, refined by false position."""
    low, slope = start, curve.at(start)[1]
    direction = -1 if slope > 0 else 1
    for _ in range(MOST_BOND_STEPS):
        high, before = low + direction * FIRST_STEP * low, slope
        slope = curve.at(high)[1]
        if slope * before <= 0:
            return _refine(curve, (low, before), (high, slope))
        low = high
    raise InputError(
        f"the energy of {curve.symbol}2 with charge {curve.charge:+d} has no minimum between {start:.2f} and "
        f"{low:.2f} bohr; start from another bond length"
    )


def _refine(curve: _Curve, lower: tuple[float, float], upper: tuple[float, float]) -> float:
    """Regula falsi with halving (Illinois) until the spacing of the points is reached."""
    (a, fa), (b, fb) = lower, upper
    for _ in range(MOST_BOND_STEPS):
        c = (a * fb - b * fa) / (fb - fa)
        fc = curve.at(c)[1]
        if fc == 0:
            return c
        previous = b
        if fc * fb < 0:
            a, fa = b, fb
        else:
            fa = fa / 2
        b, fb = c, fc
        if abs(b - previous) < MIDDLE_TOLERANCE * POINT_SPACING * b:
            break
    return b


def _minimum(curve: _Curve, middle: float) -> tuple[float, float, float]:
    """Bond length, energy and second derivative of the polynomial through the points around the middle."""
    offsets = POINT_SPACING * middle * (np.arange(CURVE_POINTS) - CURVE_POINTS // 2)
    energies = np.array([curve.at(middle + offset)[0] for offset in offsets])
    polynomial = np.polynomial.Polynomial.fit(offsets, energies, CURVE_DEGREE).convert()
    roots = polynomial.deriv().roots()
    curvature = polynomial.deriv(2)
    near = [float(r.real) for r in roots if abs(r.imag) < 1e-9 and offsets[0] < r.real < offsets[-1]]
    minima = [root for root in near if curvature(root) > 0]
    if not minima:
        raise InputError(
            f"the energy of {curve.symbol}2 with charge {curve.charge:+d} has no minimum around "
            f"{middle:.2f} bohr; start from another bond length"
        )
    root = min(minima, key=abs)
    return float(middle + root), float(polynomial(root)), float(curvature(root))


def _separated(symbol: str, method: Method, charge: int) -> float:
    """Energy of the separated atoms, the charge on one of them, hartree."""
    spec = spec_of(method)
    return spec.atom_energy(symbol, 0) + spec.atom_energy(symbol, charge)
