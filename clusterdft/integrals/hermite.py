"""Interaction of Hermite Gaussian distributions: index tables and the kernel everything two-electron runs through."""

from functools import lru_cache

import numpy as np
from numba import njit

from clusterdft.basis.shells import n_hermite
from clusterdft.errors import InputError
from clusterdft.integrals.boys import CELLS_PER_UNIT, boys_table
from clusterdft.integrals.lanes import LANES, load, select_less, splat, square_root, store

OPERATORS = ("coulomb", "overlap")


@lru_cache(maxsize=32)
def hermite_powers(lmax):
    """(n_hermite, 3) powers (t, u, v): by degree, then t descending, then u descending."""
    rows = [
        (t, u, d - t - u) for d in range(lmax + 1) for t in range(d, -1, -1) for u in range(d - t, -1, -1)
    ]
    return _frozen(rows)


def hermite_index(powers):
    """Place of (t, u, v) in that order; `powers` (..., 3) int."""
    degree = powers.sum(axis=-1)
    rest = degree - powers[..., 0]
    return degree * (degree + 1) * (degree + 2) // 6 + rest * (rest + 1) // 2 + powers[..., 2]


@lru_cache(maxsize=64)
def sum_index(lmax_target, lmax_source):
    """(nh_target, nh_source) place of the sum of two powers."""
    powers = hermite_powers(lmax_target)[:, None, :] + hermite_powers(lmax_source)[None, :, :]
    return _frozen(hermite_index(powers))


@lru_cache(maxsize=32)
def recursion_steps(lmax):
    """The recursion R_{t+1}^(n) = x R_t^(n+1) + t R_{t-1}^(n+1) as a list of row operations.

    Rows of the work array: R_tuv^(0) first, then R_000^(n) for n = 1..lmax, then intermediates. Only those
    intermediates are made that a later step reads.

    Returns
    -------
    steps : (nstep, 5) int     positions of result, axis, parent and grandparent (rows times LANES), factor t
    nrow : int
    """
    ncomponent = n_hermite(lmax)
    wanted, levels = set(range(1, ncomponent)), []
    for n in range(lmax):
        chosen = _choose_parents(wanted, hermite_powers(lmax - n))
        levels.append(chosen)
        wanted = {row[k] for row in chosen for k in (2, 3)} - {0}
    steps, nrow = [], ncomponent + lmax
    places = {(n, 0): ncomponent + n - 1 if n else 0 for n in range(lmax + 1)}
    places.update({(0, c): c for c in range(ncomponent)})
    for n, chosen in reversed(list(enumerate(levels))):
        for c, axis, parent, grand, factor in chosen:
            if (n, c) not in places:
                places[n, c] = nrow
                nrow += 1
            steps.append((places[n, c], axis, places[n + 1, parent], places[n + 1, grand], factor))
    return _frozen(np.array(steps, np.int64).reshape(-1, 5) * [LANES, LANES, LANES, LANES, 1]), nrow


def _choose_parents(wanted, powers):
    """Rows (component, axis, parent, grandparent or 0, factor): few different parents for many components."""
    options = {}
    for c in wanted:
        for axis in np.flatnonzero(powers[c]):
            step = np.eye(3, dtype=np.int64)[axis]
            grand = int(hermite_index(powers[c] - 2 * step)) if powers[c][axis] > 1 else 0
            parent = int(hermite_index(powers[c] - step))
            options.setdefault(parent, {})[c] = (c, int(axis), parent, grand, int(powers[c][axis]) - 1)
    rows, left = [], set(wanted)
    while left:
        gain = {p: (len(left & children.keys()), -sum(children[c][4] for c in left & children.keys()), -p)
                for p, children in options.items()}
        best = max(gain, key=gain.get)
        rows += [options[best][c] for c in sorted(left & options[best].keys())]
        left -= options[best].keys()
    return rows


@lru_cache(maxsize=32)
def hermite_sign(lmax):
    """(n_hermite,) (-1)^(t+u+v): a source enters with derivatives of the opposite sign."""
    sign = (-1.0) ** hermite_powers(lmax).sum(axis=1)
    sign.setflags(write=False)
    return sign


def _frozen(rows):
    table = np.ascontiguousarray(rows, dtype=np.int64)
    table.setflags(write=False)
    return table


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
    (q, q_centre, q_lmax), (p, p_centre, p_lmax) = target, source
    if q.size == 0 or p.size == 0:
        return
    order = q_lmax + p_lmax
    table = boys_table(order)
    _potential_kernel(
        q,
        q_centre,
        p,
        p_centre,
        np.ascontiguousarray(density * hermite_sign(p_lmax)),
        sum_index(q_lmax, p_lmax) * LANES,
        *recursion_steps(order),
        order,
        table.cells,
        table.asymptotic,
        _is_coulomb(operator),
        out,
    )


def hermite_matrix(target, source, operator):
    """(ntarget, n_hermite, nsource, n_hermite) interaction of single Hermite Gaussians; see `hermite_potential`."""
    (q, q_centre, q_lmax), (p, p_centre, p_lmax) = target, source
    order = q_lmax + p_lmax
    table = boys_table(order)
    out = np.empty((q.size, n_hermite(q_lmax), p.size, n_hermite(p_lmax)))
    _matrix_kernel(
        q,
        q_centre,
        p,
        p_centre,
        hermite_sign(p_lmax),
        sum_index(q_lmax, p_lmax) * LANES,
        *recursion_steps(order),
        order,
        table.cells,
        table.asymptotic,
        _is_coulomb(operator),
        out,
    )
    return out


def _is_coulomb(operator):
    if operator not in OPERATORS:
        raise InputError(f"unknown operator {operator!r}; allowed: {', '.join(OPERATORS)}")
    return operator == "coulomb"


@njit(cache=True, nogil=True, fastmath=True)
def _look_up(t, cells, top, decay, offset):
    """Polynomial of the Boys function and exp(-T) at the centre of the cell; the place within the cell in `offset`.

    Returns True when an argument lies beyond the table.
    """
    end = cells.shape[0] / CELLS_PER_UNIT
    beyond = False
    for i in range(LANES):
        x = min(t[i], end - 1e-9) * CELLS_PER_UNIT
        cell = np.uint32(x)
        u = 2.0 * (x - cell) - 1.0
        high = cells[cell, 3] + u * (cells[cell, 4] + u * (cells[cell, 5] + u * cells[cell, 6]))
        top[i] = cells[cell, 0] + u * (cells[cell, 1] + u * (cells[cell, 2] + u * high))
        decay[i] = cells[cell, 7]
        offset[i] = u * (-0.5 / CELLS_PER_UNIT)
        beyond |= t[i] >= end
    return beyond


@njit(cache=True, nogil=True, fastmath=True)
def _radial(q, xyz, p, centre, order, cells, asymptotic, coulomb, rows, lane, r, first):
    """R^(n)_000 of a block, into work rows 0 (n = 0) and first + n - 1 (n > 0); the distances into `r`.

    (-2 mu)^n times 2 sqrt(mu/pi) F_n(mu r^2), or times (mu/pi)^(3/2) exp(-mu r^2).
    """
    x = load(xyz, 0) - splat(centre[0])
    y = load(xyz, LANES) - splat(centre[1])
    z = load(xyz, 2 * LANES) - splat(centre[2])
    store(r, 0, x)
    store(r, LANES, y)
    store(r, 2 * LANES, z)
    r2 = x * x + y * y + z * z
    a = load(q, 0)
    mu = a * splat(p) / (a + splat(p))
    t = mu * r2
    store(lane[0], 0, t)
    beyond = _look_up(lane[0], cells, lane[1], lane[2], lane[3])
    w = load(lane[3], 0)
    series = splat(1.0)
    for k in range(8, 0, -1):
        series = splat(1.0) + series * w * splat(1.0 / k)
    decay = load(lane[2], 0) * series
    top = load(lane[1], 0)
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
    for n in range(order):
        store(rows, (first + n - 1) * LANES if n else 0, scale * decay)
        scale = scale * step
    if not coulomb:
        store(rows, (first + order - 1) * LANES if order else 0, scale * decay)
        return
    value = scale * top
    store(rows, (first + order - 1) * LANES if order else 0, value)
    for n in range(order - 1, -1, -1):
        row = (first + n - 1) * LANES if n else 0
        value = (load(rows, row) - r2 * value) * splat(1.0 / (2 * n + 1))
        store(rows, row, value)


@njit(cache=True, nogil=True, fastmath=True)
def _tensor(steps, r, rows):
    """R_tuv up to the highest degree, in the first rows: R_{t+1} = x R_t + t R_{t-1} of one order n higher."""
    for k in range(steps.shape[0]):
        value = load(r, steps[k, 1]) * load(rows, steps[k, 2])
        if steps[k, 4] > 0:
            value = value + splat(float(steps[k, 4])) * load(rows, steps[k, 3])
        store(rows, steps[k, 0], value)


@njit(cache=True, nogil=True, fastmath=True)
def _potential_kernel(q, q_centre, p, p_centre, density, index, steps, work, order, cells, asymptotic, coulomb, out):
    nset, nsource, nk = density.shape
    nt = index.shape[0]
    first = (order + 1) * (order + 2) * (order + 3) // 6
    rows = _aligned(work * LANES)
    total = _aligned(nset * nt * LANES)
    r = _aligned(3 * LANES)
    lane = np.empty((4, LANES))
    exponent = np.empty(LANES)
    centre = np.empty(3 * LANES)
    for start in range(0, q.size, LANES):
        _gather(q, q_centre, start, exponent, centre)
        total[:] = 0.0
        for j in range(nsource):
            _radial(exponent, centre, p[j], p_centre[j], order, cells, asymptotic, coulomb, rows, lane, r, first)
            _tensor(steps, r, rows)
            for s in range(nset):
                for t in range(nt):
                    place = (s * nt + t) * LANES
                    value = load(total, place)
                    for k in range(nk):
                        value = value + splat(density[s, j, k]) * load(rows, index[t, k])
                    store(total, place, value)
        for s in range(nset):
            for i in range(min(LANES, q.size - start)):
                for t in range(nt):
                    out[s, start + i, t] += total[(s * nt + t) * LANES + i]


@njit(cache=True, nogil=True, fastmath=True)
def _matrix_kernel(q, q_centre, p, p_centre, sign, index, steps, work, order, cells, asymptotic, coulomb, out):
    first = (order + 1) * (order + 2) * (order + 3) // 6
    rows = _aligned(work * LANES)
    r = _aligned(3 * LANES)
    lane = np.empty((4, LANES))
    exponent = np.empty(LANES)
    centre = np.empty(3 * LANES)
    for start in range(0, q.size, LANES):
        _gather(q, q_centre, start, exponent, centre)
        for j in range(p.size):
            _radial(exponent, centre, p[j], p_centre[j], order, cells, asymptotic, coulomb, rows, lane, r, first)
            _tensor(steps, r, rows)
            for i in range(min(LANES, q.size - start)):
                for t in range(index.shape[0]):
                    for k in range(index.shape[1]):
                        out[start + i, t, j, k] = sign[k] * rows[index[t, k] + i]


@njit(cache=True, nogil=True)
def _aligned(size):
    """Uninitialised array that starts at a cache line."""
    buffer = np.empty(size + 8)
    skip = (-buffer.ctypes.data // 8) % 8
    return buffer[skip : skip + size]


@njit(cache=True, nogil=True)
def _gather(q, q_centre, start, exponent, centre):
    """Exponents and centres of a block of targets; the last target fills up an incomplete block."""
    for i in range(LANES):
        k = min(start + i, q.size - 1)
        exponent[i] = q[k]
        for axis in range(3):
            centre[axis * LANES + i] = q_centre[k, axis]
