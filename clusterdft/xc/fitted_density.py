"""Densities written in Hermite Gaussians on a grid, and the projection of a potential on them."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numba import njit
from numpy.polynomial.hermite import herm2poly

from clusterdft.basis.shells import FitShells, n_hermite
from clusterdft.xc.block_math import BLOCK, exponential

NEGLIGIBLE = 30.0  # exp(-30) = 1e-13 of a function's height is dropped
RECOMPUTE, SQUARE, REUSE = 0, 1, 2  # how the Gaussian of a shell follows from the one before
COMPILE = {"cache": True, "nogil": True, "fastmath": True}
INNER = COMPILE | {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}  # called by kernels only


def fitted_density(fit, positions, coefficients, points, gradient=False):
    """Spin densities on a grid, and on request their gradients.

        rho_s(r) = sum_k x_sk Lambda_k(r)

    Parameters
    ----------
    fit : FitShells
    positions : (natom, 3) bohr
    coefficients : (nspin, naux)
    points : (ngrid, 3) bohr       neighbours in the list should be neighbours in space (speed only)
    Returns
    -------
    (nspin, ngrid) bohr^-3, and with `gradient` also (nspin, 3, ngrid) bohr^-4
    Notes   Gaussians below 1e-13 of their height are left out for a block of 64 points at once.
    """
    coefficients = np.asarray(coefficients, dtype=np.float64)
    if not gradient:
        return _evaluate(fit, positions, coefficients, points)
    raised, up = raised_shells(fit)
    nspin = coefficients.shape[0]
    sets = np.zeros((nspin, 4, raised.naux))
    sets[:, 0, up[0]] = coefficients
    for axis in range(3):
        sets[:, 1 + axis, up[1 + axis]] = -coefficients
    out = _evaluate(raised, positions, sets.reshape(4 * nspin, -1), points).reshape(nspin, 4, -1)
    return np.ascontiguousarray(out[:, 0]), np.ascontiguousarray(out[:, 1:])


def project_potential(fit, positions, points, weighted_v, weighted_v_gradient=None):
    """Integrals of a potential with the fitting functions: the transpose of `fitted_density`.

        v_sk = sum_i [ v_si Lambda_k(r_i) + g_si . grad Lambda_k(r_i) ]

    Parameters
    ----------
    points : (ngrid, 3) bohr
    weighted_v : (nspin, ngrid)     quadrature weight times potential
    weighted_v_gradient : (nspin, 3, ngrid) or None     quadrature weight times d(energy density)/d(grad rho)
    Returns
    -------
    (nspin, naux) hartree
    """
    if weighted_v_gradient is None:
        return _project(fit, positions, points, weighted_v)
    raised, up = raised_shells(fit)
    nspin, ngrid = weighted_v.shape
    sets = np.concatenate([weighted_v[:, None, :], weighted_v_gradient], axis=1).reshape(4 * nspin, ngrid)
    out = _project(raised, positions, points, sets).reshape(nspin, 4, -1)
    return out[:, 0, up[0]] - sum(out[:, 1 + axis, up[1 + axis]] for axis in range(3))


def fitted_density_gradient(fit, positions, coefficients, grid, weighted_v, weighted_v_gradient=None):
    """Derivative of a weighted sum of the density with respect to the nuclei.

        d/dR_A sum_si [ v_si rho_s(r_i) + g_si . grad rho_s(r_i) ]

    at fixed coefficients, v and g. Each grid point moves with the atom that owns it.

    Parameters
    ----------
    coefficients : (nspin, naux)
    grid : Grid
    weighted_v, weighted_v_gradient : as in `project_potential`
    Returns
    -------
    (natom, 3)
    """
    natom = len(positions)
    coefficients = np.asarray(coefficients, dtype=np.float64)
    out = np.zeros((natom, 3))
    bounds = np.searchsorted(grid.owner, np.arange(natom + 1))
    for owner in range(natom):
        rows = slice(bounds[owner], bounds[owner + 1])
        v_gradient = None if weighted_v_gradient is None else weighted_v_gradient[:, :, rows]
        force = _pair_gradient(
            fit, positions, coefficients, grid.points[rows], weighted_v[:, rows], v_gradient
        )
        out[owner] += force.sum(axis=0)
        out -= force
    return out


def _pair_gradient(fit, positions, coefficients, points, weighted_v, weighted_v_gradient):
    """(natom, 3) gradient of the sum with respect to a common shift of `points`, by centre of the functions."""
    raised, up = raised_shells(fit)
    projected = project_potential(raised, positions, points, weighted_v, weighted_v_gradient)
    by_function = [-np.sum(coefficients * projected[:, up[1 + axis]], axis=0) for axis in range(3)]
    atom = np.repeat(fit.atom, np.diff(fit.offset))
    return np.stack([np.bincount(atom, row, minlength=len(positions)) for row in by_function], axis=1)


@lru_cache(maxsize=64)
def raised_shells(fit):
    """The same shells with one more degree, and where Lambda, and its three derivatives, stand in them.

        grad_x Lambda_tuv(r) = -Lambda_(t+1)uv(r)

    Returns
    -------
    FitShells, (4, naux) int     rows: the function itself; raised in x; in y; in z
    """
    raised = FitShells(atom=fit.atom, lmax=fit.lmax + 1, exponent=fit.exponent)
    powers = np.concatenate([hermite_powers(degree) for degree in fit.lmax])
    start = np.repeat(raised.offset[:-1], np.diff(fit.offset))
    steps = np.vstack([np.zeros((1, 3), np.int64), np.eye(3, dtype=np.int64)])
    return raised, np.stack([start + hermite_place(powers + step) for step in steps])


@lru_cache(maxsize=16)
def hermite_powers(lmax):
    """(n_hermite, 3) powers (t, u, v) in the order of FitShells."""
    rows = [
        (t, u, d - t - u) for d in range(lmax + 1) for t in range(d, -1, -1) for u in range(d - t, -1, -1)
    ]
    return np.array(rows, np.int64)


def hermite_place(powers):
    """Place of powers (..., 3) in that order."""
    degree = powers.sum(axis=-1)
    rest = degree - powers[..., 0]
    return degree * (degree + 1) * (degree + 2) // 6 + rest * (rest + 1) // 2 + powers[..., 2]


@lru_cache(maxsize=16)
def _hermite_polynomials(lmax):
    """(n_hermite, n_monomial) coefficients of H_t(x) H_u(y) H_v(z)."""
    line = np.zeros((lmax + 1, lmax + 1))
    for degree in range(lmax + 1):
        line[degree, : degree + 1] = herm2poly(np.eye(lmax + 1)[degree])[: degree + 1]
    powers = hermite_powers(lmax)
    return np.prod([line[powers[:, None, axis], powers[None, :, axis]] for axis in range(3)], axis=0)


@lru_cache(maxsize=16)
def _monomial_recipe(lmax):
    """(n_monomial, 2) place of the parent monomial, and the axis that multiplies it."""
    rows = [(0, 0)]
    for power in hermite_powers(lmax)[1:]:
        axis = int(np.argmax(power > 0))
        rows.append((int(hermite_place(power - np.eye(3, dtype=np.int64)[axis])), axis))
    return np.array(rows, np.int64)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Layout:
    """Shells sorted by centre and exponent, and the way from Hermite functions to monomials times Gaussians."""

    atom: np.ndarray  # (ncentre,)
    first: np.ndarray  # (ncentre + 1,) first shell of each centre
    exponent: np.ndarray  # (nshell,)
    shell: np.ndarray  # (nshell, 3) RECOMPUTE, SQUARE or REUSE; functions; most functions of this and the next three
    place: np.ndarray  # (nshell, n_monomial) place of the function in the coefficients; naux where there is none
    scale: np.ndarray  # (nshell, n_monomial) exponent^(degree/2)
    norm: np.ndarray  # (nshell, 1) (exponent / pi)^(3/2)
    polynomials: np.ndarray  # (n_hermite, n_monomial)
    recipe: np.ndarray  # (n_monomial, 2)


@lru_cache(maxsize=64)
def _layout(fit):
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
    largest = np.max([np.roll(size, -k) for k in range(4)], axis=0)
    place = fit.offset[:-1][order][:, None] + column
    return _Layout(
        atom=atom[~same],
        first=np.append(np.flatnonzero(~same), atom.size),
        exponent=np.ascontiguousarray(exponent),
        shell=np.stack([step, size, largest], axis=1),
        place=np.where(column < size[:, None], place, fit.naux),
        scale=exponent[:, None] ** (hermite_powers(lmax).sum(axis=1) / 2),
        norm=(exponent[:, None] / np.pi) ** 1.5,
        polynomials=_hermite_polynomials(lmax),
        recipe=_monomial_recipe(lmax),
    )


def _evaluate(fit, positions, coefficients, points):
    """(nset, ngrid) sum of the fitting functions."""
    plan = _layout(fit)
    nset = coefficients.shape[0]
    padded = np.concatenate([coefficients, np.zeros((nset, 1))], axis=1)
    hermite = padded[:, plan.place] * plan.scale
    monomial = (hermite @ plan.polynomials) * (plan.scale * plan.norm)
    out = np.zeros((nset, len(points)))
    _density_kernel(*_arguments(plan, positions, points, nset), np.ascontiguousarray(monomial), out)
    return out


def _project(fit, positions, points, weighted):
    """(nset, naux) sums over the grid with the fitting functions."""
    plan = _layout(fit)
    nset = weighted.shape[0]
    monomial = np.zeros((nset, *plan.place.shape))
    weighted = np.ascontiguousarray(weighted, dtype=np.float64)
    _projection_kernel(*_arguments(plan, positions, points, nset), weighted, monomial)
    hermite = ((monomial * (plan.scale * plan.norm)) @ plan.polynomials.T) * plan.scale
    out = np.empty((nset, fit.naux + 1))
    out[:, plan.place] = hermite
    return out[:, :-1]


def _arguments(plan, positions, points, nset):
    """What both kernels take: geometry, shells, and scratch space for one block of points."""
    centre = np.ascontiguousarray(np.asarray(positions, dtype=np.float64)[plan.atom])
    points = np.ascontiguousarray(points, dtype=np.float64)
    gauss = np.empty((plan.exponent.size, BLOCK))
    lanes = np.empty((5 + nset, BLOCK))
    mono = np.empty((plan.recipe.shape[0], BLOCK))
    return (
        points, centre, plan.first, plan.exponent, plan.shell, plan.recipe, lanes, mono, gauss, gauss.view(np.int64)
    )


@njit(**INNER)
def _load(points, start, lanes):
    """Copy a block of points to lanes[0:3], padded with its last point."""
    last = points.shape[0] - 1
    for i in range(BLOCK):
        k = start + i if start + i < last else last
        lanes[0, i] = points[k, 0]
        lanes[1, i] = points[k, 1]
        lanes[2, i] = points[k, 2]


@njit(**INNER)
def _gaussians(lanes, centre, c, begin, end, exponent, shell, recipe, mono, gauss, bits):
    """Monomials and Gaussians of centre c for a block; returns how many shells reach the block."""
    x0, y0, z0 = centre[c, 0], centre[c, 1], centre[c, 2]
    nearest = np.inf
    for i in range(BLOCK):
        x, y, z = lanes[0, i] - x0, lanes[1, i] - y0, lanes[2, i] - z0
        mono[1, i], mono[2, i], mono[3, i] = x, y, z
        lanes[3, i] = x * x + y * y + z * z
    for i in range(BLOCK):
        nearest = lanes[3, i] if lanes[3, i] < nearest else nearest
    count = 0
    while begin + count < end and exponent[begin + count] * nearest < NEGLIGIBLE:
        count += 1
    if count == 0:
        return 0
    for m in range(4, recipe.shape[0]):
        parent, axis = recipe[m, 0], 1 + recipe[m, 1]
        for i in range(BLOCK):
            mono[m, i] = mono[parent, i] * mono[axis, i]
    for k in range(count):
        if shell[begin + k, 0] == RECOMPUTE:
            exponential(exponent[begin + k], lanes[3], lanes[4], gauss[k], bits[k])
        elif shell[begin + k, 0] == SQUARE:
            for i in range(BLOCK):
                gauss[k, i] = gauss[k - 1, i] * gauss[k - 1, i]
        else:
            for i in range(BLOCK):
                gauss[k, i] = gauss[k - 1, i]
    return count


@njit(**COMPILE)
def _density_kernel(points, centre, first, exponent, shell, recipe, lanes, mono, gauss, bits, coefficient, out):
    """out += sum over centres of (sum_km C_km monomial_m gauss_k); four shells or one at a time."""
    for i in range(BLOCK):
        mono[0, i] = 1.0
    nset, ngrid = out.shape
    for start in range(0, ngrid, BLOCK):
        _load(points, start, lanes)
        for s in range(5, 5 + nset):
            for i in range(BLOCK):
                lanes[s, i] = 0.0
        for c in range(centre.shape[0]):
            begin = first[c]
            count = _gaussians(lanes, centre, c, begin, first[c + 1], exponent, shell, recipe, mono, gauss, bits)
            for s in range(nset):
                k = 0
                while k + 4 <= count:
                    b = begin + k
                    for m in range(shell[b, 2]):
                        c0, c1 = coefficient[s, b, m], coefficient[s, b + 1, m]
                        c2, c3 = coefficient[s, b + 2, m], coefficient[s, b + 3, m]
                        for i in range(BLOCK):
                            lanes[5 + s, i] += mono[m, i] * (
                                c0 * gauss[k, i] + c1 * gauss[k + 1, i] + c2 * gauss[k + 2, i] + c3 * gauss[k + 3, i]
                            )
                    k += 4
                while k < count:
                    for m in range(shell[begin + k, 1]):
                        c0 = coefficient[s, begin + k, m]
                        for i in range(BLOCK):
                            lanes[5 + s, i] += mono[m, i] * (c0 * gauss[k, i])
                    k += 1
        stop = ngrid - start if ngrid - start < BLOCK else BLOCK
        for s in range(nset):
            for i in range(stop):
                out[s, start + i] = lanes[5 + s, i]


@njit(**COMPILE)
def _projection_kernel(
    points, centre, first, exponent, shell, recipe, lanes, mono, gauss, bits, weighted, out
):
    """out_km += sum_i value_i monomial_m gauss_k; four shells or one at a time."""
    for i in range(BLOCK):
        mono[0, i] = 1.0
    nset, ngrid = weighted.shape
    for start in range(0, ngrid, BLOCK):
        _load(points, start, lanes)
        for s in range(nset):
            for i in range(BLOCK):
                lanes[5 + s, i] = weighted[s, start + i] if start + i < ngrid else 0.0
        for c in range(centre.shape[0]):
            begin = first[c]
            count = _gaussians(lanes, centre, c, begin, first[c + 1], exponent, shell, recipe, mono, gauss, bits)
            if count == 0:
                continue
            for s in range(nset):
                for m in range(recipe.shape[0]):
                    for i in range(BLOCK):
                        lanes[4, i] = lanes[5 + s, i] * mono[m, i]
                    k = 0
                    while k + 4 <= count:
                        t0, t1, t2, t3 = 0.0, 0.0, 0.0, 0.0
                        for i in range(BLOCK):
                            t0 += lanes[4, i] * gauss[k, i]
                            t1 += lanes[4, i] * gauss[k + 1, i]
                            t2 += lanes[4, i] * gauss[k + 2, i]
                            t3 += lanes[4, i] * gauss[k + 3, i]
                        out[s, begin + k, m] += t0
                        out[s, begin + k + 1, m] += t1
                        out[s, begin + k + 2, m] += t2
                        out[s, begin + k + 3, m] += t3
                        k += 4
                    while k < count:
                        t0 = 0.0
                        for i in range(BLOCK):
                            t0 += lanes[4, i] * gauss[k, i]
                        out[s, begin + k, m] += t0
                        k += 1
