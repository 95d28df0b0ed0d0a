"""The quadrature of a cluster: atomic rules times the atoms' shares of space."""

from dataclasses import dataclass

import numpy as np

from clusterdft.arrays import frozen_array
from clusterdft.errors import InputError
from clusterdft.grid.atomic_rule import GRID_LEVELS, atomic_rule, size

SLOPE = 1.8  # bohr^-1, of the logarithm of an atom's weight function
SOFTNESS = 5.0  # bohr, rounds it at the nucleus
LARGEST = 600.0  # exp of it still is a number
NEGLIGIBLE = 1e-12  # bohr^3; points of smaller weight are left out


@dataclass(frozen=True, kw_only=True, eq=False)
class Grid:
    """Points and weights: int f(r) d3r = sum_i w_i f(r_i).

    Attributes
    ----------
    points : (ngrid, 3) bohr
    weights : (ngrid,) bohr^3
    owner : (ngrid,) int     the atom that a point moves with, ascending
    sizes : (natom,)     the atoms' length scales relative to sodium, of which the weights are made
    """

    points: np.ndarray
    weights: np.ndarray
    owner: np.ndarray
    sizes: np.ndarray


def build_grid(symbols, positions, level="default"):
    """Quadrature for smooth valence densities.

        w_i = w_k P_A(r_i),   r_i = R_A + r_k

    Parameters
    ----------
    symbols : (natom,) chemical symbols
    positions : (natom, 3) bohr
    level : "coarse", "default", "fine" or "ultra"

    Returns
    -------
    Grid

    Raises
    ------
    InputError
        unknown level
    """
    if level not in GRID_LEVELS:
        raise InputError(f"unknown grid {level!r}; allowed: {', '.join(GRID_LEVELS)}")
    positions = np.asarray(positions, dtype=np.float64)
    sizes = np.array([size(symbol) for symbol in symbols])
    points, weights, owner = [], [], []
    for atom, symbol in enumerate(symbols):
        offsets, atomic_weights = atomic_rule(level, symbol)
        share, _ = shares(offsets, positions[atom] - positions, sizes, atom)
        weight = atomic_weights * share[atom]
        kept = weight > NEGLIGIBLE
        points.append(positions[atom] + offsets[kept])
        weights.append(weight[kept])
        owner.append(np.full(int(kept.sum()), atom))
    return Grid(
        points=frozen_array(np.concatenate(points)),
        weights=frozen_array(np.concatenate(weights)),
        owner=np.concatenate(owner),
        sizes=frozen_array(sizes),
    )


def weight_gradient(grid, positions, f):
    """Derivative of a sum over the grid through its weights, each point moving with its owner.

        g_A = sum_i f_i dw_i/dR_A

    Parameters
    ----------
    grid : Grid
    positions : (natom, 3) bohr, those of the grid
    f : (ngrid,)     held fixed

    Returns
    -------
    (natom, 3)
        the rows add up to zero
    """
    positions = np.asarray(positions, dtype=np.float64)
    out = np.zeros_like(positions)
    bounds = np.searchsorted(grid.owner, np.arange(len(positions) + 1))
    for atom in range(len(positions)):
        rows = slice(bounds[atom], bounds[atom + 1])
        offsets = grid.points[rows] - positions[atom]
        displacements = positions[atom] - positions
        share, slope = shares(offsets, displacements, grid.sizes, atom)
        factor = f[rows] * grid.weights[rows] * share * slope
        factor[atom] = 0.0  # points do not move with respect to their owner
        pull = factor @ offsets + factor.sum(axis=1)[:, None] * displacements
        out[atom] += pull.sum(axis=0)
        out -= pull
    return out


def shares(offsets, displacements, sizes, owner):
    """Share of every atom at points of one atom, and the slope of its logarithm.

        P_B(r) = q_B(r) / sum_C q_C(r),   ln q_B = -slope (|r - R_B|^2 / size_B^2 + softness^2)^(1/2)

    Parameters
    ----------
    offsets : (npoint, 3) bohr       r - R_A, A the owner
    displacements : (natom, 3) bohr  R_A - R_B
    sizes : (natom,)                 length scales relative to sodium
    owner : A

    Returns
    -------
    (natom, npoint) shares; (natom, npoint) bohr^-2 the factor of (r - R_B) in -d(ln q_B)/dr

    Notes
    -----
    For soft densities as good per point as Becke's polynomials, at a cost of points times atoms
    instead of points times atoms squared. The rounding at the nucleus keeps P smooth there.

    References
    ----------
    form of Franchini et al., J. Comput. Chem. 34, 1819 (2013), with a softened exponential
    """
    square = 2.0 * displacements @ offsets.T
    square += np.sum(displacements**2, axis=1)[:, None]
    square += np.sum(offsets**2, axis=1)
    square /= sizes[:, None] ** 2
    square += SOFTNESS**2
    distance = np.sqrt(square, out=square)
    relative = np.minimum(SLOPE * (distance[owner] - distance), LARGEST)
    np.exp(relative, out=relative)
    relative /= relative.sum(axis=0)
    return relative, SLOPE / (sizes[:, None] ** 2 * distance)
