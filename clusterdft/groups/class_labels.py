"""Names of conjugacy classes: which mirror, which twofold axis, which sense of turning."""

import numpy as np

from clusterdft.groups.generators import X, Y, Z, mirror, turn
from clusterdft.groups.operations import POLYHEDRAL, operation_label, parse_symbol, rotation_axis, same_matrix

PLANES = {"sigma": ("yz", "xz", "xy"), "C2": ("x", "y", "z")}


def class_label(name, members):
    """Symbol of a class such as C3, C4^3, C2', C2'', sigma_h, sigma_v, sigma_d, C2(y), sigma(xz).

    Parameters
    ----------
    name : Schoenflies symbol
    members : (size, 3, 3) operations of the class in the standard orientation
    """
    label = operation_label(members[0])
    if label in PLANES and name in ("C2v", "D2", "D2h"):
        direction = np.argmax(np.abs(rotation_axis(members[0])))
        return f"{label}({PLANES[label][direction]})"
    if name in POLYHEDRAL:
        return _of_polyhedron(name, label, len(members))
    if label == "C2" and same_matrix(turn(2), members) is None:
        return "C2'" if same_matrix(turn(2, X), members) is not None else "C2''"
    if label == "sigma":
        return _mirror_label(name, members)
    return _turning_back(label, members)


def _mirror_label(name, members):
    if same_matrix(mirror(Z), members) is not None:
        return "sigma_h"
    if parse_symbol(name).family == "Dd":
        return "sigma_d"
    holds_x = same_matrix(mirror(Y), members) is not None
    return "sigma_v" if holds_x or parse_symbol(name).n % 2 else "sigma_d"


def _of_polyhedron(name, label, size):
    """Of the octahedral groups the six twofold axes and mirrors stand apart from the three."""
    if label == "C2" and size == 6:
        return "C2'"
    if label == "sigma" and name in ("Td", "Th", "Oh"):
        return "sigma_h" if size == 3 else "sigma_d"
    return label


def _turning_back(label, members):
    """A turn by more than half about z, in a class without its inverse: C4^3 instead of C4."""
    if len(members) > 1 or label[0] not in "CS":
        return label
    angle = np.arctan2(members[0][1, 0], members[0][0, 0])
    if angle > -1e-9:
        return label
    order, _, power = label[1:].partition("^")
    improper_odd = label[0] == "S" and int(order) % 2
    back = (2 if improper_odd else 1) * int(order) - int(power or 1)
    return f"{label[0]}{order}^{back}"
