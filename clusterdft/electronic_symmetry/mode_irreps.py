"""Irreducible representations of the vibrational modes."""

from dataclasses import dataclass

import numpy as np

from clusterdft.basis.shells import OrbitalShells
from clusterdft.electronic_symmetry.finite_action import finite_action, level_label
from clusterdft.electronic_symmetry.level_assignment import assign_levels
from clusterdft.electronic_symmetry.orbital_matrices import shell_moves
from clusterdft.errors import InputError

SAME_MASS = 1e-6  # relative


@dataclass(frozen=True, kw_only=True, eq=False)
class ModeSet:
    """Vibrations that are partners in an irreducible representation.

    Attributes
    ----------
    label : such as "a1'", "e'", "sigmag", lower case
    irrep : the representation as in the character table
    indices : places among the modes, ascending
    frequencies : hartree, one for each index; an imaginary one is negative
    shares : {irrep: mean share of it in the modes}, those above 1e-6
    purity : mean share of the modes in partners of the symmetrised Hessian
    """

    label: str
    irrep: str
    indices: tuple[int, ...]
    frequencies: tuple[float, ...]
    shares: dict[str, float]
    purity: float

    @property
    def degeneracy(self):
        return len(self.indices)

    @property
    def frequency(self):
        """Mean, hartree."""
        return float(np.mean(self.frequencies))


def mode_irreps(group, vibrations):
    """Sets of degenerate vibrations with their irreducible representations.

    Parameters
    ----------
    group : PointGroup of the vibrating cluster; with isotopes, found with them as labels
    vibrations : Vibrations

    Returns
    -------
    tuple of ModeSet, lowest frequency first

    Raises
    ------
    InputError
        the group is that of another cluster, or takes atoms of unlike mass for one another

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
    if np.abs(masses[group.permutations] - masses).max() > SAME_MASS * masses.max():
        raise InputError("the group takes unlike isotopes for one another; find it with labels=masses")
    if n == 0:
        return ()
    action = finite_action(group)
    arrows = OrbitalShells(
        atom=np.arange(natom), l=np.ones(natom, dtype=np.int64), exponent=np.ones(natom)
    )  # displacements turn as p functions
    move = shell_moves(arrows, action.operations, action.permutations)
    square = vibrations.frequencies * np.abs(vibrations.frequencies)
    found = assign_levels(action, move, vibrations.modes.reshape(n, -1).T, square)
    return tuple(_mode_set(action, one, vibrations.frequencies) for one in found)


def _mode_set(action, found, frequencies):
    irrep = action.labels[found.irrep]
    return ModeSet(
        label=level_label(irrep),
        irrep=irrep,
        indices=found.members,
        frequencies=tuple(frequencies[list(found.members)].tolist()),
        shares={
            label: float(share)
            for label, share in zip(action.labels, found.shares, strict=True)
            if share > 1e-6
        },
        purity=found.purity,
    )
