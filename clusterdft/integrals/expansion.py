"""Hermite expansion of products of two orbital shells, for all pairs of a class at once."""

from functools import lru_cache
from math import gamma, pi, sqrt

import numpy as np

from clusterdft.arrays import Floats, Ints
from clusterdft.basis.shells import hermite_index, n_hermite
from clusterdft.integrals.solid_harmonics import SOLID_HARMONICS

LMAX = 2  # highest angular momentum of an orbital shell


def axis_coefficients(la: int, lb: int, a: Floats, b: Floats, separation: Floats) -> tuple[Floats, Floats]:
    """Expansion of x_A^i x_B^j exp(-a x_A^2 - b x_B^2) in Hermite Gaussians, along the three axes.

        E_t^(i,j+1) = (P - B) E_t^(ij) + (t + 1) E_{t+1}^(ij) + E_{t-1}^(ij) / 2p,   E_0^00 = exp(-ab/p R^2)

    Parameters
    ----------
    la, lb : int
    a, b : (npair,) bohr^-2
    separation : (npair, 3) bohr
        R = A - B.

    Returns
    -------
    e : (3, la + 1, lb + 1, la + lb + 1, npair)
        E.
    d : (3, la + 1, lb + 1, la + lb + 1, npair)
        Its derivative by R.

    References
    ----------
    McMurchie and Davidson, J. Comput. Phys. 26, 218 (1978), eqs. (2.19)-(2.22)
    """
    r = separation.T
    p = a + b
    e = np.zeros((3, la + 1, lb + 1, la + lb + 1, a.size))
    d = np.zeros_like(e)
    e[:, 0, 0, 0] = np.exp(-a * b / p * r * r)
    d[:, 0, 0, 0] = -2 * a * b / p * r * e[:, 0, 0, 0]
    for i in range(la + 1):
        for j in range(lb + 1):
            if i + j == 0:
                continue
            lower = (i, j - 1) if j else (i - 1, 0)
            shift = a / p if j else -b / p  # P - B or P - A in units of R
            old_e, old_d = e[:, *lower], d[:, *lower]
            e[:, i, j] = (shift * r)[:, None] * old_e
            d[:, i, j] = (shift * r)[:, None] * old_d + shift * old_e
            for new, old in ((e, old_e), (d, old_d)):
                new[:, i, j, 1:] += old[:, :-1] * (0.5 / p)
                new[:, i, j, :-1] += old[:, 1:] * np.arange(1, la + lb + 1)[:, None]
    return e, d


def product_expansion(la: int, lb: int, a: Floats, b: Floats, x: Floats, y: Floats, z: Floats) -> Floats:
    """Expansion of the normalised products of two shells.

    Parameters
    ----------
    la, lb : int
    a, b : (npair,) bohr^-2
    x, y, z : (la + 1, lb + 1, la + lb + 1, npair)
        Coefficients along the axes, or a derivative of them.

    Returns
    -------
    (npair, functions of A x functions of B, n_hermite(la + lb))
    """
    columns, starts, factors, weights = _terms(la, lb)
    nx, ny, nz = (axis.reshape(-1, a.size)[f] for axis, f in zip((x, y, z), factors, strict=True))
    scale = _norm(la, a) * _norm(lb, b) * (pi / (a + b)) ** 1.5  # Lambda carries unit charge
    shape = ((2 * la + 1) * (2 * lb + 1), n_hermite(la + lb))
    expansion = np.zeros((a.size, shape[0] * shape[1]))
    expansion[:, columns] = (np.add.reduceat(nx * ny * nz * weights[:, None], starts, axis=0) * scale).T
    return expansion.reshape(a.size, *shape)


def _norm(l: int, exponent: Floats) -> Floats:  # noqa: E741
    """Radial norm of r^l exp(-exponent r^2)."""
    norm: Floats = sqrt(2 / gamma(l + 1.5)) * (2 * exponent) ** (0.5 * l + 0.75)
    return norm


@lru_cache(maxsize=16)
def _terms(la: int, lb: int) -> tuple[Ints, Ints, Ints, Floats]:
    """Non-zero terms of the expansion of a class, sorted by the place (column) they add to.

    Returns the columns, the first term of each, the places of the three factors in the flat tables of the
    axes (3, nterm), and the weights (nterm,).
    """
    strides = np.array([(lb + 1) * (la + lb + 1), la + lb + 1, 1])
    terms = []
    for row, (f, g) in enumerate((f, g) for f in SOLID_HARMONICS[la] for g in SOLID_HARMONICS[lb]):
        for i, u in f.items():
            for j, v in g.items():
                for t in np.ndindex(*(np.add(i, j) + 1)):
                    column = row * n_hermite(la + lb) + int(hermite_index(np.array(t)))
                    terms.append((column, *(np.stack([i, j, t], axis=1) @ strides), u * v))
    terms.sort()
    columns, starts = np.unique([term[0] for term in terms], return_index=True)
    return columns, starts, np.array([term[1:4] for term in terms]).T, np.array([term[4] for term in terms])
