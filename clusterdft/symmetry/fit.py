"""From nearly orthogonal representations to exact ones, and to the best frame for a geometry."""

from dataclasses import dataclass

import numpy as np

from clusterdft.arrays import Floats, Ints
from clusterdft.symmetry.actions import best_rotation, deviation, symmetrized
from clusterdft.symmetry.atom_matches import Matches

MAX_ITERATIONS = 60
CONVERGED_CHANGE = 1e-13  # of any entry of a matrix in one iteration


@dataclass(frozen=True, kw_only=True, eq=False)
class Fit:
    """An exact group of matrices about the centroid, fitted to a geometry.

    Attributes
    ----------
    matrices : (order, 3, 3)
    permutations : (order, natom)
    deviations : (order,) bohr
        Largest distance of an image from its atom.
    symmetric : (natom, 3) bohr
        The closest geometry with exactly that symmetry.
    """

    matrices: Floats
    permutations: Ints
    deviations: Floats
    symmetric: Floats


def fit_group(x: Floats, matches: Matches, table: Ints) -> Fit | None:
    """The group of exact matrices with given permutations that leaves a geometry best in place.

    Parameters
    ----------
    x : (natom, 3) bohr
        From the centroid.
    matches : Matches
        That form a group.
    table : (order, order)
        Their products.

    Returns
    -------
    Fit or None
        None where the matrices are too far from those of a group.
    """
    matrices = exact_representation(matches.matrices, table)
    if matrices is None:
        return None
    for _ in range(MAX_ITERATIONS):
        symmetric = symmetrized(x, matrices, matches.permutations)
        turn = best_rotation(symmetric, x)
        matrices = turn @ matrices @ turn.T
        if np.abs(turn - np.eye(3)).max() < CONVERGED_CHANGE:
            break
    return Fit(
        matrices=matrices,
        permutations=matches.permutations,
        deviations=deviation(matrices, x, matches.permutations),
        symmetric=symmetrized(x, matrices, matches.permutations),
    )


def exact_representation(matrices: Floats, table: Ints) -> Floats | None:
    """Orthogonal matrices that multiply exactly as the table says, next to ones that nearly do.

        D(g) <- orthogonal part of the mean over h of D(g h) D(h)^T

    Parameters
    ----------
    matrices : (order, 3, 3)
    table : (order, order)
        Their products.

    Returns
    -------
    (order, 3, 3) or None
        None where the matrices are too far from those of a group.

    Notes
    -----
    Converges quadratically.

    References
    ----------
    Grove, Karcher and Ruh, Math. Ann. 211, 7 (1974)
    """
    for _ in range(MAX_ITERATIONS):
        mean = np.einsum("ghij,hkj->gik", matrices[table], matrices, optimize=True) / len(table)
        left, sizes, right = np.linalg.svd(mean)
        if sizes.min() < 0.5:
            return None
        new = left @ right
        change = np.abs(new - matrices).max()
        matrices = new
        if change < CONVERGED_CHANGE:
            return matrices
    return None
