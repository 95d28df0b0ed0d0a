"""What splits how: spherical shells and motions of the atoms in the irreps of a group."""

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.errors import InputError
from clusterdft.groups.character_tables import CharacterTable, character_table
from clusterdft.groups.group_matrices import FINITE_SUBGROUP, group_matrices
from clusterdft.groups.operations import determinants, rotation_angle
from clusterdft.symmetry.point_group import CONTINUOUS, PointGroup
from clusterdft.units import MOMENTUM_LETTERS

LINEAR_LETTERS = ("Pi", "Delta", "Phi", "Gamma")


def spherical_splitting(name: str, momentum: int) -> dict[str, int]:
    """Irreducible representations of the real spherical harmonics of one angular momentum.

        chi_l(C) = sin((2 l + 1) theta / 2) / sin(theta / 2),   chi_l(-C) = (-1)^l chi_l(C)

    Parameters
    ----------
    name : str
        Schoenflies symbol, of a continuous group too.
    momentum : int
        l >= 0

    Returns
    -------
    dict of {label: count}
        Sigma+, Pi, Delta, Phi, Gamma, then M=5, ... in linear groups; l itself in Kh.

    Raises
    ------
    InputError
        An unknown group, or a momentum that is no whole number of at least 0.
    """
    if momentum < 0 or momentum != int(momentum):
        raise InputError(f"the angular momentum is {momentum}; give a whole number, 0 or more")
    if name in CONTINUOUS:
        return _continuous_splitting(name, momentum)
    table = character_table(name)
    matrices = group_matrices(name)
    characters = [_spherical_character(matrices[c.members[0]], momentum) for c in table.classes]
    return table.reduce(np.array(characters))


def _spherical_character(matrix: Floats, momentum: int) -> float:
    """chi_l = 1 + 2 sum_m cos(m theta), with the sign (-1)^l for improper operations."""
    sign = determinants(matrix)
    theta = rotation_angle(sign * matrix)
    return float(sign**momentum * (1 + 2 * np.sum(np.cos(theta * np.arange(1, momentum + 1)))))


def _continuous_splitting(name: str, momentum: int) -> dict[str, int]:
    parity = "gu"[momentum % 2]
    if name == "Kh":
        letter = MOMENTUM_LETTERS[momentum].upper() if momentum < len(MOMENTUM_LETTERS) else f"L={momentum}"
        return {letter + parity: 1}
    end = parity if name == "Dinfh" else ""
    return {f"Sigma{end}+": 1} | {angular_letter(m) + end: 1 for m in range(1, momentum + 1)}


def angular_letter(m: int) -> str:
    """Pi, Delta, Phi, Gamma, then M=5, ... for an angular momentum m about the axis, m > 0."""
    return LINEAR_LETTERS[m - 1] if m <= len(LINEAR_LETTERS) else f"M={m}"


def motion_irreps(group: PointGroup) -> tuple[dict[str, int], dict[str, int]]:
    """Irreducible representations of all motions of the atoms, and of the vibrations among them.

        chi(g) = (atoms that stay) tr g;   translations tr g,   rotations det(g) tr g

    Parameters
    ----------
    group : PointGroup
        Of finite order.

    Returns
    -------
    two dicts of {label: count}
        Of the 3 natom motions, and of the vibrations.

    Raises
    ------
    InputError
        The group is continuous.
    """
    table = _finite_table(group)
    heads = [c.members[0] for c in table.classes]
    natom = group.permutations.shape[1]
    fixed = np.sum(group.permutations[heads] == np.arange(natom), axis=1)
    matrices = group.standard[heads]
    traces = np.trace(matrices, axis1=1, axis2=2)
    rigid = traces * (1 + determinants(matrices))
    return table.reduce(fixed * traces), table.reduce(fixed * traces - rigid)


def _finite_table(group: PointGroup) -> CharacterTable:
    if group.name in CONTINUOUS:
        raise InputError(
            f"{group.name} has infinitely many operations; "
            f"take its subgroup {FINITE_SUBGROUP[group.name]} instead"
        )
    return character_table(group.name)
