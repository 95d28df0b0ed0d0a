"""The Boys function: tables for the integral kernels, and the function itself."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from clusterdft.arrays import Floats
from clusterdft.errors import InputError

CELLS_PER_UNIT = 8  # cells of the table per unit of T
CELL_DEGREE = 6  # of the polynomial in a cell; with 8 cells per unit its error is below 1e-14 F
SERIES_TERMS = 400


@dataclass(frozen=True, kw_only=True, eq=False)
class BoysTable:
    """Polynomials for F_order on cells of width 1/8, and the asymptotic factor beyond the last cell.

    Attributes
    ----------
    order : int
    cells : (ncell, 8)
        Coefficients of u^0..u^6, u = -1..1 across the cell, then exp(-T) at its centre.
    asymptotic : float
        F_order(T) = asymptotic T^(-order-1/2) beyond the last cell, to rounding.
    """

    order: int
    cells: Floats
    asymptotic: float


def boys(order: int, argument: ArrayLike) -> Floats:
    """Boys functions of all orders up to `order`.

        F_n(T) = int_0^1 s^(2n) exp(-T s^2) ds

    Parameters
    ----------
    order : int
        From 0.
    argument : (npoint,)
        T, from 0 to 100.

    Returns
    -------
    (order + 1, npoint)

    Raises
    ------
    InputError
        An order or an argument out of range.

    Notes
    -----
    The ascending series of the highest order (all terms positive), then downward recursion; the
    integral kernels use the tables made from it.
    """
    t = np.asarray(argument, float)
    if order < 0 or t.min(initial=0.0) < 0 or t.max(initial=0.0) > 100:
        raise InputError("the Boys function is tabulated for order >= 0 and arguments from 0 to 100")
    term = np.full(t.shape, 1.0 / (2 * order + 1))
    total = term.copy()
    for k in range(1, SERIES_TERMS):
        term *= 2 * t / (2 * (order + k) + 1)
        total += term
    decay = np.exp(-t)
    values = np.empty((order + 1, *t.shape))
    values[order] = decay * total
    for n in range(order - 1, -1, -1):
        values[n] = (2 * t * values[n + 1] + decay) / (2 * n + 1)
    return values


@lru_cache(maxsize=32)
def boys_table(order: int) -> BoysTable:
    """The table of F_order that the integral kernels read.

    Parameters
    ----------
    order : int

    Returns
    -------
    BoysTable
    """
    ncell = CELLS_PER_UNIT * int(36 + 2.5 * order)  # where the incomplete-gamma tail is below rounding
    node = np.cos(np.pi * (np.arange(CELL_DEGREE + 1) + 0.5) / (CELL_DEGREE + 1))
    centre = (np.arange(ncell) + 0.5) / CELLS_PER_UNIT
    t = centre[:, None] + node / (2 * CELLS_PER_UNIT)
    values = boys(order, t.ravel())[order].reshape(t.shape)
    coefficients = np.linalg.solve(np.vander(node, increasing=True), values.T).T
    cells = np.ascontiguousarray(np.column_stack([coefficients, np.exp(-centre)]))
    cells.setflags(write=False)
    double_factorial = np.prod(np.arange(2 * order - 1, 0, -2, dtype=float))
    return BoysTable(
        order=order, cells=cells, asymptotic=float(double_factorial / 2 ** (order + 1) * np.sqrt(np.pi))
    )
