"""Point groups as matrices, made from two or three generators each; principal axes along z."""

import numpy as np
from scipy.spatial.transform import Rotation

SAME = 1e-6  # entries of two equal matrices differ by less
X, Y, Z = np.eye(3)
DIAGONAL = np.array([1.0, 1.0, 1.0])  # the threefold axis of the cubic and icosahedral groups
VERTEX = np.array([0.0, 1.0, (1 + 5**0.5) / 2])  # a fivefold axis of the icosahedron
INVERSION = -np.eye(3)


def turn(n, axis=Z):
    """Rotation by a full turn over n, (3, 3)."""
    return Rotation.from_rotvec(2 * np.pi / n * axis / np.linalg.norm(axis)).as_matrix()


def mirror(normal):
    """Reflection in the plane with that unit normal, (3, 3)."""
    return np.eye(3) - 2.0 * np.outer(normal, normal)


def _generators():
    """Generators by Schoenflies symbol."""
    tetrahedral = (turn(2), turn(3, DIAGONAL))
    octahedral = (turn(4), turn(3, DIAGONAL))
    icosahedral = (turn(5, VERTEX), turn(3, DIAGONAL))
    groups = {
        "C1": (np.eye(3),),
        "Cs": (mirror(Z),),
        "Ci": (INVERSION,),
        "S4": (mirror(Z) @ turn(4),),
        "S6": (mirror(Z) @ turn(6),),
        "T": tetrahedral,
        "Td": (*tetrahedral, mirror((X - Y) / np.sqrt(2))),
        "Th": (*tetrahedral, INVERSION),
        "O": octahedral,
        "Oh": (*octahedral, INVERSION),
        "I": icosahedral,
        "Ih": (*icosahedral, INVERSION),
    }
    for n in range(2, 7):
        groups |= {
            f"C{n}": (turn(n),),
            f"C{n}v": (turn(n), mirror(Y)),
            f"C{n}h": (turn(n), mirror(Z)),
            f"D{n}": (turn(n), turn(2, X)),
            f"D{n}h": (turn(n), turn(2, X), mirror(Z)),
            f"D{n}d": (mirror(Z) @ turn(2 * n), turn(2, X)),
        }
    return groups


GENERATED_BY = _generators()


def group_names():
    """Schoenflies symbols of the groups there are."""
    return tuple(GENERATED_BY)


def group_matrices(name):
    """All operations of a point group, (order, 3, 3), the identity first.

    Parameters
    ----------
    name : Schoenflies symbol in `group_names()`
    """
    generators = GENERATED_BY[name]
    found, new = np.eye(3)[None], np.eye(3)[None]
    while len(new):
        products = np.concatenate([new @ g for g in generators])
        both = distinct(np.concatenate([found, products]))
        found, new = both, both[len(found) :]
    return found


def distinct(arrays):
    """The arrays without repetitions, in order of first appearance: (n, ...) to (m, ...)."""
    keys = np.round(arrays.reshape(len(arrays), -1) / (10 * SAME)) + 0.0
    _, first = np.unique(keys, axis=0, return_index=True)
    return arrays[np.sort(first)]


def site_projectors(group):
    """Projectors on the points, axes and planes that some operation of a group leaves in place.

    Of sites that the group maps on one another only one is kept. An operation g of order m leaves in place
    the range of P = (1 + g + ... + g^(m-1)) / m; the identity stands for the general site, the mean of all
    operations for the points that none of them moves.

    Parameters
    ----------
    group : (order, 3, 3)

    Returns
    -------
    (nsite, 3, 3)
    """
    projectors = distinct(np.stack([*(_mean_of_powers(g) for g in group), group.mean(axis=0)]))
    kept = []
    for p in projectors:
        images = group @ p @ np.swapaxes(group, 1, 2)
        if not any(np.abs(images - q).max(axis=(1, 2)).min() < SAME for q in kept):
            kept.append(p)
    return np.stack(kept)


def _mean_of_powers(g):
    total, power, m = np.eye(3), g, 1
    while np.abs(power - np.eye(3)).max() > SAME:
        total, power, m = total + power, power @ g, m + 1
    return total / m
