"""Permutations of atoms that an orthogonal matrix nearly makes."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from clusterdft.arrays import Bools, Floats, Ints
from clusterdft.symmetry.actions import best_rotation, deviation

MIN_AREA = 0.5  # of the largest that two atoms span with the centroid: a smaller one fixes a frame badly
MAX_DISTANCES = 4_000_000  # held at once


@dataclass(frozen=True, kw_only=True, eq=False)
class Matches:
    """Orthogonal matrices about the centroid and the permutations they nearly make, the identity first.

        matrix x_i = x_permutation[i]   within the deviation

    Attributes
    ----------
    matrices : (m, 3, 3)
        The best for each permutation, by least squares.
    permutations : (m, natom)
        Atom indices.
    deviations : (m,) bohr
        Largest distance of an image from its atom.
    """

    matrices: Floats
    permutations: Ints
    deviations: Floats

    def take(self, chosen: Ints) -> "Matches":
        """Some of them, by their indices."""
        return Matches(
            matrices=self.matrices[chosen],
            permutations=self.permutations[chosen],
            deviations=self.deviations[chosen],
        )


def find_matches(x: Floats, labels: Ints, reach: float) -> Matches:
    """All permutations, each with its handedness, whose best matrix brings every atom home within `reach`.

    Parameters
    ----------
    x : (natom, 3) bohr
        From the centroid, not all on one line.
    labels : (natom,) int
        Atoms with different labels are never matched.
    reach : float
        bohr, less than half of the shortest distance

    Returns
    -------
    Matches

    Notes
    -----
    An operation is known by the images of two atoms and by its handedness: a few hundred candidates
    at most, each n^2; the permutation of a candidate is an assignment, its matrix a least-squares fit.
    """
    foreign = labels[:, None] != labels[None]
    nearest = _nearest_distance(x)
    identity = (True, np.arange(len(x)).tobytes())
    best = {identity: (np.eye(3), np.arange(len(x)), 0.0)}
    for matrices in _in_chunks(_candidates(x, labels, reach), len(x)):
        for _ in range(2):  # the first matrices know two atoms, the second ones all
            matrices, permutations = _assign(matrices, x, foreign, nearest)
            matrices = best_rotation(x, x[permutations], np.sign(np.linalg.det(matrices)))
        deviations = deviation(matrices, x, permutations)
        for k in np.flatnonzero(deviations <= reach):
            hand = bool(np.linalg.det(matrices[k]) > 0)
            best[(hand, permutations[k].tobytes())] = (matrices[k], permutations[k], float(deviations[k]))
    best[identity] = (np.eye(3), np.arange(len(x)), 0.0)
    every = sorted(best.values(), key=lambda match: match[2])
    return Matches(
        matrices=np.stack([match[0] for match in every]),
        permutations=np.stack([match[1] for match in every]),
        deviations=np.array([match[2] for match in every]),
    )


def _nearest_distance(x: Floats) -> float:
    distance = np.linalg.norm(x[:, None] - x[None], axis=2)
    np.fill_diagonal(distance, np.inf)
    return float(distance.min())


def _candidates(x: Floats, labels: Ints, reach: float) -> Floats:
    """Orthogonal matrices that map two well chosen atoms onto any two that could be their images."""
    radius = np.linalg.norm(x, axis=1)
    like = (labels[:, None] == labels[None]) & (np.abs(radius[:, None] - radius[None]) <= reach)
    a, b = _reference_pair(x, like.sum(axis=1))
    distance = np.linalg.norm(x[:, None] - x[None], axis=2)
    i, j = np.nonzero(
        like[a][:, None] & like[b][None] & (np.abs(distance - distance[a, b]) <= 2 * reach) & (distance > 0)
    )
    area = np.linalg.norm(np.cross(x[i], x[j]), axis=1)
    i, j = i[area > 0], j[area > 0]
    start = _frames(x[[a]], x[[b]], 1)[0]
    return np.concatenate([_frames(x[i], x[j], hand) @ start.T for hand in (1, -1)])


def _reference_pair(x: Floats, n_alike: Ints) -> tuple[int, int]:
    """Two atoms that fix a frame well and have the fewest others alike."""
    area = np.linalg.norm(np.cross(x[:, None], x[None]), axis=2)
    cost = np.where(area >= MIN_AREA * area.max(), np.multiply.outer(n_alike, n_alike), np.inf)
    a, b = np.unravel_index(np.argmin(cost), cost.shape)
    return int(a), int(b)


def _frames(first: Floats, second: Floats, hand: int) -> Floats:
    """Orthonormal columns along `first`, towards `second` and across, (m, 3, 3)."""
    e1 = first / np.linalg.norm(first, axis=1)[:, None]
    e2 = second - e1 * np.sum(e1 * second, axis=1)[:, None]
    e2 /= np.linalg.norm(e2, axis=1)[:, None]
    return np.stack([e1, e2, hand * np.cross(e1, e2)], axis=2)


def _in_chunks(matrices: Floats, natom: int) -> Iterator[Floats]:
    size = max(1, MAX_DISTANCES // natom**2)
    return (matrices[k : k + size] for k in range(0, len(matrices), size))


def _assign(matrices: Floats, x: Floats, foreign: Bools, nearest: float) -> tuple[Floats, Ints]:
    """The matrices that permute the atoms, and their permutations; the rest is left out."""
    kept, permutations = [], []
    r2 = np.sum(x**2, axis=1)
    images = x @ np.swapaxes(matrices, 1, 2)
    distance2 = r2[:, None] + r2[None] - 2 * images @ x.T
    distance2 = np.where(foreign, np.inf, distance2)
    closest = np.argmin(distance2, axis=2)
    worst = distance2.min(axis=2).max(axis=1)
    for k in np.flatnonzero(worst < (0.75 * nearest) ** 2):
        permutation = closest[k]
        if len(set(permutation.tolist())) < len(x):
            permutation = linear_sum_assignment(np.where(foreign, 1e6 * nearest**2, distance2[k]))[1]
        kept.append(k)
        permutations.append(permutation)
    return matrices[kept], np.array(permutations, dtype=np.int64).reshape(len(kept), len(x))
