"""The standard frame of a geometry in its point group: principal axis along z, and a rule for x.

Rules where the group leaves a choice: the planes of C2v are named so that yz holds the most atoms (a flat
cluster lies in it); of D2 and D2h the axis z holds the most atoms, then yz; elsewhere the secondary axis or
vertical mirror with the most atoms is called x, or contains it.

References
----------
Mulliken, J. Chem. Phys. 23, 1997 (1955)
"""

from collections.abc import Iterator

import numpy as np

from clusterdft.arrays import Floats, Ints
from clusterdft.groups.group_matrices import POLYHEDRAL, generators, group_matrices, parse_symbol
from clusterdft.groups.operations import determinants, rotation_axis

ON_ELEMENT_DISTANCE = 1e-4  # of the radius: an atom this close to an element lies on it


def standard_frame(name: str, matrices: Floats, x: Floats) -> tuple[Floats, Ints]:
    """Rotation from the input frame to the standard one, and the operations in standard order.

    Parameters
    ----------
    name : str
        Schoenflies symbol of the matrices.
    matrices : (order, 3, 3)
        In the input frame.
    x : (natom, 3) bohr
        Exactly symmetric, from the centroid.

    Returns
    -------
    frame : (3, 3)
        Rows are the standard axes in the input frame.
    order : (order,)
        Index of the matrix that is operation k of `group_matrices(name)`.

    Raises
    ------
    ValueError
        The matrices are not those of the group.
    """
    ideal = group_matrices(name)
    best: tuple[Floats, Ints] | None = None
    best_score: tuple[float, ...] = ()
    for frame in _frames(name, matrices, x):
        order = _matching_order(frame @ matrices @ frame.T, ideal)
        if order is None:
            continue
        score = _score(name, x @ frame.T)
        if best is None or score > best_score:
            best, best_score = (frame, order), score
        if name in POLYHEDRAL:
            break
    if best is None:
        raise ValueError(f"the operations are not those of {name}")
    return best


def _matching_order(turned: Floats, ideal: Floats) -> Ints | None:
    """Where each ideal operation stands among the turned ones, or None."""
    distance = np.abs(ideal[:, None] - turned[None]).max(axis=(2, 3))
    return np.argmin(distance, axis=1) if distance.min(axis=1).max() < 1e-5 else None


def _frames(name: str, matrices: Floats, x: Floats) -> Iterator[Floats]:
    """Right-handed frames whose first and third axes could be the standard ones."""
    for z in _principal_axes(name, matrices, x):
        for secondary in _secondary_axes(name, matrices, x, z):
            across = secondary - z * (z @ secondary)
            size = np.linalg.norm(across)
            if size > 0.9:
                across = across / size
                yield np.stack([across, np.cross(z, across), z])


def _alike(matrices: Floats, pattern: Floats) -> Floats:
    """Operations with the determinant and the trace of another."""
    same_sign = determinants(matrices) == determinants(pattern)
    traces = np.trace(matrices, axis1=1, axis2=2)
    alike: Floats = matrices[same_sign & (np.abs(traces - np.trace(pattern)) < 1e-6)]
    return alike


def _principal_axes(name: str, matrices: Floats, x: Floats) -> list[Floats]:
    if name in ("C1", "Ci"):
        return [np.linalg.eigh(x.T @ x)[1][:, 2]]
    if name in POLYHEDRAL:
        return [rotation_axis(m) for m in _fourfold_or_twofold(name, matrices)]
    pattern = np.diag([1.0, 1.0, -1.0]) if name == "Cs" else generators(name)[0]
    return [rotation_axis(m) for m in _alike(matrices, pattern)]


def _fourfold_or_twofold(name: str, matrices: Floats) -> Floats:
    quarter = np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]])
    return _alike(matrices, quarter if name[0] == "O" else np.diag([-1.0, -1.0, 1.0]))


def _secondary_axes(name: str, matrices: Floats, x: Floats, z: Floats) -> list[Floats]:
    family = parse_symbol(name).family
    if name in POLYHEDRAL:
        return [rotation_axis(m) for m in _fourfold_or_twofold(name, matrices)]
    if family == "Cv":
        return [np.cross(rotation_axis(m), z) for m in _alike(matrices, np.diag([1.0, -1.0, 1.0]))]
    if family[0] == "D":
        return [rotation_axis(m) for m in _alike(matrices, np.diag([1.0, -1.0, -1.0]))]
    return [_towards_an_atom(x, z)]


def _towards_an_atom(x: Floats, z: Floats) -> Floats:
    """Across the axis, to the atom farthest from it."""
    across = x - np.outer(x @ z, z)
    size = np.linalg.norm(across, axis=1)
    far = int(np.argmax(size))
    if size[far] > ON_ELEMENT_DISTANCE * np.abs(x).max():
        towards: Floats = across[far] / size[far]
        return towards
    other = np.cross(z, np.eye(3)[np.argmin(np.abs(z))])
    other /= np.linalg.norm(other)
    return other


def _score(name: str, x: Floats) -> tuple[float, ...]:
    """Larger for the frame that the rules prefer; (tuple of numbers)."""
    near = ON_ELEMENT_DISTANCE * np.linalg.norm(x, axis=1).max()
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
