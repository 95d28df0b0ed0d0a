"""Minima as strategies see them: what a start ended in, and whether two starts ended in the same."""

from dataclasses import dataclass

from clusterdft.cluster import Cluster
from clusterdft.isomers.fingerprint import SPIN_TOLERANCE, Fingerprint, fingerprint
from clusterdft.isomers.identity import same_isomer
from clusterdft.relaxation.relax import FMAX


@dataclass(frozen=True, kw_only=True, eq=False)
class Minimum:
    """A local minimum that a search has found.

    Attributes
    ----------
    number : of the start that ended there
    cluster : its geometry
    energy, n_unpaired, largest_force : hartree, electrons, hartree/bohr
    mark : Fingerprint of the geometry
    """

    number: int
    cluster: Cluster
    energy: float
    n_unpaired: float
    largest_force: float
    mark: Fingerprint


def minimum_of(outcome):
    """The Minimum that a relaxed Outcome ended in."""
    return Minimum(
        number=outcome.index,
        cluster=outcome.cluster,
        energy=outcome.energy,
        n_unpaired=outcome.n_unpaired or 0.0,
        largest_force=FMAX if outcome.largest_force is None else outcome.largest_force,
        mark=fingerprint(outcome.cluster),
    )


def same_minimum(a, b):
    """Whether two minima are the same isomer, by the rules of `merge`."""
    return (
        abs(a.n_unpaired - b.n_unpaired) < SPIN_TOLERANCE
        and same_isomer(
            a.cluster,
            b.cluster,
            energy_difference=b.energy - a.energy,
            largest_force=max(a.largest_force, b.largest_force),
            marks=(a.mark, b.mark),
        ).same
    )
