"""Subgroups of the point groups, up to conjugation, and the epikernels among them."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from clusterdft.arrays import Floats, Ints, frozen_array
from clusterdft.groups.character_tables import character_table
from clusterdft.groups.closure import generated_group
from clusterdft.groups.group_matrices import group_matrices, multiplication_table
from clusterdft.groups.schoenflies import schoenflies
from clusterdft.symmetry.orientation import standard_frame
from clusterdft.symmetry.point_group import PointGroup


@dataclass(frozen=True, kw_only=True, eq=False)
class Subgroup:
    """One of a set of conjugate subgroups.

    Attributes
    ----------
    name : str
        Schoenflies symbol.
    members : (order,)
        Indices of operations in `group_matrices` of the whole group.
    n_conjugate : int
        How many subgroups the operations of the whole group turn into one another.
    """

    name: str
    members: Ints
    n_conjugate: int

    @property
    def order(self) -> int:
        """Number of operations."""
        return len(self.members)


def subgroups(name: str) -> tuple[Subgroup, ...]:
    """All subgroups of a finite point group, one of each set of conjugates, largest first.

    Parameters
    ----------
    name : str
        Schoenflies symbol.

    Returns
    -------
    tuple of Subgroup
        The group itself and C1 among them; of the same symbol there may be several.

    Notes
    -----
    Built upwards from C1 by adding one operation at a time; all conjugates of one are struck at once.
    """
    matrices = group_matrices(name)
    table = multiplication_table(matrices)
    inverse = np.argmax(table == 0, axis=1)
    known: set[frozenset[int]] = set()
    classes: list[Subgroup] = []
    new: list[Ints | None] = [np.array([0])]
    while new:
        group = new.pop()
        if group is None or frozenset(group.tolist()) in known:
            continue
        conjugates = {frozenset(table[table[g, group], inverse[g]].tolist()) for g in range(len(table))}
        known |= conjugates
        classes.append(
            Subgroup(name=schoenflies(matrices[group]), members=group, n_conjugate=len(conjugates))
        )
        outside = np.setdiff1d(np.arange(len(table)), group)
        new += [generated_group(table, np.append(group, g)) for g in outside]
    return tuple(sorted(classes, key=lambda s: (-s.order, s.name)))


def epikernels(name: str, label: str) -> tuple[Subgroup, ...]:
    """Subgroups in which a representation has an invariant vector that no larger subgroup shares.

        dim V^H > dim V^K   for every K of the group that holds H and more

    Parameters
    ----------
    name : str
        Schoenflies symbol.
    label : str
        Mulliken label of an irreducible representation.

    Returns
    -------
    tuple of Subgroup
        Largest first; the symmetries that a distortion of this kind can lead to.

    References
    ----------
    Ceulemans and Vanquickenborne, Struct. Bonding 71, 125 (1989)
    """
    table = character_table(name)
    chi = table.character(label)[table.class_of]
    products = multiplication_table(group_matrices(name))
    return tuple(
        s
        for s in subgroups(name)
        if _fixed(chi, s.members) and _is_whole_stabiliser(chi, s.members, products)
    )


def _fixed(chi: Floats, members: Ints | None) -> int:
    """Dimension of the vectors that a subgroup leaves in place."""
    return round(float(chi[members].mean()))


def _is_whole_stabiliser(chi: Floats, members: Ints, products: Ints) -> bool:
    """Whether every further operation moves some vector that the subgroup leaves in place."""
    fixed = _fixed(chi, members)
    outside = np.setdiff1d(np.arange(len(chi)), members)
    return all(_fixed(chi, generated_group(products, np.append(members, g))) < fixed for g in outside)


def restricted_group(group: PointGroup, members: ArrayLike) -> PointGroup:
    """The PointGroup of some operations of a finite one, in the standard frame of its own symbol.

    Parameters
    ----------
    group : PointGroup
        Of finite order.
    members : (order,)
        Indices of operations, closed under multiplication.

    Returns
    -------
    PointGroup
        With the symmetrised positions of the whole group.
    """
    kept = np.asarray(members, dtype=np.int64)
    matrices = group.operations[kept]
    name = schoenflies(matrices)
    frame, order = standard_frame(name, matrices, group.symmetrized_positions - group.centre)
    standard, chosen = group_matrices(name), kept[order]
    return replace(
        group,
        name=name,
        order=len(standard),
        frame=frozen_array(frame),
        standard=frozen_array(standard),
        operations=frozen_array(frame.T @ standard @ frame),
        permutations=group.permutations[chosen],
        deviations=frozen_array(group.deviations[chosen]),
    )
