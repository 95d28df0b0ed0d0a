"""The compiled kernel of the interaction of Hermite Gaussians: blocks of targets against all sources."""

import numpy as np
from numba import njit

from clusterdft.arrays import Floats, Ints
from clusterdft.integrals.boys import CELLS_PER_UNIT
from clusterdft.integrals.hermite import (
    ARGUMENT,
    DECAY,
    EXPONENT,
    OFFSET,
    TENSOR,
    TOP,
    XYZ,
    R,
)
from clusterdft.integrals.lanes import (
    INNER_OPTIONS,
    KERNEL_OPTIONS,
    LANES,
    load,
    select_less,
    splat,
    square_root,
    store,
)


@njit(**INNER_OPTIONS)
def _look_up(work: Floats, cells: Floats, first: int, count: int) -> bool:
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


@njit(**INNER_OPTIONS)
def _radial(
    p: float, px: float, py: float, pz: float, order: int,
    cells: Floats, first: int, count: int, asymptotic: float, coulomb: bool, work: Floats,
) -> None:  # fmt: skip
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


@njit(**KERNEL_OPTIONS)
def interaction_kernel(
    target: tuple[Floats, Floats, Ints],
    source: tuple[Floats, Floats, Ints],
    density: Floats,
    own: Floats,
    tables: tuple[Ints, Floats, Ints, Ints, Ints, Floats],
    places: tuple[Ints, Ints],
    settings: tuple[bool, bool, int, int],
    workspace: Floats,
    out: Floats,
    force: Floats,
) -> None:
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
        index_start, raised_start = blocks[pair, 4], blocks[pair, 5]
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
                                out[row, column] = sign * work[index[index_start + t * nk + k] + i]
                    continue
                for s in range(nset):
                    for t in range(nt):
                        total = splat(0.0)
                        for k in range(nk):
                            weight = splat(density[s, function + k])
                            total = total + weight * load(work, index[index_start + t * nk + k])
                        target_sum = (s * nt + t) * LANES
                        store(sums, target_sum, load(sums, target_sum) + total)
                        store(sums, increment + t * LANES, total)
                    for axis in range(3 if nown > 0 else 0):
                        total = load(pull, (3 * j + axis) * LANES)
                        for t in range(nown):
                            moved_value = load(
                                sums, increment + raised[raised_start + axis * nown + t] * LANES
                            )
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
