"""Occupation of the levels: who is filled, and how far.

Levels come as (nspin, nmo); fractions f lie between 0 and 1. A closed shell (nspin = 1) holds two electrons
a level. With a fixed number of unpaired electrons each spin has its own chemical potential; with a free
spin both share one, and N_up - N_down is an outcome.

A level may rise with its own filling, eps_i + U f_i; U = 0 gives the plain schemes. The rise is what a
step in density-matrix space with a quadratic penalty amounts to (see self_consistency.py).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, xlogy

from clusterdft.arrays import Floats

DEGENERACY = 2e-3  # hartree: levels this close to the highest one share its electrons ("equal")


@dataclass(frozen=True, kw_only=True, eq=False)
class Filling:
    """Fractions of the levels.

    Attributes
    ----------
    fraction : (nspin, nmo)
        Between 0 and 1.
    entropy_energy : float, hartree
        -T S for one electron a level (twice that in a closed shell).
    """

    fraction: Floats
    entropy_energy: float = 0.0


def occupy(
    levels: Floats,
    *,
    kind: str,
    width: float,
    n_electrons: int,
    n_unpaired: int | None,
    rise: float = 0.0,
) -> Filling:
    """Fractions of all levels for an occupation scheme.

    Parameters
    ----------
    levels : (nspin, nmo) hartree
    kind : "aufbau", "fermi" or "equal"
    width : float, hartree
        Of the Fermi distribution.
    n_electrons : int
    n_unpaired : int, or None where the spin is free
    rise : float, hartree
        U >= 0

    Returns
    -------
    Filling
        Electron number exact to 1e-12.
    """
    fraction, entropy_energy = np.zeros_like(levels), 0.0
    for rows, electrons in _channels(n_electrons, n_unpaired, len(levels)):
        part = levels[rows]
        if kind == "fermi":
            fraction[rows] = fermi(part, electrons, width, rise)
            entropy_energy += width * float(np.sum(_negative_entropy(fraction[rows])))
        elif kind == "equal":
            fraction[rows] = equal(part, electrons)
        else:
            fraction[rows] = aufbau(part, electrons, rise)
    return Filling(fraction=fraction, entropy_energy=entropy_energy)


def _channels(n_electrons: int, n_unpaired: int | None, nspin: int) -> list[tuple[slice, float]]:
    """(rows of the levels that share a chemical potential, electrons they hold at one a level)."""
    if nspin == 1:
        return [(slice(0, 1), n_electrons / 2)]
    if n_unpaired is None:
        return [(slice(0, 2), float(n_electrons))]
    up, down = (n_electrons + n_unpaired) / 2, (n_electrons - n_unpaired) / 2
    return [(slice(0, 1), up), (slice(1, 2), down)]


def aufbau(levels: Floats, electrons: float, rise: float = 0.0) -> Floats:
    """Lowest levels full; with a rise, f_i = clip((mu - eps_i) / U, 0, 1), sum f = N.

    Parameters
    ----------
    levels : array, hartree
        That share a chemical potential.
    electrons : float
        N, one a level.
    rise : float, hartree
        U >= 0

    Returns
    -------
    array
        Fractions in the shape of the levels.
    """
    order = np.argsort(levels, axis=None, kind="stable")
    ordered = levels.ravel()[order]
    count = int(np.floor(electrons + 1e-9))
    whole = abs(count - electrons) < 1e-9
    if rise > 0 and not (
        whole and (count in (0, levels.size) or ordered[count - 1] + rise <= ordered[count])
    ):
        return _solve(
            lambda mu: np.clip((mu - levels) / rise, 0.0, 1.0), electrons, ordered[0], ordered[-1] + rise
        )
    fraction = np.zeros(levels.size)
    fraction[order[:count]] = 1.0
    if not whole:
        fraction[order[count]] = electrons - count
    return fraction.reshape(levels.shape)


def fermi(levels: Floats, electrons: float, width: float, rise: float = 0.0) -> Floats:
    """Fermi-Dirac fractions: eps_i + U f_i + width ln(f_i / (1 - f_i)) = mu, sum f = N.

    Parameters
    ----------
    levels, electrons, rise : as in `aufbau`
    width : float, hartree

    Returns
    -------
    array
        Fractions in the shape of the levels.
    """

    def filling(mu: float) -> Floats:
        if rise == 0:
            fractions: Floats = expit((mu - levels) / width)
            return fractions
        return _with_rise((mu - levels) / width, rise / width)

    return _solve(filling, electrons, levels.min() - 60 * width, levels.max() + rise + 60 * width)


def _with_rise(above: Floats, rise: float) -> Floats:
    """F with rise * f + logit(f) = above: bisection in the logit, between above - rise and above."""
    low, high = above - rise, above.copy()
    for _ in range(60):
        middle = 0.5 * (low + high)
        over = rise * expit(middle) + middle > above
        low, high = np.where(over, low, middle), np.where(over, middle, high)
    fractions: Floats = expit(0.5 * (low + high))
    return fractions


def equal(levels: Floats, electrons: float) -> Floats:
    """Lowest levels full; levels within `DEGENERACY` of the highest filled one share the rest equally.

    Parameters
    ----------
    levels, electrons : as in `aufbau`

    Returns
    -------
    array
        Fractions in the shape of the levels.
    """
    order = np.argsort(levels, axis=None, kind="stable")
    ordered = levels.ravel()[order]
    count = int(np.floor(electrons + 1e-9))
    if count >= ordered.size:
        return np.ones_like(levels)
    frontier = ordered[count] if electrons - count > 1e-9 else ordered[max(count - 1, 0)]
    first, last = np.flatnonzero(np.abs(ordered - frontier) < DEGENERACY)[[0, -1]]
    fraction = np.zeros(ordered.size)
    fraction[:first] = 1.0
    fraction[first : last + 1] = (electrons - first) / (last + 1 - first)
    result = np.empty(ordered.size)
    result[order] = fraction
    return result.reshape(levels.shape)


def _negative_entropy(f: Floats) -> Floats:
    """f ln f + (1 - f) ln(1 - f)."""  # noqa: D403 - f is a fraction
    value: Floats = xlogy(f, f) + xlogy(1 - f, 1 - f)
    return value


def _solve(filling: Callable[[float], Floats], electrons: float, low: float, high: float) -> Floats:
    """Fractions filling(mu), non-decreasing in mu, whose sum is the number of electrons."""
    for _ in range(200):
        mu = 0.5 * (low + high)
        if mu in (low, high):
            break
        if filling(mu).sum() < electrons:
            low = mu
        else:
            high = mu
    fraction = filling(high)
    error = electrons - fraction.sum()  # rounding only: put it where levels are partly filled
    room = np.minimum(fraction, 1 - fraction)
    return fraction + error * room / room.sum() if room.sum() > abs(error) else fraction
