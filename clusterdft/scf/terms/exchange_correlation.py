"""Exchange and correlation, of the fitted density (auxiliary DFT) or of the orbital density (the reference).

Fitted: E_xc[rho~], rho~ = sum_k x_k Lambda_k, is a function of the fitting coefficients alone, with
v_k = dE_xc/dx_k. Through x = A^-1 b the matrix is sum_k (ab|k) z_k with A z = v, and the gradient is
z.(db - dA x) and the derivative at fixed x. With partial cores there are two sums of the same kind.

References
----------
Köster, Reveles, del Campo, J. Chem. Phys. 121, 3417 (2004)
"""

from dataclasses import dataclass

import numpy as np

from clusterdft.integrals.coulomb import metric_gradient
from clusterdft.xc.fitted_density import density_on_grid, xc_energy_and_potential, xc_gradient
from clusterdft.xc.orbital_density import OrbitalQuadrature
from clusterdft.xc.partial_core import OrbitalCoreQuadrature, core_pull, core_sum_gradient


@dataclass(frozen=True, kw_only=True, eq=False)
class XcPart:
    """Energy and its derivative: by fitting coefficients (`fit_potential`, z) or as a matrix.

    Attributes
    ----------
    energy : hartree
    fit_potential : (nspin, naux), zero in the orbital mode
    matrix : (nspin, nao, nao), or None in the fitted mode
    """

    energy: float
    fit_potential: np.ndarray
    matrix: np.ndarray | None = None


class FittedXc:
    """Exchange and correlation of the fitted spin densities."""

    def __init__(self, setup):
        self.setup = setup

    def evaluate(self, dm, fit_coefficients):
        """XcPart for fitting coefficients (nspin, naux)."""
        setup = self.setup
        sums = [(part.functional(), part.grid) for part in setup.core_sums]
        energy, moments = 0.0, np.zeros_like(fit_coefficients)
        for functional, grid in sums or [(setup.functional, setup.grid)]:
            part = xc_energy_and_potential(functional, grid, setup.fit, setup.positions, fit_coefficients)
            energy, moments = energy + part[0], moments + part[1]
        return XcPart(energy=energy, fit_potential=setup.solve_metric(moments))

    def gradient(self, dm, fit_coefficients, fit_potential):
        """(natom, 3) at fixed moments b: fixed-x derivative minus z.dA.x."""
        setup = self.setup
        fit, positions = setup.fit, setup.positions
        if setup.core_sums:
            total = sum(core_sum_gradient(part, fit, positions, fit_coefficients) for part in setup.core_sums)
        else:
            total = xc_gradient(setup.functional, setup.grid, fit, positions, fit_coefficients)
        for x, z in zip(fit_coefficients, fit_potential, strict=True):
            total -= metric_gradient(fit, positions, z, x)
        return total

    def core_gradient(self, dm, fit_coefficients):
        """(natom, 3) what moving the partial cores alone does to the energy."""
        setup = self.setup
        if not setup.core_sums:
            return np.zeros_like(setup.positions)
        part = setup.core_sums[1]
        density = density_on_grid(part.base, part.grid, setup.fit, setup.positions, fit_coefficients)
        return core_pull(part, setup.positions, *density)


class OrbitalXc:
    """Exchange and correlation of the orbital spin densities."""

    def __init__(self, setup):
        self.setup = setup
        rest = setup.shells, setup.positions
        self.sums = [OrbitalCoreQuadrature(part, *rest) for part in setup.core_sums]
        self.sums = self.sums or [OrbitalQuadrature(setup.functional, setup.grid, *rest)]

    def evaluate(self, dm, fit_coefficients):
        """XcPart for density matrices (nspin, nao, nao)."""
        energies, matrices = zip(*(part.energy_and_matrix(dm) for part in self.sums), strict=True)
        return XcPart(
            energy=sum(energies), fit_potential=np.zeros_like(fit_coefficients), matrix=sum(matrices)
        )

    def gradient(self, dm, fit_coefficients, fit_potential):
        """(natom, 3) derivative at fixed density matrices."""
        return sum(part.gradient(dm) for part in self.sums)

    def core_gradient(self, dm, fit_coefficients):
        """(natom, 3) what moving the partial cores alone does to the energy."""
        setup = self.setup
        if not setup.core_sums:
            return np.zeros_like(setup.positions)
        return core_pull(setup.core_sums[1], setup.positions, *self.sums[1].density(dm))


EXCHANGE_CORRELATION = {"fitted": FittedXc, "orbital": OrbitalXc}
