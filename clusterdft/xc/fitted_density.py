"""Densities written in Hermite Gaussians on a grid, and the projection of a potential on them."""

import numpy as np

from clusterdft.grid import weight_gradient
from clusterdft.xc.block_math import block_rows
from clusterdft.xc.fitted_kernels import TOGETHER, grid_kernel
from clusterdft.xc.fitted_layout import layout, raised_shells


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

    Notes
    -----
    Gaussians below 1e-13 of their height are left out for a block of 64 points at once.
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
        force = shift_gradient(
            fit, positions, coefficients, grid.points[rows], weighted_v[:, rows], v_gradient
        )
        out[owner] += force.sum(axis=0)
        out -= force
    return out


def xc_energy_and_potential(functional, grid, fit, positions, coefficients):
    """Exchange-correlation energy of a fitted density, and its derivative with respect to the coefficients.

        E = sum_i w_i e(rho(r_i), grad rho(r_i)),   v_sk = dE/dx_sk

    Parameters
    ----------
    functional : XcFunctional
    grid : Grid
    coefficients : (nspin, naux)     one row is the total density of a closed shell, two are up and down

    Returns
    -------
    float hartree; (nspin, naux) hartree

    References
    ----------
    Koster, Reveles and del Campo, J. Chem. Phys. 121, 3417 (2004)
    """
    energy, v, v_gradient = _on_grid(functional, grid, fit, positions, coefficients)
    return float(grid.weights @ energy), project_potential(fit, positions, grid.points, v, v_gradient)


def xc_gradient(functional, grid, fit, positions, coefficients):
    """Derivative of that energy with respect to the nuclei, at fixed coefficients.

    Exact for the quadrature sum: points move with their owners, and weights change.

    Returns
    -------
    (natom, 3) hartree/bohr
    """
    energy, v, v_gradient = _on_grid(functional, grid, fit, positions, coefficients)
    moved = fitted_density_gradient(fit, positions, coefficients, grid, v, v_gradient)
    return moved + weight_gradient(grid, positions, energy)


def _on_grid(functional, grid, fit, positions, coefficients):
    rho, gradient = density_on_grid(functional, grid, fit, positions, coefficients)
    return weighted_potential(functional, grid, rho, gradient)


def density_on_grid(functional, grid, fit, positions, coefficients):
    """Spin densities on the grid, and their gradients where the functional needs them."""
    if functional.needs_gradient:
        return fitted_density(fit, positions, coefficients, grid.points, gradient=True)
    return fitted_density(fit, positions, coefficients, grid.points), None


def weighted_potential(functional, grid, rho, gradient):
    """Energy density, and the weighted potentials by density and by its gradient."""
    energy, v, v_gradient = functional.evaluate(rho, gradient)
    return energy, v * grid.weights, None if v_gradient is None else v_gradient * grid.weights


def shift_gradient(fit, positions, coefficients, points, weighted_v, weighted_v_gradient):
    """(natom, 3) gradient of the sum by a common shift of `points`, by centre of the functions."""
    raised, up = raised_shells(fit)
    projected = project_potential(raised, positions, points, weighted_v, weighted_v_gradient)
    by_function = [-np.sum(coefficients * projected[:, up[1 + axis]], axis=0) for axis in range(3)]
    atom = np.repeat(fit.atom, np.diff(fit.offset))
    return np.stack([np.bincount(atom, row, minlength=len(positions)) for row in by_function], axis=1)


def _evaluate(fit, positions, coefficients, points):
    """(nset, ngrid) sum of the fitting functions."""
    plan = layout(fit)
    nset = coefficients.shape[0]
    padded = np.concatenate([coefficients, np.zeros((nset, 1))], axis=1)
    hermite = padded[:, plan.place] * plan.scale
    monomial = (hermite @ plan.polynomials) * (plan.scale * plan.norm)
    out = np.zeros((nset, len(points)))
    grid_kernel(*_arguments(plan, positions, points, nset), np.ascontiguousarray(monomial), out, False)
    return out


def _project(fit, positions, points, weighted):
    """(nset, naux) sums over the grid with the fitting functions."""
    plan = layout(fit)
    nset = weighted.shape[0]
    monomial = np.zeros((nset, *plan.place.shape))
    weighted = np.require(weighted, np.float64, ["C", "W"])  # one signature, also for read-only arrays
    grid_kernel(*_arguments(plan, positions, points, nset), monomial, weighted, True)
    hermite = ((monomial * (plan.scale * plan.norm)) @ plan.polynomials.T) * plan.scale
    out = np.empty((nset, fit.naux + 1))
    out[:, plan.place] = hermite
    return out[:, :-1]


def _arguments(plan, positions, points, nset):
    """What the kernel takes: geometry, shells, and scratch space for one block of points."""
    centre = np.ascontiguousarray(np.asarray(positions, dtype=np.float64)[plan.atom])
    points = np.ascontiguousarray(points, dtype=np.float64).view()
    points.setflags(write=False)  # as those of a grid are: one signature, one compilation
    gauss = block_rows(plan.exponent.size + TOGETHER)
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
