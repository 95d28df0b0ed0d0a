"""Geometries whose point group is continuous: one atom, and atoms on a line."""

import numpy as np

from clusterdft.groups.group_matrices import STAND_IN, group_matrices
from clusterdft.symmetry.actions import deviation, symmetrized
from clusterdft.symmetry.fit import Fit


def is_linear(x, tolerance):
    """Whether every rotation about the best axis brings all atoms home: two distances to it at most.

    Parameters
    ----------
    x : (natom, 3) bohr from the centroid
    """
    return 2 * _distances_to(x, _best_axis(x)).max() <= tolerance


def atom_fit(x):
    """Symbol, frame and operations of one atom: those of Oh stand for all."""
    return "Kh", np.eye(3), _fit(x, group_matrices("Oh"), np.zeros((48, 1), dtype=int))


def linear_fit(x, labels, tolerance):
    """Symbol, frame and operations of atoms on a line: those of C4v or D4h stand for all.

    Parameters
    ----------
    x : (natom, 3) bohr from the centroid
    labels : (natom,) int
    tolerance : bohr

    Returns
    -------
    str, (3, 3) with the axis in its last row, Fit
    """
    axis = _best_axis(x)
    along, across = x @ axis, _distances_to(x, axis)
    upwards = np.argsort(along)
    partner = np.empty(len(x), dtype=int)
    partner[upwards] = upwards[::-1]
    worst = np.hypot(along + along[partner], across + across[partner]).max()
    name = "Dinfh" if worst <= tolerance and (labels == labels[partner]).all() else "Cinfv"
    frame = _frame(axis)
    standard = group_matrices(STAND_IN[name])
    permutations = np.where(standard[:, 2, 2, None] > 0, np.arange(len(x)), partner)
    return name, frame, _fit(x, frame.T @ standard @ frame, permutations)


def _best_axis(x):
    """Direction of the line through the centroid with the least squares of distances."""
    return np.linalg.svd(x)[2][0]


def _distances_to(x, axis):
    return np.linalg.norm(x - np.outer(x @ axis, axis), axis=1)


def _frame(axis):
    first = np.cross(axis, np.eye(3)[np.argmin(np.abs(axis))])
    first /= np.linalg.norm(first)
    return np.stack([first, np.cross(axis, first), axis])


def _fit(x, matrices, permutations):
    return Fit(
        matrices=matrices,
        permutations=permutations,
        deviations=deviation(matrices, x, permutations),
        symmetric=symmetrized(x, matrices, permutations),
    )
