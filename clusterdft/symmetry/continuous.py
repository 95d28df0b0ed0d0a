"""Geometries whose point group is continuous: one atom, and atoms on a line."""

import numpy as np

from clusterdft.arrays import Floats, Ints
from clusterdft.groups.group_matrices import FINITE_SUBGROUP, group_matrices
from clusterdft.symmetry.actions import deviation, symmetrized
from clusterdft.symmetry.fit import Fit


def is_linear(x: Floats, tolerance: float) -> bool:
    """Whether every rotation about the best axis brings all atoms home: two distances to it at most.

    Parameters
    ----------
    x : (natom, 3) bohr
        From the centroid.
    tolerance : float
        bohr

    Returns
    -------
    bool
    """
    return bool(2 * _distances_to(x, _best_axis(x)).max() <= tolerance)


def atom_fit(x: Floats) -> tuple[str, Floats, Fit]:
    """Symbol, frame and operations of one atom: those of Oh stand for all."""
    return "Kh", np.eye(3), _fit(x, group_matrices("Oh"), np.zeros((48, 1), dtype=np.int64))


def linear_fit(x: Floats, labels: Ints, tolerance: float) -> tuple[str, Floats, Fit]:
    """Symbol, frame and operations of atoms on a line: those of C4v or D4h stand for all.

    Parameters
    ----------
    x : (natom, 3) bohr
        From the centroid.
    labels : (natom,) int
    tolerance : float
        bohr

    Returns
    -------
    str, (3, 3) and Fit
        The axis is in the last row of the frame.
    """
    axis = _best_axis(x)
    along, across = x @ axis, _distances_to(x, axis)
    upwards = np.argsort(along)
    partner = np.empty(len(x), dtype=np.int64)
    partner[upwards] = upwards[::-1]
    worst = np.hypot(along + along[partner], across + across[partner]).max()
    name = "Dinfh" if worst <= tolerance and (labels == labels[partner]).all() else "Cinfv"
    frame = _frame(axis)
    standard = group_matrices(FINITE_SUBGROUP[name])
    permutations = np.where(standard[:, 2, 2, None] > 0, np.arange(len(x)), partner)
    return name, frame, _fit(x, frame.T @ standard @ frame, permutations)


def _best_axis(x: Floats) -> Floats:
    """Direction of the line through the centroid with the least squares of distances."""
    axis: Floats = np.linalg.svd(x)[2][0]
    return axis


def _distances_to(x: Floats, axis: Floats) -> Floats:
    distances: Floats = np.linalg.norm(x - np.outer(x @ axis, axis), axis=1)
    return distances


def _frame(axis: Floats) -> Floats:
    first = np.cross(axis, np.eye(3)[np.argmin(np.abs(axis))])
    first /= np.linalg.norm(first)
    return np.stack([first, np.cross(axis, first), axis])


def _fit(x: Floats, matrices: Floats, permutations: Ints) -> Fit:
    return Fit(
        matrices=matrices,
        permutations=permutations,
        deviations=deviation(matrices, x, permutations),
        symmetric=symmetrized(x, matrices, permutations),
    )
