"""Limited-memory quasi-Newton relaxation: little work a step, for surfaces that cost microseconds."""

from collections.abc import Generator
from dataclasses import replace

import numpy as np
from numba import njit

from clusterdft.arrays import Floats
from clusterdft.cluster import Cluster
from clusterdft.relaxation.steps import RelaxStep, Trials, energy_change, longest
from clusterdft.surfaces.surface import Surface

MAX_PAIRS = 25  # of steps and gradient changes, remembered
FIRST_CURVATURE = 0.05  # hartree/bohr^2, before any is known
FIRST_TRUST, MAX_TRUST = 0.6, 1.5  # bohr, of the atom that moves most
MIN_CURVATURE = 1e-8  # of |s||y|: a pair with less curvature, or a negative one, would spoil the model


def limited_memory(cluster: Cluster, surface: Surface) -> Generator[RelaxStep, None, None]:
    """Steps by the limited-memory BFGS recursion within a trust radius, for ever; the caller stops.

        R(l+1) = R(l) + t H F,   t <= 1 so that no atom moves too far

    H is the inverse Hessian that the last pairs of displacements s and changes y of the gradient imply,
    begun from (s.y / y.y) 1. A trial that goes uphill is dropped, its gradient kept, and the trust radius
    halved; it doubles again with steps that use it up.

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
    Needs more calls than "quasi-newton", whose springs know the shape of a cluster, and a
    hundredth of its time a step. It keeps H positive and so cannot use negative curvature.

    References
    ----------
    Liu and Nocedal, Math. Program. 45, 503 (1989)
    """
    trials, trust = Trials(surface), FIRST_TRUST
    inverse_hessian = InverseHessian(cluster.natom)
    current = RelaxStep(cluster=cluster, point=surface.point(cluster))
    newton = inverse_hessian.newton_step(current.point.forces)
    yield replace(current, expected_drop=_drop(current, newton))
    while True:
        full = longest(newton)
        length = min(full, trust)
        displacement = newton * (length / max(full, 1e-300))
        trial = cluster.at(current.cluster.positions + displacement)
        point = trials.point(trial, current.point.restart)
        if point is None:
            trust = 0.5 * length
            continue
        candidate = RelaxStep(cluster=trial, point=point)
        inverse_hessian.learn(displacement, current.point.forces - point.forces)
        if energy_change(current, candidate) <= 0:
            trust = min(2.0 * trust, MAX_TRUST) if length > 0.8 * trust else trust
            current = candidate
        else:
            trust = 0.5 * length
        newton = inverse_hessian.newton_step(current.point.forces)
        yield replace(candidate, accepted=candidate is current, expected_drop=_drop(current, newton))


def _drop(current: RelaxStep, newton: Floats) -> float:
    """How far the energy falls to the minimum of the model, hartree: F.H.F / 2."""
    return 0.5 * float(np.vdot(current.point.forces, newton))


class InverseHessian:
    """What the last pairs of displacements and gradient changes imply; they are kept in a ring.

    Parameters
    ----------
    natom : int
    """

    def __init__(self, natom: int) -> None:
        self._s, self._y = np.empty((MAX_PAIRS, natom, 3)), np.empty((MAX_PAIRS, natom, 3))
        self._curvature = np.empty(MAX_PAIRS)
        self._count = 0

    def learn(self, s: Floats, y: Floats) -> None:
        """Remember a pair, unless the surface curves down along it.

        Parameters
        ----------
        s : (natom, 3) bohr
            Displacement.
        y : (natom, 3) hartree/bohr
            Change of the gradient.
        """
        curvature = float(np.vdot(s, y))
        if curvature <= MIN_CURVATURE * float(np.vdot(s, s) * np.vdot(y, y)) ** 0.5:
            return
        row = self._count % MAX_PAIRS
        self._s[row], self._y[row], self._curvature[row] = s, y, curvature
        self._count += 1

    def newton_step(self, forces: Floats) -> Floats:
        """(natom, 3) bohr: H F, to the minimum of the model."""
        step: Floats = _two_loops(forces, self._s, self._y, self._curvature, self._count)
        return step


@njit(cache=True, nogil=True)
def _two_loops(forces: Floats, s: Floats, y: Floats, curvature: Floats, count: int) -> Floats:
    """The inverse Hessian times the forces, newest pair first and then oldest first."""
    memory, natom = len(curvature), len(forces)
    first = max(0, count - memory)
    step, along = forces.copy(), np.empty(memory)
    for k in range(count - 1, first - 1, -1):
        row = k % memory
        along[row] = _dot(s[row], step) / curvature[row]
        for i in range(natom):
            for axis in range(3):
                step[i, axis] -= along[row] * y[row, i, axis]
    newest = (count - 1) % memory
    step *= curvature[newest] / _dot(y[newest], y[newest]) if count else 1.0 / FIRST_CURVATURE
    for k in range(first, count):
        row = k % memory
        share = along[row] - _dot(y[row], step) / curvature[row]
        for i in range(natom):
            for axis in range(3):
                step[i, axis] += share * s[row, i, axis]
    return step


@njit(cache=True, nogil=True)
def _dot(x: Floats, y: Floats) -> float:
    """Sum of the products of two (natom, 3) arrays."""
    total = 0.0
    for i in range(len(x)):
        for axis in range(3):
            total += x[i, axis] * y[i, axis]
    return total
