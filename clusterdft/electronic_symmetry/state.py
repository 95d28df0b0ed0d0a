"""The electronic state that a configuration belongs to, and the point group that its density keeps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from clusterdft.electronic_symmetry.level_irreps import LevelSet
from clusterdft.electronic_symmetry.orbital_matrices import orthogonal_orbitals, shell_moves
from clusterdft.electronic_symmetry.terms import Term, configuration_terms
from clusterdft.groups.closure import largest_group, restricted_table
from clusterdft.groups.group_matrices import multiplication_table
from clusterdft.integrals.one_electron import overlap
from clusterdft.scf.result import ScfResult
from clusterdft.symmetry.point_group import CONTINUOUS, PointGroup
from clusterdft.symmetry.subgroups import restricted_group

# electrons, norm of the change of a density matrix; an electron in another orbital gives 1.4
DENSITY_CHANGE_LIMIT = 0.3
WHOLE_TOLERANCE = 0.02  # electrons: a shell off by less from a whole number holds that number


@dataclass(frozen=True, kw_only=True)
class LevelShell:
    """Partners of both spins.

    Attributes
    ----------
    label : str
        Of the level sets, such as "1e'".
    irrep : str
        Its representation.
    degeneracy : int
        Number of orbitals.
    electrons : float
        In it, of both spins.
    """

    label: str
    irrep: str
    degeneracy: int
    electrons: float

    @property
    def is_whole(self) -> bool:
        """Whether it holds a whole number of electrons."""
        return abs(self.electrons - round(self.electrons)) < WHOLE_TOLERANCE

    @property
    def is_open(self) -> bool:
        """Whether it is neither empty nor full."""
        return WHOLE_TOLERANCE <= self.electrons <= 2 * self.degeneracy - WHOLE_TOLERANCE


@dataclass(frozen=True, kw_only=True)
class ElectronicState:
    """Configuration and terms.

    Attributes
    ----------
    group : str
        Symbol of the point group.
    shells : tuple of LevelShell
        Those with electrons, lowest first.
    n_unpaired : float
        N_up - N_down of the solution.
    terms : tuple of Term
        All of the open shells; none where a shell holds a fraction of an electron.
    """

    group: str
    shells: tuple[LevelShell, ...]
    n_unpaired: float
    terms: tuple[Term, ...]

    @property
    def configuration(self) -> str:
        """Such as "(1a1')2 (1e')1"."""
        return " ".join(f"({shell.label}){_number(shell.electrons)}" for shell in self.shells)

    @property
    def of_this_spin(self) -> tuple[Term, ...]:
        """Terms with S = n_unpaired / 2, to which the solution can belong."""
        return tuple(
            t for t in self.terms if abs(t.multiplicity - 1 - abs(self.n_unpaired)) < WHOLE_TOLERANCE
        )

    @property
    def label(self) -> str | None:
        """The term of this spin, "2E'"; several as "1A1 + 2 x 1E"; None where none fits."""
        return " + ".join(_counted(term) for term in self.of_this_spin) or None


def electronic_state(level_sets: Sequence[LevelSet], group: PointGroup) -> ElectronicState:
    """Configuration and terms of the occupied levels.

    Parameters
    ----------
    level_sets : sequence of LevelSet
        As from `orbital_irreps` with the same group.
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
    up, down = (sum(level.electrons for level in level_sets if level.spin == spin) for spin in (0, 1))
    closed = not any(level.spin for level in level_sets)
    return ElectronicState(
        group=group.name,
        shells=shells,
        n_unpaired=0.0 if closed else up - down,
        terms=configuration_terms(group.name, opened) if whole else (),
    )


def density_group(result: ScfResult, group: PointGroup) -> PointGroup | None:
    """The operations of a point group that leave the density of either spin in place.

        |D(g) P D(g)^T - P| < 0.3 electrons,   P the density matrix in orthogonalised functions

    Parameters
    ----------
    result : ScfResult
    group : PointGroup
        Of its cluster.

    Returns
    -------
    PointGroup or None
        The same where all do; None where a continuous group is broken.
    """
    basis = result.shells
    move = shell_moves(basis, group.operations, group.permutations)
    orbitals = orthogonal_orbitals(result.mo_coeff, overlap(basis, result.cluster.positions))
    densities = np.einsum("sai,si,sbi->sab", orbitals, result.occupation, orbitals)
    changes = [
        max(np.linalg.norm(move(k, move(k, p).T) - p) for p in densities)
        for k in range(len(group.operations))
    ]
    kept = np.flatnonzero(np.array(changes) < DENSITY_CHANGE_LIMIT)
    if len(kept) == len(changes):
        return group
    if group.name in CONTINUOUS:
        return None
    table = multiplication_table(group.standard)
    return restricted_group(group, kept[largest_group(restricted_table(table, kept))])


def _shells(level_sets: Iterable[LevelSet]) -> tuple[LevelShell, ...]:
    """Shells of both spins with electrons, by the energy of the lower spin."""
    members: dict[str, list[LevelSet]] = {}
    for level in level_sets:
        members.setdefault(level.label, []).append(level)
    shells = [
        (
            min(level.energy for level in sets),
            LevelShell(
                label=label,
                irrep=sets[0].irrep,
                degeneracy=sets[0].degeneracy,
                electrons=sum(level.electrons for level in sets),
            ),
        )
        for label, sets in members.items()
    ]
    shells.sort(key=lambda pair: pair[0])
    return tuple(shell for _, shell in shells if shell.electrons >= WHOLE_TOLERANCE)


def _counted(term: Term) -> str:
    return f"{term.count} x {term.label}" if term.count > 1 else term.label


def _number(electrons: float) -> str:
    return f"{round(electrons, 2):g}"
