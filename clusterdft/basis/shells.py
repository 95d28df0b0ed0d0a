"""Where the basis functions of a cluster sit: flat tables of orbital shells and of fitting shells."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import ArrayLike

from clusterdft.arrays import Floats, Ints


def n_hermite(lmax: int) -> int:
    """Number of Hermite Gaussians of total degree 0..lmax: (lmax+1)(lmax+2)(lmax+3)/6."""
    return (lmax + 1) * (lmax + 2) * (lmax + 3) // 6


@lru_cache(maxsize=32)
def hermite_powers(lmax: int) -> Ints:
    """(n_hermite, 3) powers (t, u, v) in the order of `FitShells`."""
    rows = [
        (t, u, d - t - u) for d in range(lmax + 1) for t in range(d, -1, -1) for u in range(d - t, -1, -1)
    ]
    powers = np.array(rows, np.int64)
    powers.setflags(write=False)
    return powers


def hermite_index(powers: Ints) -> Ints:
    """Place of (t, u, v) in that order; `powers` (..., 3) int."""
    degree = powers.sum(axis=-1)
    rest = degree - powers[..., 0]
    index: Ints = degree * (degree + 1) * (degree + 2) // 6 + rest * (rest + 1) // 2 + powers[..., 2]
    return index


@dataclass(frozen=True, kw_only=True, eq=False)
class OrbitalShells:
    """Primitive (uncontracted) orbital shells: normalised real solid harmonics times exp(-exponent r^2).

    Functions of a shell stand together, in libcint's order: s; x, y, z; d with m = -2..2; and shells
    are sorted by atom, so that an atom's functions are one slice.

    Attributes
    ----------
    atom, l : (nshell,) int
    exponent : (nshell,) bohr^-2
    """

    atom: Ints
    l: Ints  # noqa: E741 - the angular momentum is called l
    exponent: Floats

    @cached_property
    def offset(self) -> Ints:
        """(nshell + 1,) first function of each shell; the last entry is nao."""
        return _offsets(2 * self.l + 1)

    @property
    def nao(self) -> int:
        """Number of orbital functions."""
        return int(self.offset[-1])


@dataclass(frozen=True, kw_only=True, eq=False)
class FitShells:
    """Fitting shells: all Hermite Gaussians of degree 0..lmax on one centre with one exponent.

        Lambda_tuv(r) = (d/dR_x)^t (d/dR_y)^u (d/dR_z)^v (a/pi)^(3/2) exp(-a |r - R|^2),   t + u + v <= lmax

    The s function carries unit charge, all others none. Order inside a shell: by degree t+u+v, then
    t descending, then u descending: (000), (100), (010), (001), (200), (110), (101), (020), (011), (002), ...

    Attributes
    ----------
    atom, lmax : (nfit,) int
    exponent : (nfit,) bohr^-2
    """

    atom: Ints
    lmax: Ints
    exponent: Floats

    @cached_property
    def offset(self) -> Ints:
        """(nfit + 1,) first function of each shell; the last entry is naux."""
        return _offsets([n_hermite(degree) for degree in self.lmax])

    @property
    def naux(self) -> int:
        """Number of fitting functions."""
        return int(self.offset[-1])


def _offsets(sizes: ArrayLike) -> Ints:
    """First function of each shell, and their number."""
    offset = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    offset.setflags(write=False)
    return offset


def orbital_shells(symbols: Sequence[str], sets: Mapping[str, Iterable[tuple[int, float]]]) -> OrbitalShells:
    """Orbital shells of a cluster.

    Parameters
    ----------
    symbols : (natom,) chemical symbols
    sets : {symbol: (l, exponent bohr^-2) of each shell}

    Returns
    -------
    OrbitalShells
    """
    rows = [(atom, l, a) for atom, symbol in enumerate(symbols) for l, a in sets[symbol]]  # noqa: E741
    atom, momentum, exponent = zip(*rows, strict=True)
    return OrbitalShells(
        atom=np.array(atom, np.int64), l=np.array(momentum, np.int64), exponent=np.array(exponent, float)
    )


def fit_shells(symbols: Sequence[str], sets: Mapping[str, Iterable[tuple[int, float]]]) -> FitShells:
    """Fitting shells of a cluster.

    Parameters
    ----------
    symbols : (natom,) chemical symbols
    sets : {symbol: (highest degree, exponent bohr^-2) of each shell}

    Returns
    -------
    FitShells
    """
    rows = [(atom, degree, a) for atom, symbol in enumerate(symbols) for degree, a in sets[symbol]]
    atom, degree, exponent = zip(*rows, strict=True)
    return FitShells(
        atom=np.array(atom, np.int64), lmax=np.array(degree, np.int64), exponent=np.array(exponent, float)
    )
