"""Kernels that sum Gaussians times monomials over centres, block by block of grid points.

The shells of a centre are sorted by exponent: those which reach a block come first, and in an even-tempered
ladder of ratio two each Gaussian is the square of the one before. Rows of `lanes`: x, y, z, squared distance,
scratch, then one for every density or potential.
"""

import numpy as np
from numba import njit

from clusterdft.arrays import Floats, Ints
from clusterdft.grid.atomic_rule import BLOCK
from clusterdft.integrals.lanes import INNER_OPTIONS, KERNEL_OPTIONS
from clusterdft.xc.block_math import exponential

SCREENING_EXPONENT = 30.0  # exp(-30) = 1e-13 of a function's height is dropped
RECOMPUTE, SQUARE, REUSE = 0, 1, 2  # how the Gaussian of a shell follows from the one before
SHELLS_PER_PASS = 2  # shells that one pass over a block takes; `gauss` has as many spare rows


@njit(**INNER_OPTIONS)
def _gaussians(
    lanes: Floats, centre: Floats, c: int, begin: int, end: int, exponent: Floats, step: Ints, recipe: Ints,
    mono: Floats, gauss: Floats, bits: Ints,
) -> int:  # fmt: skip
    """Monomials and Gaussians of centre c for a block; returns how many shells reach the block."""
    x0, y0, z0 = centre[c, 0], centre[c, 1], centre[c, 2]
    nearest = np.inf
    for i in range(BLOCK):
        x, y, z = lanes[0, i] - x0, lanes[1, i] - y0, lanes[2, i] - z0
        mono[1, i], mono[2, i], mono[3, i] = x, y, z
        lanes[3, i] = x * x + y * y + z * z
    for i in range(BLOCK):
        nearest = lanes[3, i] if lanes[3, i] < nearest else nearest
    count = 0
    while begin + count < end and exponent[begin + count] * nearest < SCREENING_EXPONENT:
        count += 1
    if count == 0:
        return 0
    for m in range(4, recipe.shape[0]):
        parent, axis = recipe[m, 0], 1 + recipe[m, 1]
        for i in range(BLOCK):
            mono[m, i] = mono[parent, i] * mono[axis, i]
    for k in range(count):
        if step[begin + k] == RECOMPUTE:
            exponential(exponent[begin + k], lanes[3], lanes[4], gauss[k], bits[k])
        elif step[begin + k] == SQUARE:
            for i in range(BLOCK):
                gauss[k, i] = gauss[k - 1, i] * gauss[k - 1, i]
        else:
            for i in range(BLOCK):
                gauss[k, i] = gauss[k - 1, i]
    return count


@njit(**KERNEL_OPTIONS)
def grid_kernel(
    points: Floats, centre: Floats, first: Ints, exponent: Floats, step: Ints, span: Ints, recipe: Ints,
    lanes: Floats, mono: Floats, gauss: Floats, bits: Ints, shell_values: Floats, grid_values: Floats,
    project: bool,
) -> None:  # fmt: skip
    """grid_values_i += sum over centres of sum_km shell_values_km monomial_m(i) gauss_k(i).

    With `project` the transpose: shell_values_km += sum_i. Two kernels would take twice as long to compile.
    """
    for i in range(BLOCK):
        mono[0, i] = 1.0
    nset, ngrid = grid_values.shape
    for start in range(0, ngrid, BLOCK):
        for i in range(BLOCK):
            inside = start + i < ngrid
            k = start + i if inside else ngrid - 1  # a block is padded with the last point
            lanes[0, i], lanes[1, i], lanes[2, i] = points[k, 0], points[k, 1], points[k, 2]
            for s in range(nset):
                lanes[5 + s, i] = grid_values[s, k] if inside else 0.0
        for c in range(centre.shape[0]):
            begin = first[c]
            count = _gaussians(
                lanes, centre, c, begin, first[c + 1], exponent, step, recipe, mono, gauss, bits
            )
            if count == 0:
                continue
            for s in range(nset):
                for m in range(recipe.shape[0]):
                    stop = span[c, m, 1] if span[c, m, 1] < count else count
                    if not project:
                        for k in range(span[c, m, 0], stop, SHELLS_PER_PASS):
                            c0 = shell_values[s, begin + k, m]
                            c1 = shell_values[s, begin + k + 1, m] if k + 1 < stop else 0.0
                            for i in range(BLOCK):
                                lanes[5 + s, i] += mono[m, i] * (c0 * gauss[k, i] + c1 * gauss[k + 1, i])
                        continue
                    for i in range(BLOCK):
                        lanes[4, i] = lanes[5 + s, i] * mono[m, i]
                    for k in range(span[c, m, 0], stop, SHELLS_PER_PASS):
                        t0, t1 = 0.0, 0.0
                        for i in range(BLOCK):
                            t0 += lanes[4, i] * gauss[k, i]
                            t1 += lanes[4, i] * gauss[k + 1, i]
                        shell_values[s, begin + k, m] += t0
                        if k + 1 < stop:
                            shell_values[s, begin + k + 1, m] += t1
        for s in range(0 if project else nset):
            for i in range(ngrid - start if ngrid - start < BLOCK else BLOCK):
                grid_values[s, start + i] = lanes[5 + s, i]
