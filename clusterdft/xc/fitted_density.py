"""Densities written in Hermite Gaussians on a grid, and the projection of a potential on them."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from clusterdft.arrays import Floats
from clusterdft.basis.shells import FitShells
from clusterdft.grid import Quadrature
from clusterdft.xc.block_math import block_rows
from clusterdft.xc.fitted_kernels import SHELLS_PER_PASS, grid_kernel
from clusterdft.xc.fitted_layout import Layout, layout, raised_shells
from clusterdft.xc.functional import XcFunctional


def fitted_density(
    fit: FitShells, positions: Floats, coefficients: ArrayLike, points: Floats, gradient: bool = False
) -> tuple[Floats, Floats | None]:
    """Spin densities on a grid, and on request their gradients.

        rho_s(r) = sum_k x_sk Lambda_k(r)

    Parameters
    ----------
    fit : FitShells
    positions : (natom, 3) bohr
    coefficients : (nspin, naux)
    points : (ngrid, 3) bohr
        Neighbours in the list should be neighbours in space (speed only).
    gradient : bool
        Whether the gradient is wanted.

    Returns
    -------
    rho : (nspin, ngrid) bohr^-3
    gradient : (nspin, 3, ngrid) bohr^-4, or None

    Notes
    -----
    Gaussians below 1e-13 of their height are left out for a block of 64 points at once.
    """
    x = np.asarray(coefficients, dtype=np.float64)
    if not gradient:
        return _evaluate(fit, positions, x, points), None
    raised, up = raised_shells(fit)
    nspin = x.shape[0]
    sets = np.zeros((nspin, 4, raised.naux))
    sets[:, 0, up[0]] = x
    for axis in range(3):
        sets[:, 1 + axis, up[1 + axis]] = -x
    out = _evaluate(raised, positions, sets.reshape(4 * nspin, -1), points).reshape(nspin, 4, -1)
    return np.ascontiguousarray(out[:, 0]), np.ascontiguousarray(out[:, 1:])


def project_potential(
    fit: FitShells,
    positions: Floats,
    points: Floats,
    weighted_v: Floats,
    weighted_v_gradient: Floats | None = None,
) -> Floats:
    """Integrals of a potential with the fitting functions: the transpose of `fitted_density`.

        v_sk = sum_i [ v_si Lambda_k(r_i) + g_si . grad Lambda_k(r_i) ]

    Parameters
    ----------
    fit : FitShells
    positions : (natom, 3) bohr
    points : (ngrid, 3) bohr
    weighted_v : (nspin, ngrid)
        Quadrature weight times potential.
    weighted_v_gradient : (nspin, 3, ngrid) or None
        Quadrature weight times d(energy density)/d(grad rho).

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
    projected: Floats = out[:, 0, up[0]] - sum(out[:, 1 + axis, up[1 + axis]] for axis in range(3))
    return projected


def fitted_density_gradient(
    fit: FitShells,
    positions: Floats,
    coefficients: ArrayLike,
    grid: Quadrature,
    weighted_v: Floats,
    weighted_v_gradient: Floats | None = None,
) -> Floats:
    """Derivative of a weighted sum of the density with respect to the nuclei.

        d/dR_A sum_si [ v_si rho_s(r_i) + g_si . grad rho_s(r_i) ]

    at fixed coefficients, v and g. Each grid point moves with the atom that owns it.

    Parameters
    ----------
    fit : FitShells
    positions : (natom, 3) bohr
    coefficients : (nspin, naux)
    grid : Quadrature
    weighted_v, weighted_v_gradient : (nspin, ngrid), (nspin, 3, ngrid) or None
        As in `project_potential`.

    Returns
    -------
    (natom, 3)
    """
    natom = len(positions)
    x = np.asarray(coefficients, dtype=np.float64)
    out = np.zeros((natom, 3))
    bounds = np.searchsorted(grid.owner, np.arange(natom + 1))
    for owner in range(natom):
        rows = slice(bounds[owner], bounds[owner + 1])
        v_gradient = None if weighted_v_gradient is None else weighted_v_gradient[:, :, rows]
        force = shift_gradient(fit, positions, x, grid.points[rows], weighted_v[:, rows], v_gradient)
        out[owner] += force.sum(axis=0)
        out -= force
    return out


def xc_energy_and_potential(
    functional: XcFunctional, grid: Quadrature, fit: FitShells, positions: Floats, coefficients: Floats
) -> tuple[float, Floats]:
    """Exchange-correlation energy of a fitted density, and its derivative with respect to the coefficients.

        E = sum_i w_i e(rho(r_i), grad rho(r_i)),   v_sk = dE/dx_sk

    Parameters
    ----------
    functional : XcFunctional
    grid : Quadrature
    fit : FitShells
    positions : (natom, 3) bohr
    coefficients : (nspin, naux)
        One row is the total density of a closed shell, two are up and down.

    Returns
    -------
    energy : hartree
    potential : (nspin, naux) hartree

    References
    ----------
    Koster, Reveles and del Campo, J. Chem. Phys. 121, 3417 (2004)
    """
    energy, v, v_gradient = _on_grid(functional, grid, fit, positions, coefficients)
    return float(grid.weights @ energy), project_potential(fit, positions, grid.points, v, v_gradient)


def xc_gradient(
    functional: XcFunctional, grid: Quadrature, fit: FitShells, positions: Floats, coefficients: Floats
) -> Floats:
    """Derivative of that energy with respect to the nuclei, at fixed coefficients.

    Exact for the quadrature sum: points move with their owners, and weights change.

    Returns
    -------
    (natom, 3) hartree/bohr
    """
    energy, v, v_gradient = _on_grid(functional, grid, fit, positions, coefficients)
    moved = fitted_density_gradient(fit, positions, coefficients, grid, v, v_gradient)
    return moved + grid.weight_gradient(positions, energy)


def _on_grid(
    functional: XcFunctional, grid: Quadrature, fit: FitShells, positions: Floats, coefficients: Floats
) -> tuple[Floats, Floats, Floats | None]:
    rho, gradient = density_on_grid(functional, grid, fit, positions, coefficients)
    return weighted_potential(functional, grid, rho, gradient)


def density_on_grid(
    functional: XcFunctional, grid: Quadrature, fit: FitShells, positions: Floats, coefficients: Floats
) -> tuple[Floats, Floats | None]:
    """Spin densities on the grid, and their gradients where the functional needs them.

    Parameters
    ----------
    functional : XcFunctional
    grid : Quadrature
    fit : FitShells
    positions : (natom, 3) bohr
    coefficients : (nspin, naux)

    Returns
    -------
    rho : (nspin, ngrid) bohr^-3
    gradient : (nspin, 3, ngrid) bohr^-4, or None
    """
    return fitted_density(fit, positions, coefficients, grid.points, functional.needs_gradient)


def weighted_potential(
    functional: XcFunctional, grid: Quadrature, rho: Floats, gradient: Floats | None
) -> tuple[Floats, Floats, Floats | None]:
    """Energy density, and the potentials by density and by its gradient, weighted.

    Parameters
    ----------
    functional : XcFunctional
    grid : Quadrature
    rho : (nspin, ngrid) bohr^-3
    gradient : (nspin, 3, ngrid) bohr^-4, or None

    Returns
    -------
    energy : (ngrid,) hartree bohr^-3
    weighted_v : (nspin, ngrid)
        Quadrature weight times de/d(rho_s).
    weighted_v_gradient : (nspin, 3, ngrid) or None
        Quadrature weight times de/d(grad rho_s).
    """
    energy, v, v_gradient = functional.evaluate(rho, gradient)
    return energy, v * grid.weights, None if v_gradient is None else v_gradient * grid.weights


def shift_gradient(
    fit: FitShells,
    positions: Floats,
    coefficients: Floats,
    points: Floats,
    weighted_v: Floats,
    weighted_v_gradient: Floats | None,
) -> Floats:
    """Gradient of a weighted sum of the density by a common shift of the points, by centre of the functions.

    Parameters
    ----------
    fit : FitShells
    positions : (natom, 3) bohr
    coefficients : (nspin, naux)
    points : (ngrid, 3) bohr
    weighted_v, weighted_v_gradient : (nspin, ngrid), (nspin, 3, ngrid) or None
        As in `project_potential`.

    Returns
    -------
    (natom, 3)
    """
    raised, up = raised_shells(fit)
    projected = project_potential(raised, positions, points, weighted_v, weighted_v_gradient)
    by_function = [-np.sum(coefficients * projected[:, up[1 + axis]], axis=0) for axis in range(3)]
    atom = np.repeat(fit.atom, np.diff(fit.offset))
    return np.stack([np.bincount(atom, row, minlength=len(positions)) for row in by_function], axis=1)


def _evaluate(fit: FitShells, positions: Floats, coefficients: Floats, points: Floats) -> Floats:
    """(nset, ngrid) sum of the fitting functions."""
    plan = layout(fit)
    nset = coefficients.shape[0]
    padded = np.concatenate([coefficients, np.zeros((nset, 1))], axis=1)
    hermite = padded[:, plan.index] * plan.scale
    monomial = (hermite @ plan.polynomials) * (plan.scale * plan.norm)
    out = np.zeros((nset, len(points)))
    grid_kernel(*_arguments(plan, positions, points, nset), np.ascontiguousarray(monomial), out, False)
    return out


def _project(fit: FitShells, positions: Floats, points: Floats, weighted: Floats) -> Floats:
    """(nset, naux) sums over the grid with the fitting functions."""
    plan = layout(fit)
    nset = weighted.shape[0]
    monomial = np.zeros((nset, *plan.index.shape))
    weighted = np.require(weighted, np.float64, ["C", "W"])  # one signature, also for read-only arrays
    grid_kernel(*_arguments(plan, positions, points, nset), monomial, weighted, True)
    hermite = ((monomial * (plan.scale * plan.norm)) @ plan.polynomials.T) * plan.scale
    out = np.empty((nset, fit.naux + 1))
    out[:, plan.index] = hermite
    return out[:, :-1]


def _arguments(plan: Layout, positions: Floats, points: Floats, nset: int) -> tuple[Any, ...]:
    """What the kernel takes: geometry, shells, and scratch space for one block of points."""
    centre = np.ascontiguousarray(np.asarray(positions, dtype=np.float64)[plan.atom])
    points = np.ascontiguousarray(points, dtype=np.float64).view()
    points.setflags(write=False)  # as those of a grid are: one signature, one compilation
    gauss = block_rows(plan.exponent.size + SHELLS_PER_PASS)
    lanes = block_rows(5 + nset)
    mono = block_rows(plan.recipe.shape[0])
    return (
        points,
        centre,
        plan.first,
        plan.exponent,
        plan.step,
        plan.span,
        plan.recipe,
        lanes,
        mono,
        gauss,
        gauss.view(np.int64),
    )
