"""The point groups as matrices, in the orientation of the character tables.

The principal axis is z. A vertical mirror of C_nv contains x, a twofold axis of the D groups is x. The cubic
groups have their fourfold (T: twofold) axes along x, y, z; the icosahedral ones three twofold axes there and
a fivefold one along (0, 1, 1.618).
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations, product

import numpy as np

from clusterdft.arrays import Floats, Ints, frozen_array
from clusterdft.errors import InputError
from clusterdft.groups.operations import DIAGONAL, EQUAL_ENTRIES, INVERSION, VERTEX, X, Y, Z, mirror, turn

POLYHEDRAL = ("T", "Td", "Th", "O", "Oh", "I", "Ih")
FINITE_SUBGROUP = {"Cinfv": "C4v", "Dinfh": "D4h", "Kh": "Oh"}  # finite subgroups of the continuous groups
MIN_ORDER = {"C": 1, "Ch": 1, "Cv": 2, "D": 2, "Dh": 2, "Dd": 2, "S": 2}  # of the axis, by family
ROUNDING = 1e-14  # entries so close to whole numbers are these


@dataclass(frozen=True, kw_only=True)
class Symbol:
    """A Schoenflies symbol in parts.

    Attributes
    ----------
    family : str
        "C", "Cv", "Ch", "D", "Dh", "Dd", "S", or a polyhedral symbol
    n : int
        Order of the principal rotation; of the S groups that of the rotoreflection; 1 for the polyhedral.
    """

    family: str
    n: int


def parse_symbol(name: str) -> Symbol:
    """The parts of a Schoenflies symbol; Cs counts as C1h, Ci as S2.

    Raises
    ------
    InputError
        The symbol names no finite point group.
    """
    if name in POLYHEDRAL:
        return Symbol(family=name, n=1)
    name_in_family = {"Cs": "C1h", "Ci": "S2"}.get(name, name)
    parts = re.fullmatch(r"([CDS])([1-9]\d*)([vhd]?)", name_in_family)
    if parts:
        family, n = parts[1] + parts[3], int(parts[2])
        if n >= MIN_ORDER.get(family, np.inf) and (family != "S" or n % 2 == 0):
            return Symbol(family=family, n=n)
    raise InputError(
        f"unknown point group {name!r}; give a Schoenflies symbol such as C2v, D5h, S4, Td or Ih "
        "(Cinfv, Dinfh and Kh are not finite)"
    )


@lru_cache(maxsize=128)
def generators(name: str) -> tuple[Floats, ...]:
    """Operations whose products are a finite point group; the one about the main axis first.

    Parameters
    ----------
    name : str
        Schoenflies symbol.

    Returns
    -------
    tuple of (3, 3)

    Raises
    ------
    InputError
        As `parse_symbol`.
    """
    symbol = parse_symbol(name)
    if name in POLYHEDRAL:
        main = {"T": turn(2), "O": turn(4), "I": turn(5, VERTEX)}[name[0]]
        if name == "Td":
            further: tuple[Floats, ...] = (mirror((X - Y) / np.sqrt(2)),)
        else:
            further = (INVERSION,) if name.endswith("h") else ()
        return _read_only(main, turn(3, DIAGONAL), *further)
    main = turn(symbol.n)
    if symbol.family in ("S", "Dd"):
        main = INVERSION if name == "Ci" else mirror(Z) @ turn(_n_powers(symbol))
    return _read_only(main, *_further_generators(symbol.family))


def _read_only(*matrices: Floats) -> tuple[Floats, ...]:
    return tuple(frozen_array(matrix) for matrix in matrices)


def _further_generators(family: str) -> tuple[Floats, ...]:
    """Of an axial group, beside the operation about the axis."""
    flip, level = turn(2, X), mirror(Z)
    return {
        "C": (),
        "S": (),
        "Cv": (mirror(Y),),
        "Ch": (level,),
        "D": (flip,),
        "Dd": (flip,),
        "Dh": (flip, level),
    }[family]


def group_matrices(name: str) -> Floats:
    """All operations of a finite point group in its standard orientation and order.

    Parameters
    ----------
    name : str
        Schoenflies symbol.

    Returns
    -------
    (order, 3, 3)
        The identity first.

    Raises
    ------
    InputError
        As `parse_symbol`.

    Notes
    -----
    Every axial group is the powers of one operation times at most four others; I = T C5.
    """
    symbol = parse_symbol(name)
    if symbol.family in POLYHEDRAL:
        return _polyhedral(symbol.family)
    cosets = [np.eye(3)]
    for further in _further_generators(symbol.family):
        cosets += [further @ c for c in cosets]
    return _cleaned(np.stack([p @ c for c in cosets for p in _powers(symbol)]))


def _n_powers(symbol: Symbol) -> int:
    return 2 * symbol.n if symbol.family == "Dd" else symbol.n


def _powers(symbol: Symbol) -> list[Floats]:
    """Powers of the rotation C_n, or of the rotoreflection S_n or S_2n, the identity first."""
    n = _n_powers(symbol)
    sign = -1.0 if symbol.family in ("Dd", "S") else 1.0
    powers = []
    for j in range(n):
        c, s = np.cos(2 * np.pi * j / n), np.sin(2 * np.pi * j / n)
        powers.append(np.array([[c, -s, 0], [s, c, 0], [0, 0, sign**j]]))
    return powers


def _polyhedral(name: str) -> Floats:
    """The cubic groups as signed permutations, the icosahedral ones from T and a fivefold axis."""
    signs = list(product((1.0, -1.0), repeat=3))
    every = [np.eye(3)[list(p)] * np.array(s) for p in permutations(range(3)) for s in signs]
    rotations = np.stack([m for m in every if np.linalg.det(m) > 0])
    even = np.array([np.linalg.det(np.abs(m)) > 0 for m in rotations])
    tetrahedral = rotations[even]
    if name[0] == "T":
        more = {"T": [], "Th": [-tetrahedral], "Td": [-rotations[~even]]}[name]
        return _cleaned(np.concatenate([tetrahedral, *more]))
    if name[0] == "I":
        rotations = np.concatenate(
            [tetrahedral @ np.linalg.matrix_power(turn(5, VERTEX), k) for k in range(5)]
        )
    return _cleaned(np.concatenate([rotations, -rotations]) if name.endswith("h") else rotations)


def _cleaned(matrices: Floats) -> Floats:
    """Without negative zeros and rounding beside the whole numbers."""
    near = np.round(matrices)
    return np.where(np.abs(matrices - near) < ROUNDING, near, matrices) + 0.0


def multiplication_table(matrices: Floats) -> Ints:
    """Index of every product g h of a group, (order, order).

    Raises
    ------
    ValueError
        The matrices form no group.
    """
    flat = matrices.reshape(-1, 9)
    table = np.empty((len(matrices),) * 2, dtype=np.int64)
    for i, g in enumerate(matrices):
        overlap = (g @ matrices).reshape(-1, 9) @ flat.T  # 3 for equal matrices, less for others
        table[i] = np.argmax(overlap, axis=1)
        if overlap.max(axis=1).min() < 3 - EQUAL_ENTRIES:
            raise ValueError("the matrices are not closed under multiplication")
    return table
