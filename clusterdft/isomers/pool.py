"""Isomers: relaxed outcomes with duplicates merged, and what is said of them in a table."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.geometry.distances import neighbour_distances
from clusterdft.groups.schoenflies import is_chiral
from clusterdft.isomers.identity import (
    ISOMER_ENERGY_TOLERANCE,
    Minimum,
    RelaxedStart,
    minimum_of,
    same_minimum,
)
from clusterdft.symmetry.point_group import find_point_group


@dataclass(frozen=True, kw_only=True, eq=False)
class Isomer:
    """A distinct local minimum.

    Attributes
    ----------
    cluster : Cluster
        Geometry of its lowest outcome.
    energy, n_unpaired : hartree, electrons
    binding_energy_per_atom : hartree or None
        Against the separated atoms; None where those are not known.
    shortest_distance, mean_distance, distance_spread : bohr or None
        Of nearest neighbours; None for an atom.
    starts : numbers of the starts that ended there
    lowest_start : int
        The one that `cluster` and `energy` are of.
    n_force_calls : int
        Of all of them.
    """

    cluster: Cluster
    energy: float
    n_unpaired: float
    binding_energy_per_atom: float | None
    shortest_distance: float | None
    mean_distance: float | None
    distance_spread: float | None
    starts: tuple[int, ...]
    lowest_start: int
    n_force_calls: int

    @property
    def n_hits(self) -> int:
        """How many starts ended there."""
        return len(self.starts)

    @cached_property
    def point_group(self) -> str:
        """Schoenflies symbol of the geometry, within the tolerance for relaxed geometries."""
        return find_point_group(self.cluster).name

    @property
    def chiral(self) -> bool:
        """Whether its mirror image is another geometry."""
        return is_chiral(self.point_group)


def merge(outcomes: Iterable[RelaxedStart], *, separated_energy: float | None = None) -> list[Isomer]:
    """Isomers of relaxed outcomes, lowest first, duplicates merged; see `Pool`.

    Parameters
    ----------
    outcomes : iterable of relaxed Outcome
    separated_energy : hartree or None
        Energy of the separated atoms.

    Returns
    -------
    list of Isomer
    """
    pool = Pool(separated_energy=separated_energy)
    for outcome in outcomes:
        pool.add(outcome)
    return pool.isomers()


class _Entry(NamedTuple):
    """An outcome in the pool; entries compare by energy and number of the start, then by when they came."""

    rank: tuple[float, int]
    number: int
    outcome: RelaxedStart
    minimum: Minimum


class Pool:
    """Relaxed outcomes, grouped into isomers as they come in.

    Two outcomes are the same isomer when their energies agree within 10 meV, their unpaired electrons
    within 0.2 and their geometries as `same_isomer` has it. Outcomes are taken from the lowest
    energy up, and each is compared with the lowest outcome of every isomer, so the result does not depend
    on their order. An outcome that comes late and is the lowest of its isomer has those above it regrouped.

    Parameters
    ----------
    separated_energy : hartree or None
        Energy of the separated atoms.
    """

    def __init__(self, *, separated_energy: float | None = None) -> None:
        self._separated_energy = separated_energy
        self._groups: list[_Group] = []  # by rank of their lowest outcomes
        self._n_entries = 0
        # whether two entries are the same, by their numbers: regrouping asks again
        self._compared: dict[tuple[int, int], bool] = {}

    def add(self, outcome: RelaxedStart) -> None:
        """Take in one more relaxed Outcome."""
        minimum = minimum_of(outcome)
        waiting = [_Entry((minimum.energy, minimum.number), self._n_entries, outcome, minimum)]
        self._n_entries += 1
        while waiting:
            entry = heappop(waiting)
            group = self._group_of(entry)
            if group is not None:
                group.members.append(entry)
                group.isomer = None
                continue
            for regrouped in self._begin_group(entry):
                heappush(waiting, regrouped)

    def _group_of(self, entry: _Entry) -> "_Group | None":
        """The group of lowest energy that the entry belongs to, or None."""
        rank = entry.rank
        first = bisect_left(self._groups, rank[0] - ISOMER_ENERGY_TOLERANCE, key=lambda group: group.rank[0])
        for group in self._groups[first : bisect_left(self._groups, rank, key=lambda group: group.rank)]:
            if self._same(group.members[0], entry):
                return group
        return None

    def _same(self, lowest: _Entry, entry: _Entry) -> bool:
        """Whether an entry is the isomer of another that is not higher."""
        pair = lowest.number, entry.number
        if pair not in self._compared:
            self._compared[pair] = same_minimum(lowest.minimum, entry.minimum)
        return self._compared[pair]

    def _begin_group(self, entry: _Entry) -> list[_Entry]:
        """Makes an entry the lowest of a new group; gives back the entries of the groups it may change."""
        rank = entry.rank
        begin = bisect_left(self._groups, rank, key=lambda group: group.rank)
        end = bisect_right(self._groups, rank[0] + ISOMER_ENERGY_TOLERANCE, key=lambda group: group.rank[0])
        dissolved = self._groups[begin:end]
        self._groups[begin:end] = [_Group(entry)]
        return [member for group in dissolved for member in group.members]

    def isomers(self) -> list[Isomer]:
        """The isomers so far, lowest first."""
        isomers = []
        for group in self._groups:
            if group.isomer is None:
                group.isomer = _isomer(group.members, self._separated_energy)
            isomers.append(group.isomer)
        return isomers


class _Group:
    """Entries of one isomer, the lowest first; its Isomer once it was asked for."""

    def __init__(self, entry: _Entry) -> None:
        self.rank = entry.rank
        self.members = [entry]
        self.isomer: Isomer | None = None


def _isomer(members: Sequence[_Entry], separated_energy: float | None) -> Isomer:
    """The isomer of a group of entries, the lowest first."""
    lowest, starts = members[0].minimum, sorted(entry.minimum.number for entry in members)
    near = neighbour_distances(lowest.cluster)
    binding = None if separated_energy is None else (separated_energy - lowest.energy) / lowest.cluster.natom
    return Isomer(
        cluster=lowest.cluster,
        energy=lowest.energy,
        n_unpaired=lowest.n_unpaired,
        binding_energy_per_atom=binding,
        shortest_distance=float(near[0]) if near.size else None,
        mean_distance=float(np.mean(near)) if near.size else None,
        distance_spread=float(np.std(near)) if near.size else None,
        starts=tuple(starts),
        lowest_start=lowest.number,
        n_force_calls=sum(entry.outcome.n_force_calls for entry in members),
    )
