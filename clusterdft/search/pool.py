"""Isomers: relaxed outcomes with duplicates merged, and what is said of them in a table."""

from dataclasses import dataclass

import numpy as np
from ase.data import atomic_numbers, covalent_radii

from clusterdft.cluster import Cluster
from clusterdft.search.fingerprint import (
    ENERGY_TOLERANCE,
    SPIN_TOLERANCE,
    distance_tolerance,
    fingerprint,
    fingerprint_distance,
)
from clusterdft.units import BOHR_ANGSTROM

NEIGHBOURS = (
    1.25  # of the sum of covalent radii, 7.84 bohr for sodium: what the 1985 paper counts as neighbours
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Isomer:
    """A distinct local minimum.

    Attributes
    ----------
    cluster : geometry of its lowest outcome
    energy, n_unpaired : hartree, electrons
    binding_energy_per_atom : hartree, against the separated atoms; None where those are not known
    shortest_distance, mean_distance, distance_spread : bohr, of nearest neighbours; None for an atom
    starts : indices of the starts that ended there
    n_force_calls : of all of them
    """

    cluster: Cluster
    energy: float
    n_unpaired: float
    binding_energy_per_atom: float | None
    shortest_distance: float | None
    mean_distance: float | None
    distance_spread: float | None
    starts: tuple[int, ...]
    n_force_calls: int

    @property
    def n_hits(self):
        return len(self.starts)


def neighbour_distances(cluster, reach=NEIGHBOURS):
    """Distances between nearest neighbours: pairs closer than `reach` sums of covalent radii.

    Parameters
    ----------
    cluster : Cluster
    reach : dimensionless. With 1.25, the obtuse side of Na3 (7.5 bohr) counts, as in Table III of the
        paper, and the long diagonal of Na4 (11 bohr) does not.
    Returns
    -------
    sorted (npair,) bohr; the shortest distance alone if no pair is that close; empty for one atom
    """
    i, j = np.triu_indices(cluster.natom, 1)
    if i.size == 0:
        return np.zeros(0)
    radii = covalent_radii[[atomic_numbers[symbol] for symbol in cluster.symbols]] / BOHR_ANGSTROM
    r = np.linalg.norm(cluster.positions[i] - cluster.positions[j], axis=1)
    near = np.sort(r[r < reach * (radii[i] + radii[j])])
    return near if near.size else np.array([r.min()])


def merge(outcomes, *, separated_energy=None):
    """Isomers of relaxed outcomes, lowest first, duplicates merged.

    Two outcomes are the same isomer when their energies agree within 10 meV, their unpaired electrons
    within 0.2 and their fingerprints within `distance_tolerance`. Outcomes are taken from the lowest
    energy up, and each is compared with the lowest outcome of every isomer, so the result does not depend
    on their order.

    Parameters
    ----------
    outcomes : iterable of relaxed Outcome
    separated_energy : hartree, energy of the separated atoms, or None
    Returns
    -------
    list of Isomer
    """
    groups = []
    for outcome in sorted(outcomes, key=lambda outcome: (outcome.energy, outcome.index)):
        mark, reach = fingerprint(outcome.cluster), distance_tolerance(outcome.cluster.natom)
        for lowest, lowest_mark, members in groups:
            if _same(lowest, outcome) and fingerprint_distance(lowest_mark, mark) < reach:
                members.append(outcome)
                break
        else:
            groups.append((outcome, mark, [outcome]))
    return [_isomer(lowest, members, separated_energy) for lowest, _, members in groups]


def _same(a, b):
    """Whether two outcomes agree in energy and spin."""
    return abs(a.energy - b.energy) < ENERGY_TOLERANCE and abs(a.n_unpaired - b.n_unpaired) < SPIN_TOLERANCE


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
        n_force_calls=sum(member.n_force_calls for member in members),
    )
