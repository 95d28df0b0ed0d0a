"""What a self-consistent atom is made of: its equations, levels, density, potential and energy."""

from dataclasses import dataclass

import numpy as np

from clusterdft.atom.configuration import Configuration
from clusterdft.atom.mesh import RadialMesh
from clusterdft.atom.radial_equation import continuum_edge, level_below
from clusterdft.errors import InputError
from clusterdft.xc import get_functional
from clusterdft.xc.functional import XcFunctional

BOX = 0.2  # hartree above the continuum: levels of early iterations may be those of the mesh's box


@dataclass(frozen=True, kw_only=True, eq=False)
class Problem:
    """What stays fixed during the iterations.

    Attributes
    ----------
    mesh : RadialMesh
    configuration : Configuration
    nodes : (nshell,) zeros of each shell's orbital
    ionic : (nshell, n) potential of the nucleus or ion for each shell, hartree
    charge : z of the -z/r at the origin, None to read it off the potential
    partial_core : (n,) bohr^-3, seen by exchange and correlation
    functional : XcFunctional, local
    nspin : 1 or 2
    relativity : "none" or "scalar"
    """

    mesh: RadialMesh
    configuration: Configuration
    nodes: tuple[int, ...]
    ionic: np.ndarray
    charge: float | None
    partial_core: np.ndarray
    functional: XcFunctional
    nspin: int
    relativity: str

    @property
    def occupation(self):
        """(nspin, nshell) electrons."""
        pairs = np.array([(shell.up, shell.down) for shell in self.configuration.shells]).T
        return pairs if self.nspin == 2 else pairs.sum(axis=0, keepdims=True)


@dataclass(frozen=True, kw_only=True, eq=False)
class AtomLevels:
    """Levels in a potential; NaN for shells that were not solved.

    Attributes
    ----------
    eigenvalue : (nspin, nshell) hartree
    orbital, radial_density : (nspin, nshell, n)
    unbound : an occupied Shell that is in the continuum, or None
    """

    eigenvalue: np.ndarray
    orbital: np.ndarray
    radial_density: np.ndarray
    unbound: object


def local_functional(name):
    """The XcFunctional of that name.

    Raises
    ------
    InputError
        it is not a local one
    """
    functional = get_functional(name)
    if functional.kind != "lda":
        raise InputError(
            f"functional {functional.name!r} depends on gradients; the spherical atom knows local ones, "
            "for example lda-pz"
        )
    return functional


def find_levels(problem, screening, guess, *, empty):
    """The levels of the occupied shells, or of the empty ones.

    Parameters
    ----------
    problem : Problem
    screening : (nspin, n) potential of the electrons, hartree
    guess : (nspin, nshell) energies to begin with
    empty : whether the empty shells are asked for instead; one that is not bound is NaN

    Returns
    -------
    AtomLevels

    Notes
    -----
    An occupied shell that is not bound is taken from the box of the mesh: iterations go on.
    """
    shape = (problem.nspin, len(problem.nodes))
    energies = np.full(shape, np.nan)
    orbitals = np.full((*shape, len(problem.mesh.r)), np.nan)
    densities = orbitals.copy()
    unbound = None
    for spin, place in np.argwhere((problem.occupation > 0) != empty):
        shell = problem.configuration.shells[place]
        potential = problem.ionic[place] + screening[spin]
        edge = continuum_edge(problem.mesh, potential, shell.l)
        energy, orbital, density = level_below(
            problem.mesh,
            potential,
            l=shell.l,
            nodes=problem.nodes[place],
            relativity=problem.relativity,
            z=problem.charge,
            guess=guess[spin, place],
            top=edge if empty else edge + BOX,
        )
        if np.isfinite(energy):
            energies[spin, place], orbitals[spin, place], densities[spin, place] = energy, orbital, density
        elif not empty:
            raise InputError(unbound_shell(problem, shell))
        if energy > edge:
            unbound = shell
    return AtomLevels(eigenvalue=energies, orbital=orbitals, radial_density=densities, unbound=unbound)


def unbound_shell(problem, shell):
    """The sentence about an occupied shell that is not bound."""
    configuration = problem.configuration
    return (
        f"the shell {shell.name} of {configuration.symbol} {configuration.text} is not bound; "
        "try an ion with fewer electrons, or leave that shell empty"
    )


def spin_densities(problem, levels):
    """(nspin, n) bohr^-3."""
    filling = problem.occupation[:, :, None]
    held = filling * np.where(filling > 0, levels.radial_density, 0.0)
    return held.sum(axis=1) / (4 * np.pi * problem.mesh.r**2)


def hartree_potential(mesh, total_density):
    """v(r) = Q(r)/r + int_r^r_max 4 pi s n(s) ds, (n,) hartree, of a density (n,) bohr^-3."""
    shell = 4 * np.pi * mesh.r * total_density
    outside = mesh.cumulative(shell)
    return mesh.cumulative(shell * mesh.r) / mesh.r + (outside[-1] - outside)


def exchange_correlation(problem, density):
    """Energy density (n,) and potential (nspin, n) of the electrons and the partial core."""
    seen = density + problem.partial_core / problem.nspin
    energy, potential, _ = problem.functional.evaluate(seen)
    return energy, potential


def screening_potential(problem, density):
    """v_H + v_xc of spin densities, (nspin, n) hartree."""
    return hartree_potential(problem.mesh, density.sum(axis=0)) + exchange_correlation(problem, density)[1]


def energy_parts(problem, levels, density, screening):
    """Parts of the energy, hartree; the kinetic one is what the eigenvalues hold beyond the potential."""
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
