"""What all relaxers share: the step, the trial that may fail, and when a trial counts as downhill."""

from dataclasses import dataclass

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.errors import ScfNotConverged
from clusterdft.relax.surface import SurfacePoint

ENERGY_NOISE = 2e-6  # hartree; a rise below it is the SCF's tolerance, not the surface
FAILED_TRIALS = 3  # so many trials in a row may fail to converge before the relaxation gives up


@dataclass(frozen=True, kw_only=True, eq=False)
class RelaxStep:
    """One force call of a relaxation: the geometry, what the surface says there, and whether it is kept."""

    cluster: Cluster
    point: SurfacePoint
    accepted: bool = True


class Trials:
    """Trial points of one relaxation, each started from the density of the last kept point."""

    def __init__(self, surface):
        self._surface = surface
        self._failures = 0

    def point(self, cluster, restart):
        """The point, or None where the SCF did not converge; too many such in a row raise ScfNotConverged."""
        try:
            point = self._surface.point(cluster, restart)
        except ScfNotConverged:
            self._failures += 1
            if self._failures >= FAILED_TRIALS:
                raise
            return None
        self._failures = 0
        return point


def is_downhill(old, new):
    """Whether the step from `old` to `new` is to be kept.

    The energy must not rise. A rise is forgiven when the forces alone say downhill: the work along the
    step, by the trapezoid rule, is negative and the forces have shrunk. That matters only for forces
    that are not the exact gradient (the Hellmann-Feynman option), whose zero is not the energy's minimum.
    """
    if new.point.energy - old.point.energy <= ENERGY_NOISE:
        return True
    step = new.cluster.positions - old.cluster.positions
    work = np.sum((old.point.forces + new.point.forces) * step)
    return bool(work > 0 and np.linalg.norm(new.point.forces) < 0.7 * np.linalg.norm(old.point.forces))


def longest(displacement):
    """Largest distance that an atom moves, bohr."""
    return float(np.sqrt(np.max(np.sum(displacement.reshape(-1, 3) ** 2, axis=1))))
