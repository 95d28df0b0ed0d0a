"""Steepest descent, the relaxation of the 1985 paper."""

from collections.abc import Generator

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.relaxation.steps import RelaxStep, Trials, energy_change, longest
from clusterdft.surfaces.surface import Surface

DESCENT_STIFFNESS = 0.0196  # hartree/bohr^2: 150 cm^-1 for the reduced mass of two sodium atoms
MAX_STEP = 0.5  # bohr
MIN_DECREASE = 0.1  # of the decrease that the force promises; less means jumping from wall to wall


def steepest_descent(
    cluster: Cluster,
    surface: Surface,
    *,
    stiffness: float = DESCENT_STIFFNESS,
    longest_step: float = MAX_STEP,
) -> Generator[RelaxStep, None, None]:
    """Steps along the forces, for ever; the caller stops.

        R(l+1) = R(l) + F / stiffness

    A step that moves an atom by more than `longest_step` is scaled down; one that does not lower the
    energy is halved until it does, and later steps grow back to the full length.

    Parameters
    ----------
    cluster : Cluster
        The start.
    surface : Surface
    stiffness : hartree/bohr^2
    longest_step : bohr

    Yields
    ------
    RelaxStep
        One a force call, the start first.

    Raises
    ------
    ScfNotConverged
        At the start, or at several trials in a row.

    References
    ----------
    Martins, Buttet and Car, Phys. Rev. B 31, 1804 (1985), section II
    """
    current = RelaxStep(cluster=cluster, point=surface.point(cluster))
    yield current
    trials, scale = Trials(surface), 1.0
    while True:
        step = current.point.forces / stiffness
        scale = min(scale, longest_step / max(longest(step), 1e-12))
        trial = cluster.at(current.cluster.positions + scale * step)
        point = trials.point(trial, current.point.restart)
        if point is None:
            scale *= 0.5
            continue
        candidate = RelaxStep(cluster=trial, point=point, accepted=False)
        if energy_change(current, candidate) <= -MIN_DECREASE * scale * float(
            np.sum(current.point.forces * step)
        ):
            candidate = current = RelaxStep(cluster=trial, point=point)
            scale = min(1.0, 2.0 * scale)
        else:
            scale *= 0.5
        yield candidate
