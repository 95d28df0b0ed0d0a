"""The spherical jellium model: electrons on a sphere of uniform positive charge."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from clusterdft.arrays import Floats, frozen_array
from clusterdft.atom.mesh import RadialMesh, logarithmic_mesh
from clusterdft.atom.radial_problem import (
    LevelNotBound,
    RadialProblem,
    energy_parts,
    find_levels,
    local_functional,
    screening_potential,
)
from clusterdft.atom.radial_scf import RadialSolution, solve_radial
from clusterdft.errors import InputError
from clusterdft.units import MOMENTUM_LETTERS

# (nodes, l), as the levels come in a sphere of sodium's density
LEVEL_ORDER = (
    (0, 0),
    (0, 1),
    (0, 2),
    (1, 0),
    (0, 3),
    (1, 1),
    (0, 4),
    (1, 2),
    (2, 0),
    (0, 5),
    (1, 3),
    (2, 1),
    (0, 6),
)
MOST_ELECTRONS = sum(4 * momentum + 2 for _, momentum in LEVEL_ORDER)
MESH_MARGIN = 45.0  # bohr, of the mesh beyond the sphere
EDGE_WIDTH = 1.0  # bohr, of the first density
JELLIUM_DAMPING = 0.3
JELLIUM_TOLERANCE = 1e-9  # hartree, of the change of the potential that an electron sees in the mean


@dataclass(frozen=True, kw_only=True, eq=False)
class JelliumLevel:
    """A level of the sphere.

    Attributes
    ----------
    name : str
        Such as "1p", which has no node: the number counts the levels of one l.
    nodes, l : int
        Zeros of the radial function apart from the ends, angular momentum.
    energy : (nspin,) hartree
        NaN where an empty level is not bound.
    electrons : (nspin,)
        In it.
    """

    name: str
    nodes: int
    l: int  # noqa: E741 - the angular momentum is called l
    energy: tuple[float, ...]
    electrons: tuple[float, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Jellium:
    """Self-consistent electrons of a uniformly charged sphere.

    Attributes
    ----------
    n_electrons, background_charge : float
        N and Z.
    radius_per_electron : bohr
        r_s.
    radius : bohr
        Of the positive sphere, r_s Z^(1/3).
    energy : hartree
        With the self-energy of the background.
    energies : {part: hartree}
        They sum to `energy`.
    levels : tuple of JelliumLevel
        In the order of filling, empty ones of the same list behind.
    density : (nspin, n) bohr^-3
        On the mesh; nspin is 1 without spin polarisation.
    potential : (nspin, n) hartree
        The whole Kohn-Sham potential.
    mesh : RadialMesh
    """

    n_electrons: float
    background_charge: float
    radius_per_electron: float
    radius: float
    energy: float
    energies: dict[str, float]
    levels: tuple[JelliumLevel, ...]
    density: Floats
    potential: Floats
    mesh: RadialMesh

    def __post_init__(self) -> None:
        for name in ("density", "potential"):
            object.__setattr__(self, name, frozen_array(getattr(self, name)))

    @property
    def gap(self) -> float:
        """Lowest level with room minus highest with electrons, hartree; 0 where one level is both.

        Below zero the filling is not that of the ground state; NaN where no empty level is bound.
        """
        pairs = [
            (energy, held, 2 * level.l + 1 if len(level.energy) == 2 else 4 * level.l + 2)
            for level in self.levels
            for energy, held in zip(level.energy, level.electrons, strict=True)
        ]
        highest = max(energy for energy, held, _ in pairs if held > 0)
        room = [energy for energy, held, most in pairs if held < most and np.isfinite(energy)]
        return min(room, default=np.nan) - highest


def solve_jellium(
    n_electrons: float,
    *,
    radius_per_electron: float = 4.0,
    charge: float = 0.0,
    spin_polarized: bool = False,
    functional: str = "lda-pz",
) -> Jellium:
    """The self-consistent electrons of the spherical jellium model.

        v_+(r) = -Z/(2R) [3 - (r/R)^2] inside, -Z/r outside,   R = r_s Z^(1/3),   Z = N + charge
        E = T + E_+ + E_H + E_xc + (3/5) Z^2/R

    Parameters
    ----------
    n_electrons : float
        N, up to 138; levels are filled in the order of LEVEL_ORDER, an open one evenly over its orbitals.
    radius_per_electron : bohr
        r_s; 4 is close to sodium's.
    charge : elementary charges
        The background has N + charge.
    spin_polarized : bool
        Whether the spins have their own levels; open ones by Hund's rule.
    functional : str
        Name of a local functional.

    Returns
    -------
    Jellium

    Raises
    ------
    InputError
        Impossible numbers, or an occupied level that is not bound.
    ScfNotConverged

    References
    ----------
    Ekardt, Phys. Rev. B 29, 1558 (1984)
    """
    background = n_electrons + charge
    _check(n_electrons, radius_per_electron, background)
    radius = radius_per_electron * background ** (1 / 3)
    mesh = logarithmic_mesh(1.0, r_max=radius + MESH_MARGIN)
    problem = _problem(n_electrons, background, radius, mesh, spin_polarized, functional)
    solution = _solve(problem, radius)
    energies = energy_parts(problem, solution.levels, solution.density, solution.screening)
    energies["background"] = 0.6 * background**2 / radius
    return Jellium(
        n_electrons=float(n_electrons),
        background_charge=float(background),
        radius_per_electron=float(radius_per_electron),
        radius=float(radius),
        energy=sum(energies.values()),
        energies=energies,
        levels=_levels(problem, solution),
        density=solution.density,
        potential=solution.screening + problem.ionic[0],
        mesh=mesh,
    )


def background_potential(r: ArrayLike, charge: float, radius: float) -> Floats:
    """Potential of a uniformly charged sphere on an electron.

    Parameters
    ----------
    r : (n,) bohr
    charge : elementary charges
        Of the sphere.
    radius : bohr

    Returns
    -------
    (n,) hartree
    """
    distance = np.asarray(r, dtype=float)
    inside = -charge / (2 * radius) * (3 - (distance / radius) ** 2)
    return np.where(distance < radius, inside, -charge / np.maximum(distance, radius))


def _check(n_electrons: float, radius_per_electron: float, background: float) -> None:
    if not 0 < n_electrons <= MOST_ELECTRONS:
        raise InputError(f"{n_electrons} electrons in a jellium sphere; give 1 to {MOST_ELECTRONS}")
    if not 0 < radius_per_electron < np.inf:
        raise InputError(f"a radius per electron of {radius_per_electron} bohr; give one above 0, such as 4")
    if not background > 0:
        raise InputError(f"the background has charge {background}; give a charge above {-n_electrons}")


def _problem(
    n_electrons: float,
    background: float,
    radius: float,
    mesh: RadialMesh,
    spin_polarized: bool,
    functional: str,
) -> RadialProblem:
    """The levels of LEVEL_ORDER in the potential of the background."""
    external = background_potential(mesh.r, background, radius)
    return RadialProblem(
        name=f"the jellium sphere of {n_electrons:g} electrons",
        advice="try another number of electrons or charge",
        mesh=mesh,
        level_names=tuple(f"{nodes + 1}{MOMENTUM_LETTERS[momentum]}" for nodes, momentum in LEVEL_ORDER),
        momenta=tuple(momentum for _, momentum in LEVEL_ORDER),
        nodes=tuple(nodes for nodes, _ in LEVEL_ORDER),
        occupation=_occupation(n_electrons, 2 if spin_polarized else 1),
        ionic=np.tile(external, (len(LEVEL_ORDER), 1)),
        charge=0.0,
        partial_core=np.zeros(len(mesh.r)),
        functional=local_functional(functional),
    )


def _occupation(n_electrons: float, nspin: int) -> Floats:
    """Electrons (nspin, nlevel), levels in the order of LEVEL_ORDER."""
    left, rows = float(n_electrons), []
    for _, momentum in LEVEL_ORDER:
        electrons = min(left, 4.0 * momentum + 2)
        up = min(electrons, 2.0 * momentum + 1)
        rows.append((up, electrons - up) if nspin == 2 else (electrons,))
        left -= electrons
    return np.array(rows).T


def _solve(problem: RadialProblem, radius: float) -> RadialSolution:
    """The self-consistent electrons, from a first density that fills the sphere."""
    density = np.tile(_first_density(problem, radius) / problem.nspin, (problem.nspin, 1))
    screening = screening_potential(problem, density)
    try:
        return solve_radial(
            problem, screening, radius=radius, tolerance=JELLIUM_TOLERANCE, damping=JELLIUM_DAMPING
        )
    except LevelNotBound as error:
        raise InputError(
            f"the jellium sphere does not bind {problem.n_electrons:g} electrons: the level {error.level} "
            "is in the continuum; try fewer electrons or a more positive charge"
        ) from None


def _first_density(problem: RadialProblem, radius: float) -> Floats:
    """The electrons spread over the sphere, with a soft edge."""
    mesh = problem.mesh
    profile = 1 / (1 + np.exp(np.minimum((mesh.r - radius) / EDGE_WIDTH, 60.0)))
    density: Floats = profile * problem.n_electrons / mesh.integrate(4 * np.pi * mesh.r**2 * profile)
    return density


def _levels(problem: RadialProblem, solution: RadialSolution) -> tuple[JelliumLevel, ...]:
    """All levels of LEVEL_ORDER; empty ones in the final potential, NaN where they are not bound."""
    guess = np.zeros(problem.occupation.shape)
    empty = find_levels(problem, solution.screening, guess, empty=True)
    energy = np.where(problem.occupation > 0, solution.levels.eigenvalue, empty.eigenvalue)
    return tuple(
        JelliumLevel(
            name=problem.level_names[k],
            nodes=nodes,
            l=momentum,
            energy=tuple(energy[:, k].tolist()),
            electrons=tuple(problem.occupation[:, k].tolist()),
        )
        for k, (nodes, momentum) in enumerate(LEVEL_ORDER)
    )
