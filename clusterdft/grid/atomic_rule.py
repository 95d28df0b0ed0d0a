"""The quadrature of one atom: radial shells for a density without a core, times Lebedev's spheres."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from ase.data import atomic_numbers, covalent_radii

from clusterdft.arrays import Floats, Ints, frozen_array

BLOCK = 64  # points that kernels screen and sum at once: neighbours in the list are neighbours in space
LEBEDEV_DEGREE = {  # points of Lebedev's spheres: degree of the harmonics that they integrate
    6: 3,
    14: 5,
    26: 7,
    38: 9,
    50: 11,
    86: 15,
    110: 17,
    146: 19,
    170: 21,
    194: 23,
    302: 29,
    434: 35,
    590: 41,
}


@dataclass(frozen=True, kw_only=True)
class GridLevel:
    """How fine the quadrature of an atom of sodium's size is.

    Attributes
    ----------
    spacing : bohr
        Between the innermost shells.
    stretch : bohr
        The spacing grows as (1 + (r / stretch)^2)^(1/2).
    points : (nshell,) int
        On each shell from the nucleus outwards, keys of LEBEDEV_DEGREE.
    """

    spacing: float
    stretch: float
    points: tuple[int, ...]


GRID_LEVELS = {
    "coarse": GridLevel(spacing=0.8, stretch=4.0, points=(6, 14, 26, 50, 86, 110, 86, 50, 26, 14, 6, 6)),
    "default": GridLevel(
        spacing=0.75, stretch=4.0, points=(6, 14, 26, 50, 86, 146, 194, 146, 110, 86, 50, 14, 6)
    ),
    "fine": GridLevel(
        spacing=0.65,
        stretch=4.5,
        points=(6, 14, 26, 50, 86, 110, 194, 302, 194, 146, 110, 86, 50, 38, 14, 6, 6),
    ),
    "ultra": GridLevel(
        spacing=0.5,
        stretch=6.0,
        points=(14, 38, 86, 110, 194, 302, 302, *[590] * 10, *[302] * 4, 194, 194, 110, 110, 50),
    ),
}

SODIUM_RADIUS = covalent_radii[atomic_numbers["Na"]]
PLANES = ((0, 1), (1, 2), (2, 0))


def relative_size(symbol: str) -> float:
    """Length scale of an element relative to sodium: the ratio of covalent radii.

    Returns
    -------
    float
    """
    return float(covalent_radii[atomic_numbers[symbol]] / SODIUM_RADIUS)


@lru_cache(maxsize=64)
def atomic_rule(level: str, symbol: str) -> tuple[Floats, Floats]:
    """Points and weights of an atom at the origin.

        int f(r) d3r = sum_k h r'(t_k) r_k^2 sum_j w_j f(r_k u_j),   r(t) = c sinh(t / c),  t_k = (k - 1/2) h

    Parameters
    ----------
    level : str
        A key of GRID_LEVELS.
    symbol : str
        Chemical symbol, sets the length scale.

    Returns
    -------
    points : (npoint, 3) bohr
        Read-only.
    weights : (npoint,) bohr^3
        Read-only.

    Notes
    -----
    r^2 f is even and smooth for a density without cusp and core, so that the trapezoid rule in t
    converges exponentially. Shells are turned by 45 degrees about x, y and z in turn, so that their angular
    errors do not add up; the planes xy, yz and zx stay mirror planes of the rule.

    References
    ----------
    Lebedev and Laikov, Dokl. Math. 59, 477 (1999)
    """
    plan, scale = GRID_LEVELS[level], relative_size(symbol)
    t = (np.arange(len(plan.points)) + 0.5) * plan.spacing
    radii = scale * plan.stretch * np.sinh(t / plan.stretch)
    return spherical_shells(radii, scale * plan.spacing * np.cosh(t / plan.stretch), plan.points)


def spherical_shells(
    radii: Sequence[float] | Floats, steps: Sequence[float] | Floats, counts: Sequence[int]
) -> tuple[Floats, Floats]:
    """Spheres about the origin as points and weights.

        w = step r^2 w_j,   shells turned in turn

    Parameters
    ----------
    radii, steps : (nshell,) bohr
        Radius and radial weight of each shell.
    counts : (nshell,) int
        Points of each shell, keys of LEBEDEV_DEGREE.

    Returns
    -------
    points : (npoint, 3) bohr
        Read-only, in blocks of neighbours.
    weights : (npoint,) bohr^3
        Read-only.
    """
    points: list[Floats] = []
    weights: list[Floats] = []
    for k, (radius, step, count) in enumerate(zip(radii, steps, counts, strict=True)):
        direction, weight = _sphere(count)
        points.append(radius * _turned(direction, k % 4))
        weights.append(step * radius**2 * weight)
    together = np.concatenate(points)
    order = np.concatenate(_blocks(together, np.arange(len(together))))
    return frozen_array(together[order]), frozen_array(np.concatenate(weights)[order])


@lru_cache(maxsize=16)
def _sphere(count: int) -> tuple[Floats, Floats]:
    """Lebedev's directions (count, 3) and weights (count,), which add up to 4 pi."""
    from scipy.integrate import lebedev_rule  # slow to import, and needed once

    direction, weight = lebedev_rule(LEBEDEV_DEGREE[count])
    return direction.T, weight


def _turned(direction: Floats, turn: int) -> Floats:
    """Turned by 45 degrees in one of the coordinate planes; turn 0 leaves as is."""
    if turn == 0:
        return direction
    a, b = PLANES[turn - 1]
    out = direction.copy()
    out[:, a] = (direction[:, a] - direction[:, b]) * np.sqrt(0.5)
    out[:, b] = (direction[:, a] + direction[:, b]) * np.sqrt(0.5)
    return out


def _blocks(points: Floats, rows: Ints) -> list[Ints]:
    """Rows split along the longest side into halves of whole blocks, until a block is left."""
    if len(rows) <= BLOCK:
        return [rows]
    spread = np.ptp(points[rows], axis=0)
    rows = rows[np.argsort(points[rows, int(np.argmax(spread))], kind="stable")]
    half = (len(rows) // 2 + BLOCK - 1) // BLOCK * BLOCK
    return _blocks(points, rows[:half]) + _blocks(points, rows[half:])
