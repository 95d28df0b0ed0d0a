"""The quadrature of a cluster: atomic rules times the atoms' shares of space."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from clusterdft.arrays import Floats, Ints, frozen_array
from clusterdft.errors import InputError
from clusterdft.grid.atomic_rule import GRID_LEVELS, atomic_rule, relative_size

SHARE_SLOPE = 1.8  # bohr^-1, of the logarithm of an atom's weight function
SHARE_SOFTNESS = 5.0  # bohr, rounds it at the nucleus
LARGEST_EXPONENT = 600.0  # exp of it still is a number
SMALLEST_WEIGHT = 1e-12  # bohr^3; points of smaller weight are left out


class Quadrature(Protocol):
    """Points with weights, each of which moves with an atom: what sums over a grid need to know of it."""

    @property
    def points(self) -> Floats:
        """Where, (ngrid, 3) bohr."""

    @property
    def weights(self) -> Floats:
        """Of the points, (ngrid,)."""

    @property
    def owner(self) -> Ints:
        """The atom that a point moves with, (ngrid,), ascending."""

    def weight_gradient(self, positions: Floats, f: Floats) -> Floats:
        """Derivative (natom, 3) of a sum of fixed f (ngrid,) over the grid through its weights."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Grid:
    """Points and weights: int f(r) d3r = sum_i w_i f(r_i).

    Attributes
    ----------
    points : (ngrid, 3) bohr
    weights : (ngrid,) bohr^3
    owner : (ngrid,) int
        The atom that a point moves with, ascending.
    sizes : (natom,)
        The atoms' length scales relative to sodium, of which the weights are made.
    """

    points: Floats
    weights: Floats
    owner: Ints
    sizes: Floats

    def weight_gradient(self, positions: ArrayLike, f: Floats) -> Floats:
        """Derivative of a sum over the grid through its weights, each point moving with its owner.

            g_A = sum_i f_i dw_i/dR_A

        Parameters
        ----------
        positions : (natom, 3) bohr
            Those of the grid.
        f : (ngrid,)
            Held fixed.

        Returns
        -------
        (natom, 3)
            The rows add up to zero.
        """
        centres = np.asarray(positions, dtype=np.float64)
        out = np.zeros_like(centres)
        bounds = np.searchsorted(self.owner, np.arange(len(centres) + 1))
        for atom in range(len(centres)):
            rows = slice(bounds[atom], bounds[atom + 1])
            offsets = self.points[rows] - centres[atom]
            displacements = centres[atom] - centres
            share, slope = atomic_shares(offsets, displacements, self.sizes, atom)
            factor = f[rows] * self.weights[rows] * share * slope
            factor[atom] = 0.0  # points do not move with respect to their owner
            pull = factor @ offsets + factor.sum(axis=1)[:, None] * displacements
            out[atom] += pull.sum(axis=0)
            out -= pull
        return out


def build_grid(symbols: Sequence[str], positions: ArrayLike, level: str = "default") -> Grid:
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
        Unknown level.
    """
    if level not in GRID_LEVELS:
        raise InputError(f"unknown grid {level!r}; allowed: {', '.join(GRID_LEVELS)}")
    centres = np.asarray(positions, dtype=np.float64)
    sizes = np.array([relative_size(symbol) for symbol in symbols])
    points: list[Floats] = []
    weights: list[Floats] = []
    owner: list[Ints] = []
    for atom, symbol in enumerate(symbols):
        offsets, atomic_weights = atomic_rule(level, symbol)
        share, _ = atomic_shares(offsets, centres[atom] - centres, sizes, atom)
        weight = atomic_weights * share[atom]
        kept = weight > SMALLEST_WEIGHT
        points.append(centres[atom] + offsets[kept])
        weights.append(weight[kept])
        owner.append(np.full(int(kept.sum()), atom))
    return Grid(
        points=frozen_array(np.concatenate(points)),
        weights=frozen_array(np.concatenate(weights)),
        owner=np.concatenate(owner),
        sizes=frozen_array(sizes),
    )


def atomic_shares(offsets: Floats, displacements: Floats, sizes: Floats, owner: int) -> tuple[Floats, Floats]:
    """Share of every atom at points of one atom, and the slope of its logarithm.

        P_B(r) = q_B(r) / sum_C q_C(r),   ln q_B = -slope (|r - R_B|^2 / size_B^2 + softness^2)^(1/2)

    Parameters
    ----------
    offsets : (npoint, 3) bohr
        r - R_A, A the owner.
    displacements : (natom, 3) bohr
        R_A - R_B.
    sizes : (natom,)
        Length scales relative to sodium.
    owner : int
        A.

    Returns
    -------
    share : (natom, npoint)
        P_B.
    slope : (natom, npoint) bohr^-2
        The factor of (r - R_B) in -d(ln q_B)/dr.

    Notes
    -----
    For soft densities as good per point as Becke's polynomials, at a cost of points times atoms
    instead of points times atoms squared. The rounding at the nucleus keeps P smooth there.

    References
    ----------
    Form of Franchini et al., J. Comput. Chem. 34, 1819 (2013), with a softened exponential
    """
    square = 2.0 * displacements @ offsets.T
    square += np.sum(displacements**2, axis=1)[:, None]
    square += np.sum(offsets**2, axis=1)
    square /= sizes[:, None] ** 2
    square += SHARE_SOFTNESS**2
    distance = np.sqrt(square, out=square)
    relative = np.minimum(SHARE_SLOPE * (distance[owner] - distance), LARGEST_EXPONENT)
    np.exp(relative, out=relative)
    relative /= relative.sum(axis=0)
    return relative, SHARE_SLOPE / (sizes[:, None] ** 2 * distance)
