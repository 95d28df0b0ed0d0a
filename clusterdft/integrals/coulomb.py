"""Two-electron integrals between orbital products and fitting functions, never stored (a "J engine")."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from clusterdft.arrays import Floats, Ints
from clusterdft.basis.shells import FitShells
from clusterdft.errors import InputError
from clusterdft.integrals.interaction import (
    Distribution,
    hermite_force,
    hermite_matrix,
    hermite_potential,
    target_gradient,
)
from clusterdft.integrals.pairs import PairTable, pair_density, pair_gradient, pair_matrix


def fit_moments(
    pairs: PairTable, dm: Floats, fit: FitShells, positions: Floats, *, operator: str = "coulomb"
) -> Floats:
    """Moments of the orbital density with the fitting functions.

        b_k = sum_ab dm_ab (ab|k)

    Parameters
    ----------
    pairs : PairTable
    dm : (nset, nao, nao)
    fit : FitShells
    positions : (natom, 3) bohr
        Centres of the fitting functions.
    operator : "coulomb" (1/r) or "overlap" (a delta function)

    Returns
    -------
    (nset, naux)

    References
    ----------
    White and Head-Gordon, J. Chem. Phys. 104, 2620 (1996)
    """
    order = _fit_order(fit)
    moments = np.empty((len(dm), fit.naux))
    moments[:, order.functions] = hermite_potential(
        order.distribution(positions), pairs.distribution, pair_density(pairs, dm), operator
    )
    return moments


def fit_potential(
    pairs: PairTable,
    coefficients: ArrayLike,
    fit: FitShells,
    positions: Floats,
    *,
    operator: str = "coulomb",
) -> Floats:
    """Matrix of the potential of a fitted density.

        V_ab = sum_k (ab|k) c_k

    Parameters
    ----------
    pairs : PairTable
    coefficients : (nset, naux)
    fit : FitShells
    positions : (natom, 3) bohr
        Centres of the fitting functions.
    operator : "coulomb" (1/r) or "overlap" (a delta function)

    Returns
    -------
    (nset, nao, nao)
    """
    order = _fit_order(fit)
    source, density = order.distribution(positions), np.asarray(coefficients)[:, order.functions]
    return pair_matrix(pairs, hermite_potential(pairs.distribution, source, density, operator))


def fit_metric(fit: FitShells, positions: Floats, *, operator: str = "coulomb") -> Floats:
    """Interaction of the fitting functions with each other.

        (k|l)

    Parameters
    ----------
    fit : FitShells
    positions : (natom, 3) bohr
    operator : "coulomb" (1/r) or "overlap" (a delta function)

    Returns
    -------
    (naux, naux)
    """
    order = _fit_order(fit)
    shells = order.distribution(positions)
    return hermite_matrix(shells, shells, operator, rows=order.functions, columns=order.functions)


def fit_gradient(
    pairs: PairTable,
    dm: ArrayLike,
    coefficients: ArrayLike,
    fit: FitShells,
    positions: Floats,
    *,
    operator: str = "coulomb",
) -> tuple[Floats, Floats]:
    """Gradient of the interaction of an orbital density with a fitted density.

        E = sum_s sum_abk dm_sab (ab|k) c_sk

    Parameters
    ----------
    pairs : PairTable
    dm : (nset, nao, nao)
    coefficients : (nset, naux)
    fit : FitShells
    positions : (natom, 3) bohr
        Centres of the fitting functions.
    operator : "coulomb" (1/r) or "overlap" (a delta function)

    Returns
    -------
    orbital_centres, fit_centres : (natom, 3) hartree/bohr
        dE/dR when only these centres move.

    Raises
    ------
    InputError
        Different numbers of density matrices and fitted densities.
    """
    matrices, x = np.asarray(dm), np.asarray(coefficients)
    if len(matrices) != len(x):
        raise InputError(
            f"{len(matrices)} density matrices but {len(x)} fitted densities; give as many of both"
        )
    order, density = _fit_order(fit), pair_density(pairs, matrices)
    potential, force = hermite_force(
        pairs.distribution, order.distribution(positions), x[:, order.functions], density, operator
    )
    return pair_gradient(pairs, matrices, density, potential), _by_atom(order.atom, force, len(positions))


def metric_gradient(
    fit: FitShells, positions: Floats, left: Floats, right: Floats, *, operator: str = "coulomb"
) -> Floats:
    """Gradient of the interaction of two fitted densities when all centres move.

        E = sum_kl left_k (k|l) right_l

    Parameters
    ----------
    fit : FitShells
    positions : (natom, 3) bohr
    left, right : (naux,)
    operator : "coulomb" (1/r) or "overlap" (a delta function)

    Returns
    -------
    (natom, 3) hartree/bohr
    """
    order = _fit_order(fit)
    shells = order.distribution(positions)
    own = left[None, order.functions]
    potential, force = hermite_force(shells, shells, right[None, order.functions], own, operator)
    parts = zip(shells.split(own), shells.raised().split(potential), shells.lmax, strict=True)
    force += np.concatenate([target_gradient(*part) for part in parts])
    return _by_atom(order.atom, force, len(positions))


@dataclass(frozen=True, kw_only=True, eq=False)
class _FitOrder:
    """Fitting shells sorted by lmax, the fixed length of the inner loops.

    Attributes
    ----------
    lmax, count : (ngroup,) int
    exponent : (nshell,) bohr^-2
    atom : (nshell,) int
    functions : (naux,) int
        Places of the sorted functions.
    """

    lmax: tuple[int, ...]
    count: tuple[int, ...]
    exponent: Floats
    atom: Ints
    functions: Ints

    def distribution(self, positions: Floats) -> Distribution:
        """The form that the Hermite kernel takes."""
        centre = np.ascontiguousarray(positions[self.atom], dtype=float)
        return Distribution(lmax=self.lmax, count=self.count, exponent=self.exponent, centre=centre)


@lru_cache(maxsize=32)
def _fit_order(fit: FitShells) -> _FitOrder:
    """The sorted fitting shells."""
    lmax, count = np.unique(fit.lmax, return_counts=True)
    order, first = np.argsort(fit.lmax, kind="stable"), fit.offset
    return _FitOrder(
        lmax=tuple(lmax.tolist()),
        count=tuple(count.tolist()),
        exponent=fit.exponent[order].astype(float),
        atom=fit.atom[order],
        functions=np.concatenate([np.arange(first[shell], first[shell + 1]) for shell in order]),
    )


def _by_atom(atom: Ints, values: Floats, natom: int) -> Floats:
    """(natom, 3) sums of the values (n, 3) of each atom."""
    return np.stack([np.bincount(atom, column, minlength=natom) for column in values.T], axis=1)
