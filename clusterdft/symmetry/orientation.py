"""The standard frame of a geometry in its point group: principal axis along z, and a rule for x.

Rules where the group leaves a choice: the planes of C2v are named so that yz holds the most atoms (a flat
cluster lies in it); of D2 and D2h the axis z holds the most atoms, then yz; elsewhere the secondary axis or
vertical mirror with the most atoms is called x, or contains it.

References
----------
Mulliken, J. Chem. Phys. 23, 1997 (1955)
"""

import numpy as np

from clusterdft.groups.group_matrices import POLYHEDRAL, generators, group_matrices, parse_symbol
from clusterdft.groups.operations import determinants, rotation_axis

ON = 1e-4  # of the radius: an atom this close to an element lies on it


def standard_frame(name, matrices, x):
    """Rotation from the input frame to the standard one, and the operations in standard order.

    Parameters
    ----------
    name : Schoenflies symbol of the matrices
    matrices : (order, 3, 3) in the input frame
    x : (natom, 3) bohr, exactly symmetric, from the centroid

    Returns
    -------
    (3, 3)
        rows are the standard axes in the input frame
    (order,)
        index of the matrix that is operation k of `group_matrices(name)`
    """
    ideal = group_matrices(name)
    best, best_score, best_order = None, None, None
    for frame in _frames(name, matrices, x):
        order = _matching_order(frame @ matrices @ frame.T, ideal)
        if order is None:
            continue
        score = _score(name, x @ frame.T)
        if best is None or score > best_score:
            best, best_score, best_order = frame, score, order
        if name in POLYHEDRAL:
            break
    if best is None:
        raise ValueError(f"the operations are not those of {name}")
    return best, best_order


def _matching_order(turned, ideal):
    """Where each ideal operation stands among the turned ones, or None."""
    distance = np.abs(ideal[:, None] - turned[None]).max(axis=(2, 3))
    return np.argmin(distance, axis=1) if distance.min(axis=1).max() < 1e-5 else None


def _frames(name, matrices, x):
    """Right-handed frames whose first and third axes could be the standard ones."""
    for z in _principal_axes(name, matrices, x):
        for secondary in _secondary_axes(name, matrices, x, z):
            across = secondary - z * (z @ secondary)
            size = np.linalg.norm(across)
            if size > 0.9:
                across = across / size
                yield np.stack([across, np.cross(z, across), z])


def _alike(matrices, pattern):
    """Operations with the determinant and the trace of another."""
    same_sign = determinants(matrices) == determinants(pattern)
    traces = np.trace(matrices, axis1=1, axis2=2)
    return matrices[same_sign & (np.abs(traces - np.trace(pattern)) < 1e-6)]


def _principal_axes(name, matrices, x):
    if name in ("C1", "Ci"):
        return [np.linalg.eigh(x.T @ x)[1][:, 2]]
    if name in POLYHEDRAL:
        return [rotation_axis(m) for m in _fourfold_or_twofold(name, matrices)]
    pattern = np.diag([1.0, 1.0, -1.0]) if name == "Cs" else generators(name)[0]
    return [rotation_axis(m) for m in _alike(matrices, pattern)]


def _fourfold_or_twofold(name, matrices):
    quarter = np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]])
    return _alike(matrices, quarter if name[0] == "O" else np.diag([-1.0, -1.0, 1.0]))


def _secondary_axes(name, matrices, x, z):
    family = parse_symbol(name).family
    if name in POLYHEDRAL:
        return [rotation_axis(m) for m in _fourfold_or_twofold(name, matrices)]
    if family == "Cv":
        return [np.cross(rotation_axis(m), z) for m in _alike(matrices, np.diag([1.0, -1.0, 1.0]))]
    if family[0] == "D":
        return [rotation_axis(m) for m in _alike(matrices, np.diag([1.0, -1.0, -1.0]))]
    return [_towards_an_atom(x, z)]


def _towards_an_atom(x, z):
    """Across the axis, to the atom farthest from it."""
    across = x - np.outer(x @ z, z)
    size = np.linalg.norm(across, axis=1)
    far = int(np.argmax(size))
    if size[far] > ON * np.abs(x).max():
        return across[far] / size[far]
    other = np.cross(z, np.eye(3)[np.argmin(np.abs(z))])
    return other / np.linalg.norm(other)


def _score(name, x):
    """Larger for the frame that the rules prefer; (tuple of numbers)."""
    near = ON * np.linalg.norm(x, axis=1).max()
    off = np.abs(x) < near
    n = parse_symbol(name).n
    if name == "C2v":
        return (int(off[:, 0].sum()), round(float(np.sum(x[:, 1] ** 2 - x[:, 0] ** 2)), 4))
    if name in ("D2", "D2h"):
        spread = np.sum(x**2, axis=0)
        on_z = int((off[:, 0] & off[:, 1]).sum())
        return (on_z, int(off[:, 0].sum()), *(round(float(v), 4) for v in (spread[2], spread[1])))
    polar = np.hypot(x[:, 0], x[:, 1]) ** 2 * np.cos(n * np.arctan2(x[:, 1], x[:, 0]))
    return (int((off[:, 1] & off[:, 2]).sum()), int(off[:, 1].sum()), round(float(polar.sum()), 4))
