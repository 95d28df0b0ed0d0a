"""Characters of the rotation groups C_n, D_n, T, O and I, in closed form, for each operation.

All other point groups follow: G without inversion has the characters of the rotation group {det(g) g}, and
G = H x {E, i} those of H twice, times 1 (g) and times det(g) (u).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from clusterdft.arrays import Complexes, Floats, Ints
from clusterdft.groups.group_matrices import group_matrices, parse_symbol
from clusterdft.groups.operations import determinants, has_inversion, rotations_of

GOLDEN = (1 + 5**0.5) / 2
NamedCharacters: TypeAlias = tuple[str, Floats | Complexes]


@dataclass(frozen=True, kw_only=True, eq=False)
class Representation:
    """Characters of one complex irreducible representation.

    Attributes
    ----------
    name : str
        As in the rotation group: A, B, E1, T1, ...; for pairs Ek+ and Ek-
    parity : str
        "g", "u", or "" without inversion
    characters : (order,)
        Complex, one for each operation of `group_matrices`.
    """

    name: str
    parity: str
    characters: Complexes


def representations(name: str) -> tuple[Representation, ...]:
    """All complex irreducible representations of a finite point group.

    Parameters
    ----------
    name : str
        Schoenflies symbol.

    Returns
    -------
    tuple of Representation
        Conjugate pairs next to each other.
    """
    matrices = group_matrices(name)
    family, n = _rotation_group(name)
    of_rotations = _CHARACTERS[family](rotations_of(matrices), n)
    parities = {"g": np.ones(len(matrices)), "u": determinants(matrices)}
    if not has_inversion(matrices):
        parities = {"": np.ones(len(matrices))}
    return tuple(
        Representation(name=label, parity=parity, characters=np.asarray(values * sign, dtype=complex))
        for parity, sign in parities.items()
        for label, values in of_rotations
    )


def _rotation_group(name: str) -> tuple[str, int]:
    """Family and order of the axis of {det(g) g}, for groups with inversion that of their rotations."""
    symbol = parse_symbol(name)
    family, n = symbol.family, symbol.n
    if family[0] in "TOI":
        return ("O" if family == "Td" else family[0]), 1
    if family == "S":
        return ("C", n // 2) if n % 4 == 2 else ("C", n)
    if family == "Cv":
        return "D", n
    if family == "Ch":
        return "C", (n if n % 2 == 0 else 2 * n)
    if family == "Dh":
        return "D", (n if n % 2 == 0 else 2 * n)
    if family == "Dd":
        return "D", (n if n % 2 else 2 * n)
    return family, n


def _steps(angles: Floats, n: int) -> Ints:
    """Angles as whole numbers of n-th turns, 0 to n - 1."""
    return np.round(angles * n / (2 * np.pi)).astype(np.int64) % n


def _signs(j: Ints) -> Floats:
    """(-1)^j"""
    return np.where(j % 2, -1.0, 1.0)


def _cyclic(g: Floats, n: int) -> list[NamedCharacters]:
    """C_n: exp(2 pi i j k / n)."""
    j = _steps(np.arctan2(g[:, 1, 0], g[:, 0, 0]), n)
    rows: list[NamedCharacters] = [("A", np.ones(len(g)))]
    for k in range(1, (n - 1) // 2 + 1):
        phase = 2 * np.pi * (j * k % n) / n
        wave = np.cos(phase) + 1j * np.sin(phase)
        rows += [(f"E{k}+", wave), (f"E{k}-", wave.conj())]
    if n % 2 == 0:
        rows.insert(1, ("B", _signs(j)))
    return rows


def _dihedral(g: Floats, n: int) -> list[NamedCharacters]:
    """D_n with twofold axes at the angles pi m / n from x."""
    upright = g[:, 2, 2] > 0
    j = _steps(np.arctan2(g[:, 1, 0], g[:, 0, 0]), n)  # of a half turn this is twice the angle of its axis
    sign = np.where(upright, 1.0, -1.0)
    rows: list[NamedCharacters] = [("A1", np.ones(len(g))), ("A2", sign)]
    if n % 2 == 0:
        rows += [("B1", _signs(j)), ("B2", _signs(j) * sign)]
    for k in range(1, (n - 1) // 2 + 1):
        rows.append((f"E{k}", np.where(upright, 2 * np.cos(2 * np.pi * (j * k % n) / n), 0.0)))
    return rows


def _tetrahedral(g: Floats, _: int) -> list[NamedCharacters]:
    """T: the cyclic permutations of the axes are the factor group C3."""
    step = np.argmax(np.abs(g)[:, :, 0], axis=1)
    third = np.array([1.0, np.exp(2j * np.pi / 3), np.exp(-2j * np.pi / 3)])[step]
    return [("A", np.ones(len(g))), ("E+", third), ("E-", third.conj()), ("T", _trace(g))]


def _octahedral(g: Floats, _: int) -> list[NamedCharacters]:
    """O: the permutations of the axes, without signs, are the factor group S3."""
    axes = np.abs(np.rint(g))
    parity = np.round(np.linalg.det(axes))
    return [
        ("A1", np.ones(len(g))),
        ("A2", parity),
        ("E", _trace(axes) - 1),
        ("T1", _trace(g)),
        ("T2", parity * _trace(g)),
    ]


def _icosahedral(g: Floats, _: int) -> list[NamedCharacters]:
    """I: characters depend on the angle only; columns are 0, 72, 144, 120 and 180 degrees."""
    angles = np.array([1 + 2 * np.cos(np.radians(a)) for a in (0, 72, 144, 120, 180)])
    kind = np.argmin(np.abs(_trace(g)[:, None] - angles), axis=1)
    rows = {
        "A": (1, 1, 1, 1, 1),
        "T1": (3, GOLDEN, 1 - GOLDEN, 0, -1),
        "T2": (3, 1 - GOLDEN, GOLDEN, 0, -1),
        "G": (4, -1, -1, 1, 0),
        "H": (5, 0, 0, -1, 1),
    }
    return [(label, np.array(row, dtype=float)[kind]) for label, row in rows.items()]


def _trace(g: Floats) -> Floats:
    traces: Floats = np.trace(g, axis1=1, axis2=2)
    return traces


_CHARACTERS: dict[str, Callable[[Floats, int], list[NamedCharacters]]] = {
    "C": _cyclic,
    "D": _dihedral,
    "T": _tetrahedral,
    "O": _octahedral,
    "I": _icosahedral,
}
