"""Quasi-Newton relaxation within a trust radius, made for flat surfaces with metallic bonds."""

from collections.abc import Generator, Sequence
from dataclasses import replace

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.cluster import Cluster
from clusterdft.relaxation.spring_model import bofill_update, spring_hessian
from clusterdft.relaxation.steps import RelaxStep, Trials, energy_change, longest
from clusterdft.surfaces.surface import Surface

FIRST_TRUST, MAX_TRUST, MIN_TRUST = 0.8, 1.2, 0.01  # bohr, of the atom that moves most
MIN_STIFFNESS = 1e-3  # hartree/bohr^2; eigenvalues of the Hessian count as at least that
MAX_GRADIENTS = 60  # remembered


def quasi_newton(cluster: Cluster, surface: Surface) -> Generator[RelaxStep, None, None]:
    """Quasi-Newton steps, for ever; the caller stops.

        R(l+1) = R(l) + sum_k v_k (v_k.F) / (|h_k| + lambda),   lambda >= 0 so that no atom moves too far

    h_k, v_k are eigenvalues and eigenvectors of a Hessian that is made anew at every step: springs for
    the geometry at hand, then an update for every pair of gradients so far, oldest first. Taking |h_k|
    goes downhill along negative curvature too, away from saddle points. The trust radius follows the
    ratio of the energy's change to the predicted one; a trial that goes uphill is dropped, its gradient kept.

    Parameters
    ----------
    cluster : Cluster
        The start.
    surface : Surface

    Yields
    ------
    RelaxStep
        One a force call, the start first.

    Raises
    ------
    ScfNotConverged
        At the start, or at several trials in a row.

    Notes
    -----
    On a metallic model potential, Na8 from random starts takes half the calls of a BFGS update
    that starts from a well chosen multiple of the unit matrix.
    """
    trials, trust = Trials(surface), FIRST_TRUST
    memory: list[tuple[Floats, Floats]] = []
    current = RelaxStep(cluster=cluster, point=surface.point(cluster))
    model = _Model(current, memory)
    yield replace(current, expected_drop=model.drop())
    while True:
        displacement, predicted = model.step(trust)
        length = longest(displacement)
        trial = cluster.at(current.cluster.positions + displacement.reshape(-1, 3))
        point = trials.point(trial, current.point.restart)
        if point is None:
            trust = 0.5 * length
            continue
        candidate = RelaxStep(cluster=trial, point=point)
        memory.append((displacement, (current.point.forces - point.forces).ravel()))
        change = energy_change(current, candidate)
        trust = _next_trust(trust, length, change, predicted)
        current = candidate if change <= 0 else current
        model = _Model(current, memory)
        yield replace(candidate, accepted=candidate is current, expected_drop=model.drop())


class _Model:
    """The quadratic model of the surface around a step, in the eigenvectors of its Hessian."""

    def __init__(self, here: RelaxStep, memory: Sequence[tuple[Floats, Floats]]) -> None:
        hessian = spring_hessian(here.cluster)
        for displacement, change in memory[-MAX_GRADIENTS:]:
            hessian = bofill_update(hessian, displacement, change)
        self._curvature, self._mode = np.linalg.eigh(hessian)
        self._stiffness = np.maximum(np.abs(self._curvature), MIN_STIFFNESS)
        self._along = self._mode.T @ here.point.forces.ravel()

    def drop(self) -> float:
        """How far the energy falls to the minimum of the model, hartree."""
        return float(0.5 * np.sum(self._along**2 / self._stiffness))

    def step(self, trust: float) -> tuple[Floats, float]:
        """Displacement (3 natom,) within the trust radius, and the change of energy that it should bring."""
        step = self._along / (self._stiffness + self._shift(trust))
        predicted = -self._along @ step + 0.5 * np.sum(self._curvature * step**2)
        return self._mode @ step, float(predicted)

    def _shift(self, trust: float) -> float:
        """The smallest lambda, within a thousandth, that keeps the step inside the trust radius."""

        def too_long(shift: float) -> bool:
            return longest(self._mode @ (self._along / (self._stiffness + shift))) > trust

        if not too_long(0.0):
            return 0.0
        low, high = 0.0, MIN_STIFFNESS
        while too_long(high):
            low, high = high, 2.0 * high
        while high - low > 1e-3 * high:
            middle = 0.5 * (low + high)
            low, high = (middle, high) if too_long(middle) else (low, middle)
        return high


def _next_trust(trust: float, length: float, change: float, predicted: float) -> float:
    """Trust radius after a step of that length whose change of energy was predicted."""
    ratio = change / predicted if predicted < 0 else 1.0
    if ratio < 0.25:
        return max((0.25 if ratio < -1.0 else 0.5) * length, MIN_TRUST)
    if ratio > 0.6 and length > 0.8 * trust:
        return min(1.5 * trust, MAX_TRUST)
    return trust
