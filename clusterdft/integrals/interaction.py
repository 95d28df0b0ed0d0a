"""Interaction of Hermite Gaussian distributions: the kernel that everything two-electron runs through."""

from typing import Any

import numpy as np
from numba import njit

from clusterdft.basis.shells import n_hermite
from clusterdft.errors import InputError
from clusterdft.integrals.boys import CELLS_PER_UNIT, boys_table
from clusterdft.integrals.hermite import (
    ARGUMENT,
    DECAY,
    EXPONENT,
    FIXED_ROWS,
    OFFSET,
    TENSOR,
    TOP,
    XYZ,
    R,
    hermite_sign,
    recursion_steps,
    sum_index,
    tensor_places,
)
from clusterdft.integrals.lanes import LANES, load, select_less, splat, square_root, store

OPERATORS = ("coulomb", "overlap")
COMPILE: dict[str, Any] = {"cache": True, "nogil": True, "fastmath": True, "no_cfunc_wrapper": True}
INNER: dict[str, Any] = COMPILE | {"no_cpython_wrapper": True}  # called by the kernel only


def hermite_potential(target, source, density, operator, out):
    """Add to `out` the interaction of target Hermite Gaussians with a source density.

        out_sit += sum_jk (Lambda_t(q_i, Q_i) | Lambda_k(p_j, P_j)) density_sjk

    with the kernel 1/r ("coulomb") or a delta function ("overlap").

    Parameters
    ----------
    target, source : (exponents (n,), centres (n, 3), lmax) each; unit-charge Hermite Gaussians
    density : (nset, nsource, n_hermite(lmax of source))
    out : (nset, ntarget, n_hermite(lmax of target))    changed in place
    Source  McMurchie and Davidson, J. Comput. Phys. 26, 218 (1978); Ahmadi and Almlof, Chem. Phys. Lett. 246,
    364 (1995)
    """
    _run(target, source, density, operator, out[None], _NO_OWN, _NO_FORCE)


def hermite_force(target, source, density, own, operator, out):
    """`hermite_potential`, and the gradient of its interaction with target densities when the sources move.

        force_jx = d/dP_jx sum_sit own_sit out_sit

    Parameters
    ----------
    own : (nset, ntarget, n_hermite(lmax of target - 1))
    Returns
    -------
    (nsource, 3)
    """
    force = np.zeros((source[0].size, 3))
    _run(target, source, density, operator, out[None], np.ascontiguousarray(own), force)
    return force


def hermite_matrix(target, source, operator):
    """(nsource, n_hermite, ntarget, n_hermite) interaction of single Hermite Gaussians."""
    nsource, nk = source[0].size, n_hermite(source[2])
    out = np.empty((nsource, nk, target[0].size, n_hermite(target[2])))
    _run(target, source, np.ones((1, nsource, nk)), operator, out, _NO_OWN, _NO_FORCE, single=True)
    return out


_NO_OWN = np.zeros((0, 0, 0))
_NO_FORCE = np.zeros((0, 3))


def _run(target, source, density, operator, out, own, force, single=False):
    """Call the kernel; it adds up all sources in out[0], or puts function k of source j in out[j, k]."""
    if operator not in OPERATORS:
        raise InputError(f"unknown operator {operator!r}; allowed: {', '.join(OPERATORS)}")
    (q, q_centre, q_lmax), (p, p_centre, p_lmax) = target, source
    if q.size == 0 or p.size == 0:
        return
    if not np.isfinite(q_centre.sum() + p_centre.sum()):  # else the kernel would read outside its table
        raise InputError("positions hold a value that is not a finite number")
    order = q_lmax + p_lmax
    table = boys_table(order)
    steps, nrow = recursion_steps(order)
    nset, nt, nown = len(density), out.shape[3], own.shape[2]
    _kernel(
        (q, q_centre, p, p_centre),
        np.ascontiguousarray(density * hermite_sign(p_lmax)),
        own,
        (tensor_places(q_lmax, p_lmax), sum_index(1, max(q_lmax - 1, 0))[1:], steps),
        (order, table.asymptotic, operator == "coulomb", single),
        table.cells,
        (_aligned(FIXED_ROWS + nrow), _aligned(nset * (nt + nown) + nt), _aligned(3 * len(force))),
        out,
        force,
    )


def _aligned(nrow):
    """Flat array of `nrow` zero vectors that starts at a cache line."""
    buffer = np.zeros(nrow * LANES + 8)
    skip = (-buffer.ctypes.data // 8) % 8
    return buffer[skip : skip + nrow * LANES]


@njit(**INNER)
def _look_up(work, cells):
    """Polynomial of the Boys function and exp(-T) at the centre of the cell; minus the distance from there.

    Returns True when an argument lies beyond the table.
    """
    end = cells.shape[0] / CELLS_PER_UNIT
    beyond = False
    for i in range(LANES):
        t = work[ARGUMENT + i]
        x = min(t, end - 1e-9) * CELLS_PER_UNIT
        cell = np.uint32(x)
        u = 2.0 * (x - cell) - 1.0
        high = cells[cell, 3] + u * (cells[cell, 4] + u * (cells[cell, 5] + u * cells[cell, 6]))
        work[TOP + i] = cells[cell, 0] + u * (cells[cell, 1] + u * (cells[cell, 2] + u * high))
        work[DECAY + i] = cells[cell, 7]
        work[OFFSET + i] = u * (-0.5 / CELLS_PER_UNIT)
        beyond |= t >= end
    return beyond


@njit(**INNER)
def _radial(p, px, py, pz, order, cells, asymptotic, coulomb, work):
    """R^(n)_000 of a block, into rows 0 (n = 0) and n_hermite(order) + n - 1 (n > 0) of the tensor.

    (-2 mu)^n times 2 sqrt(mu/pi) F_n(mu r^2), or times (mu/pi)^(3/2) exp(-mu r^2).
    """
    x = load(work, XYZ) - splat(px)
    y = load(work, XYZ + LANES) - splat(py)
    z = load(work, XYZ + 2 * LANES) - splat(pz)
    store(work, R, x)
    store(work, R + LANES, y)
    store(work, R + 2 * LANES, z)
    r2 = x * x + y * y + z * z
    q = load(work, EXPONENT)
    mu = q * splat(p) / (q + splat(p))
    t = mu * r2
    store(work, ARGUMENT, t)
    beyond = _look_up(work, cells)
    w = load(work, OFFSET)
    series = splat(1.0)
    for k in range(8, 0, -1):
        series = splat(1.0) + series * w * splat(1.0 / k)
    decay = load(work, DECAY) * series
    top = load(work, TOP)
    if beyond:
        end = splat(cells.shape[0] / CELLS_PER_UNIT)
        inverse = splat(1.0) / select_less(t, end, end, t)
        tail = splat(asymptotic) * square_root(inverse)
        for _ in range(order):
            tail = tail * inverse
        top = select_less(t, end, top, tail)
        decay = select_less(t, end, decay, splat(0.0))
    scale = square_root(mu * splat(1.0 / np.pi))
    scale = scale * splat(2.0) if coulomb else scale * mu * splat(1.0 / np.pi)
    step = mu * splat(-2.0)
    row = TENSOR
    following = TENSOR + (order + 1) * (order + 2) * (order + 3) // 6 * LANES
    for n in range(order):
        store(work, row, scale * decay)
        scale = scale * step
        row = following + n * LANES
    if not coulomb:
        store(work, row, scale * decay)
        return
    value = scale * top
    store(work, row, value)
    for n in range(order - 1, -1, -1):
        row = following + (n - 1) * LANES if n else TENSOR
        value = (load(work, row) - r2 * value) * splat(1.0 / (2 * n + 1))
        store(work, row, value)


@njit(**COMPILE)
def _kernel(geometry, density, own, tables, settings, cells, workspace, out, force):
    """Blocks of targets against all sources: `hermite_potential`, `hermite_force` and `hermite_matrix`."""
    q, q_centre, p, p_centre = geometry
    index, raised, steps = tables
    order, asymptotic, coulomb, single = settings
    work, sums, pull = workspace
    nset, nsource, nk = density.shape
    nt, nown = index.shape[0], own.shape[2]
    increment = nset * nt * LANES  # places in `sums`, after the totals
    charge = increment + nt * LANES
    for start in range(0, q.size, LANES):
        filled = min(LANES, q.size - start)
        sums[:] = 0.0
        for i in range(LANES):
            k = start + min(i, filled - 1)  # the last target fills up an incomplete block
            work[EXPONENT + i] = q[k]
            for axis in range(3):
                work[XYZ + axis * LANES + i] = q_centre[k, axis]
        for s in range(nset):
            for i in range(filled):
                for t in range(nown):
                    sums[charge + (s * nown + t) * LANES + i] = own[s, start + i, t]
        for j in range(nsource):
            px, py, pz = p_centre[j, 0], p_centre[j, 1], p_centre[j, 2]
            _radial(p[j], px, py, pz, order, cells, asymptotic, coulomb, work)
            for k in range(steps.shape[0]):  # R_{t+1} = x R_t + t R_{t-1}, both of one order n higher
                value = load(work, steps[k, 1]) * load(work, steps[k, 2])
                if steps[k, 4] > 0:
                    value = value + splat(float(steps[k, 4])) * load(work, steps[k, 3])
                store(work, steps[k, 0], value)
            if single:
                for k in range(nk):
                    for i in range(filled):
                        for t in range(nt):
                            out[j, k, start + i, t] = density[0, j, k] * work[index[t, k] + i]
                continue
            for s in range(nset):
                for t in range(nt):
                    value = splat(0.0)
                    for k in range(nk):
                        value = value + splat(density[s, j, k]) * load(work, index[t, k])
                    place = (s * nt + t) * LANES
                    store(sums, place, load(sums, place) + value)
                    store(sums, increment + t * LANES, value)
                for axis in range(3 if nown > 0 else 0):
                    value = load(pull, (3 * j + axis) * LANES)
                    for t in range(nown):
                        weight = load(sums, charge + (s * nown + t) * LANES)
                        value = value - weight * load(sums, increment + raised[axis, t] * LANES)
                    store(pull, (3 * j + axis) * LANES, value)
        for s in range(0 if single else nset):
            for i in range(filled):
                for t in range(nt):
                    out[0, s, start + i, t] += sums[(s * nt + t) * LANES + i]
    for j in range(force.shape[0]):
        for axis in range(3):
            for i in range(LANES):
                force[j, axis] += pull[(3 * j + axis) * LANES + i]
