"""What orthogonal matrices and permutations of atoms do to geometries, and to vectors on the atoms."""

import numpy as np
from numpy.typing import ArrayLike

from clusterdft.arrays import Floats, Ints


def image_of_vectors(matrix: Floats, permutation: Ints, vectors: ArrayLike) -> Floats:
    """The image of vectors on the atoms, such as displacements and forces, under one operation.

        (g v)_g(i) = g v_i

    Parameters
    ----------
    matrix : (3, 3)
    permutation : (natom,) atom indices
    vectors : (..., natom, 3)

    Returns
    -------
    (..., natom, 3)
    """
    image = np.empty(np.shape(vectors))
    image[..., permutation, :] = np.asarray(vectors) @ matrix.T
    return image


def images_of_vectors(matrices: Floats, permutations: Ints, vectors: ArrayLike) -> Floats:
    """The images of vectors on the atoms under all operations, as `image_of_vectors`.

    Returns
    -------
    (order, ..., natom, 3)
    """
    return np.stack([image_of_vectors(g, p, vectors) for g, p in zip(matrices, permutations, strict=True)])


def deviation(matrices: Floats, x: Floats, permutations: Ints) -> Floats:
    """Largest distance between image and atom of each operation, (m,) bohr."""
    misses = x @ np.swapaxes(matrices, 1, 2) - x[permutations]
    largest: Floats = np.linalg.norm(misses, axis=2).max(axis=1)
    return largest


def symmetrized(x: Floats, matrices: Floats, permutations: Ints) -> Floats:
    """Mean of a geometry over a group, (natom, 3): s_i = sum_g g^T x_g(i) / order."""
    mean: Floats = np.mean(x[permutations] @ matrices, axis=0)
    return mean


def best_rotation(start: Floats, end: Floats, handedness: float | Floats | None = 1.0) -> Floats:
    """The rotation that brings one geometry closest to another about the origin.

        min over R of sum_i |end_i - R start_i|^2,   det R = handedness

    Parameters
    ----------
    start, end : (..., natom, 3)
    handedness : float, (...) or None
        1, or -1 for a rotation with a reflection, one for all or one for each pair of geometries; None for
        what brings them closer

    Returns
    -------
    (..., 3, 3)

    Notes
    -----
    scipy's `Rotation.align_vectors` knows no reflections, and takes one pair of geometries at a time

    References
    ----------
    Kabsch, Acta Cryst. A 32, 922 (1976)
    """
    left, _, right = np.linalg.svd(np.swapaxes(end, -1, -2) @ start)
    if handedness is not None:
        left[..., 2] *= np.expand_dims(handedness * np.linalg.det(left @ right), -1)
    rotation: Floats = left @ right
    return rotation
