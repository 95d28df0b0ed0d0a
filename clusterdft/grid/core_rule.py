"""The quadrature around one atom for what its partial core changes: small, fine near the nucleus."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import erfc

from clusterdft.arrays import Floats, frozen_array
from clusterdft.grid.atomic_rule import relative_size, spherical_shells


@dataclass(frozen=True, kw_only=True)
class CoreGridLevel:
    """How fine the rule of a core is.

    Attributes
    ----------
    spacing : float
        Between the innermost shells, in widths of the sharpest Gaussian, alpha_max^(-1/2).
    stretch : float
        In the same widths; the spacing grows as (1 + (r / stretch)^2)^(1/2).
    outside : float
        Share of the core's density beyond the last shell, at most.
    edges : (nedge,) bohr
        For an atom of sodium's size.
    points : (nedge + 1,) int
        `points[i]` directions between `edges[i-1]` and `edges[i]`, the last beyond the last edge.
    """

    spacing: float
    stretch: float
    outside: float
    edges: tuple[float, ...]
    points: tuple[int, ...]


CORE_GRID_LEVELS = {
    "coarse": CoreGridLevel(
        spacing=0.5, stretch=5.0, outside=1e-4, edges=(0.8, 1.4, 2.2), points=(6, 14, 26, 38)
    ),
    "default": CoreGridLevel(
        spacing=0.4, stretch=5.0, outside=1e-5, edges=(0.8, 1.3, 1.9), points=(6, 14, 26, 50)
    ),
    "fine": CoreGridLevel(
        spacing=0.3, stretch=5.0, outside=1e-6, edges=(0.9, 1.4, 1.9, 2.5), points=(14, 26, 38, 50, 86)
    ),
    "ultra": CoreGridLevel(
        spacing=0.2, stretch=4.0, outside=1e-7, edges=(0.8, 1.4, 2.0, 2.8), points=(26, 50, 86, 110, 194)
    ),
}


@lru_cache(maxsize=64)
def core_rule(
    level: str, symbol: str, exponents: tuple[float, ...], coefficients: tuple[float, ...]
) -> tuple[Floats, Floats]:
    """Points and weights of integrals with a core density at the origin.

        int f(r) n_c(r) d3r = sum_k w_k f(r_k),   n_c = sum_i c_i exp(-alpha_i r^2)

    Parameters
    ----------
    level : str
        A key of CORE_GRID_LEVELS.
    symbol : str
        Chemical symbol, sets the length scale of the valence density.
    exponents : (n,) bohr^-2
    coefficients : (n,) bohr^-3
        Positive.

    Returns
    -------
    points : (npoint, 3) bohr
        Read-only.
    weights : (npoint,)
        They add up to the core's electrons; read-only.
    """
    plan, scale = CORE_GRID_LEVELS[level], relative_size(symbol)
    alpha, c = np.array(exponents), np.array(coefficients)
    width = alpha.max() ** -0.5
    stretch = plan.stretch * width
    radii: list[float] = []
    steps: list[float] = []
    while not radii or _outside(radii[-1] + 0.5 * steps[-1], alpha, c) > plan.outside:
        t = (len(radii) + 0.5) * plan.spacing * width
        radii.append(stretch * np.sinh(t / stretch))
        steps.append(plan.spacing * width * np.cosh(t / stretch))
    counts = np.array(plan.points)[np.searchsorted(plan.edges, np.array(radii) / scale)]
    points, weights = spherical_shells(radii, steps, [int(count) for count in counts])
    square = np.sum(points**2, axis=1)
    return points, frozen_array(weights * (np.exp(-square[:, None] * alpha) @ c))


def _outside(radius: float, alpha: Floats, c: Floats) -> float:
    """Share of the core's density beyond a radius."""
    x = np.sqrt(alpha) * radius
    electrons = c * (np.pi / alpha) ** 1.5
    share: float = float(electrons @ (erfc(x) + 2 / np.sqrt(np.pi) * x * np.exp(-(x**2)))) / electrons.sum()
    return share
