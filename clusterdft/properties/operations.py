"""Point operations that map a geometry on itself: they save displacements."""

from dataclasses import dataclass

import numpy as np

from clusterdft.cluster import frozen_array

COLLINEAR = 1e-3  # of the largest squared distance to the centroid: a smaller area spans no plane


@dataclass(frozen=True, kw_only=True, eq=False)
class Operation:
    """An orthogonal matrix about the centroid, and where it takes the atoms.

        matrix (R_i - c) = R_permutation[i] - c

    Attributes
    ----------
    matrix : (3, 3)
    permutation : (natom,) atom indices
    """

    matrix: np.ndarray
    permutation: np.ndarray

    def turn(self, vectors):
        """Vectors on the atoms, (natom, 3), as they are after the operation."""
        turned = np.empty_like(vectors)
        turned[self.permutation] = vectors @ self.matrix.T
        return turned


def identity(natom):
    """The operation that every geometry has."""
    return Operation(matrix=frozen_array(np.eye(3)), permutation=np.arange(natom))


def operations(cluster, tolerance):
    """Point operations of a geometry, the identity among them.

    Parameters
    ----------
    cluster : Cluster of at least two atoms
    tolerance : bohr, how far an atom's image may be from an atom of the same element
    Returns
    -------
    list of Operation; of the continuous rotations about the axis of a linear geometry, the quarter turns
    Notes   An operation is known by the images of two atoms and by its handedness: at most 2 n^2 candidates,
        each checked at a cost of n^2.
    """
    symbols = np.array(cluster.symbols)
    x = cluster.positions - cluster.positions.mean(axis=0)
    found = []
    for matrix in _candidates(x, symbols, tolerance):
        permutation = _permutation(matrix, x, symbols, tolerance)
        if permutation is not None:
            found.append(Operation(matrix=frozen_array(matrix), permutation=permutation))
    return found


def _candidates(x, symbols, tolerance):
    """Orthogonal matrices that may map the geometry on itself."""
    radius = np.linalg.norm(x, axis=1)
    a = int(np.argmax(radius))
    area = np.linalg.norm(np.cross(x[a], x), axis=1)
    b = int(np.argmax(area))
    if area[b] < COLLINEAR * radius[a] ** 2:
        yield from _about_an_axis(x[a])
        return
    frame, apart = _frame(x[a], x[b], 1), np.linalg.norm(x[a] - x[b])
    for i in np.flatnonzero((symbols == symbols[a]) & (np.abs(radius - radius[a]) < tolerance)):
        distance = np.linalg.norm(x[i] - x, axis=1)
        near = (np.abs(radius - radius[b]) < tolerance) & (np.abs(distance - apart) < 2 * tolerance)
        for j in np.flatnonzero((symbols == symbols[b]) & near):
            for hand in (1, -1):
                yield _frame(x[i], x[j], hand) @ frame.T


def _frame(first, second, hand):
    """Orthonormal columns: along `first`, towards `second`, and across with the given handedness."""
    e1 = first / np.linalg.norm(first)
    e2 = second - e1 * (e1 @ second)
    e2 /= np.linalg.norm(e2)
    return np.column_stack([e1, e2, hand * np.cross(e1, e2)])


def _about_an_axis(axis):
    """Quarter turns about an axis, without and with a reflection that turns it over."""
    frame = _frame(axis, np.eye(3)[np.argmin(np.abs(axis))], 1)
    for end in (1, -1):
        for c, s in ((1, 0), (0, 1), (-1, 0), (0, -1)):
            yield frame @ np.array([[end, 0, 0], [0, c, -s], [0, s, c]]) @ frame.T


def _permutation(matrix, x, symbols, tolerance):
    """Where the matrix takes each atom, or None where one has no image."""
    distance = np.linalg.norm((x @ matrix.T)[:, None] - x[None], axis=2)
    image = np.argmin(distance, axis=1)
    fits = distance[np.arange(len(x)), image] < tolerance
    if not np.all(fits & (symbols[image] == symbols)) or len(set(image.tolist())) < len(x):
        return None
    return image
