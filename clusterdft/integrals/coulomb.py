"""Two-electron integrals between orbital products and fitting functions, never stored (a "J engine")."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from clusterdft.basis.shells import n_hermite
from clusterdft.errors import InputError
from clusterdft.integrals.hermite import hermite_matrix, hermite_potential, sum_index
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
    moments = np.empty((len(dm), fit.naux))
    groups = _moments(pairs, pair_density(pairs, dm), fit, positions, operator, raised=0)
    for group, values in zip(_fit_groups(fit), groups, strict=True):
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
    values = _potential(pairs, coefficients, fit, positions, operator, raised=0)
    nset = len(coefficients)
    return pair_matrix(pairs, np.concatenate([v.reshape(nset, -1) for v in values], axis=1))


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
            block = hermite_matrix(row.at(positions), column.at(positions), operator)
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
        raise InputError(f"{len(dm)} density matrices but {len(coefficients)} fitted densities; give as many of both")
    density = pair_density(pairs, dm)
    potential = _potential(pairs, coefficients, fit, positions, operator, raised=1)
    orbital_centres = pair_gradient(pairs, dm, density, potential)
    fit_centres = np.zeros((len(positions), 3))
    groups = _moments(pairs, density, fit, positions, operator, raised=1)
    for group, moments in zip(_fit_groups(fit), groups, strict=True):
        _add_centre_gradient(fit_centres, group, coefficients, moments)
    return orbital_centres, fit_centres


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
    facing = np.stack([right, left])
    own = facing[::-1]
    groups = _fit_groups(fit)
    for target in groups:
        potential = np.zeros((2, target.atom.size, n_hermite(target.lmax + 1)))
        for source in groups:
            density = facing[:, source.functions]
            hermite_potential(target.at(positions, raised=1), source.at(positions), density, operator, potential)
        _add_centre_gradient(gradient, target, own, potential)
    return gradient


@dataclass(frozen=True, kw_only=True, eq=False)
class _FitGroup:
    """Fitting shells of one lmax: exponent, atom (nshell,) and functions (nshell, n_hermite) they hold."""

    lmax: int
    exponent: np.ndarray
    atom: np.ndarray
    functions: np.ndarray

    def at(self, positions, raised=0):
        """(exponents, centres, lmax), the form the Hermite kernels take, `raised` degrees higher."""
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
                exponent=np.ascontiguousarray(fit.exponent[shells], dtype=float),
                atom=fit.atom[shells],
                functions=fit.offset[shells][:, None] + np.arange(n_hermite(int(lmax))),
            )
        )
    return tuple(groups)


def _pair_groups(pairs, density=None):
    """(exponents, centres, lmax) of each group of pairs, with its part of a flat Hermite density."""
    place = 0
    for lmax, start, stop in pairs.groups:
        length = (stop - start) * n_hermite(lmax)
        part = None if density is None else density[:, place : place + length].reshape(len(density), stop - start, -1)
        yield (pairs.exponent[start:stop], pairs.centre[start:stop], lmax), part
        place += length


def _moments(pairs, density, fit, positions, operator, raised):
    """For each group of fitting shells (nset, nshell, n_hermite(lmax + raised)) moments of a pair density."""
    moments = []
    for group in _fit_groups(fit):
        values = np.zeros((len(density), group.atom.size, n_hermite(group.lmax + raised)))
        for source, part in _pair_groups(pairs, density):
            hermite_potential(group.at(positions, raised), source, part, operator, values)
        moments.append(values)
    return moments


def _potential(pairs, coefficients, fit, positions, operator, raised):
    """For each group of pairs (nset, npair, n_hermite(lmax + raised)) potential of a fitted density."""
    coefficients = np.asarray(coefficients)
    potential = []
    for (exponent, centre, lmax), _ in _pair_groups(pairs):
        values = np.zeros((len(coefficients), exponent.size, n_hermite(lmax + raised)))
        for group in _fit_groups(fit):
            part = coefficients[:, group.functions]
            hermite_potential((exponent, centre, lmax + raised), group.at(positions), part, operator, values)
        potential.append(values)
    return potential


def _add_centre_gradient(gradient, group, coefficients, raised):
    """Add sum_k c_k d/dK (k|rho): the derivative of a Hermite Gaussian by its centre is the next higher one."""
    own = coefficients[:, group.functions]
    for axis, higher in enumerate(sum_index(1, group.lmax)[1:]):
        force = np.einsum("sit,sit->i", own, raised[:, :, higher])
        np.add.at(gradient[:, axis], group.atom, force)
