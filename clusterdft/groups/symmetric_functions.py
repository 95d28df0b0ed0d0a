"""Which linear and quadratic functions of x, y, z, and which rotations, belong to a representation."""

from typing import TypeAlias

import numpy as np

from clusterdft.arrays import Floats, Ints
from clusterdft.groups.operations import determinants

LINEAR = {"x": (1, 0, 0), "y": (0, 1, 0), "z": (0, 0, 1)}
# symmetric matrices Q of the functions r Q r; where z2 alone is not pure, the cubic choice is taken
SUMS_OF_SQUARES = {"x2+y2": np.diag([1.0, 1.0, 0.0]), "z2": np.diag([0.0, 0.0, 1.0])}
CUBIC = {"x2+y2+z2": np.eye(3), "2z2-x2-y2": np.diag([-1.0, -1.0, 2.0])}
OTHER_QUADRATICS = {"x2-y2": np.diag([1.0, -1.0, 0.0])} | {
    f"{'xyz'[i]}{'xyz'[j]}": np.eye(3)[:, [i]] @ np.eye(3)[[j]] + np.eye(3)[:, [j]] @ np.eye(3)[[i]]
    for i, j in ((0, 1), (0, 2), (1, 2))
}
INVARIANCE_TOLERANCE = 1e-8  # of the coefficients of a function
Partners: TypeAlias = tuple[str, ...]  # functions that the operations mix


def symmetric_functions(matrices: Floats, characters: Floats, norms: Ints) -> list[tuple[Partners, ...]]:
    """Functions of each real irreducible representation, in tuples of partners.

    Parameters
    ----------
    matrices : (order, 3, 3)
    characters : (nirrep, order)
        Real.
    norms : (nirrep,)
        2 for conjugate pairs, else 1

    Returns
    -------
    list of tuples of tuples of str
        Of each representation its sets of partners.

    Notes
    -----
    f belongs to i where the projector keeps it, with d_i the dimension:
    P_i = d_i / (norm_i order) sum_g chi_i(g) D(g);   Rx, Ry and Rz turn as axial vectors
    """
    axial = matrices * determinants(matrices)[:, None, None]
    quadratic = np.einsum("gia,gjb->gijab", matrices, matrices).reshape(-1, 9, 9)
    weights = characters * (characters[:, :1] / norms[:, None]) / len(matrices)
    vectors = {n: np.array(v, dtype=float) for n, v in LINEAR.items()}
    spaces = (
        (matrices, vectors),
        (axial, {f"R{n}": v for n, v in vectors.items()}),
        (quadratic, _quadratic_functions(quadratic, weights)),
    )
    partners: list[list[Partners]] = [[] for _ in characters]
    for action, functions in spaces:
        projectors = np.einsum("ng,gij->nij", weights, action)
        for k, projector in enumerate(projectors):
            kept = {
                n: v for n, v in functions.items() if np.abs(projector @ v - v).max() < INVARIANCE_TOLERANCE
            }
            partners[k] += _partners(kept, action)
    return [tuple(groups) for groups in partners]


def _quadratic_functions(action: Floats, weights: Floats) -> dict[str, Floats]:
    """The quadratic functions as (9,) vectors: z2 where it is pure, else the cubic choice."""
    projectors = np.einsum("ng,gij->nij", weights, action)
    z2 = SUMS_OF_SQUARES["z2"].ravel()
    pure = any(np.abs(p @ z2 - z2).max() < INVARIANCE_TOLERANCE for p in projectors)
    return {name: q.ravel() for name, q in ((SUMS_OF_SQUARES if pure else CUBIC) | OTHER_QUADRATICS).items()}


def _partners(functions: dict[str, Floats], action: Floats) -> list[Partners]:
    """Functions that the operations mix, together."""
    groups = []
    left = dict(functions)
    while left:
        name, vector = next(iter(left.items()))
        images = action @ vector
        mixed = tuple(
            n for n, v in left.items() if n == name or np.abs(images @ v).max() > INVARIANCE_TOLERANCE
        )
        if name in SUMS_OF_SQUARES:
            mixed = (name,)
        groups.append(mixed)
        left = {n: v for n, v in left.items() if n not in mixed}
    return groups
