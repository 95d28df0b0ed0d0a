"""Hermite Gaussians: sums of their powers, and the recursion for their interaction."""

from collections.abc import Collection
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from clusterdft.arrays import Floats, Ints, frozen_array
from clusterdft.basis.shells import hermite_index, hermite_powers, n_hermite
from clusterdft.integrals.lanes import LANES

# Rows of the work array of the kernel, each of LANES values: the distances (3), the targets' positions (3)
# and exponents, argument and three results of the table, then the tensor R_tuv with its intermediates.
FIXED_ROWS = 11
R, XYZ, EXPONENT, ARGUMENT, TOP, DECAY, OFFSET, TENSOR = (
    row * LANES for row in (0, 3, 6, 7, 8, 9, 10, FIXED_ROWS)
)

_Row: TypeAlias = tuple[int, int, int, int, int]


@lru_cache(maxsize=64)
def sum_index(lmax_target: int, lmax_source: int) -> Ints:
    """Place of the sum of the powers of two Hermite Gaussians.

    Parameters
    ----------
    lmax_target, lmax_source : int

    Returns
    -------
    (nh_target, nh_source) int
    """
    powers = hermite_powers(lmax_target)[:, None, :] + hermite_powers(lmax_source)[None, :, :]
    return _frozen(hermite_index(powers))


@lru_cache(maxsize=64)
def tensor_places(lmax_target: int, lmax_source: int) -> Ints:
    """`sum_index` as places in the work array.

    Returns
    -------
    (nh_target, nh_source) int
    """
    return _frozen(TENSOR + LANES * sum_index(lmax_target, lmax_source))


@lru_cache(maxsize=32)
def recursion_steps(lmax: int) -> tuple[Ints, int]:
    """The recursion R_{t+1}^(n) = x R_t^(n+1) + t R_{t-1}^(n+1) as a list of row operations.

    Rows of the work array: R_tuv^(0) first, then R_000^(n) for n = 1..lmax, then intermediates. Only those
    intermediates are made that a later step reads.

    Returns
    -------
    steps : (nstep, 5) int
        Positions of result, axis, parent and grandparent (rows times LANES), factor t.
    nrow : int
        Rows of the tensor with its intermediates.
    """
    ncomponent = n_hermite(lmax)
    wanted = set(range(1, ncomponent))
    levels: list[list[_Row]] = []
    for n in range(lmax):
        chosen = _choose_parents(wanted, hermite_powers(lmax - n))
        levels.append(chosen)
        wanted = {row[k] for row in chosen for k in (2, 3)} - {0}
    rows: list[_Row] = []
    nrow = ncomponent + lmax
    row_of = {(n, 0): ncomponent + n - 1 if n else 0 for n in range(lmax + 1)}
    row_of.update({(0, c): c for c in range(ncomponent)})
    for n, chosen in reversed(list(enumerate(levels))):
        for c, axis, parent, grand, factor in chosen:
            if (n, c) not in row_of:
                row_of[n, c] = nrow
                nrow += 1
            rows.append((row_of[n, c], axis, row_of[n + 1, parent], row_of[n + 1, grand], factor))
    steps = np.array(rows, np.int64).reshape(-1, 5) * [LANES, LANES, LANES, LANES, 1]
    return _frozen(steps + [TENSOR, R, TENSOR, TENSOR, 0]), nrow


def _choose_parents(wanted: Collection[int], powers: Ints) -> list[_Row]:
    """Rows (component, axis, parent, grandparent or 0, factor): few different parents for many components."""
    options: dict[int, dict[int, _Row]] = {}
    for c in wanted:
        for axis in np.flatnonzero(powers[c]):
            step = np.eye(3, dtype=np.int64)[axis]
            grand = int(hermite_index(powers[c] - 2 * step)) if powers[c][axis] > 1 else 0
            parent = int(hermite_index(powers[c] - step))
            options.setdefault(parent, {})[c] = (c, int(axis), parent, grand, int(powers[c][axis]) - 1)
    rows: list[_Row] = []
    left = set(wanted)
    while left:
        gain = {
            p: (len(left & children.keys()), -sum(children[c][4] for c in left & children.keys()), -p)
            for p, children in options.items()
        }
        best = max(gain, key=lambda parent: gain[parent])
        rows += [options[best][c] for c in sorted(left & options[best].keys())]
        left -= options[best].keys()
    return rows


@lru_cache(maxsize=32)
def hermite_sign(lmax: int) -> Floats:
    """Signs (-1)^(t+u+v): a source enters with derivatives of the opposite sign.

    Parameters
    ----------
    lmax : int

    Returns
    -------
    (n_hermite,)
    """
    return frozen_array((-1.0) ** hermite_powers(lmax).sum(axis=1))


def _frozen(rows: ArrayLike) -> Ints:
    table = np.ascontiguousarray(rows, dtype=np.int64)
    table.setflags(write=False)
    return table
