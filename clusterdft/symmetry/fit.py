"""From nearly orthogonal representations to exact ones, and to the best frame for a geometry."""

from dataclasses import dataclass

import numpy as np

from clusterdft.symmetry.actions import best_rotation, deviation, symmetrized

ITERATIONS = 60
EXACT = 1e-13


@dataclass(frozen=True, kw_only=True, eq=False)
class Fit:
    """An exact group of matrices about the centroid, fitted to a geometry.

    Attributes
    ----------
    matrices : (order, 3, 3)
    permutations : (order, natom)
    deviations : (order,) bohr   largest distance of an image from its atom
    symmetric : (natom, 3) bohr   the closest geometry with exactly that symmetry
    """

    matrices: np.ndarray
    permutations: np.ndarray
    deviations: np.ndarray
    symmetric: np.ndarray


def fit_group(x, matches, table):
    """The group of exact matrices with given permutations that leaves a geometry best in place.

    Parameters
    ----------
    x : (natom, 3) bohr from the centroid
    matches : Matches that form a group
    table : (order, order) their products

    Returns
    -------
    Fit, or None where the matrices are too far from those of a group
    """
    matrices = exact_representation(matches.matrices, table)
    if matrices is None:
        return None
    for _ in range(ITERATIONS):
        symmetric = symmetrized(x, matrices, matches.permutations)
        turn = best_rotation(symmetric, x)
        matrices = turn @ matrices @ turn.T
        if np.abs(turn - np.eye(3)).max() < EXACT:
            break
    return Fit(
        matrices=matrices,
        permutations=matches.permutations,
        deviations=deviation(matrices, x, matches.permutations),
        symmetric=symmetrized(x, matrices, matches.permutations),
    )


def exact_representation(matrices, table):
    """Orthogonal matrices that multiply exactly as the table says, next to ones that nearly do.

        D(g) <- orthogonal part of the mean over h of D(g h) D(h)^T

    Notes
    -----
    converges quadratically

    References
    ----------
    Grove, Karcher and Ruh, Math. Ann. 211, 7 (1974)
    """
    for _ in range(ITERATIONS):
        mean = np.einsum("ghij,hkj->gik", matrices[table], matrices, optimize=True) / len(table)
        left, sizes, right = np.linalg.svd(mean)
        if sizes.min() < 0.5:
            return None
        new = left @ right
        change = np.abs(new - matrices).max()
        matrices = new
        if change < EXACT:
            return matrices
    return None
