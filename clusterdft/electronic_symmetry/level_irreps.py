"""Irreducible representations of the Kohn-Sham levels."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from clusterdft.electronic_symmetry.finite_action import finite_action, level_label
from clusterdft.electronic_symmetry.level_assignment import assign_levels
from clusterdft.electronic_symmetry.orbital_matrices import orthogonal_orbitals, shell_moves
from clusterdft.errors import InputError
from clusterdft.integrals.one_electron import overlap


@dataclass(frozen=True, kw_only=True, eq=False)
class LevelSet:
    """Orbitals of one spin that are partners in an irreducible representation.

    Attributes
    ----------
    label : such as "1a1'", "2t2", "1piu": lower case, numbered by energy in each representation and spin,
        valence levels only
    irrep : the representation as in the character table, "A1'"; "Piu", "Pu" in continuous groups
    spin : 0 for up or a closed shell's, 1 for down
    indices : places among the orbitals of that spin, ascending
    energies : hartree, one for each index
    occupation : electrons in each of them
    shares : {irrep: mean share of it in the orbitals}, those above 1e-6
    purity : mean share of the orbitals in partners of the symmetrised Hamiltonian; near 1 where density
        and geometry have the symmetry
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
    def degeneracy(self):
        return len(self.indices)

    @property
    def energy(self):
        """Mean, hartree."""
        return float(np.mean(self.energies))

    @property
    def splitting(self):
        """Highest minus lowest, hartree: noise, or a density of lower symmetry."""
        return float(np.ptp(self.energies))

    @property
    def electrons(self):
        return float(sum(self.occupation))


def orbital_irreps(result, group):
    """Sets of degenerate orbitals with their irreducible representations.

    Parameters
    ----------
    result : ScfResult
    group : PointGroup of its cluster, or of a subgroup

    Returns
    -------
    tuple of LevelSet, spin up before down, by energy

    Raises
    ------
    InputError
        the group is that of another cluster, or functions beyond d

    Notes
    -----
    Partners are told by the operations, see `assign_levels`: noise that splits them does no harm,
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
    return tuple(
        one
        for spin, vectors in enumerate(orbitals)
        for one in _numbered(
            action, assign_levels(action, move, vectors, result.mo_energy[spin]), result, spin
        )
    )


def _numbered(action, assignments, result, spin):
    """LevelSets of one spin."""
    count = Counter()
    for found in assignments:
        irrep, members = action.labels[found.irrep], list(found.members)
        count[irrep] += 1
        yield LevelSet(
            label=f"{count[irrep]}{level_label(irrep)}",
            irrep=irrep,
            spin=spin,
            indices=found.members,
            energies=tuple(result.mo_energy[spin, members].tolist()),
            occupation=tuple(result.occupation[spin, members].tolist()),
            shares={
                label: float(share)
                for label, share in zip(action.labels, found.shares, strict=True)
                if share > 1e-6
            },
            purity=found.purity,
        )
