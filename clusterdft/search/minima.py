"""Minima as strategies see them: what a start ended in, and whether two starts ended in the same."""

from dataclasses import dataclass

from clusterdft.cluster import Cluster
from clusterdft.search.fingerprint import (
    ENERGY_TOLERANCE,
    SPIN_TOLERANCE,
    Fingerprint,
    distance_tolerance,
    fingerprint,
    fingerprint_distance,
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Minimum:
    """A local minimum that a search has found.

    Attributes
    ----------
    number : of the start that ended there
    cluster : its geometry
    energy, n_unpaired : hartree, electrons
    mark : Fingerprint of the geometry
    """

    number: int
    cluster: Cluster
    energy: float
    n_unpaired: float
    mark: Fingerprint


def minimum_of(outcome):
    """The Minimum that a relaxed Outcome ended in."""
    return Minimum(
        number=outcome.index,
        cluster=outcome.cluster,
        energy=outcome.energy,
        n_unpaired=outcome.n_unpaired or 0.0,
        mark=fingerprint(outcome.cluster),
    )


def same_minimum(a, b):
    """Whether two minima are the same isomer, by the rules of `merge`."""
    return (
        abs(a.energy - b.energy) < ENERGY_TOLERANCE
        and abs(a.n_unpaired - b.n_unpaired) < SPIN_TOLERANCE
        and fingerprint_distance(a.mark, b.mark) < distance_tolerance(a.cluster.natom)
    )
