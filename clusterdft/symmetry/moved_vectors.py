"""What point operations do to vectors on the atoms: displacements, forces."""

import numpy as np


def moved(matrix, permutation, vectors):
    """The image g v of vectors on the atoms, (..., natom, 3): (g v)_g(i) = g v_i."""
    image = np.empty(np.shape(vectors))
    image[..., permutation, :] = vectors @ matrix.T
    return image


def act(operations, permutations, vectors):
    """The images of vectors on the atoms under all operations, (order, ..., natom, 3); see `moved`."""
    return np.stack([moved(g, p, vectors) for g, p in zip(operations, permutations, strict=True)])
