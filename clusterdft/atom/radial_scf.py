"""The iterations that make electrons in a spherical potential self-consistent."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.atom.radial_problem import (
    LevelNotBound,
    RadialLevels,
    RadialProblem,
    find_levels,
    screening_potential,
    spin_densities,
)
from clusterdft.errors import ScfNotConverged
from clusterdft.extrapolation import MOST_DIFFERENCES, next_input

MOST_ITERATIONS = 200
POTENTIAL_TOLERANCE = 1e-12  # hartree, of the change of the potential that an electron sees in the mean
STALL_TOLERANCE = 1e-10  # hartree; rounding can hold a heavy atom above the tolerance, but not above this
STALL_ITERATIONS = 12  # iterations without progress before rounding is blamed
UNBOUND_ITERATIONS = 50  # what did not converge and had an unbound level this long before the end is unbound
DAMPING = 0.7
MIXING_DECAY = 0.2  # bohr^-1; the mixing hardly looks at changes of the potential where no electrons are


@dataclass(frozen=True, kw_only=True, eq=False)
class RadialSolution:
    """Self-consistent electrons.

    Attributes
    ----------
    levels : RadialLevels
        The occupied ones.
    density : (nspin, n) bohr^-3
    screening : (nspin, n) hartree
        Potential of the electrons.
    n_iterations : int
    """

    levels: RadialLevels
    density: Floats
    screening: Floats
    n_iterations: int


def solve_radial(
    problem: RadialProblem,
    screening: Floats,
    *,
    radius: float = 0.0,
    tolerance: float = POTENTIAL_TOLERANCE,
    damping: float = DAMPING,
) -> RadialSolution:
    """The self-consistent electrons of a problem.

    Parameters
    ----------
    problem : RadialProblem
    screening : (nspin, n) hartree
        Potential of the electrons to begin with.
    radius : bohr
        Electrons are spread inside it; outside, the mixing pays less and less heed.
    tolerance : hartree
        Of the change of the potential that an electron sees in the mean.
    damping : share of the change that is taken over

    Returns
    -------
    RadialSolution

    Raises
    ------
    LevelNotBound
        An occupied level is not bound.
    ScfNotConverged
        After MOST_ITERATIONS.

    Notes
    -----
    The residual potential is weighted by the density, which is how it moves the eigenvalues.
    """
    r = problem.mesh.r
    weight = r * np.exp(-MIXING_DECAY * np.maximum(r - radius, 0.0))
    energies = np.zeros(problem.occupation.shape)
    inputs: list[Floats] = []
    residuals: list[Floats] = []
    sizes: list[float] = []
    unbound: tuple[int, str | None] = (0, None)  # the last iteration that had such a level, and which
    for iteration in range(1, MOST_ITERATIONS + 1):
        levels = find_levels(problem, screening, energies, empty=False)
        energies = levels.eigenvalue
        unbound = (iteration, levels.unbound) if levels.unbound else unbound
        density = spin_densities(problem, levels)
        change = screening_potential(problem, density) - screening
        sizes.append(_rms_change(problem, density, change))
        if _converged(sizes, tolerance):
            if levels.unbound:
                raise LevelNotBound(levels.unbound)
            return RadialSolution(levels=levels, density=density, screening=screening, n_iterations=iteration)
        inputs, residuals = [*inputs[-MOST_DIFFERENCES:], screening], [*residuals[-MOST_DIFFERENCES:], change]
        screening = next_input(inputs, residuals, weight, damping)
    raise _failure(problem, sizes[-1], *unbound)


def _rms_change(problem: RadialProblem, density: Floats, change: Floats) -> float:
    """Root mean square of the change over the electrons, hartree."""
    volume = 4 * np.pi * problem.mesh.r**2
    square = np.sum(problem.mesh.integrate(volume * density * change**2))
    return float(np.sqrt(square / problem.n_electrons))


def _converged(sizes: Sequence[float], tolerance: float) -> bool:
    best_before = min(sizes[:-STALL_ITERATIONS], default=np.inf)
    stalled = sizes[-1] < STALL_TOLERANCE and min(sizes[-STALL_ITERATIONS:]) > 0.5 * best_before
    return sizes[-1] < tolerance or stalled


def _failure(
    problem: RadialProblem, size: float, last: int, level: str | None
) -> LevelNotBound | ScfNotConverged:
    if level and last > MOST_ITERATIONS - UNBOUND_ITERATIONS:
        return LevelNotBound(level)
    return ScfNotConverged(
        f"{problem.name} did not converge in {MOST_ITERATIONS} iterations, the potential still changes by "
        f"{size:.1e} hartree; {problem.advice}"
    )
