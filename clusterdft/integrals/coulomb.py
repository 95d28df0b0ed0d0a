"""Two-electron integrals between orbital products and fitting functions, never stored (a "J engine")."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from clusterdft.basis.shells import n_hermite
from clusterdft.errors import InputError
from clusterdft.integrals.hermite import sum_index
from clusterdft.integrals.interaction import hermite_force, hermite_matrix, hermite_potential
from clusterdft.integrals.pairs import pair_density, pair_gradient, pair_matrix


def fit_moments(pairs, dm, fit, positions, *, operator="coulomb"):
    """Moments of the orbital density with the fitting functions.

        b_k = sum_ab dm_ab (ab|k)

    Parameters
    ----------
    pairs : PairTable
    dm : (nset, nao, nao)
    fit : FitShells
    positions : (natom, 3) bohr     centres of the fitting functions
    operator : "coulomb" (1/r) or "overlap" (a delta function)
    Returns
    -------
    (nset, naux)
    Source  White and Head-Gordon, J. Chem. Phys. 104, 2620 (1996)
    """
    density = pair_density(pairs, dm)
    moments = np.empty((len(dm), fit.naux))
    for group in _fit_groups(fit):
        values = np.zeros((len(dm), *group.functions.shape))
        for c, part in zip(pairs.classes, density, strict=True):
            hermite_potential(group.distribution(positions), c.distribution(), part, operator, values)
        moments[:, group.functions] = values
    return moments


def fit_potential(pairs, coefficients, fit, positions, *, operator="coulomb"):
    """Matrix of the potential of a fitted density.

        V_ab = sum_k (ab|k) c_k

    Parameters
    ----------
    pairs : PairTable
    coefficients : (nset, naux)
    fit : FitShells
    positions : (natom, 3) bohr     centres of the fitting functions
    operator : "coulomb" (1/r) or "overlap" (a delta function)
    Returns
    -------
    (nset, nao, nao)
    """
    return pair_matrix(pairs, _potential(pairs, np.asarray(coefficients), fit, positions, operator))


def fit_metric(fit, positions, *, operator="coulomb"):
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
    groups = _fit_groups(fit)
    metric = np.empty((fit.naux, fit.naux))
    for row in groups:
        for column in groups:
            block = hermite_matrix(column.distribution(positions), row.distribution(positions), operator)
            block = block.reshape(row.functions.size, column.functions.size)
            if len(groups) == 1:
                return block
            metric[np.ix_(row.functions.ravel(), column.functions.ravel())] = block
    return metric


def fit_gradient(pairs, dm, coefficients, fit, positions, *, operator="coulomb"):
    """Gradient of the interaction of an orbital density with a fitted density.

        E = sum_s sum_abk dm_sab (ab|k) c_sk

    Parameters
    ----------
    pairs : PairTable
    dm : (nset, nao, nao)
    coefficients : (nset, naux)
    fit : FitShells
    positions : (natom, 3) bohr     centres of the fitting functions
    operator : "coulomb" (1/r) or "overlap" (a delta function)
    Returns
    -------
    orbital_centres, fit_centres : (natom, 3) hartree/bohr     dE/dR when only these centres move
    """
    dm, coefficients = np.asarray(dm), np.asarray(coefficients)
    if len(dm) != len(coefficients):
        raise InputError(
            f"{len(dm)} density matrices but {len(coefficients)} fitted densities; give as many of both"
        )
    density = pair_density(pairs, dm)
    fit_centres = np.zeros((len(positions), 3))
    potential = _potential(pairs, coefficients, fit, positions, operator, density, fit_centres)
    return pair_gradient(pairs, dm, density, potential), fit_centres


def metric_gradient(fit, positions, left, right, *, operator="coulomb"):
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
    gradient = np.zeros((len(positions), 3))
    for target in _fit_groups(fit):
        for source in _fit_groups(fit):
            values = np.zeros((1, target.atom.size, n_hermite(target.lmax + 1)))
            own, density = left[None, target.functions], right[None, source.functions]
            force = hermite_force(
                target.distribution(positions, raised=1),
                source.distribution(positions),
                density,
                own,
                operator,
                values,
            )
            np.add.at(gradient, source.atom, force)
            for axis, higher in enumerate(sum_index(1, target.lmax)[1:]):
                np.add.at(gradient[:, axis], target.atom, np.einsum("sit,sit->i", own, values[:, :, higher]))
    return gradient


@dataclass(frozen=True, kw_only=True, eq=False)
class _FitGroup:
    """Fitting shells of one lmax: exponent, atom (nshell,) and functions (nshell, n_hermite) they hold."""

    lmax: int
    exponent: np.ndarray
    atom: np.ndarray
    functions: np.ndarray

    def distribution(self, positions, raised=0):
        """(exponents, centres, lmax), the form the Hermite kernel takes, `raised` degrees higher."""
        return self.exponent, np.ascontiguousarray(positions[self.atom], dtype=float), self.lmax + raised


@lru_cache(maxsize=8)
def _fit_groups(fit):
    """The fitting shells by lmax, the fixed length of the inner loops."""
    groups = []
    for lmax in np.unique(fit.lmax):
        shells = np.flatnonzero(fit.lmax == lmax)
        groups.append(
            _FitGroup(
                lmax=int(lmax),
                exponent=fit.exponent[shells].astype(float),
                atom=fit.atom[shells],
                functions=fit.offset[shells][:, None] + np.arange(n_hermite(int(lmax))),
            )
        )
    return tuple(groups)


def _potential(pairs, coefficients, fit, positions, operator, density=None, force=None):
    """For each class of pairs (nset, npair, n_hermite) potential of a fitted density.

    Given the Hermite density of the pairs: one degree higher, and the gradient by the fit centres is added
    to `force`.
    """
    raised = 0 if density is None else 1
    potential = []
    for k, c in enumerate(pairs.classes):
        target = c.distribution(raised)
        values = np.zeros((len(coefficients), c.exponent.size, n_hermite(target[2])))
        for group in _fit_groups(fit):
            source, part = group.distribution(positions), coefficients[:, group.functions]
            if density is None:
                hermite_potential(target, source, part, operator, values)
            else:
                np.add.at(
                    force, group.atom, hermite_force(target, source, part, density[k], operator, values)
                )
        potential.append(values)
    return potential
