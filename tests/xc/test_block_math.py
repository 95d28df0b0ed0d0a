"""Exponentials and cube roots of a block against numpy's."""

import numpy as np
import pytest
from numba import njit

from clusterdft.grid.atomic_rule import BLOCK
from clusterdft.xc.block_math import block_rows, exponential, inverse_cube_root


@njit
def exponentials(exponent, square, work, out, bits):
    exponential(exponent, square, work, out, bits)


@njit
def cube_roots(x, out, bits):
    inverse_cube_root(x, out, bits)


@pytest.mark.parametrize("exponent", [0.02, 1.0, 37.5])
def test_exponential(exponent):
    square = np.linspace(0, 17.0, BLOCK)
    work, out = block_rows(2)
    exponentials(exponent, square, work, out, out.view(np.int64))
    np.testing.assert_allclose(out, np.exp(-exponent * square), rtol=2e-13)


def test_exponential_of_what_no_number_can_hold():
    square = np.full(BLOCK, 1e6)
    work, out = block_rows(2)
    exponentials(1.0, square, work, out, out.view(np.int64))
    assert np.all((out >= 0) & (out < 1e-300))


def test_inverse_cube_root():
    x = np.geomspace(1e-60, 1e9, BLOCK)
    out = block_rows(1)[0]
    cube_roots(x, out, out.view(np.int64))
    np.testing.assert_allclose(out, x ** (-1 / 3), rtol=1e-14)


def test_rows_of_blocks_begin_on_a_cache_line():
    for count in (1, 2, 5):
        rows = block_rows(count)
        assert rows.ctypes.data % 64 == 0
        assert rows.shape == (count, BLOCK)
