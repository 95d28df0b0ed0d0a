"""Occupation of the levels: who is filled, and how far.

Levels come as (nspin, nmo); fractions f lie between 0 and 1. A closed shell (nspin = 1) holds two electrons
a level. With a fixed number of unpaired electrons each spin has its own chemical potential; with a free
spin both share one, and N_up - N_down is an outcome.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, xlogy

DEGENERACY = 2e-3  # hartree: levels this close to the highest one share its electrons ("equal")


@dataclass(frozen=True, kw_only=True, eq=False)
class Occupied:
    """Fractions of the levels.

    Attributes
    ----------
    fraction : (nspin, nmo) between 0 and 1
    entropy_energy : -T S, hartree, for one spin channel of each row (twice that in a closed shell)
    """

    fraction: np.ndarray
    entropy_energy: float = 0.0


def channels(n_electrons, n_unpaired, nspin):
    """Which rows of the levels share a chemical potential, and how many electrons they hold.

    Returns
    -------
    list of (rows, electrons)   electrons counted per row-level of capacity 1
    """
    if nspin == 1:
        return [(slice(0, 1), n_electrons / 2)]
    if n_unpaired is None:
        return [(slice(0, 2), float(n_electrons))]
    return [
        (slice(0, 1), (n_electrons + n_unpaired) / 2),
        (slice(1, 2), (n_electrons - n_unpaired) / 2),
    ]


def solve_chemical_potential(filling, electrons, low, high):
    """mu with sum filling(mu) = electrons, by bisection; the remainder is rescaled away to 1e-13.

    Parameters
    ----------
    filling : mu -> fractions, non-decreasing in mu
    """
    for _ in range(200):
        mu = 0.5 * (low + high)
        if mu in (low, high):
            break
        if filling(mu).sum() < electrons:
            low = mu
        else:
            high = mu
    fraction = filling(high)
    return _with_exact_sum(fraction, electrons)


def _with_exact_sum(fraction, electrons):
    """The same fractions with the sum corrected on the partly filled levels."""
    error = electrons - fraction.sum()
    room = np.minimum(fraction, 1 - fraction)
    if room.sum() > abs(error) and error != 0.0:
        fraction = fraction + error * room / room.sum()
    return fraction


def aufbau(levels, electrons, previous, stiffness):
    """Zero-temperature fractions that approach one chemical potential without oscillating.

        f_i = clip( g_i + (mu - eps_i) / U, 0, 1 ),   sum f = N

    g are the fractions that the present density has in the present orbitals. At the fixed point f = g a
    level is full below mu, empty above, and fractional only at eps = mu (Janak's condition for the lowest
    energy). U stands for the rise of a level with its own filling; it sets the pace, not the answer.

    Parameters
    ----------
    levels, previous : (nspin, nmo) hartree, fractions g
    electrons : their number
    stiffness : U, hartree
    """
    onset = levels - stiffness * previous  # mu at which a level begins to fill; it is full at onset + U
    fraction = _integers(onset, electrons, stiffness)
    if fraction is not None:
        return Occupied(fraction=fraction)
    lowest, highest = onset.min(), onset.max() + stiffness

    def filling(mu):
        return np.clip(previous + (mu - levels) / stiffness, 0.0, 1.0)

    return Occupied(fraction=solve_chemical_potential(filling, electrons, lowest, highest))


def _integers(onset, electrons, stiffness):
    """Whole fractions, where the highest filled level is full before the next begins; None elsewhere."""
    count = round(electrons)
    if abs(count - electrons) > 1e-12 or count > onset.size:
        return None
    order = np.argsort(onset, axis=None, kind="stable")
    sorted_onset = onset.ravel()[order]
    if 0 < count < onset.size and sorted_onset[count - 1] + stiffness > sorted_onset[count]:
        return None
    fraction = np.zeros(onset.size)
    fraction[order[:count]] = 1.0
    return fraction.reshape(onset.shape)


def fermi(levels, electrons, width):
    """Fermi-Dirac fractions f = 1 / (1 + exp((eps - mu) / width)) and -TS = width sum [f ln f + (1-f) ln(1-f)]."""

    def filling(mu):
        return expit((mu - levels) / width)

    fraction = solve_chemical_potential(
        filling, electrons, levels.min() - 60 * width, levels.max() + 60 * width
    )
    entropy_energy = width * float(np.sum(xlogy(fraction, fraction) + xlogy(1 - fraction, 1 - fraction)))
    return Occupied(fraction=fraction, entropy_energy=entropy_energy)


def equal(levels, electrons):
    """Lowest levels full; levels within `DEGENERACY` of the highest filled one share what is left equally."""
    order = np.argsort(levels, axis=None, kind="stable")
    ordered = levels.ravel()[order]
    n_full = int(np.floor(electrons + 1e-9))
    if n_full >= len(ordered):
        return Occupied(fraction=np.ones_like(levels))
    frontier = ordered[n_full] if electrons - n_full > 1e-9 else ordered[max(n_full - 1, 0)]
    shell = np.abs(ordered - frontier) < DEGENERACY
    first, last = np.flatnonzero(shell)[[0, -1]]
    fraction = np.zeros(len(ordered))
    fraction[:first] = 1.0
    fraction[first : last + 1] = (electrons - first) / (last + 1 - first)
    result = np.empty(len(ordered))
    result[order] = fraction
    return Occupied(fraction=result.reshape(levels.shape))


def occupy(levels, previous, *, kind, width, n_electrons, n_unpaired, stiffness):
    """Fractions of all levels for an occupation scheme.

    Parameters
    ----------
    levels : (nspin, nmo) hartree
    previous : (nspin, nmo) fractions of the present density in these orbitals
    kind : "aufbau", "fermi" or "equal"
    n_unpaired : int, or None where the spin is free
    Returns
    -------
    Occupied   electron number exact to 1e-12
    """
    fraction = np.zeros_like(levels)
    entropy_energy = 0.0
    for rows, electrons in channels(n_electrons, n_unpaired, len(levels)):
        if kind == "fermi":
            part = fermi(levels[rows], electrons, width)
        elif kind == "equal":
            part = equal(levels[rows], electrons)
        else:
            part = aufbau(levels[rows], electrons, previous[rows], stiffness)
        fraction[rows] = part.fraction
        entropy_energy += part.entropy_energy
    return Occupied(fraction=fraction, entropy_energy=entropy_energy)
