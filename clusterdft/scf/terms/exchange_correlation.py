"""Exchange and correlation, of the fitted density (auxiliary DFT) or of the orbital density (the reference).

Fitted: E_xc[rho~], rho~ = sum_k x_k Lambda_k, is a function of the fitting coefficients alone, with
v_k = dE_xc/dx_k. Through x = A^-1 b the matrix is sum_k (ab|k) z_k with A z = v, and the gradient is
z.(db - dA x) and the derivative at fixed x.

Source  Köster, Reveles, del Campo, J. Chem. Phys. 121, 3417 (2004)
"""

from dataclasses import dataclass

import numpy as np

from clusterdft.integrals.coulomb import metric_gradient
from clusterdft.xc.fitted_density import xc_energy_and_potential, xc_gradient
from clusterdft.xc.orbital_density import OrbitalQuadrature


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

    def __init__(self, frame):
        self.frame = frame

    def evaluate(self, dm, fit_coefficients):
        """XcPart for fitting coefficients (nspin, naux)."""
        frame = self.frame
        energy, moments = xc_energy_and_potential(
            frame.functional, frame.grid, frame.fit, frame.positions, fit_coefficients
        )
        return XcPart(energy=energy, fit_potential=frame.solve_metric(moments))

    def gradient(self, dm, fit_coefficients, fit_potential):
        """(natom, 3) at fixed moments b: fixed-x derivative minus z.dA.x."""
        frame = self.frame
        total = xc_gradient(frame.functional, frame.grid, frame.fit, frame.positions, fit_coefficients)
        for x, z in zip(fit_coefficients, fit_potential, strict=True):
            total -= metric_gradient(frame.fit, frame.positions, z, x)
        return total


class OrbitalXc:
    """Exchange and correlation of the orbital spin densities."""

    def __init__(self, frame):
        self.frame = frame
        self.quadrature = OrbitalQuadrature(frame.functional, frame.grid, frame.shells, frame.positions)

    def evaluate(self, dm, fit_coefficients):
        """XcPart for density matrices (nspin, nao, nao)."""
        energy, matrix = self.quadrature.energy_and_matrix(dm)
        return XcPart(energy=energy, fit_potential=np.zeros_like(fit_coefficients), matrix=matrix)

    def gradient(self, dm, fit_coefficients, fit_potential):
        """(natom, 3) derivative at fixed density matrices."""
        return self.quadrature.gradient(dm)


EXCHANGE_CORRELATION = {"fitted": FittedXc, "orbital": OrbitalXc}
