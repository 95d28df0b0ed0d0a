"""Geometries that are nearly symmetric, made symmetric."""

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
from scipy.optimize import linear_sum_assignment

from clusterdft.arrays import Floats, Ints
from clusterdft.cluster import Cluster
from clusterdft.generate.physical import bond_lengths, repair
from clusterdft.symmetry.actions import best_rotation

MISMATCH_LIMIT = 0.25  # mean bond lengths that an atom may be off
MAX_ORDER = 120  # operations of a group; more means that the tolerance has mixed up atoms
MAX_SWEEPS, CONVERGED_STEP = 50, 1e-9  # bohr
LINE_WIDTH = 1e-3  # bohr; a second extent below this is that of a line
Permutation: TypeAlias = tuple[int, ...]


def symmetrised(cluster: Cluster, tolerance: float = MISMATCH_LIMIT) -> Cluster | None:
    """The symmetric geometry next to one that is nearly so.

        X <- <R_P P X>,   P every operation as a permutation, R_P the rotation or reflection that fits best

    The average is repeated until it stays as it is. P runs over the group that the approximate operations
    generate.

    Parameters
    ----------
    cluster : Cluster
    tolerance : float
        Mean bond lengths that the image of an atom may be off from another.

    Returns
    -------
    Cluster or None
        None where there is no operation but the identity (all of a line count as none).

    Notes
    -----
    Not by `find_point_group`, which asks for one group within the tolerance: here a few operations are enough
    to generate one. Starts of searches depend on the order of the operations, which is that of their errors.
    """
    bond = bond_lengths(cluster.symbols).mean()
    group = _permutation_group(_approximate_operations(cluster, tolerance * bond))
    if len(group) < 2:
        return None
    x = cluster.positions - cluster.positions.mean(axis=0)
    for _ in range(MAX_SWEEPS):
        before = x
        x = np.mean([_turned_onto(before[list(p)], before) for p in group], axis=0)
        if np.abs(x - before).max() < CONVERGED_STEP:
            break
    return repair(cluster, x)


def _turned_onto(moved: Floats, fixed: Floats) -> Floats:
    """Positions after the rotation or reflection that brings them nearest to others."""
    turned: Floats = moved @ best_rotation(fixed, moved, handedness=None)
    return turned


def _permutation_group(generators: list[Permutation]) -> list[Permutation]:
    """All products of permutations, the identity among them; of the first alone where those are too many."""
    group = _closure(generators)
    return group if len(group) <= MAX_ORDER or not generators else _closure(generators[:1])


def _closure(generators: list[Permutation]) -> list[Permutation]:
    """Products of permutations; the list ends soon after 120."""
    if not generators:
        return []
    group = [tuple(range(len(generators[0])))]
    known = set(group)
    for element in group:  # it grows while it is walked through
        for generator in generators:
            product = tuple(element[i] for i in generator)
            if product not in known:
                known.add(product)
                group.append(product)
        if len(group) > MAX_ORDER:
            break
    return group


def _approximate_operations(cluster: Cluster, tolerance: float) -> list[Permutation]:
    """Permutations of equal atoms that a rotation or reflection makes within bohrs, the most exact first.

    The identity is not among them.
    """
    x = cluster.positions - cluster.positions.mean(axis=0)
    symbols = np.array(cluster.symbols)
    foreign = np.where(symbols[:, None] == symbols, 0.0, 1e6)
    frame = _frame_atoms(x)
    if frame is None:
        return []
    errors: dict[Permutation, float] = {}
    for image in _frame_images(x, symbols, frame, tolerance):
        for handed in (1.0, -1.0):
            error, order = _fitted(x, foreign, _axes(x[list(image)]), _axes(x[list(frame)]), handed)
            if error <= tolerance and order != tuple(range(cluster.natom)):
                errors[order] = min(error, errors.get(order, np.inf))
    return sorted(errors, key=lambda order: (errors[order], order))


def _frame_atoms(x: Floats) -> tuple[int, int] | None:
    """Two atoms that make a plane with the centroid, far from it and from one line; None for lines."""
    area = np.linalg.norm(np.cross(x[:, None], x[None]), axis=2)
    first, second = np.unravel_index(np.argmax(area), area.shape)
    width = np.linalg.norm(x[first]) + np.linalg.norm(x[second])
    return (int(first), int(second)) if area[first, second] > LINE_WIDTH * width else None


def _frame_images(
    x: Floats, symbols: np.ndarray, frame: tuple[int, int], tolerance: float
) -> Iterator[tuple[int, int]]:
    """Pairs of atoms that an operation could bring the frame's two atoms to."""
    radius = np.linalg.norm(x, axis=1)
    i, j = frame
    near_i, near_j = (
        np.flatnonzero((symbols == symbols[a]) & (abs(radius - radius[a]) <= tolerance)) for a in frame
    )
    distance = np.linalg.norm(x[i] - x[j])
    for k in near_i:
        for m in near_j:
            if k != m and abs(np.linalg.norm(x[k] - x[m]) - distance) <= 2.0 * tolerance:
                yield int(k), int(m)


def _axes(pair: Floats) -> Floats:
    """Orthonormal rows: along the first point, in the plane of both, across."""
    first = pair[0] / max(np.linalg.norm(pair[0]), LINE_WIDTH)
    second = pair[1] - (pair[1] @ first) * first
    second = second / max(np.linalg.norm(second), LINE_WIDTH)
    return np.array([first, second, np.cross(first, second)])


def _fitted(
    x: Floats, foreign: Floats, source: Floats, target: Floats, handed: float
) -> tuple[float, Permutation]:
    """Largest distance, and atom order, of the operation that takes one frame to another, improved once."""
    rotation = source.T @ np.diag([1.0, 1.0, handed]) @ target
    order = _assigned(x, foreign, rotation)
    u, _, vt = np.linalg.svd(x[order].T @ x)
    u[:, -1] *= np.sign(np.linalg.det(u @ vt)) * handed
    order = _assigned(x, foreign, u @ vt)
    return float(np.linalg.norm(x[order] @ (u @ vt) - x, axis=1).max()), tuple(int(i) for i in order)


def _assigned(x: Floats, foreign: Floats, rotation: Floats) -> Ints:
    """The atom whose image comes nearest to each atom, each used once."""
    distance = np.linalg.norm(x[:, None] - (x @ rotation)[None], axis=2)
    order: Ints = linear_sum_assignment(distance**2 + foreign)[1]
    return order
