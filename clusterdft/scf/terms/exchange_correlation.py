"""Exchange and correlation, of the fitted density (auxiliary DFT) or of the orbital density (the reference).

Fitted: E_xc[rho~], rho~ = sum_k x_k Lambda_k, is a function of the fitting coefficients alone, with
v_k = dE_xc/dx_k. Through x = A^-1 b the matrix is sum_k (ab|k) z_k with A z = v, and the gradient is
z.(db - dA x) and the derivative at fixed x. With partial cores there are two sums of the same kind.

References
----------
Köster, Reveles, del Campo, J. Chem. Phys. 121, 3417 (2004)
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.integrals.coulomb import metric_gradient
from clusterdft.scf.setup import ScfSetup
from clusterdft.xc.fitted_density import density_on_grid, xc_energy_and_potential, xc_gradient
from clusterdft.xc.orbital_density import OrbitalQuadrature
from clusterdft.xc.partial_core import OrbitalCoreQuadrature, core_pull, core_sum_gradient


@dataclass(frozen=True, kw_only=True, eq=False)
class XcPart:
    """Energy and its derivative: by fitting coefficients (`fit_potential`, z) or as a matrix.

    Attributes
    ----------
    energy : float, hartree
    fit_potential : (nspin, naux)
        Zero in the orbital mode.
    matrix : (nspin, nao, nao) hartree, or None
        None in the fitted mode.
    """

    energy: float
    fit_potential: Floats
    matrix: Floats | None = None


class XcTerm(Protocol):
    """What there is of each kind of density that exchange and correlation may see."""

    def evaluate(self, dm: Floats, fit_coefficients: Floats) -> XcPart:
        """Energy and derivative.

        Parameters
        ----------
        dm : (nspin, nao, nao)
        fit_coefficients : (nspin, naux)
            Of the same density.

        Returns
        -------
        XcPart
        """
        ...

    def gradient(self, dm: Floats, fit_coefficients: Floats, fit_potential: Floats) -> Floats:
        """Derivative of the energy at fixed density matrices and moments b.

        Parameters
        ----------
        dm, fit_coefficients : as in `evaluate`
        fit_potential : (nspin, naux)
            As in the XcPart.

        Returns
        -------
        (natom, 3) hartree/bohr
        """
        ...

    def core_gradient(self, dm: Floats, fit_coefficients: Floats) -> Floats:
        """What moving the partial cores alone does to the energy.

        Parameters
        ----------
        dm, fit_coefficients : as in `evaluate`

        Returns
        -------
        (natom, 3) hartree/bohr
        """
        ...


class FittedXc:
    """Exchange and correlation of the fitted spin densities."""

    def __init__(self, setup: ScfSetup) -> None:
        self.setup = setup

    def evaluate(self, dm: Floats, fit_coefficients: Floats) -> XcPart:
        """As `XcTerm.evaluate`."""
        return self.potential_of_fit(fit_coefficients)

    def potential_of_fit(self, fit_coefficients: Floats) -> XcPart:
        """The part of a fitted density, for which there need be no density matrices.

        Parameters
        ----------
        fit_coefficients : (nspin, naux)

        Returns
        -------
        XcPart
        """
        setup = self.setup
        sums = [(part.functional(), part.grid) for part in setup.core_sums]
        energy, moments = 0.0, np.zeros_like(fit_coefficients)
        for functional, grid in sums or [(setup.functional, setup.grid)]:
            part = xc_energy_and_potential(functional, grid, setup.fit, setup.positions, fit_coefficients)
            energy, moments = energy + part[0], moments + part[1]
        return XcPart(energy=energy, fit_potential=setup.solve_metric(moments))

    def gradient(self, dm: Floats, fit_coefficients: Floats, fit_potential: Floats) -> Floats:
        """As `XcTerm.gradient`: the derivative at fixed x minus z.dA.x."""
        setup = self.setup
        fit, positions = setup.fit, setup.positions
        if setup.core_sums:
            parts = [core_sum_gradient(part, fit, positions, fit_coefficients) for part in setup.core_sums]
            total = sum(parts, np.zeros_like(positions))
        else:
            total = xc_gradient(setup.functional, setup.grid, fit, positions, fit_coefficients)
        for x, z in zip(fit_coefficients, fit_potential, strict=True):
            total -= metric_gradient(fit, positions, z, x)
        return total

    def core_gradient(self, dm: Floats, fit_coefficients: Floats) -> Floats:
        """As `XcTerm.core_gradient`."""
        setup = self.setup
        if not setup.core_sums:
            return np.zeros_like(setup.positions)
        part = setup.core_sums[1]
        density = density_on_grid(part.base, part.grid, setup.fit, setup.positions, fit_coefficients)
        return core_pull(part, setup.positions, *density)


class OrbitalXc:
    """Exchange and correlation of the orbital spin densities."""

    def __init__(self, setup: ScfSetup) -> None:
        self.setup = setup
        shells, positions = setup.shells, setup.positions
        self.sums: list[OrbitalQuadrature] = [
            OrbitalCoreQuadrature(part, shells, positions) for part in setup.core_sums
        ]
        if not self.sums:
            self.sums = [OrbitalQuadrature(setup.functional, setup.grid, shells, positions)]

    def evaluate(self, dm: Floats, fit_coefficients: Floats) -> XcPart:
        """As `XcTerm.evaluate`."""
        energies, matrices = zip(*(part.energy_and_matrix(dm) for part in self.sums), strict=True)
        return XcPart(
            energy=sum(energies), fit_potential=np.zeros_like(fit_coefficients), matrix=sum(matrices)
        )

    def gradient(self, dm: Floats, fit_coefficients: Floats, fit_potential: Floats) -> Floats:
        """As `XcTerm.gradient`."""
        return sum((part.gradient(dm) for part in self.sums), np.zeros_like(self.setup.positions))

    def core_gradient(self, dm: Floats, fit_coefficients: Floats) -> Floats:
        """As `XcTerm.core_gradient`."""
        setup = self.setup
        if not setup.core_sums:
            return np.zeros_like(setup.positions)
        return core_pull(setup.core_sums[1], setup.positions, *self.sums[1].density(dm))


EXCHANGE_CORRELATION: dict[str, Callable[[ScfSetup], XcTerm]] = {"fitted": FittedXc, "orbital": OrbitalXc}
