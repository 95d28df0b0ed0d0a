import numpy as np
import pytest
from scipy.special import hyp1f1

from clusterdft.errors import InputError
from clusterdft.integrals.boys import CELL_DEGREE, CELLS_PER_UNIT, boys, boys_table


def exact(order, t):
    return hyp1f1(order + 0.5, order + 1.5, -t) / (2 * order + 1)


def from_table(order, t):
    """F_order(t) and exp(-t) at the cell centres, as the kernel reads them."""
    table = boys_table(order)
    cell = (t * CELLS_PER_UNIT).astype(int)
    u = 2 * (t * CELLS_PER_UNIT - cell) - 1
    powers = u[:, None] ** np.arange(CELL_DEGREE + 1)
    return np.einsum("pk,pk->p", table.cells[cell, :-1], powers), table.cells[cell, -1]


def test_against_confluent_hypergeometric_function():
    t = np.concatenate([[0.0, 1e-12, 1e-5], np.linspace(0.01, 25, 200)])
    values = boys(8, t)
    for order in range(9):
        np.testing.assert_allclose(values[order], exact(order, t), rtol=2e-13, atol=1e-17)


def test_zero_argument():
    np.testing.assert_allclose(boys(5, np.zeros(1))[:, 0], 1 / (2 * np.arange(6) + 1), rtol=1e-15)


@pytest.mark.parametrize("order", [0, 1, 4, 7, 12])
def test_table(order):
    end = len(boys_table(order).cells) / CELLS_PER_UNIT
    t = np.random.default_rng(order).uniform(0, end, 2000)
    values, decay = from_table(order, t)
    np.testing.assert_allclose(values, boys(order, t)[order], rtol=5e-14)
    np.testing.assert_allclose(decay, np.exp(-(np.floor(8 * t) + 0.5) / 8), rtol=1e-14)


@pytest.mark.parametrize("order", [0, 1, 4, 7, 12])
def test_asymptotic_form_continues_the_table(order):
    table = boys_table(order)
    t = np.linspace(len(table.cells) / CELLS_PER_UNIT, 90, 30)
    np.testing.assert_allclose(table.asymptotic * t ** (-order - 0.5), boys(order, t)[order], rtol=2e-13)


def test_refuses_negative_arguments_and_orders():
    with pytest.raises(InputError, match="0 to 100"):
        boys(2, np.array([-1.0]))
    with pytest.raises(InputError, match="order >= 0"):
        boys(-1, np.array([1.0]))
