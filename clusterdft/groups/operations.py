"""The point groups as matrices, in the orientation of the character tables.

The principal axis is z. A vertical mirror of C_nv contains x, a twofold axis of the D groups is x. The cubic
groups have their fourfold (T: twofold) axes along x, y, z; the icosahedral ones three twofold axes there and
a fivefold one along (0, 1, 1.618).
"""

import re
from dataclasses import dataclass
from itertools import permutations, product

import numpy as np

from clusterdft.errors import InputError
from clusterdft.groups.generators import INVERSION, VERTEX, X, Y, Z, mirror, turn

POLYHEDRAL = ("T", "Td", "Th", "O", "Oh", "I", "Ih")
LINEAR = ("Cinfv", "Dinfh")
STAND_IN = {"Cinfv": "C4v", "Dinfh": "D4h", "Kh": "Oh"}  # finite subgroups of the continuous groups
SAME = 1e-6  # entries of two equal matrices differ by less


@dataclass(frozen=True, kw_only=True)
class Symbol:
    """A Schoenflies symbol in parts.

    Attributes
    ----------
    family : "C", "Cv", "Ch", "D", "Dh", "Dd", "S", or a polyhedral symbol
    n : order of the principal rotation; of the S groups that of the rotoreflection; 1 for the polyhedral
    """

    family: str
    n: int


def parse_symbol(name):
    """The parts of a Schoenflies symbol; Cs counts as C1h, Ci as S2.

    Raises
    ------
    InputError
        the symbol names no finite point group
    """
    if name in POLYHEDRAL:
        return Symbol(family=name, n=1)
    name_in_family = {"Cs": "C1h", "Ci": "S2"}.get(name, name)
    parts = re.fullmatch(r"([CDS])([1-9]\d*)([vhd]?)", name_in_family)
    if parts:
        family, n = parts[1] + parts[3], int(parts[2])
        smallest = {"C": 1, "Ch": 1, "Cv": 2, "S": 2}.get(family, 2)
        known = family in ("C", "Cv", "Ch", "D", "Dh", "Dd", "S") and n >= smallest
        if known and (family != "S" or n % 2 == 0):
            return Symbol(family=family, n=n)
    raise InputError(
        f"unknown point group {name!r}; give a Schoenflies symbol such as C2v, D5h, S4, Td or Ih "
        "(Cinfv, Dinfh and Kh are not finite)"
    )


def group_matrices(name):
    """All operations of a finite point group in its standard orientation.

    Parameters
    ----------
    name : Schoenflies symbol

    Returns
    -------
    (order, 3, 3)
        the identity first

    Raises
    ------
    InputError
        as `parse_symbol`

    Notes
    -----
    every axial group is the powers of one operation times at most four others; I = T C5
    """
    symbol = parse_symbol(name)
    if symbol.family in POLYHEDRAL:
        return _polyhedral(symbol.family)
    one, flip, level = np.eye(3), turn(2, X), mirror(Z)
    cosets = {
        "C": (one,),
        "S": (one,),
        "Cv": (one, mirror(Y)),
        "Ch": (one, level),
        "D": (one, flip),
        "Dd": (one, flip),
        "Dh": (one, flip, level, level @ flip),
    }[symbol.family]
    return _clean(np.stack([p @ c for c in cosets for p in _powers(symbol)]))


def generator(name):
    """The operation about the principal axis, (3, 3), whose powers an axial group is made of."""
    symbol = parse_symbol(name)
    powers = _powers(symbol)
    return powers[min(1, len(powers) - 1)]


def _powers(symbol):
    """Powers of the rotation C_n, or of the rotoreflection S_n or S_2n, the identity first."""
    n = 2 * symbol.n if symbol.family == "Dd" else symbol.n
    sign = -1.0 if symbol.family in ("Dd", "S") else 1.0
    found = []
    for j in range(n):
        c, s = np.cos(2 * np.pi * j / n), np.sin(2 * np.pi * j / n)
        found.append(np.array([[c, -s, 0], [s, c, 0], [0, 0, sign**j]]))
    return found


def _polyhedral(name):
    """The cubic groups as signed permutations, the icosahedral ones from T and a fivefold axis."""
    every = [np.eye(3)[list(p)] * np.array(s) for p in permutations(range(3)) for s in _signs()]
    rotations = np.stack([m for m in every if np.linalg.det(m) > 0])
    even = np.array([np.linalg.det(np.abs(m)) > 0 for m in rotations])
    tetrahedral = rotations[even]
    if name[0] == "T":
        more = {"T": [], "Th": [-tetrahedral], "Td": [-rotations[~even]]}[name]
        return _clean(np.concatenate([tetrahedral, *more]))
    if name[0] == "I":
        rotations = np.concatenate(
            [tetrahedral @ np.linalg.matrix_power(turn(5, VERTEX), k) for k in range(5)]
        )
    return _clean(np.concatenate([rotations, -rotations]) if name.endswith("h") else rotations)


def _signs():
    return product((1.0, -1.0), repeat=3)


def _clean(matrices):
    """Without negative zeros and rounding beside the whole numbers."""
    near = np.round(matrices)
    return np.where(np.abs(matrices - near) < 1e-14, near, matrices) + 0.0


def determinants(matrices):
    """1 for rotations, -1 for the others, (..., 3, 3) to (...)."""
    return np.sign(np.linalg.det(matrices))


def rotations_of(matrices):
    """The proper parts: each operation times its determinant."""
    return matrices * determinants(matrices)[..., None, None]


def rotation_axis(matrix):
    """Unit vector about which the proper part of an operation turns, counter-clockwise.

    Notes
    -----
    Z for the identity and the inversion; of a half turn either direction.
    """
    proper = rotations_of(matrix)
    cosine = (np.trace(proper) - 1) / 2
    if cosine > 1 - SAME:
        return Z
    outer = (proper + proper.T) / 2 - cosine * np.eye(3)  # (1 - cos) a a^T
    axis = outer[:, np.argmax(np.diag(outer))]
    axis = axis / np.linalg.norm(axis)
    skew = np.array([proper[2, 1] - proper[1, 2], proper[0, 2] - proper[2, 0], proper[1, 0] - proper[0, 1]])
    return -axis if axis @ skew < -SAME else axis


def rotation_angle(matrix):
    """Angle of a rotation C, or of the rotoreflection S = sigma C, between 0 and pi."""
    sign = determinants(matrix)
    return float(np.arccos(np.clip((np.trace(matrix) - sign) / 2, -1, 1)))


def operation_label(matrix):
    """Schoenflies symbol of one operation: E, i, sigma, C5^2, S4.

    Notes
    -----
    angles are told up to pi: C3 stands for C3^2 too; powers are of the smallest axis, C2 not C4^2
    """
    proper = determinants(matrix) > 0
    numerator, order = _fraction(rotation_angle(matrix) / (2 * np.pi))
    if not proper and numerator and numerator % 2 == 0:
        numerator = order - numerator  # S5^3: the even powers of S5 are rotations
    power = f"^{numerator}" if numerator > 1 else ""
    if proper:
        return "E" if order == 1 else f"C{order}{power}"
    return {1: "sigma", 2: "i"}.get(order, f"S{order}{power}")


def _fraction(turns, largest=1000):
    """The simplest fraction (numerator, denominator) equal to a number of turns."""
    for order in range(1, largest):
        numerator = round(turns * order)
        if abs(turns * order - numerator) < SAME * order:
            return numerator, order
    raise ValueError(f"{turns} turns belong to no finite group")


def same_matrix(matrix, matrices):
    """Index of a matrix among others, or None."""
    distance = np.abs(matrices - matrix).max(axis=(1, 2))
    best = int(np.argmin(distance))
    return best if distance[best] < 1e3 * SAME else None


def multiplication_table(matrices):
    """Index of every product g h of a group, (order, order).

    Raises
    ------
    ValueError
        the matrices form no group
    """
    flat = matrices.reshape(-1, 9)
    table = np.empty((len(matrices),) * 2, dtype=int)
    for i, g in enumerate(matrices):
        overlap = (g @ matrices).reshape(-1, 9) @ flat.T  # 3 for equal matrices, less for others
        table[i] = np.argmax(overlap, axis=1)
        if overlap.max(axis=1).min() < 3 - SAME:
            raise ValueError("the matrices are not closed under multiplication")
    return table


def has_inversion(matrices):
    """Whether x -> -x is among the operations."""
    return same_matrix(INVERSION, matrices) is not None
