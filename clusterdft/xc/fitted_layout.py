"""From fitting shells to the tables of the kernels: Hermite Gaussians written as monomials times Gaussians.

Lambda_tuv(r) = (a/pi)^(3/2) a^((t+u+v)/2) H_t(sqrt(a) x) H_u(sqrt(a) y) H_v(sqrt(a) z) exp(-a r^2)
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.polynomial.hermite import herm2poly

from clusterdft.arrays import Floats, Ints
from clusterdft.basis.shells import FitShells, hermite_index, hermite_powers, n_hermite
from clusterdft.xc.fitted_kernels import RECOMPUTE, REUSE, SQUARE


@lru_cache(maxsize=64)
def raised_shells(fit: FitShells) -> tuple[FitShells, Ints]:
    """The same shells with one more degree, and where Lambda, and its three derivatives, stand in them.

        grad_x Lambda_tuv(r) = -Lambda_(t+1)uv(r)

    Returns
    -------
    raised : FitShells
    places : (4, naux) int
        Rows: the function itself; raised in x; in y; in z.
    """
    raised = FitShells(atom=fit.atom, lmax=fit.lmax + 1, exponent=fit.exponent)
    powers = np.concatenate([hermite_powers(degree) for degree in fit.lmax])
    start = np.repeat(raised.offset[:-1], np.diff(fit.offset))
    steps = np.vstack([np.zeros((1, 3), np.int64), np.eye(3, dtype=np.int64)])
    return raised, np.stack([start + hermite_index(powers + step) for step in steps])


@lru_cache(maxsize=16)
def _hermite_polynomials(lmax: int) -> Floats:
    """(n_hermite, n_monomial) coefficients of H_t(x) H_u(y) H_v(z)."""
    line = np.zeros((lmax + 1, lmax + 1))
    for degree in range(lmax + 1):
        line[degree, : degree + 1] = herm2poly(np.eye(lmax + 1)[degree])[: degree + 1]
    powers = hermite_powers(lmax)
    product: Floats = np.prod(
        [line[powers[:, None, axis], powers[None, :, axis]] for axis in range(3)], axis=0
    )
    return product


@lru_cache(maxsize=16)
def _monomial_recipe(lmax: int) -> Ints:
    """(n_monomial, 2) place of the parent monomial, and the axis that multiplies it."""
    rows = [(0, 0)]
    for power in hermite_powers(lmax)[1:]:
        axis = int(np.argmax(power > 0))
        rows.append((int(hermite_index(power - np.eye(3, dtype=np.int64)[axis])), axis))
    return np.array(rows, np.int64)


@dataclass(frozen=True, kw_only=True, eq=False)
class Layout:
    """Shells sorted by centre and exponent, and the way from Hermite functions to monomials.

    Attributes
    ----------
    atom : (ncentre,) int
    first : (ncentre + 1,) int
        First shell of each centre.
    exponent : (nshell,) bohr^-2
    step : (nshell,) int
        RECOMPUTE, SQUARE or REUSE.
    span : (ncentre, n_monomial, 2) int
        First, last + 1 of the centre's shells with the monomial.
    index : (nshell, n_monomial) int
        Index among the coefficients; naux where there is none.
    scale : (nshell, n_monomial)
        exponent^(degree/2).
    norm : (nshell, 1)
        (exponent / pi)^(3/2).
    polynomials : (n_hermite, n_monomial)
    recipe : (n_monomial, 2) int
        Parent monomial, and the axis that multiplies it.
    """

    atom: Ints
    first: Ints
    exponent: Floats
    step: Ints
    span: Ints
    index: Ints
    scale: Floats
    norm: Floats
    polynomials: Floats
    recipe: Ints


@lru_cache(maxsize=64)
def layout(fit: FitShells) -> Layout:
    """The tables of the kernels for some fitting shells.

    Parameters
    ----------
    fit : FitShells

    Returns
    -------
    Layout
    """
    order = np.lexsort((fit.exponent, fit.atom))
    atom, exponent = fit.atom[order], fit.exponent[order]
    same = np.concatenate([[False], atom[1:] == atom[:-1]])
    ratio = np.concatenate([[1.0], exponent[1:] / exponent[:-1]])
    step = np.full(atom.size, RECOMPUTE)
    step[same & (np.abs(ratio - 2.0) < 1e-12)] = SQUARE
    step[same & (ratio == 1.0)] = REUSE
    lmax = max(int(fit.lmax.max()), 1)
    column = np.arange(n_hermite(lmax))
    size = np.diff(fit.offset)[order]
    index = fit.offset[:-1][order][:, None] + column
    return Layout(
        atom=atom[~same],
        first=np.append(np.flatnonzero(~same), atom.size),
        exponent=np.ascontiguousarray(exponent),
        step=step,
        span=_spans(np.split(size, np.flatnonzero(~same)[1:]), column.size),
        index=np.where(column < size[:, None], index, fit.naux),
        scale=exponent[:, None] ** (hermite_powers(lmax).sum(axis=1) / 2),
        norm=(exponent[:, None] / np.pi) ** 1.5,
        polynomials=_hermite_polynomials(lmax),
        recipe=_monomial_recipe(lmax),
    )


def _spans(sizes: list[Ints], n_monomial: int) -> Ints:
    """(ncentre, n_monomial, 2) from the number of functions of every shell of every centre."""
    has = [size[:, None] > np.arange(n_monomial) for size in sizes]
    first = [np.argmax(row, axis=0) for row in has]
    stop = [np.where(row.any(axis=0), len(row) - np.argmax(row[::-1], axis=0), 0) for row in has]
    return np.stack([first, stop], axis=-1)
