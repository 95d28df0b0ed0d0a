"""Interaction of Hermite Gaussian distributions, which everything two-electron runs through."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from clusterdft.arrays import Floats, Ints
from clusterdft.basis.shells import n_hermite
from clusterdft.errors import InputError
from clusterdft.integrals.boys import boys_table
from clusterdft.integrals.hermite import (
    FIXED_ROWS,
    hermite_sign,
    recursion_steps,
    sum_index,
    tensor_places,
)
from clusterdft.integrals.interaction_kernel import interaction_kernel
from clusterdft.integrals.lanes import LANES

OPERATORS = ("coulomb", "overlap")

_Tables: TypeAlias = tuple[Ints, Floats, Ints, Ints, Ints, Floats]


@dataclass(frozen=True, kw_only=True, eq=False)
class Distribution:
    """Hermite Gaussians of unit charge, group by group of one degree.

    Attributes
    ----------
    lmax, count : (ngroup,) int
        Degree and number of the Gaussians of each group.
    exponent : (n,) bohr^-2
    centre : (n, 3) bohr
    """

    lmax: tuple[int, ...]
    count: tuple[int, ...]
    exponent: Floats
    centre: Floats

    def __post_init__(self) -> None:
        if not np.isfinite(self.centre.sum()):  # else the kernel would read outside its table
            raise InputError("positions hold a value that is not a finite number")

    @property
    def nfunction(self) -> int:
        """Number of functions; those of one Gaussian stand together."""
        return sum(n * n_hermite(degree) for degree, n in zip(self.lmax, self.count, strict=True))

    def raised(self) -> "Distribution":
        """The same Gaussians one degree higher.

        Returns
        -------
        Distribution
        """
        return replace(self, lmax=tuple(degree + 1 for degree in self.lmax))

    def split(self, values: Floats) -> list[Floats]:
        """The values of each group.

        Parameters
        ----------
        values : (nset, nfunction)

        Returns
        -------
        list of (nset, count, n_hermite)
            Views.
        """
        views: list[Floats] = []
        start = 0
        for degree, n in zip(self.lmax, self.count, strict=True):
            stop = start + n * n_hermite(degree)
            views.append(values[:, start:stop].reshape(len(values), n, -1))
            start = stop
        return views


def hermite_potential(target: Distribution, source: Distribution, density: Floats, operator: str) -> Floats:
    """Interaction of target Hermite Gaussians with a source density.

        V_st = sum_k (Lambda_t(q, Q) | Lambda_k(p, P)) density_sk

    with the kernel 1/r ("coulomb") or a delta function ("overlap").

    Parameters
    ----------
    target, source : Distribution
    density : (nset, nfunction of source)
    operator : "coulomb" or "overlap"

    Returns
    -------
    (nset, nfunction of target)

    Raises
    ------
    InputError
        Another operator.

    References
    ----------
    McMurchie and Davidson, J. Comput. Phys. 26, 218 (1978); Ahmadi and Almlof, Chem. Phys. Lett. 246,
    364 (1995)
    """
    out = np.zeros((len(density), target.nfunction))
    _run(target, source, density, operator, out, _NO_OWN, _NO_FORCE)
    return out


def hermite_force(
    target: Distribution, source: Distribution, density: Floats, own: Floats, operator: str
) -> tuple[Floats, Floats]:
    """`hermite_potential` one degree higher, and the gradient of the interaction when the sources move.

        force_jx = d/dP_jx sum_st own_st V_st

    Parameters
    ----------
    target, source : Distribution
    density : (nset, nfunction of source)
    own : (nset, nfunction of target)
    operator : "coulomb" or "overlap"

    Returns
    -------
    potential : (nset, nfunction of target.raised())
    force : (nsource, 3)
    """
    raised, force = target.raised(), np.zeros((source.exponent.size, 3))
    out = np.zeros((len(density), raised.nfunction))
    _run(raised, source, density, operator, out, np.ascontiguousarray(own), force)
    return out, force


def hermite_matrix(
    target: Distribution,
    source: Distribution,
    operator: str,
    *,
    rows: Ints | None = None,
    columns: Ints | None = None,
) -> Floats:
    """Interaction of single Hermite Gaussians.

        (Lambda_t(q, Q) | Lambda_k(p, P))

    Parameters
    ----------
    target, source : Distribution
    operator : "coulomb" or "overlap"
    rows, columns : (nfunction of source,), (nfunction of target,) int
        Places of the functions in the matrix; None for their own order.

    Returns
    -------
    (nfunction of source, nfunction of target)
    """
    rows = np.arange(source.nfunction) if rows is None else rows
    columns = np.arange(target.nfunction) if columns is None else columns
    out = np.empty((rows.size, columns.size))
    density = np.ones((1, rows.size))
    _run(target, source, density, operator, out, _NO_OWN, _NO_FORCE, (rows, columns))
    return out


def target_gradient(own: Floats, raised: Floats, lmax: int) -> Floats:
    """Gradient of the interaction as targets move, from their potential one degree higher.

        sum_st own_st dV_st/dQ

    Parameters
    ----------
    own : (nset, n, n_hermite(lmax))
        Density of the targets.
    raised : (nset, n, n_hermite(lmax + 1))
        Potential at the targets.
    lmax : int

    Returns
    -------
    (n, 3)
    """
    gradient: Floats = np.einsum("sit,sixt->ix", own, raised[:, :, sum_index(1, lmax)[1:]])
    return gradient


_NO_OWN = np.zeros((0, 0))
_NO_FORCE = np.zeros((0, 3))
_NO_PLACES = (np.zeros(0, np.int64), np.zeros(0, np.int64))


def _run(
    target: Distribution,
    source: Distribution,
    density: Floats,
    operator: str,
    out: Floats,
    own: Floats,
    force: Floats,
    places: tuple[Ints, Ints] | None = None,
) -> None:
    """Call the kernel; it adds up all sources in `out`, or with `places` keeps them apart."""
    if operator not in OPERATORS:
        raise InputError(f"unknown operator {operator!r}; allowed: {', '.join(OPERATORS)}")
    tables, nrow = _tables(target.lmax, source.lmax)
    nt = n_hermite(max(target.lmax))
    nsum = nt * (2 * len(density) + 1)
    interaction_kernel(
        (target.exponent, target.centre, np.array(target.count)),
        (source.exponent, source.centre, np.array(source.count)),
        np.ascontiguousarray(density * _signs(source.lmax, source.count)),
        own,
        tables,
        places or _NO_PLACES,
        (operator == "coulomb", places is not None, FIXED_ROWS + nrow, nsum),
        _aligned(FIXED_ROWS + nrow + nsum + 3 * len(force)),
        out,
        force,
    )


@lru_cache(maxsize=64)
def _signs(lmax: tuple[int, ...], count: tuple[int, ...]) -> Floats:
    """Signs (-1)^degree of a source, (nfunction,)."""
    return np.concatenate([np.tile(hermite_sign(degree), n) for degree, n in zip(lmax, count, strict=True)])


@lru_cache(maxsize=64)
def _tables(target_lmax: tuple[int, ...], source_lmax: tuple[int, ...]) -> tuple[_Tables, int]:
    """What the kernel needs for each pair of a target and a source group, one after the other.

    Returns
    -------
    tables : tuple of arrays
        blocks, asymptotic, places, raised, steps, cells; a row of `blocks` holds order, sizes of target,
        source and lower target, first place, raised, step, last step, first cell, number of cells.
    nrow : int
        Largest number of rows of a tensor.
    """
    blocks: list[tuple[int, ...]] = []
    asymptotic: list[float] = []
    places: list[Ints] = []
    raised: list[Ints] = []
    steps: list[Ints] = []
    cells: list[Floats] = []
    nrow = 0
    lengths = np.zeros(4, np.int64)
    for q_lmax in target_lmax:
        lower = sum_index(1, max(q_lmax - 1, 0))[1:]
        for p_lmax in source_lmax:
            order = q_lmax + p_lmax
            step, rows = recursion_steps(order)
            table = boys_table(order)
            sizes = n_hermite(q_lmax), n_hermite(p_lmax), n_hermite(q_lmax - 1) if q_lmax else 0
            index_start, raised_start, step_start, cell_start = lengths.tolist()
            blocks.append(
                (
                    order,
                    *sizes,
                    index_start,
                    raised_start,
                    step_start,
                    step_start + len(step),
                    cell_start,
                    len(table.cells),
                )
            )
            places.append(tensor_places(q_lmax, p_lmax).ravel())
            raised.append(lower.ravel())
            steps.append(step)
            cells.append(table.cells)
            asymptotic.append(table.asymptotic)
            lengths += [places[-1].size, lower.size, len(step), len(table.cells)]
            nrow = max(nrow, rows)
    joined = np.concatenate(places), np.concatenate(raised), np.concatenate(steps), np.concatenate(cells)
    return (np.array(blocks), np.array(asymptotic), *joined), nrow


def _aligned(nrow: int) -> Floats:
    """Flat array of `nrow` zero vectors that starts at a cache line."""
    buffer = np.zeros(nrow * LANES + 8)
    skip = (-buffer.ctypes.data // 8) % 8
    return buffer[skip : skip + nrow * LANES]
