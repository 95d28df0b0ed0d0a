"""Exchange and correlation of the orbital density: the reference that fitted densities are held against."""

from collections.abc import Iterator

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.basis.shells import OrbitalShells
from clusterdft.grid import Quadrature
from clusterdft.integrals.one_electron import ao_values
from clusterdft.xc.functional import XcFunctional

MOST_POINTS = 4096  # points held in memory at once
SECOND_DERIVATIVES = ((4, 5, 6), (5, 7, 8), (6, 8, 9))  # rows of xx, xy, xz, yy, yz, zz among the values


def orbital_density(ao: Floats, dm: Floats) -> tuple[Floats, Floats | None]:
    """Spin densities from density matrices, and their gradients.

        rho_s = sum_ab D_sab phi_a phi_b

    Parameters
    ----------
    ao : (ncomp, npoint, nao)
        Values, or values and x, y, z derivatives.
    dm : (nspin, nao, nao)
        Symmetric.

    Returns
    -------
    rho : (nspin, npoint) bohr^-3
    gradient : (nspin, 3, npoint) bohr^-4, or None
        None when `ao` holds values only.
    """
    half = ao[0] @ dm
    rho = np.einsum("pa,spa->sp", ao[0], half)
    if len(ao) == 1:
        return rho, None
    return rho, 2.0 * np.einsum("xpa,spa->sxp", ao[1:4], half)


class OrbitalQuadrature:
    """Exchange and correlation of orbital densities on the grid of one geometry.

    Parameters
    ----------
    functional : XcFunctional
    grid : Quadrature
    shells : OrbitalShells
    positions : (natom, 3) bohr
    """

    def __init__(
        self, functional: XcFunctional, grid: Quadrature, shells: OrbitalShells, positions: Floats
    ) -> None:
        self.functional = functional
        self.grid = grid
        self.shells = shells
        self.positions = positions

    def energy_and_matrix(self, dm: Floats) -> tuple[float, Floats]:
        """Energy, and its derivative by the density matrices.

            E = sum_i w_i e(rho(r_i), grad rho(r_i)),   V_sab = dE/dD_sab

        Parameters
        ----------
        dm : (nspin, nao, nao)
            Symmetric; one is the total of a closed shell, two are up and down.

        Returns
        -------
        energy : hartree
        matrix : (nspin, nao, nao) hartree
        """
        energy, matrix = 0.0, np.zeros_like(dm)
        for rows, weights, ao in self._blocks(int(self.functional.needs_gradient)):
            density, v, v_gradient = self.functional_at(rows).evaluate(*orbital_density(ao, dm))
            energy += float(weights @ density)
            for s in range(len(dm)):
                matrix[s] += ao[0].T @ _half_potential(ao, v[s] * weights, v_gradient, weights, s)
        return energy, matrix + matrix.transpose(0, 2, 1)

    def gradient(self, dm: Floats) -> Floats:
        """Derivative of the energy with respect to the nuclei at fixed density matrices; exact for the sum.

        Returns
        -------
        (natom, 3) hartree/bohr
        """
        moved, energy = self.moved_gradient(dm)
        return moved + self.grid.weight_gradient(self.positions, energy)

    def functional_at(self, rows: slice) -> XcFunctional:
        """The functional of the density on these rows of the grid.

        Returns
        -------
        XcFunctional
        """
        return self.functional

    def density(self, dm: Floats) -> tuple[Floats, Floats | None]:
        """Spin densities on the grid, and their gradients where the functional needs them.

        Parameters
        ----------
        dm : (nspin, nao, nao)

        Returns
        -------
        rho : (nspin, ngrid) bohr^-3
        gradient : (nspin, 3, ngrid) bohr^-4, or None
        """
        blocks = [orbital_density(ao, dm) for _, _, ao in self._blocks(int(self.functional.needs_gradient))]
        gradients = [gradient for _, gradient in blocks if gradient is not None]
        rho = np.concatenate([rho for rho, _ in blocks], axis=-1)
        return rho, np.concatenate(gradients, axis=-1) if gradients else None

    def moved_gradient(self, dm: Floats) -> tuple[Floats, Floats]:
        """Derivative with respect to the nuclei at fixed weights, and the energy density on the grid.

        Returns
        -------
        gradient : (natom, 3) hartree/bohr
        energy : (ngrid,) hartree bohr^-3
        """
        gradient = np.zeros_like(self.positions, dtype=np.float64)
        energy = np.empty(len(self.grid.weights))
        atom = np.repeat(self.shells.atom, 2 * self.shells.l + 1)
        for rows, weights, ao in self._blocks(1 + int(self.functional.needs_gradient)):
            value = ao if self.functional.needs_gradient else ao[:1]
            energy[rows], v, v_gradient = self.functional_at(rows).evaluate(*orbital_density(value, dm))
            for s in range(len(dm)):
                slope = _slope(ao, dm[s], v[s] * weights, v_gradient, weights, s)
                for axis in range(3):
                    gradient[:, axis] += np.bincount(
                        self.grid.owner[rows], slope[axis].sum(axis=1), minlength=len(gradient)
                    )
                    gradient[:, axis] -= np.bincount(atom, slope[axis].sum(axis=0), minlength=len(gradient))
        return gradient, energy

    def _blocks(self, deriv: int) -> Iterator[tuple[slice, Floats, Floats]]:
        """Rows, weights and values of the basis functions, some thousand points at a time."""
        for start in range(0, len(self.grid.weights), MOST_POINTS):
            rows = slice(start, start + MOST_POINTS)
            yield (
                rows,
                self.grid.weights[rows],
                ao_values(self.shells, self.positions, self.grid.points[rows], deriv),
            )


def _half_potential(
    ao: Floats, weighted_v: Floats, v_gradient: Floats | None, weights: Floats, s: int
) -> Floats:
    """(npoint, nao) H with phi^T H + H^T phi the matrix of the potential."""
    half: Floats = 0.5 * weighted_v[:, None] * ao[0]
    if v_gradient is not None:
        for axis in range(3):
            half += (weights * v_gradient[s, axis])[:, None] * ao[1 + axis]
    return half


def _slope(
    ao: Floats, dm: Floats, weighted_v: Floats, v_gradient: Floats | None, weights: Floats, s: int
) -> Floats:
    """(3, npoint, nao) derivative of the weighted sum by a shift of a point against one basis function.

    d/dr_x of v rho + g . grad rho, split by the basis function that is differentiated by x
    """
    half = ao[0] @ dm
    out: Floats = 2.0 * weighted_v[:, None] * half * ao[1:4]
    if v_gradient is not None:
        g = weights * v_gradient[s]
        along = sum(g[axis][:, None] * (ao[1 + axis] @ dm) for axis in range(3))
        for x in range(3):
            curvature = sum(g[axis][:, None] * ao[SECOND_DERIVATIVES[x][axis]] for axis in range(3))
            out[x] += 2.0 * (along * ao[1 + x] + half * curvature)
    return out
