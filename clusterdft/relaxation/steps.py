"""What all relaxers share: the step, the trial that may fail, and how the energy changes."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.cluster import Cluster
from clusterdft.errors import ScfNotConverged
from clusterdft.surfaces.surface import Surface, SurfacePoint

ENERGY_NOISE = 2e-6  # hartree; a rise below it is the SCF's tolerance, not the surface
MAX_FAILED_TRIALS = 3  # in a row, that do not converge: then the relaxation gives up


@dataclass(frozen=True, kw_only=True, eq=False)
class RelaxStep:
    """One force call of a relaxation.

    Attributes
    ----------
    cluster, point : Cluster, SurfacePoint
        The geometry and what the surface says there.
    accepted : bool
        Whether the relaxation goes on from there.
    expected_drop : hartree
        How far the relaxer expects the energy still to fall; 0 where it cannot tell.
    """

    cluster: Cluster
    point: SurfacePoint
    accepted: bool = True
    expected_drop: float = 0.0


Relaxer: TypeAlias = Callable[[Cluster, Surface], Generator[RelaxStep, None, None]]


class Trials:
    """Trial points of one relaxation, each started from the density of the last kept point.

    Parameters
    ----------
    surface : Surface
    """

    def __init__(self, surface: Surface) -> None:
        self._surface = surface
        self._failures = 0

    def point(self, cluster: Cluster, restart: Any) -> SurfacePoint | None:
        """The point of a trial.

        Returns
        -------
        SurfacePoint or None
            None where the SCF did not converge.

        Raises
        ------
        ScfNotConverged
            At several trials in a row.
        """
        try:
            point = self._surface.point(cluster, restart)
        except ScfNotConverged:
            self._failures += 1
            if self._failures >= MAX_FAILED_TRIALS:
                raise
            return None
        self._failures = 0
        return point


def energy_change(old: RelaxStep, new: RelaxStep) -> float:
    """Change of energy from one step to another, by the forces where the energy itself cannot tell.

        W = -1/2 sum (F_old + F_new).(R_new - R_old)    (trapezoid rule)

    W is taken for changes within the SCF's noise, and for a rise where W is negative and the forces
    have shrunk: that happens with forces that are not the exact gradient (the Hellmann-Feynman option), whose
    zero is not the energy's minimum.

    Parameters
    ----------
    old, new : RelaxStep

    Returns
    -------
    float
        hartree
    """
    change = new.point.energy - old.point.energy
    if change < -ENERGY_NOISE:
        return change
    by_forces = -0.5 * np.sum(
        (old.point.forces + new.point.forces) * (new.cluster.positions - old.cluster.positions)
    )
    shrunk = np.linalg.norm(new.point.forces) < np.linalg.norm(old.point.forces)
    if change <= ENERGY_NOISE or (by_forces < 0 and shrunk):
        return float(by_forces)
    return change


def longest(displacement: Floats) -> float:
    """Largest distance that an atom moves, bohr.

    Parameters
    ----------
    displacement : (3 natom,) or (natom, 3) bohr

    Returns
    -------
    float
        bohr
    """
    return float(np.sqrt(np.max(np.sum(displacement.reshape(-1, 3) ** 2, axis=1))))
