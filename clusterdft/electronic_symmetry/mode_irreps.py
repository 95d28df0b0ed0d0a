"""Irreducible representations of the vibrational modes."""

from dataclasses import dataclass

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.basis.shells import OrbitalShells
from clusterdft.electronic_symmetry.finite_action import FiniteAction, finite_action, level_label
from clusterdft.electronic_symmetry.level_assignment import Assignment, assign_levels
from clusterdft.electronic_symmetry.orbital_matrices import shell_moves
from clusterdft.errors import InputError
from clusterdft.properties.vibrations import Vibrations
from clusterdft.symmetry.point_group import PointGroup

MASS_TOLERANCE = 1e-6  # relative, between atoms that operations exchange


@dataclass(frozen=True, kw_only=True, eq=False)
class ModeSet:
    """Vibrations that are partners in an irreducible representation.

    Attributes
    ----------
    label : str
        Such as "a1'", "e'", "sigmag", lower case.
    irrep : str
        The representation as in the character table.
    indices : tuple of int
        Places among the modes, ascending.
    frequencies : tuple of float
        hartree, one for each index; an imaginary one is negative
    shares : dict of {irrep: share}
        Mean shares of representations in the modes, those above 1e-6.
    purity : float
        Mean share of the modes in partners of the symmetrised Hessian.
    """

    label: str
    irrep: str
    indices: tuple[int, ...]
    frequencies: tuple[float, ...]
    shares: dict[str, float]
    purity: float

    @property
    def degeneracy(self) -> int:
        """Number of modes."""
        return len(self.indices)


def mode_irreps(group: PointGroup, vibrations: Vibrations) -> tuple[ModeSet, ...]:
    """Sets of degenerate vibrations with their irreducible representations.

    Parameters
    ----------
    group : PointGroup
        Of the vibrating cluster; with isotopes, found with them as labels.
    vibrations : Vibrations

    Returns
    -------
    tuple of ModeSet
        Lowest frequency first.

    Raises
    ------
    InputError
        The group is that of another cluster, or takes atoms of unlike mass for one another.

    Notes
    -----
    partners as in `orbital_irreps`: found by the operations, not by the closeness of frequencies
    """
    natom = group.permutations.shape[1]
    n, held, _ = vibrations.modes.shape
    if held != natom:
        raise InputError(
            f"a group that permutes {natom} atoms does not fit the vibrations of {held}; "
            "find the group of this cluster"
        )
    masses = vibrations.masses
    if np.abs(masses[group.permutations] - masses).max() > MASS_TOLERANCE * masses.max():
        raise InputError("the group takes unlike isotopes for one another; find it with labels=masses")
    if n == 0:
        return ()
    action = finite_action(group)
    arrows = OrbitalShells(
        atom=np.arange(natom), l=np.ones(natom, dtype=np.int64), exponent=np.ones(natom)
    )  # displacements turn as p functions
    move = shell_moves(arrows, action.operations, action.permutations)
    square = vibrations.frequencies * np.abs(vibrations.frequencies)
    assignments = assign_levels(action, move, vibrations.modes.reshape(n, -1).T, square)
    return tuple(_mode_set(action, assignment, vibrations.frequencies) for assignment in assignments)


def _mode_set(action: FiniteAction, assignment: Assignment, frequencies: Floats) -> ModeSet:
    irrep = action.labels[assignment.irrep]
    return ModeSet(
        label=level_label(irrep),
        irrep=irrep,
        indices=assignment.members,
        frequencies=tuple(frequencies[list(assignment.members)].tolist()),
        shares=action.shares_by_label(assignment.shares),
        purity=assignment.purity,
    )
