"""Isomers: relaxed outcomes with duplicates merged, and what is said of them in a table."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property
from heapq import heappop, heappush

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.geometry.distances import neighbour_distances
from clusterdft.groups.schoenflies import is_chiral
from clusterdft.isomer_search.spin_scan import SpinScan
from clusterdft.isomers.fingerprint import ENERGY_TOLERANCE
from clusterdft.isomers.minimum import minimum_of, same_minimum
from clusterdft.symmetry.point_group import find_point_group


@dataclass(frozen=True, kw_only=True, eq=False)
class Isomer:
    """A distinct local minimum.

    Attributes
    ----------
    cluster : geometry of its lowest outcome
    energy, n_unpaired : hartree, electrons
    binding_energy_per_atom : hartree, against the separated atoms; None where those are not known
    shortest_distance, mean_distance, distance_spread : bohr, of nearest neighbours; None for an atom
    starts : numbers of the starts that ended there
    lowest_start : the one that `cluster` and `energy` are of
    n_force_calls : of all of them
    verdict, verdict_reason : "minimum", "saddle" or "uncertain" as its vibrations have it, and why not a
        minimum; empty where they were not computed
    frequencies : (nmode,) hartree, imaginary ones negative; None where they were not computed
    absorption : (nmode,) km/mol, of infrared light; None where it was not computed
    spin_scan : SpinScan, or None
    electrons : what the surface tells of them, with the label of the "state"; None where it tells nothing
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
    verdict: str = ""
    verdict_reason: str = ""
    frequencies: tuple[float, ...] | None = None
    absorption: tuple[float, ...] | None = None
    spin_scan: SpinScan | None = None
    electrons: dict | None = None

    @property
    def n_hits(self):
        return len(self.starts)

    @cached_property
    def point_group(self):
        """Schoenflies symbol of the geometry, within the tolerance for relaxed geometries."""
        return find_point_group(self.cluster).name

    @property
    def chiral(self):
        """Whether its mirror image is another geometry."""
        return is_chiral(self.point_group)


def merge(outcomes, *, separated_energy=None):
    """Isomers of relaxed outcomes, lowest first, duplicates merged; see `Pool`.

    Parameters
    ----------
    outcomes : iterable of relaxed Outcome
    separated_energy : hartree, energy of the separated atoms, or None

    Returns
    -------
    list of Isomer
    """
    pool = Pool(separated_energy=separated_energy)
    for outcome in outcomes:
        pool.add(outcome)
    return pool.isomers()


class Pool:
    """Relaxed outcomes, grouped into isomers as they come in.

    Two outcomes are the same isomer when their energies agree within 10 meV, their unpaired electrons
    within 0.2 and their geometries as `same_isomer` has it. Outcomes are taken from the lowest
    energy up, and each is compared with the lowest outcome of every isomer, so the result does not depend
    on their order. An outcome that comes late and is the lowest of its isomer has those above it regrouped.

    Parameters
    ----------
    separated_energy : hartree, energy of the separated atoms, or None
    """

    def __init__(self, *, separated_energy=None):
        self._separated_energy = separated_energy
        self._groups = []  # by rank of their lowest outcomes
        self._number = 0
        self._compared = {}  # whether two entries are the same, by their numbers: regrouping asks again

    def add(self, outcome):
        """Take in one more relaxed Outcome."""
        waiting = [(_rank(outcome), self._number, outcome, minimum_of(outcome))]
        self._number += 1
        while waiting:
            entry = heappop(waiting)
            group = self._group_of(entry)
            if group is not None:
                group.members.append(entry)
                group.isomer = None
                continue
            for regrouped in self._found_group(entry):
                heappush(waiting, regrouped)

    def _group_of(self, entry):
        """The group of lowest energy that the entry belongs to, or None."""
        rank = entry[0]
        first = bisect_left(self._groups, rank[0] - ENERGY_TOLERANCE, key=lambda group: group.rank[0])
        for group in self._groups[first : bisect_left(self._groups, rank, key=lambda group: group.rank)]:
            if self._same(group.members[0], entry):
                return group
        return None

    def _same(self, lowest, entry):
        """Whether an entry is the isomer of another that is not higher."""
        pair = lowest[1], entry[1]
        if pair not in self._compared:
            self._compared[pair] = same_minimum(lowest[3], entry[3])
        return self._compared[pair]

    def _found_group(self, entry):
        """Makes an entry the lowest of a new group; gives back the entries of the groups it may change."""
        rank = entry[0]
        place = bisect_left(self._groups, rank, key=lambda group: group.rank)
        end = bisect_right(self._groups, rank[0] + ENERGY_TOLERANCE, key=lambda group: group.rank[0])
        dissolved = self._groups[place:end]
        self._groups[place:end] = [_Group(rank, entry)]
        return [member for group in dissolved for member in group.members]

    def isomers(self):
        """The isomers so far, lowest first."""
        for group in self._groups:
            if group.isomer is None:
                members = [outcome for _, _, outcome, _ in group.members]
                group.isomer = _isomer(members[0], members, self._separated_energy)
        return [group.isomer for group in self._groups]


class _Group:
    """Entries of one isomer, the lowest first; its Isomer once it was asked for."""

    def __init__(self, rank, entry):
        self.rank = rank
        self.members = [entry]
        self.isomer = None


def _rank(outcome):
    return outcome.energy, outcome.index


def _isomer(lowest, members, separated_energy):
    """The isomer of a group of outcomes."""
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
        starts=tuple(sorted(member.index for member in members)),
        lowest_start=lowest.index,
        n_force_calls=sum(member.n_force_calls for member in members),
    )
