"""Electrons in a spherical potential: what is given, their levels, densities, potential and energy."""

from dataclasses import dataclass

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.atom.mesh import RadialMesh
from clusterdft.atom.radial_equation import continuum_edge, level_below
from clusterdft.errors import InputError
from clusterdft.xc import get_functional
from clusterdft.xc.functional import XcFunctional

BOX_ENERGY = 0.2  # hartree above the continuum: levels of early iterations may be those of the mesh's box


class LevelNotBound(InputError):
    """An occupied level is not bound.

    Attributes
    ----------
    level : its name, such as "3s"
    """

    def __init__(self, level: str) -> None:
        super().__init__(f"the level {level} is not bound; try fewer electrons")
        self.level = level

    def __reduce__(self) -> tuple[type["LevelNotBound"], tuple[str]]:
        return type(self), (self.level,)


@dataclass(frozen=True, kw_only=True, eq=False)
class RadialProblem:
    """What stays fixed during the iterations.

    Attributes
    ----------
    name, advice : str
        For messages: what it is, such as "the atom Na [Ne] 3s1", and what to try where nothing converges.
    mesh : RadialMesh
    level_names : (nlevel,) such as "3s"
    momenta : (nlevel,) int
        Angular momentum l of each level.
    nodes : (nlevel,) int
        Zeros of each level's orbital.
    occupation : (nspin, nlevel) electrons
        nspin is 1 (unpolarised) or 2 (up, down).
    ionic : (nlevel, n) hartree
        Potential of the nucleus, ion or background for each level.
    partial_core : (n,) bohr^-3
        Seen by exchange and correlation.
    functional : XcFunctional
        A local one.
    charge : float or None
        z of the -z/r at the origin, None to read it off the potential.
    relativity : "none" or "scalar"
    """

    name: str
    advice: str
    mesh: RadialMesh
    level_names: tuple[str, ...]
    momenta: tuple[int, ...]
    nodes: tuple[int, ...]
    occupation: Floats
    ionic: Floats
    partial_core: Floats
    functional: XcFunctional
    charge: float | None = None
    relativity: str = "none"

    @property
    def nspin(self) -> int:
        """1 (unpolarised) or 2."""
        return len(self.occupation)

    @property
    def n_electrons(self) -> float:
        """Number of electrons, fractions allowed."""
        return float(self.occupation.sum())


@dataclass(frozen=True, kw_only=True, eq=False)
class RadialLevels:
    """Levels in a potential; NaN for those that were not solved.

    Attributes
    ----------
    eigenvalue : (nspin, nlevel) hartree
    orbital : (nspin, nlevel, n) bohr^(-1/2)
        P = r R.
    radial_density : (nspin, nlevel, n) bohr^-1
    unbound : str or None
        Name of an occupied level that is in the continuum.
    """

    eigenvalue: Floats
    orbital: Floats
    radial_density: Floats
    unbound: str | None


def local_functional(name: str) -> XcFunctional:
    """The functional of that name.

    Returns
    -------
    XcFunctional

    Raises
    ------
    InputError
        It is not a local one.
    """
    functional = get_functional(name)
    if functional.kind != "lda":
        raise InputError(
            f"functional {functional.name!r} depends on gradients; the spherical atom knows local ones, "
            "for example lda-pz"
        )
    return functional


def find_levels(problem: RadialProblem, screening: Floats, guess: Floats, *, empty: bool) -> RadialLevels:
    """The occupied levels, or the empty ones.

    Parameters
    ----------
    problem : RadialProblem
    screening : (nspin, n) hartree
        Potential of the electrons.
    guess : (nspin, nlevel) hartree
        Energies to begin with.
    empty : bool
        Whether the empty levels are asked for instead; one that is not bound is NaN.

    Returns
    -------
    RadialLevels

    Raises
    ------
    LevelNotBound
        An occupied level is far up in the continuum.

    Notes
    -----
    An occupied level that is not bound is taken from the box of the mesh: iterations go on.
    """
    energies = np.full(problem.occupation.shape, np.nan)
    orbitals = np.full((*energies.shape, len(problem.mesh.r)), np.nan)
    densities = orbitals.copy()
    unbound = None
    for spin, k in np.argwhere((problem.occupation > 0) != empty):
        potential = problem.ionic[k] + screening[spin]
        edge = continuum_edge(problem.mesh, potential, problem.momenta[k])
        energy, orbital, density = level_below(
            problem.mesh,
            potential,
            l=problem.momenta[k],
            nodes=problem.nodes[k],
            relativity=problem.relativity,
            z=problem.charge,
            guess=guess[spin, k],
            top=edge if empty else edge + BOX_ENERGY,
        )
        if np.isfinite(energy):
            energies[spin, k], orbitals[spin, k], densities[spin, k] = energy, orbital, density
        elif not empty:
            raise LevelNotBound(problem.level_names[k])
        if energy > edge:
            unbound = problem.level_names[k]
    return RadialLevels(eigenvalue=energies, orbital=orbitals, radial_density=densities, unbound=unbound)


def spin_densities(problem: RadialProblem, levels: RadialLevels) -> Floats:
    """Densities of both spins, or the total one.

    Parameters
    ----------
    problem : RadialProblem
    levels : RadialLevels

    Returns
    -------
    (nspin, n) bohr^-3
    """
    filling = problem.occupation[:, :, None]
    held = filling * np.where(filling > 0, levels.radial_density, 0.0)
    density: Floats = held.sum(axis=1) / (4 * np.pi * problem.mesh.r**2)
    return density


def hartree_potential(mesh: RadialMesh, total_density: Floats) -> Floats:
    """The electrostatic potential of a density on an electron.

        v(r) = Q(r)/r + int_r^r_max 4 pi s n(s) ds

    Parameters
    ----------
    mesh : RadialMesh
    total_density : (n,) bohr^-3

    Returns
    -------
    (n,) hartree
    """
    shell = 4 * np.pi * mesh.r * total_density
    outside = mesh.cumulative(shell)
    potential: Floats = mesh.cumulative(shell * mesh.r) / mesh.r + (outside[-1] - outside)
    return potential


def exchange_correlation(problem: RadialProblem, density: Floats) -> tuple[Floats, Floats]:
    """Energy density and potential of the electrons and the partial core.

    Parameters
    ----------
    problem : RadialProblem
    density : (nspin, n) bohr^-3
        Of the electrons.

    Returns
    -------
    energy : (n,) hartree bohr^-3
    potential : (nspin, n) hartree
    """
    seen = density + problem.partial_core / problem.nspin
    energy, potential, _ = problem.functional.evaluate(seen)
    return energy, potential


def screening_potential(problem: RadialProblem, density: Floats) -> Floats:
    """The potential of the electrons, v_H + v_xc.

    Parameters
    ----------
    problem : RadialProblem
    density : (nspin, n) bohr^-3

    Returns
    -------
    (nspin, n) hartree
    """
    return hartree_potential(problem.mesh, density.sum(axis=0)) + exchange_correlation(problem, density)[1]


def energy_parts(
    problem: RadialProblem, levels: RadialLevels, density: Floats, screening: Floats
) -> dict[str, float]:
    """Parts of the energy; the kinetic one is what the eigenvalues hold beyond the potential.

    Parameters
    ----------
    problem : RadialProblem
    levels : RadialLevels
        The occupied ones, in the potential of the electrons.
    density : (nspin, n) bohr^-3
    screening : (nspin, n) hartree
        Potential of the electrons.

    Returns
    -------
    {part: hartree}
        kinetic, external, hartree, xc.
    """
    mesh = problem.mesh
    volume = 4 * np.pi * mesh.r**2
    occupied = problem.occupation > 0
    filling = problem.occupation[occupied]
    held = filling[:, None] * levels.radial_density[occupied]
    ionic = np.broadcast_to(problem.ionic, levels.orbital.shape)[occupied]
    external = float(mesh.integrate(np.sum(held * ionic, axis=0)))
    screened = float(np.sum(mesh.integrate(volume * density * screening)))
    band = float(filling @ levels.eigenvalue[occupied])
    total = density.sum(axis=0)
    return {
        "kinetic": band - external - screened,
        "external": external,
        "hartree": 0.5 * float(mesh.integrate(volume * total * hartree_potential(mesh, total))),
        "xc": float(mesh.integrate(volume * exchange_correlation(problem, density)[0])),
    }
