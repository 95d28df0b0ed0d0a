"""The iterations that make an atom self-consistent."""

import numpy as np

from clusterdft.atom.atom_result import Atom
from clusterdft.atom.problem import (
    energy_parts,
    find_levels,
    screening_potential,
    spin_densities,
    unbound_shell,
)
from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.extrapolation import DEPTH, next_input

MOST_ITERATIONS = 200
TOLERANCE = 1e-12  # hartree, of the change of the potential that an electron sees in the mean
STALLED = 1e-10  # hartree; rounding can hold a heavy atom above the tolerance, but not above this
PATIENCE = 12  # iterations without progress before rounding is blamed
ESCAPING = 50  # an atom that did not converge and had an unbound shell this long before the end is unbound
DAMPING = 0.7
TAIL = 0.2  # bohr^-1; the mixing hardly looks at changes of the potential where no electrons are


def solve(problem, guess, *, keep_ionic):
    """The Atom of a problem.

    Parameters
    ----------
    problem : Problem
    guess : (n,) potential of the electrons to begin with, hartree
    keep_ionic : whether the potential of the Atom holds that of the nucleus

    Returns
    -------
    Atom

    Raises
    ------
    ScfNotConverged
        after MOST_ITERATIONS
    InputError
        an occupied shell is not bound

    Notes
    -----
    The residual potential is weighted by the density, which is how it moves the eigenvalues.
    """
    screening = np.tile(guess, (problem.nspin, 1))
    weight = problem.mesh.r * np.exp(-TAIL * problem.mesh.r)
    energies = np.zeros((problem.nspin, len(problem.nodes)))
    inputs, residuals, sizes, escape = [], [], [], (0, None)
    for iteration in range(1, MOST_ITERATIONS + 1):
        levels = find_levels(problem, screening, energies, empty=False)
        energies = levels.eigenvalue
        escape = (iteration, levels.unbound) if levels.unbound else escape
        density = spin_densities(problem, levels)
        change = screening_potential(problem, density) - screening
        sizes.append(_seen_change(problem, density, change))
        if _converged(sizes):
            return _finish(problem, levels, density, screening, iteration, keep_ionic)
        inputs, residuals = [*inputs[-DEPTH:], screening], [*residuals[-DEPTH:], change]
        screening = next_input(inputs, residuals, weight, DAMPING)
    raise _failure(problem, sizes[-1], *escape)


def _seen_change(problem, density, change):
    """Root mean square of the change over the electrons, hartree."""
    volume = 4 * np.pi * problem.mesh.r**2
    square = np.sum(problem.mesh.integrate(volume * density * change**2))
    return float(np.sqrt(square / problem.configuration.n_electrons))


def _converged(sizes):
    best_before = min(sizes[:-PATIENCE], default=np.inf)
    stalled = sizes[-1] < STALLED and min(sizes[-PATIENCE:]) > 0.5 * best_before
    return sizes[-1] < TOLERANCE or stalled


def _failure(problem, size, last, shell):
    if shell and last > MOST_ITERATIONS - ESCAPING:
        return InputError(unbound_shell(problem, shell))
    return ScfNotConverged(
        f"the atom {problem.configuration.symbol} {problem.configuration.text} did not converge in "
        f"{MOST_ITERATIONS} iterations, the potential still changes by {size:.1e} hartree; "
        "try a configuration with other occupations"
    )


def _finish(problem, levels, density, screening, iteration, keep_ionic):
    """The Atom of the last iteration, empty shells included."""
    if levels.unbound:
        raise InputError(unbound_shell(problem, levels.unbound))
    empty = find_levels(problem, screening, np.zeros_like(levels.eigenvalue), empty=True)
    occupied = problem.occupation > 0
    energies = energy_parts(problem, levels, density, screening)
    return Atom(
        configuration=problem.configuration,
        mesh=problem.mesh,
        functional=problem.functional.name,
        relativity=problem.relativity,
        energy=sum(energies.values()),
        energies=energies,
        eigenvalue=np.where(occupied, levels.eigenvalue, empty.eigenvalue),
        orbital=np.where(occupied[:, :, None], levels.orbital, empty.orbital),
        density=density,
        potential=screening + problem.ionic[0] if keep_ionic else screening,
        n_iterations=iteration,
    )
