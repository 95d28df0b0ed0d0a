"""Which levels belong together under a group: degenerate sets found by symmetry, not by their energies.

The operator with the given levels is averaged over the group. The average has exactly degenerate levels,
one set for each irreducible representation in it; every given level goes to the set that holds most of it.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from clusterdft.arrays import Floats, Ints
from clusterdft.electronic_symmetry.finite_action import FiniteAction
from clusterdft.electronic_symmetry.orbital_matrices import Move

GAP_ABOVE = 10.0  # spans of the spectrum, from the highest level to the directions that have none


@dataclass(frozen=True, kw_only=True, eq=False)
class Assignment:
    """Levels that are partners in one irreducible representation.

    Attributes
    ----------
    irrep : int
        Index of the representation.
    members : tuple of int
        Indices of the levels, ascending.
    shares : (nirrep,)
        Mean share of each representation in them, of sum 1.
    purity : float
        Mean share of the levels in the set of the averaged operator; 1 where symmetry is exact.
    """

    irrep: int
    members: tuple[int, ...]
    shares: Floats
    purity: float


def assign_levels(
    action: FiniteAction, move: Move, vectors: Floats, values: Floats
) -> tuple[Assignment, ...]:
    """The sets of partners among levels.

        H = sum_i v_i |i><i|,   <H> = 1/order sum_g D(g) H D(g)^T,   <H> P_k = eigenspaces of d_k levels

    Parameters
    ----------
    action : FiniteAction
    move : function
        move(k, x) applies operation k, an orthogonal matrix, to the columns of x
    vectors : (dim, n)
        Orthonormal.
    values : (n,)
        The levels.

    Returns
    -------
    tuple of Assignment
        By their mean level.

    Notes
    -----
    Levels that coincide by accident, and mix, still go to different sets, whose purity then falls.
    """
    basis, levels = _completed(vectors, values)
    average = _average(action, move, (basis * levels) @ basis.T)
    projectors = _projectors(action, move, len(basis))
    shares = np.stack([np.sum(basis * (p @ basis), axis=0) for p in projectors])
    spaces = [
        (k, space)
        for k, (p, d) in enumerate(zip(projectors, action.dimensions, strict=True))
        for space in _eigenspaces(average, p, d)
    ]
    held = np.stack([np.sum((space.T @ basis) ** 2, axis=0) for _, space in spaces])
    owner = _owners(held, [space.shape[1] for _, space in spaces])
    assignments = []
    for s, (irrep, _) in enumerate(spaces):
        members = np.flatnonzero(owner[: len(values)] == s)
        if len(members):
            mean = shares[:, members].mean(axis=1)
            purity = float(held[s, members].mean())
            pick = tuple(members.tolist())
            assignments.append(Assignment(irrep=irrep, members=pick, shares=mean, purity=purity))
    return tuple(sorted(assignments, key=lambda a: (np.mean(values[list(a.members)]), a.members)))


def _completed(vectors: Floats, values: Floats) -> tuple[Floats, Floats]:
    """An orthonormal basis of the whole space that begins with the vectors, and levels of all."""
    dim, n = vectors.shape
    span = np.ptp(values) or 1.0
    if n == dim:
        return vectors, values
    rest = np.linalg.svd(vectors, full_matrices=True)[0][:, n:]
    levels = np.concatenate([values, np.full(dim - n, np.max(values) + GAP_ABOVE * span)])
    return np.hstack([vectors, rest]), levels


def _average(action: FiniteAction, move: Move, operator: Floats) -> Floats:
    """Mean of D H D^T over the group; the transposed of D H, moved again, is D H D^T."""
    total = np.zeros_like(operator)
    for k in range(len(action.operations)):
        total += move(k, move(k, operator).T)
    total /= len(action.operations)
    symmetric: Floats = (total + total.T) / 2
    return symmetric


def _projectors(action: FiniteAction, move: Move, dim: int) -> Floats:
    """Projectors on the representations, (nirrep, dim, dim)."""
    projectors = np.zeros((len(action.labels), dim, dim))
    identity = np.eye(dim)
    for k, weights in enumerate(action.projection.T):
        projectors += weights[:, None, None] * move(k, identity)
    return projectors


def _eigenspaces(average: Floats, projector: Floats, dimension: int) -> list[Floats]:
    """Columns of each set of partners, lowest first."""
    size, vectors = np.linalg.eigh(projector)
    inside = vectors[:, size > 0.5]
    partners = inside @ np.linalg.eigh(inside.T @ average @ inside)[1]
    return [partners[:, k : k + dimension] for k in range(0, partners.shape[1], dimension)]


def _owners(held: Floats, sizes: list[int]) -> Ints:
    """Set of each level, (dim,): as many levels as the set has partners, the most share kept in all."""
    seats = np.repeat(np.arange(len(sizes)), sizes)
    levels, chosen = linear_sum_assignment(held[seats].T, maximize=True)
    owner = np.empty(len(seats), dtype=np.int64)
    owner[levels] = seats[chosen]
    return owner
