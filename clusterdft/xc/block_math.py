"""Elementary functions on blocks of grid points, written so that LLVM turns every loop into SIMD.

A double holds its exponent in bits 52..62, so that powers of two, and a first guess of x^(-1/3), are integer
arithmetic on a view of the same memory; libm would be called once a point.
"""

from math import factorial
from typing import Any

import numpy as np
from numba import njit

from clusterdft.arrays import Floats, Ints
from clusterdft.grid.atomic_rule import BLOCK

ROUNDING_SHIFT = 1.5 * 2.0**52  # adding it rounds a double to an integer, which then stands in the low bits
INTEGER_SHIFT = 2.0**52  # the same for non-negative integers: the low 52 bits are the integer
SMALLEST_POWER = -1000.0  # 2^-1000 stands for everything smaller
CUBE_ROOT_GUESS = 4 / 3 * 1023 * 2.0**32 - 0.0675 * 2.0**32  # 0.0675 makes the guess good to 3.5 per cent

LOG2_E = 1.4426950408889634
LN_2 = 0.6931471805599453
C2, C3, C4, C5, C6, C7, C8, C9, C10, C11, C12 = (1 / factorial(n) for n in range(2, 13))

BLOCK_OPTIONS: dict[str, Any] = {
    "cache": True,
    "nogil": True,
    "fastmath": {
        "contract",
        "nnan",
        "ninf",
        "nsz",
    },  # no reassociation: (x + ROUNDING_SHIFT) - ROUNDING_SHIFT must round
    "no_cpython_wrapper": True,  # called by kernels only
    "no_cfunc_wrapper": True,
}


def block_rows(count: int) -> Floats:
    """Zeros that begin on a cache line, which loads of whole vectors need to be fast.

    Parameters
    ----------
    count : int

    Returns
    -------
    (count, BLOCK)
    """
    raw = np.zeros(count * BLOCK + 7)
    skip = -raw.ctypes.data // 8 % 8
    return raw[skip : skip + count * BLOCK].reshape(count, BLOCK)


@njit(**BLOCK_OPTIONS)
def exponential(exponent: float, square: Floats, work: Floats, out: Floats, out_bits: Ints) -> None:
    """Out = exp(-exponent * square) for a block of non-negative `square`; `out_bits` is out.view(int64)."""
    scale = exponent * LOG2_E
    for i in range(BLOCK):
        power = max(-scale * square[i], SMALLEST_POWER)
        shifted = power + ROUNDING_SHIFT
        out[i] = shifted
        x = (power - (shifted - ROUNDING_SHIFT)) * LN_2
        x2 = x * x
        x4 = x2 * x2
        low = (1.0 + x) + x2 * (C2 + x * C3)
        middle = (C4 + x * C5) + x2 * (C6 + x * C7)
        high = (C8 + x * C9) + x2 * (C10 + x * C11) + x4 * C12
        work[i] = low + x4 * (middle + x4 * high)
    for i in range(BLOCK):
        out_bits[i] = (out_bits[i] << 52) + (1023 << 52)
    for i in range(BLOCK):
        out[i] *= work[i]


@njit(**BLOCK_OPTIONS)
def inverse_cube_root(x: Floats, out: Floats, out_bits: Ints) -> None:
    """Out = x^(-1/3) for a block of positive normal x; `out_bits` is out.view(int64)."""
    for i in range(BLOCK):
        out[i] = x[i]
    for i in range(BLOCK):
        out_bits[i] = (out_bits[i] >> 20) | (1075 << 52)
    for i in range(BLOCK):
        out[i] = CUBE_ROOT_GUESS - (out[i] - INTEGER_SHIFT) * (1 / 3) + INTEGER_SHIFT
    for i in range(BLOCK):
        out_bits[i] = out_bits[i] << 20
    for _ in range(2):
        for i in range(BLOCK):
            y = out[i]
            h = 1.0 - x[i] * y * y * y
            out[i] = y + y * h * (1 / 3 + h * (2 / 9 + h * (14 / 81 + h * (35 / 243))))
