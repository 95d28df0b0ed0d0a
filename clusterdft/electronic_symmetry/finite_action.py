"""A finite group that acts on the atoms for any point group: a subgroup that resolves the continuous ones.

C6v and D6h keep sigma, pi and delta apart, Ih keeps s, p and d whole: no function of d or less on the axis,
or on the one atom, needs more.
"""

from dataclasses import dataclass

import numpy as np

from clusterdft.arrays import Floats, Ints
from clusterdft.groups.character_tables import character_table
from clusterdft.groups.group_matrices import group_matrices
from clusterdft.symmetry.irreps import angular_letter
from clusterdft.symmetry.point_group import CONTINUOUS, PointGroup

RESOLVING_GROUP = {"Cinfv": "C6v", "Dinfh": "D6h", "Kh": "Ih"}
SPHERICAL = {"Ag": "Sg", "T1u": "Pu", "Hg": "Dg"}
SIGMA = {"A1": "Sigma+", "A2": "Sigma-"}
MIN_SHARE = 1e-6  # of a representation in orbitals or modes; smaller ones are rounding


@dataclass(frozen=True, kw_only=True, eq=False)
class FiniteAction:
    """Operations on the atoms, and the irreducible representations that differ under them.

    Attributes
    ----------
    name : str
        Symbol of the finite group.
    operations : (m, 3, 3)
        In the input frame.
    permutations : (m, natom)
        Atom indices.
    labels : (nirrep,)
        Mulliken's, or those of the continuous group.
    dimensions : (nirrep,)
    projection : (nirrep, m)
        sum_g projection[i, g] D(g) projects on representation i
    """

    name: str
    operations: Floats
    permutations: Ints
    labels: tuple[str, ...]
    dimensions: tuple[int, ...]
    projection: Floats

    def shares_by_label(self, shares: Floats) -> dict[str, float]:
        """{label: share} of those above 1e-6, from (nirrep,)."""
        pairs = zip(self.labels, shares.tolist(), strict=True)
        return {label: share for label, share in pairs if share > MIN_SHARE}


def finite_action(group: PointGroup) -> FiniteAction:
    """The action of a point group on the atoms, of a continuous one that of a subgroup that resolves enough.

    Parameters
    ----------
    group : PointGroup

    Returns
    -------
    FiniteAction
    """
    name = RESOLVING_GROUP.get(group.name, group.name)
    operations, permutations = group.operations, group.permutations
    if group.name in CONTINUOUS:
        operations, permutations = _resolving_operations(group, name)
    table = character_table(name)
    return FiniteAction(
        name=name,
        operations=operations,
        permutations=permutations,
        labels=tuple(continuous_label(group.name, label) for label in table.labels),
        dimensions=tuple(irrep.dimension for irrep in table.irreps),
        projection=table.projection,
    )


def continuous_label(name: str, label: str) -> str:
    """Label in a point group of a label in the finite group that stands for it; finite groups keep theirs."""
    if name == "Kh":
        return SPHERICAL.get(label, label)
    if name not in CONTINUOUS:
        return label
    parity = label[-1] if label[-1] in "gu" else ""
    base = label.removesuffix(parity)
    if parity == "u" and base in ("A1", "A2"):  # A1 is even under C2', Sigma+ under the mirrors
        base = {"A1": "A2", "A2": "A1"}[base]
    if base in SIGMA:
        return SIGMA[base][:-1] + parity + SIGMA[base][-1]
    return (angular_letter(int(base[1:])) if base[0] == "E" else base) + parity


def level_label(label: str) -> str:
    """Label of an orbital or a vibration: lower case; s, p, d of an atom, and no plus sign of sigma."""
    if label in SPHERICAL.values():
        return label[0].lower()
    return label.lower().removesuffix("+")


def _resolving_operations(group: PointGroup, name: str) -> tuple[Floats, Ints]:
    """Operations of the resolving group in the input frame, and the permutations they make."""
    standard = group_matrices(name)
    natom = group.permutations.shape[1]
    kept = np.broadcast_to(np.arange(natom), (len(standard), natom))
    swapping = np.flatnonzero(group.standard[:, 2, 2] < 0)
    if len(swapping):
        kept = np.where(standard[:, 2, 2, None] < 0, group.permutations[swapping[0]], kept)
    return group.frame.T @ standard @ group.frame, kept
