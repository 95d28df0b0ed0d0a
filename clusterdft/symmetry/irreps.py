"""What splits how: spherical shells, motions of the atoms and given vectors in the irreps of a group."""

import numpy as np

from clusterdft.errors import InputError
from clusterdft.groups.character_tables import character_table
from clusterdft.groups.group_matrices import STAND_IN, group_matrices
from clusterdft.groups.operations import determinants, rotation_angle
from clusterdft.symmetry.actions import image_of_vectors
from clusterdft.symmetry.point_group import CONTINUOUS
from clusterdft.units import MOMENTUM_LETTERS

LINEAR_LETTERS = ("Pi", "Delta", "Phi", "Gamma")


def spherical_splitting(name, momentum):
    """Irreducible representations of the real spherical harmonics of one angular momentum.

        chi_l(C) = sin((2 l + 1) theta / 2) / sin(theta / 2),   chi_l(-C) = (-1)^l chi_l(C)

    Parameters
    ----------
    name : Schoenflies symbol, of a continuous group too
    momentum : l >= 0

    Returns
    -------
    {label: count};  Sigma+, Pi, Delta, Phi, Gamma, then M=5, ... in linear groups; l itself in Kh
    """
    if momentum < 0 or momentum != int(momentum):
        raise InputError(f"the angular momentum is {momentum}; give a whole number, 0 or more")
    if name in CONTINUOUS:
        return _continuous_splitting(name, momentum)
    table = character_table(name)
    matrices = group_matrices(name)
    characters = [_spherical_character(matrices[c.members[0]], momentum) for c in table.classes]
    return table.reduce(np.array(characters))


def _spherical_character(matrix, momentum):
    """chi_l = 1 + 2 sum_m cos(m theta), with the sign (-1)^l for improper operations."""
    sign = determinants(matrix)
    theta = rotation_angle(sign * matrix)
    return sign**momentum * (1 + 2 * np.sum(np.cos(theta * np.arange(1, momentum + 1))))


def _continuous_splitting(name, momentum):
    parity = "gu"[momentum % 2]
    if name == "Kh":
        letter = MOMENTUM_LETTERS[momentum].upper() if momentum < len(MOMENTUM_LETTERS) else f"L={momentum}"
        return {letter + parity: 1}
    end = parity if name == "Dinfh" else ""
    return {_linear_label(m, end): 1 for m in range(momentum + 1)}


def _linear_label(m, end):
    if m == 0:
        return f"Sigma{end}+"
    return (LINEAR_LETTERS[m - 1] if m <= len(LINEAR_LETTERS) else f"M={m}") + end


def motion_irreps(group):
    """Irreducible representations of all motions of the atoms, and of the vibrations among them.

        chi(g) = (atoms that stay) tr g;   translations tr g,   rotations det(g) tr g

    Parameters
    ----------
    group : PointGroup of finite order

    Returns
    -------
    ({label: count}, {label: count})
        of the 3 natom motions, and of the vibrations

    Raises
    ------
    InputError
        the group is continuous
    """
    table = _finite_table(group)
    heads = [c.members[0] for c in table.classes]
    natom = group.permutations.shape[1]
    fixed = np.sum(group.permutations[heads] == np.arange(natom), axis=1)
    matrices = group.standard[heads]
    traces = np.trace(matrices, axis1=1, axis2=2)
    rigid = traces * (1 + determinants(matrices))
    return table.reduce(fixed * traces), table.reduce(fixed * traces - rigid)


def vector_weights(group, vectors):
    """Share of each irreducible representation in vectors on the atoms, such as vibrational modes.

        w_i = <v| P_i |v> / <v|v>,   P_i = d_i / (norm_i order) sum_g chi_i(g) D(g)

    Parameters
    ----------
    group : PointGroup of finite order
    vectors : (n, natom, 3) in the input frame; of modes the mass-weighted ones

    Returns
    -------
    (n, nirrep)
        columns as `character_table(group.name).labels`, rows with the sum 1
    """
    table = _finite_table(group)
    v = np.asarray(vectors, dtype=float)
    overlaps = np.empty((len(v), table.order))
    for g, (matrix, permutation) in enumerate(zip(group.operations, group.permutations, strict=True)):
        overlaps[:, g] = np.sum(v * image_of_vectors(matrix, permutation, v), axis=(1, 2))
    return overlaps @ table.projection.T / np.sum(v**2, axis=(1, 2))[:, None]


def label_vectors(group, vectors):
    """The leading irreducible representation of each vector and its share, (n,) of (label, share)."""
    weights = vector_weights(group, vectors)
    labels = character_table(group.name).labels
    best = np.argmax(weights, axis=1)
    return tuple((labels[k], float(w[k])) for k, w in zip(best, weights, strict=True))


def _finite_table(group):
    if group.name in CONTINUOUS:
        raise InputError(
            f"{group.name} has infinitely many operations; take its subgroup {STAND_IN[group.name]} instead"
        )
    return character_table(group.name)
