"""The electronic state that a configuration belongs to, and the point group that its density keeps."""

from dataclasses import dataclass

import numpy as np

from clusterdft.electronic_symmetry.level_irreps import LevelSet
from clusterdft.electronic_symmetry.orbital_matrices import orthogonal_orbitals, shell_moves
from clusterdft.electronic_symmetry.term_symbols import Term, configuration_terms
from clusterdft.groups.closure import largest_group, restricted_table
from clusterdft.groups.group_matrices import multiplication_table
from clusterdft.integrals.one_electron import overlap
from clusterdft.symmetry.point_group import CONTINUOUS
from clusterdft.symmetry.subgroups import restricted_group

KEPT = 0.3  # electrons, norm of the change of a density matrix; an electron in another orbital gives 1.4
WHOLE = 0.02  # electrons: a shell off by less from a whole number holds that number


@dataclass(frozen=True, kw_only=True)
class LevelShell:
    """Partners of both spins.

    Attributes
    ----------
    label : of the level sets, such as "1e'"
    irrep : its representation
    degeneracy : number of orbitals
    electrons : in it, of both spins
    """

    label: str
    irrep: str
    degeneracy: int
    electrons: float

    @property
    def is_whole(self):
        return abs(self.electrons - round(self.electrons)) < WHOLE

    @property
    def is_open(self):
        return WHOLE <= self.electrons <= 2 * self.degeneracy - WHOLE


@dataclass(frozen=True, kw_only=True)
class ElectronicState:
    """Configuration and terms.

    Attributes
    ----------
    group : symbol of the point group
    shells : Shells with electrons, lowest first
    n_unpaired : N_up - N_down of the solution
    terms : all Terms of the open shells; none where a shell holds a fraction of an electron
    """

    group: str
    shells: tuple[LevelShell, ...]
    n_unpaired: float
    terms: tuple[Term, ...]

    @property
    def configuration(self):
        """Such as "(1a1')2 (1e')1"."""
        return " ".join(f"({shell.label}){_number(shell.electrons)}" for shell in self.shells)

    @property
    def open_shells(self):
        return tuple(shell for shell in self.shells if shell.is_open)

    @property
    def of_this_spin(self):
        """Terms with S = n_unpaired / 2, to which the solution can belong."""
        return tuple(t for t in self.terms if abs(t.multiplicity - 1 - abs(self.n_unpaired)) < WHOLE)

    @property
    def label(self):
        """The term of this spin, "2E'"; several as "1A1 + 2 x 1E"; None where none fits."""
        return " + ".join(_counted(term) for term in self.of_this_spin) or None


def electronic_state(level_sets, group):
    """Configuration and terms of the occupied levels.

    Parameters
    ----------
    level_sets : tuple of LevelSet, as from `orbital_irreps` with the same group
    group : PointGroup

    Returns
    -------
    ElectronicState

    Notes
    -----
    Levels of both spins with the same label are one shell. Within a shell the electrons may be spread
    evenly or sit in some components: the terms are those of their number. A determinant with
    N_up - N_down = 2 S that leaves a shell open mixes terms of S with higher ones; what counts as
    its state are those of S.
    """
    shells = _shells(level_sets)
    whole = all(shell.is_whole for shell in shells)
    opened = [(shell.irrep, round(shell.electrons)) for shell in shells if shell.is_open]
    up, down = (sum(one.electrons for one in level_sets if one.spin == spin) for spin in (0, 1))
    both_spins = not any(one.spin for one in level_sets)
    return ElectronicState(
        group=group.name,
        shells=shells,
        n_unpaired=0.0 if both_spins else up - down,
        terms=configuration_terms(group.name, opened) if whole else (),
    )


def density_group(result, group):
    """The operations of a point group that leave the density of either spin in place.

        |D(g) P D(g)^T - P| < 0.3 electrons,   P the density matrix in orthogonalised functions

    Parameters
    ----------
    result : ScfResult
    group : PointGroup of its cluster

    Returns
    -------
    PointGroup
        the same where all do; None where a continuous group is broken
    """
    basis = result.shells
    move = shell_moves(basis, group.operations, group.permutations)
    orbitals = orthogonal_orbitals(result.mo_coeff, overlap(basis, result.cluster.positions))
    densities = np.einsum("sai,si,sbi->sab", orbitals, result.occupation, orbitals)
    changes = [
        max(np.linalg.norm(move(k, move(k, p).T) - p) for p in densities)
        for k in range(len(group.operations))
    ]
    kept = np.flatnonzero(np.array(changes) < KEPT)
    if len(kept) == len(changes):
        return group
    if group.name in CONTINUOUS:
        return None
    table = multiplication_table(group.standard)
    return restricted_group(group, kept[largest_group(restricted_table(table, kept))])


def _shells(level_sets):
    """Shells of both spins with electrons, by the energy of the lower spin."""
    members: dict[str, list[LevelSet]] = {}
    for one in level_sets:
        members.setdefault(one.label, []).append(one)
    found = [
        (
            min(one.energy for one in sets),
            LevelShell(
                label=label,
                irrep=sets[0].irrep,
                degeneracy=sets[0].degeneracy,
                electrons=sum(one.electrons for one in sets),
            ),
        )
        for label, sets in members.items()
    ]
    found.sort(key=lambda pair: pair[0])
    return tuple(shell for _, shell in found if shell.electrons >= WHOLE)


def _counted(term):
    return f"{term.count} x {term.label}" if term.count > 1 else term.label


def _number(electrons):
    return f"{round(electrons, 2):g}"
