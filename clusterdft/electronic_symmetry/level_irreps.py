"""Irreducible representations of the Kohn-Sham levels."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from clusterdft.electronic_symmetry.finite_action import FiniteAction, finite_action, level_label
from clusterdft.electronic_symmetry.level_assignment import Assignment, assign_levels
from clusterdft.electronic_symmetry.orbital_matrices import orthogonal_orbitals, shell_moves
from clusterdft.errors import InputError
from clusterdft.integrals.one_electron import overlap
from clusterdft.scf.result import ScfResult
from clusterdft.symmetry.point_group import PointGroup


@dataclass(frozen=True, kw_only=True, eq=False)
class LevelSet:
    """Orbitals of one spin that are partners in an irreducible representation.

    Attributes
    ----------
    label : str
        Such as "1a1'", "2t2", "1piu": lower case, numbered by energy in each representation and spin,
        valence levels only.
    irrep : str
        The representation as in the character table, "A1'"; "Piu", "Pu" in continuous groups.
    spin : int
        0 for up or a closed shell's, 1 for down
    indices : tuple of int
        Places among the orbitals of that spin, ascending.
    energies : tuple of float
        hartree, one for each index
    occupation : tuple of float
        Electrons in each of them.
    shares : dict of {irrep: share}
        Mean shares of representations in the orbitals, those above 1e-6.
    purity : float
        Mean share of the orbitals in partners of the symmetrised Hamiltonian; near 1 where density
        and geometry have the symmetry.
    """

    label: str
    irrep: str
    spin: int
    indices: tuple[int, ...]
    energies: tuple[float, ...]
    occupation: tuple[float, ...]
    shares: dict[str, float]
    purity: float

    @property
    def degeneracy(self) -> int:
        """Number of orbitals."""
        return len(self.indices)

    @property
    def energy(self) -> float:
        """Mean, hartree."""
        return float(np.mean(self.energies))

    @property
    def electrons(self) -> float:
        """In all orbitals together."""
        return float(sum(self.occupation))


def orbital_irreps(result: ScfResult, group: PointGroup) -> tuple[LevelSet, ...]:
    """Sets of degenerate orbitals with their irreducible representations.

    Parameters
    ----------
    result : ScfResult
    group : PointGroup
        Of its cluster, or a subgroup of it.

    Returns
    -------
    tuple of LevelSet
        Spin up before down, by energy.

    Raises
    ------
    InputError
        The group is that of another cluster, or functions beyond d.

    Notes
    -----
    Partners are found by the operations, see `assign_levels`: noise that splits them does no harm,
    nor levels that meet by accident. A density of lower symmetry (an electron in one component of
    a degenerate level) mixes representations: see `purity`. Cost: operations times nao^2.
    """
    if group.permutations.shape[1] != result.cluster.natom:
        raise InputError(
            f"a group that permutes {group.permutations.shape[1]} atoms does not fit a cluster of "
            f"{result.cluster.natom}; find the group of this cluster"
        )
    shells, action = result.shells, finite_action(group)
    move = shell_moves(shells, action.operations, action.permutations)
    orbitals = orthogonal_orbitals(result.mo_coeff, overlap(shells, result.cluster.positions))
    sets: list[LevelSet] = []
    for spin, vectors in enumerate(orbitals):
        assignments = assign_levels(action, move, vectors, result.mo_energy[spin])
        sets += _numbered(action, assignments, result, spin)
    return tuple(sets)


def _numbered(
    action: FiniteAction, assignments: Iterable[Assignment], result: ScfResult, spin: int
) -> Iterator[LevelSet]:
    """LevelSets of one spin."""
    count: Counter[str] = Counter()
    for assignment in assignments:
        irrep, members = action.labels[assignment.irrep], list(assignment.members)
        count[irrep] += 1
        yield LevelSet(
            label=f"{count[irrep]}{level_label(irrep)}",
            irrep=irrep,
            spin=spin,
            indices=assignment.members,
            energies=tuple(result.mo_energy[spin, members].tolist()),
            occupation=tuple(result.occupation[spin, members].tolist()),
            shares=action.shares_by_label(assignment.shares),
            purity=assignment.purity,
        )
