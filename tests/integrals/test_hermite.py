import numpy as np
import pytest

from clusterdft.basis.shells import hermite_index, hermite_powers, n_hermite
from clusterdft.integrals.hermite import (
    TENSOR,
    R,
    hermite_sign,
    recursion_steps,
    sum_index,
)
from clusterdft.integrals.lanes import LANES


def test_order_of_powers():
    assert hermite_powers(2).tolist() == [
        [0, 0, 0],
        *([1, 0, 0], [0, 1, 0], [0, 0, 1]),
        *([2, 0, 0], [1, 1, 0], [1, 0, 1], [0, 2, 0], [0, 1, 1], [0, 0, 2]),
    ]


@pytest.mark.parametrize("lmax", range(8))
def test_index_inverts_powers(lmax):
    powers = hermite_powers(lmax)
    assert len(powers) == n_hermite(lmax)
    np.testing.assert_array_equal(hermite_index(powers), np.arange(n_hermite(lmax)))


def test_sum_index_adds_powers():
    table = sum_index(3, 2)
    for i, k in np.ndindex(table.shape):
        assert (hermite_powers(5)[table[i, k]] == hermite_powers(3)[i] + hermite_powers(2)[k]).all()


def test_sign_is_parity():
    assert hermite_sign(2).tolist() == [1, -1, -1, -1, 1, 1, 1, 1, 1, 1]


def run_steps(lmax, xyz, g):
    """R_tuv from R_000^(n) = g[n] by the row operations, without the kernel."""
    steps, nrow = recursion_steps(lmax)
    rows = np.full(nrow, np.nan)
    rows[0], rows[n_hermite(lmax) : n_hermite(lmax) + lmax] = g[0], g[1:]
    for result, axis, parent, grand, factor in steps:
        value = xyz[(axis - R) // LANES] * rows[(parent - TENSOR) // LANES]
        if factor:
            value += factor * rows[(grand - TENSOR) // LANES]
        rows[(result - TENSOR) // LANES] = value
    return rows[: n_hermite(lmax)]


@pytest.mark.parametrize("lmax", range(8))
def test_recursion_gives_derivatives_of_a_gaussian(lmax):
    xyz, mu = np.array([0.7, -0.4, 1.1]), 0.6
    g = (-2 * mu) ** np.arange(lmax + 1) * np.exp(-mu * xyz @ xyz)
    derivatives = np.ones(n_hermite(lmax))
    for axis in range(3):
        for place, power in enumerate(hermite_powers(lmax)[:, axis]):
            polynomial = np.polynomial.hermite.Hermite.basis(power)(np.sqrt(mu) * xyz[axis])
            derivatives[place] *= (-np.sqrt(mu)) ** power * polynomial * np.exp(-mu * xyz[axis] ** 2)
    np.testing.assert_allclose(run_steps(lmax, xyz, g), derivatives, rtol=1e-11, atol=1e-13)


def test_recursion_makes_fewer_steps_than_the_full_scheme():
    for lmax in range(3, 7):
        full = sum(n_hermite(lmax - n) - 1 for n in range(lmax + 1))
        assert len(recursion_steps(lmax)[0]) < full
