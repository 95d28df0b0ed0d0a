"""Quasi-Newton relaxation within a trust radius, made for flat surfaces with metallic bonds."""

import numpy as np

from clusterdft.relax.hessian import bofill_update, spring_hessian
from clusterdft.relax.steps import RelaxStep, Trials, energy_change, longest

FIRST_STEP, LONGEST_STEP, SHORTEST_STEP = 0.8, 1.2, 0.01  # bohr, of the atom that moves most
SOFTEST = 1e-3  # hartree/bohr^2; eigenvalues of the Hessian count as at least that
MEMORY = 60  # gradients remembered


def quasi_newton(cluster, surface):
    """Quasi-Newton steps, for ever; the caller stops.

        R(l+1) = R(l) + sum_k v_k (v_k.F) / (|h_k| + lambda),   lambda >= 0 so that no atom moves too far

    h_k, v_k are eigenvalues and eigenvectors of a Hessian that is made anew at every step: springs for
    the geometry at hand, then an update for every pair of gradients so far, oldest first. Taking |h_k|
    goes downhill along negative curvature too, away from saddle points. The trust radius follows the
    ratio of the energy's change to the predicted one; a trial that goes uphill is dropped, its gradient kept.

    Parameters
    ----------
    cluster : Cluster, the start
    surface : Surface
    Yields
    ------
    RelaxStep   one a force call, the start first
    Raises
    ------
    ScfNotConverged   at the start, or at several trials in a row
    Notes   On a metallic model potential, Na8 from random starts takes half the calls of a BFGS update
        that starts from a well chosen multiple of the unit matrix.
    """
    here = RelaxStep(cluster=cluster, point=surface.point(cluster))
    yield here
    trials, trust, memory = Trials(surface), FIRST_STEP, []
    while True:
        displacement, predicted = _step(_hessian(here.cluster, memory), here.point.forces.ravel(), trust)
        length = longest(displacement)
        trial = cluster.at(here.cluster.positions + displacement.reshape(-1, 3))
        point = trials.point(trial, here.point.restart)
        if point is None:
            trust = 0.5 * length
            continue
        there = RelaxStep(cluster=trial, point=point, accepted=False)
        memory.append((displacement, (here.point.forces - point.forces).ravel()))
        change = energy_change(here, there)
        trust = _next_trust(trust, length, change, predicted)
        if change <= 0:
            there = here = RelaxStep(cluster=trial, point=point)
        yield there


def _hessian(cluster, memory):
    """Springs at this geometry, corrected by the remembered gradients."""
    hessian = spring_hessian(cluster)
    for displacement, change in memory[-MEMORY:]:
        hessian = bofill_update(hessian, displacement, change)
    return hessian


def _step(hessian, force, trust):
    """Displacement (n,) within the trust radius, and the energy change that the Hessian predicts."""
    curvature, mode = np.linalg.eigh(hessian)
    along = mode.T @ force
    stiff = np.maximum(np.abs(curvature), SOFTEST)

    def displacement(shift):
        return mode @ (along / (stiff + shift))

    low, high = 0.0, 0.0
    if longest(displacement(0.0)) > trust:
        high = 2.0 * longest(along) * np.sqrt(len(along)) / trust
        while longest(displacement(high)) > trust:
            high *= 2.0
        while high - low > 1e-3 * high:
            middle = 0.5 * (low + high)
            low, high = (middle, high) if longest(displacement(middle)) > trust else (low, middle)
    step = displacement(high)
    return step, float(-force @ step + 0.5 * step @ hessian @ step)


def _next_trust(trust, length, change, predicted):
    """Trust radius after a step of that length whose energy change was predicted."""
    ratio = change / predicted if predicted < 0 else 1.0
    if ratio < 0.25:
        return max((0.25 if ratio < -1.0 else 0.5) * length, SHORTEST_STEP)
    if ratio > 0.6 and length > 0.8 * trust:
        return min(1.5 * trust, LONGEST_STEP)
    return trust
