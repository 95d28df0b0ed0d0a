"""Names of the conjugacy classes, and Mulliken's names of the irreducible representations.

A and B are even and odd under the principal operation; 1 and 2 under C2' about x, or under the vertical
mirror xz; g and u under inversion; ' and '' under the level mirror. The k of E_k is the angular momentum
about the axis: the principal operation has the character 2 cos(2 pi k / n).

References
----------
Mulliken, J. Chem. Phys. 23, 1997 (1955)
"""

from collections.abc import Sequence

import numpy as np

from clusterdft.arrays import Complexes, Floats
from clusterdft.groups.group_matrices import POLYHEDRAL, generators, parse_symbol
from clusterdft.groups.operations import X, Y, Z, mirror, operation_label, rotation_axis, same_matrix, turn
from clusterdft.groups.rotation_characters import Representation

AXIS_NAMES = {"sigma": ("yz", "xz", "xy"), "C2": ("x", "y", "z")}


def class_label(name: str, members: Floats) -> str:
    """Symbol of a class such as C3, C4^3, C2', C2'', sigma_h, sigma_v, sigma_d, C2(y), sigma(xz).

    Parameters
    ----------
    name : str
        Schoenflies symbol.
    members : (size, 3, 3)
        Operations of the class in the standard orientation.

    Returns
    -------
    str
    """
    label = operation_label(members[0])
    if label in AXIS_NAMES and name in ("C2v", "D2", "D2h"):
        direction = np.argmax(np.abs(rotation_axis(members[0])))
        return f"{label}({AXIS_NAMES[label][direction]})"
    if name in POLYHEDRAL:
        return _of_polyhedron(name, label, len(members))
    if label == "C2" and same_matrix(turn(2), members) is None:
        return "C2'" if same_matrix(turn(2, X), members) is not None else "C2''"
    if label == "sigma":
        return _mirror_label(name, members)
    return _turning_back(label, members)


def _mirror_label(name: str, members: Floats) -> str:
    if same_matrix(mirror(Z), members) is not None:
        return "sigma_h"
    if parse_symbol(name).family == "Dd":
        return "sigma_d"
    holds_x = same_matrix(mirror(Y), members) is not None
    return "sigma_v" if holds_x or parse_symbol(name).n % 2 else "sigma_d"


def _of_polyhedron(name: str, label: str, size: int) -> str:
    """Of the octahedral groups the six twofold axes and mirrors stand apart from the three."""
    if label == "C2" and size == 6:
        return "C2'"
    if label == "sigma" and name in ("Td", "Th", "Oh"):
        return "sigma_h" if size == 3 else "sigma_d"
    return label


def _turning_back(label: str, members: Floats) -> str:
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


def mulliken_labels(
    name: str, matrices: Floats, representations: Sequence[Representation]
) -> tuple[str, ...]:
    """One label for each representation; the two of a conjugate pair get the same.

    Parameters
    ----------
    name : str
        Schoenflies symbol.
    matrices : (order, 3, 3)
        As `group_matrices(name)`.
    representations : sequence of Representation

    Returns
    -------
    tuple of str
    """
    characters = [r.characters for r in representations]
    parities = [r.parity for r in representations]
    if name in POLYHEDRAL:
        return tuple(r.name.rstrip("+-") + r.parity for r in representations)
    if name in ("D2", "D2h"):
        letters = [_of_three_axes(matrices, c) for c in characters]
        return tuple(letter + p for letter, p in zip(letters, parities, strict=True))
    bases = [_letter(name, matrices, c) for c in characters]
    ends = [p or _prime(name, matrices, c) for p, c in zip(parities, characters, strict=True)]
    numbers = [_number(name, matrices, c) for c in characters]
    needed = {
        base: len({n for b, n in zip(bases, numbers, strict=True) if b == base}) > 1 for base in set(bases)
    }
    return tuple(
        base + (number if needed[base] else "") + end
        for base, number, end in zip(bases, numbers, ends, strict=True)
    )


def printed_order(label: str) -> tuple[int, int, int]:
    """Key that sorts labels as printed: g before u, ' before '', then A, B, E, T, G, H by number."""
    ends = ("", "g", "u", "'", "''")
    base = label.rstrip("gu'")
    return ends.index(label[len(base) :]), "ABETGH".index(base[0]), int(base[1:] or 0)


def _value(matrices: Floats, characters: Complexes, operation: Floats) -> float:
    """Real part of the character of an operation, which the group has."""
    at = same_matrix(operation, matrices)
    if at is None:
        raise ValueError("the group does not have this operation")
    return float(characters[at].real)


def _of_three_axes(matrices: Floats, characters: Complexes) -> str:
    """A, or B with the number of the axis (z, y, x) that it is even about."""
    even = [_value(matrices, characters, turn(2, axis)) > 0 for axis in (Z, Y, X)]
    return "A" if all(even) else f"B{even.index(True) + 1}"


def _letter(name: str, matrices: Floats, characters: Complexes) -> str:
    if round(characters[0].real) == 2 or _is_complex(characters):
        return "E"
    operation, _ = _principal(name)
    return "A" if _value(matrices, characters, operation) > 0 else "B"


def _is_complex(characters: Complexes) -> bool:
    return bool(np.abs(characters.imag).max() > 1e-6)


def _principal(name: str) -> tuple[Floats, int]:
    """The operation that tells A from B and numbers E, and its order: C_n, or S_n without the inversion."""
    symbol = parse_symbol(name)
    if symbol.family == "S" and symbol.n % 4 == 2:
        return turn(symbol.n // 2), symbol.n // 2
    if symbol.family == "Dd" and symbol.n % 2:
        return turn(symbol.n), symbol.n
    return generators(name)[0], 2 * symbol.n if symbol.family == "Dd" else symbol.n


def _prime(name: str, matrices: Floats, characters: Complexes) -> str:
    if parse_symbol(name).family not in ("Ch", "Dh"):
        return ""
    return "'" if _value(matrices, characters, mirror(Z)) > 0 else "''"


def _number(name: str, matrices: Floats, characters: Complexes) -> str:
    """1 or 2 of A and B, the angular momentum k of E; nothing where no element tells."""
    if _letter(name, matrices, characters) == "E":
        operation, n = _principal(name)
        cosine = _value(matrices, characters, operation) / (1 if _is_complex(characters) else 2)
        return str(round(n * np.arccos(np.clip(cosine, -1, 1)) / (2 * np.pi)))
    if parse_symbol(name).family in ("Cv", "D", "Dd", "Dh"):
        for operation in (turn(2, X), mirror(Y)):
            if same_matrix(operation, matrices) is not None:
                return "1" if _value(matrices, characters, operation) > 0 else "2"
    return ""
