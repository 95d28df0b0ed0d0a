"""Interaction of Hermite Gaussian distributions: the kernel that everything two-electron runs through."""

from dataclasses import dataclass, replace
from functools import lru_cache
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


@dataclass(frozen=True, kw_only=True, eq=False)
class Distribution:
    """Hermite Gaussians of unit charge, group by group of one degree.

    Attributes
    ----------
    lmax, count : tuples, degree and number of the Gaussians of each group
    exponent : (n,) bohr^-2
    centre : (n, 3) bohr
    """

    lmax: tuple[int, ...]
    count: tuple[int, ...]
    exponent: np.ndarray
    centre: np.ndarray

    def __post_init__(self):
        if not np.isfinite(self.centre.sum()):  # else the kernel would read outside its table
            raise InputError("positions hold a value that is not a finite number")

    @property
    def nfunction(self):
        """Number of functions; those of one Gaussian stand together."""
        return sum(n * n_hermite(degree) for degree, n in zip(self.lmax, self.count, strict=True))

    def raised(self):
        """One degree higher."""
        return replace(self, lmax=tuple(degree + 1 for degree in self.lmax))

    def split(self, values):
        """For each group the view (nset, count, n_hermite) of (nset, nfunction) values."""
        views, start = [], 0
        for degree, n in zip(self.lmax, self.count, strict=True):
            stop = start + n * n_hermite(degree)
            views.append(values[:, start:stop].reshape(len(values), n, -1))
            start = stop
        return views


def hermite_potential(target, source, density, operator):
    """Interaction of target Hermite Gaussians with a source density.

        V_st = sum_k (Lambda_t(q, Q) | Lambda_k(p, P)) density_sk

    with the kernel 1/r ("coulomb") or a delta function ("overlap").

    Parameters
    ----------
    target, source : Distribution
    density : (nset, nfunction of source)

    Returns
    -------
    (nset, nfunction of target)

    References
    ----------
    McMurchie and Davidson, J. Comput. Phys. 26, 218 (1978); Ahmadi and Almlof, Chem. Phys. Lett. 246,
    364 (1995)
    """
    out = np.zeros((len(density), target.nfunction))
    _run(target, source, density, operator, out, _NO_OWN, _NO_FORCE)
    return out


def hermite_force(target, source, density, own, operator):
    """`hermite_potential` one degree higher, and the gradient of the interaction when the sources move.

        force_jx = d/dP_jx sum_st own_st V_st

    Parameters
    ----------
    own : (nset, nfunction of target)

    Returns
    -------
    (nset, nfunction of target.raised()), (nsource, 3)
    """
    target, force = target.raised(), np.zeros((source.exponent.size, 3))
    out = np.zeros((len(density), target.nfunction))
    _run(target, source, density, operator, out, np.ascontiguousarray(own), force)
    return out, force


def hermite_matrix(target, source, operator, *, rows=None, columns=None):
    """(nfunction of source, nfunction of target) interaction of single Hermite Gaussians.

    `rows` and `columns` are the places of the functions in the matrix; without them, their own order.
    """
    rows = np.arange(source.nfunction) if rows is None else rows
    columns = np.arange(target.nfunction) if columns is None else columns
    out = np.empty((rows.size, columns.size))
    density = np.ones((1, rows.size))
    _run(target, source, density, operator, out, _NO_OWN, _NO_FORCE, single=True, places=(rows, columns))
    return out


def moved(own, higher, lmax):
    """(n, 3) sum_st own_st dV_st/dQ: gradient as targets move, from their potential one degree higher."""
    return np.einsum("sit,sixt->ix", own, higher[:, :, sum_index(1, lmax)[1:]])


_NO_OWN = np.zeros((0, 0))
_NO_FORCE = np.zeros((0, 3))
_NO_PLACES = (np.zeros(0, np.int64), np.zeros(0, np.int64))


def _run(target, source, density, operator, out, own, force, single=False, places=_NO_PLACES):
    """Call the kernel; it adds up all sources in `out`, or keeps them apart."""
    if operator not in OPERATORS:
        raise InputError(f"unknown operator {operator!r}; allowed: {', '.join(OPERATORS)}")
    tables, nrow = _tables(target.lmax, source.lmax)
    nt = n_hermite(max(target.lmax))
    nsum = nt * (2 * len(density) + 1)
    _kernel(
        (target.exponent, target.centre, np.array(target.count)),
        (source.exponent, source.centre, np.array(source.count)),
        np.ascontiguousarray(density * _signs(source.lmax, source.count)),
        own,
        tables,
        places,
        (operator == "coulomb", single, FIXED_ROWS + nrow, nsum),
        _aligned(FIXED_ROWS + nrow + nsum + 3 * len(force)),
        out,
        force,
    )


@lru_cache(maxsize=64)
def _signs(lmax, count):
    """(nfunction,) of a source: (-1)^degree."""
    return np.concatenate([np.tile(hermite_sign(degree), n) for degree, n in zip(lmax, count, strict=True)])


@lru_cache(maxsize=64)
def _tables(target_lmax, source_lmax):
    """What the kernel needs for each pair of a target and a source group, one after the other.

    Returns
    -------
    (blocks, asymptotic, places, raised, steps, cells), and the largest number of rows of a tensor; a row of
    `blocks` holds order, sizes of target, source and lower target, first place, raised, step, last step,
    first cell, number of cells
    """
    blocks, asymptotic, places, raised, steps, cells, nrow = [], [], [], [], [], [], 0
    lengths = np.zeros(4, np.int64)
    for q_lmax in target_lmax:
        lower = sum_index(1, max(q_lmax - 1, 0))[1:]
        for p_lmax in source_lmax:
            order = q_lmax + p_lmax
            step, rows = recursion_steps(order)
            table = boys_table(order)
            sizes = n_hermite(q_lmax), n_hermite(p_lmax), n_hermite(q_lmax - 1) if q_lmax else 0
            place, up, first, cell = lengths
            blocks.append((order, *sizes, place, up, first, first + len(step), cell, len(table.cells)))
            for tables, new in (
                (places, tensor_places(q_lmax, p_lmax).ravel()),
                (raised, lower.ravel()),
                (steps, step),
                (cells, table.cells),
            ):
                tables.append(new)
            asymptotic.append(table.asymptotic)
            lengths += [places[-1].size, lower.size, len(step), len(table.cells)]
            nrow = max(nrow, rows)
    joined = (np.concatenate(tables) for tables in (places, raised, steps, cells))
    return (np.array(blocks), np.array(asymptotic), *joined), nrow


def _aligned(nrow):
    """Flat array of `nrow` zero vectors that starts at a cache line."""
    buffer = np.zeros(nrow * LANES + 8)
    skip = (-buffer.ctypes.data // 8) % 8
    return buffer[skip : skip + nrow * LANES]


@njit(**INNER)
def _look_up(work, cells, first, count):
    """Polynomial of the Boys function and exp(-T) at the centre of the cell; minus the distance from there.

    Returns True when an argument lies beyond the table.
    """
    end = count / CELLS_PER_UNIT
    beyond = False
    for i in range(LANES):
        t = work[ARGUMENT + i]
        x = min(t, end - 1e-9) * CELLS_PER_UNIT
        below = np.uint32(x)
        u = 2.0 * (x - below) - 1.0
        cell = first + below
        high = cells[cell, 3] + u * (cells[cell, 4] + u * (cells[cell, 5] + u * cells[cell, 6]))
        work[TOP + i] = cells[cell, 0] + u * (cells[cell, 1] + u * (cells[cell, 2] + u * high))
        work[DECAY + i] = cells[cell, 7]
        work[OFFSET + i] = u * (-0.5 / CELLS_PER_UNIT)
        beyond |= t >= end
    return beyond


@njit(**INNER)
def _radial(p, px, py, pz, order, cells, first, count, asymptotic, coulomb, work):
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
    beyond = _look_up(work, cells, first, count)
    w = load(work, OFFSET)
    series = splat(1.0)
    for k in range(8, 0, -1):
        series = splat(1.0) + series * w * splat(1.0 / k)
    decay = load(work, DECAY) * series
    top = load(work, TOP)
    if beyond:
        end = splat(count / CELLS_PER_UNIT)
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
def _kernel(target, source, density, own, tables, places, settings, workspace, out, force):
    """Blocks of targets against all sources: `hermite_potential`, `hermite_force` and `hermite_matrix`."""
    q, q_centre, q_count = target
    p, p_centre, p_count = source
    rows, columns = places
    blocks, asymptotic, index, raised, steps, cells = tables
    coulomb, single, work_rows, sum_rows = settings
    work = workspace[: work_rows * LANES]
    sums = workspace[work_rows * LANES : (work_rows + sum_rows) * LANES]
    pull = workspace[(work_rows + sum_rows) * LANES :]
    nset = density.shape[0]
    q_first, q_function, own_function = 0, 0, 0
    for pair in range(blocks.shape[0]):
        q_group, p_group = pair // p_count.size, pair % p_count.size
        if p_group == 0:
            p_first, p_function = 0, 0
        order, nt, nk = blocks[pair, 0], blocks[pair, 1], blocks[pair, 2]
        nown = blocks[pair, 3] if own.shape[0] > 0 else 0
        place, up = blocks[pair, 4], blocks[pair, 5]
        increment = nset * nt * LANES  # places in `sums`, after the totals
        charge = increment + nt * LANES
        for start in range(0, q_count[q_group], LANES):
            filled = min(LANES, q_count[q_group] - start)
            sums[:] = 0.0
            for i in range(LANES):
                k = q_first + start + min(i, filled - 1)  # the last target fills up an incomplete block
                work[EXPONENT + i] = q[k]
                for axis in range(3):
                    work[XYZ + axis * LANES + i] = q_centre[k, axis]
            for s in range(nset):
                for i in range(filled):
                    for t in range(nown):
                        value = own[s, own_function + (start + i) * nown + t]
                        sums[charge + (s * nown + t) * LANES + i] = value
            for j in range(p_first, p_first + p_count[p_group]):
                _radial(
                    p[j], p_centre[j, 0], p_centre[j, 1], p_centre[j, 2], order,
                    cells, blocks[pair, 8], blocks[pair, 9], asymptotic[pair], coulomb, work,
                )  # fmt: skip
                for k in range(blocks[pair, 6], blocks[pair, 7]):
                    # R_{t+1} = x R_t + t R_{t-1}, both of one order n higher
                    product = load(work, steps[k, 1]) * load(work, steps[k, 2])
                    if steps[k, 4] > 0:
                        product = product + splat(float(steps[k, 4])) * load(work, steps[k, 3])
                    store(work, steps[k, 0], product)
                function = p_function + (j - p_first) * nk
                if single:
                    for k in range(nk):
                        row, sign = rows[function + k], density[0, function + k]
                        for i in range(filled):
                            for t in range(nt):
                                column = columns[q_function + (start + i) * nt + t]
                                out[row, column] = sign * work[index[place + t * nk + k] + i]
                    continue
                for s in range(nset):
                    for t in range(nt):
                        total = splat(0.0)
                        for k in range(nk):
                            weight = splat(density[s, function + k])
                            total = total + weight * load(work, index[place + t * nk + k])
                        target_sum = (s * nt + t) * LANES
                        store(sums, target_sum, load(sums, target_sum) + total)
                        store(sums, increment + t * LANES, total)
                    for axis in range(3 if nown > 0 else 0):
                        total = load(pull, (3 * j + axis) * LANES)
                        for t in range(nown):
                            moved_value = load(sums, increment + raised[up + axis * nown + t] * LANES)
                            total = total - load(sums, charge + (s * nown + t) * LANES) * moved_value
                        store(pull, (3 * j + axis) * LANES, total)
            for s in range(0 if single else nset):
                for i in range(filled):
                    for t in range(nt):
                        out[s, q_function + (start + i) * nt + t] += sums[(s * nt + t) * LANES + i]
        p_first += p_count[p_group]
        p_function += p_count[p_group] * nk
        if p_group == p_count.size - 1:
            q_first += q_count[q_group]
            q_function += q_count[q_group] * nt
            own_function += q_count[q_group] * nown
    for j in range(force.shape[0]):
        for axis in range(3):
            for i in range(LANES):
                force[j, axis] += pull[(3 * j + axis) * LANES + i]
