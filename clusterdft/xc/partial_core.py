"""Partial cores: fixed core densities that exchange and correlation see beside the valence density.

    E_xc[n + n_c] = E_xc[n + n_s] + sum_A int n_A(r) (e(n + n_c) - e(n + n_s)) / n_c d3r,   n_c = sum_A n_A

n_s is a faint copy of each core's widest Gaussian. The first term is smooth and has the quadrature of the
valence density. The second reaches as far as the cores; each has a small quadrature of its own about its
nucleus, and the shares n_A / n_c follow the cores. Without n_s the potential of an empty spin, which diverges
for gradient functionals, would stand in both terms and cancel badly. Half of each core counts with each spin.

References
----------
Louie, Froyen, Cohen, Phys. Rev. B 26, 1738 (1982); the division into two sums is ours
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.basis.shells import FitShells, OrbitalShells
from clusterdft.grid import Grid
from clusterdft.pseudo.potential import Pseudopotential
from clusterdft.xc.core_densities import (
    ALL_ROWS,
    CoreGrid,
    FixedDensity,
    core_gaussians,
    core_grid,
    faint_gaussians,
    fixed_density,
)
from clusterdft.xc.fitted_density import (
    density_on_grid,
    fitted_density_gradient,
    shift_gradient,
    weighted_potential,
)
from clusterdft.xc.functional import XcFunctional
from clusterdft.xc.orbital_density import OrbitalQuadrature


@dataclass(frozen=True, kw_only=True, eq=False)
class CoreSum:
    """A quadrature sum of exchange and correlation with fixed densities.

        E = sum_i w_i sum_k sign_k e(n(r_i) + m_k(r_i))

    Attributes
    ----------
    base : XcFunctional
        e.
    grid : Grid or CoreGrid
    terms : tuple of (float, FixedDensity)
        Signs, and m on the grid's points.
    """

    base: XcFunctional
    grid: Grid | CoreGrid
    terms: tuple[tuple[float, FixedDensity], ...]

    def functional(self, rows: slice = ALL_ROWS) -> XcFunctional:
        """The inner sum as a functional of the valence density.

        Parameters
        ----------
        rows : slice
            The points of the grid that the density is given on.

        Returns
        -------
        XcFunctional
        """
        evaluate = partial(_signed_sum, self.base, self.terms, rows)
        return XcFunctional(name=self.base.name, kind=self.base.kind, evaluate=evaluate)

    def explicit_gradient(self, positions: Floats, rho: Floats, gradient: Floats | None = None) -> Floats:
        """Derivative with respect to the nuclei through fixed densities and weights.

            dE_A = sum_i w_i sum_k sign_k [ v_ki dm_k(r_i)/dR_A + g_ki . d(grad m_k)/dR_A ]
                   + sum_i f_i dw_i/dR_A

        at fixed valence densities on the points, which move with their owners; v and g are means over spins.

        Parameters
        ----------
        positions : (natom, 3) bohr
        rho : (nspin, ngrid) bohr^-3
            Valence densities on the points.
        gradient : (nspin, 3, ngrid) bohr^-4, or None

        Returns
        -------
        (natom, 3) hartree/bohr
        """
        out, f = np.zeros((len(positions), 3)), np.zeros(len(self.grid.weights))
        for sign, fixed in self.terms:
            energy, v, v_gradient = weighted_potential(
                self.base, self.grid, *fixed.added(rho, gradient, ALL_ROWS)
            )
            f += sign * energy
            mean_gradient = None if v_gradient is None else sign * v_gradient.mean(axis=0, keepdims=True)
            out += fitted_density_gradient(
                fixed.shells,
                positions,
                fixed.coefficients,
                self.grid,
                sign * v.mean(axis=0, keepdims=True),
                mean_gradient,
            )
        return out + self.grid.weight_gradient(positions, f)


def _signed_sum(
    functional: XcFunctional,
    terms: tuple[tuple[float, FixedDensity], ...],
    rows: slice,
    rho: Floats,
    gradient: Floats | None = None,
) -> tuple[Floats, Floats, Floats | None]:
    energy, v = np.zeros(rho.shape[1]), np.zeros_like(rho)
    v_gradient = None if gradient is None else np.zeros_like(gradient)
    for sign, fixed in terms:
        e_part, v_part, g_part = functional.evaluate(*fixed.added(rho, gradient, rows))
        energy += sign * e_part
        v += sign * v_part
        if v_gradient is not None and g_part is not None:
            v_gradient += sign * g_part
    return energy, v, v_gradient


def core_sums(
    functional: XcFunctional,
    grid: Grid,
    pseudopotentials: tuple[Pseudopotential, ...],
    positions: Floats,
    level: str,
) -> tuple[CoreSum, ...]:
    """The two sums of exchange and correlation with partial cores.

    Parameters
    ----------
    functional : XcFunctional
    grid : Grid
        Of the valence density.
    pseudopotentials : (natom,) Pseudopotential
    positions : (natom, 3) bohr
    level : str
        Of the grid.

    Returns
    -------
    tuple of CoreSum
        Empty where no atom has a core.
    """
    core, faint = core_gaussians(pseudopotentials), faint_gaussians(pseudopotentials)
    if core is None or faint is None:
        return ()
    needed = functional.needs_gradient
    around = core_grid(core, pseudopotentials, positions, level, needed)
    faint_there = fixed_density(faint, positions, grid.points, needed)
    faint_here = fixed_density(faint, positions, around.points, needed)
    return (
        CoreSum(base=functional, grid=grid, terms=((1.0, faint_there),)),
        CoreSum(base=functional, grid=around, terms=((1.0, around.core), (-1.0, faint_here))),
    )


def core_sum_gradient(core_sum: CoreSum, fit: FitShells, positions: Floats, coefficients: Floats) -> Floats:
    """Derivative of a sum with respect to the nuclei for a fitted density at fixed coefficients.

    Exact for the quadrature sum.

    Parameters
    ----------
    core_sum : CoreSum
    fit : FitShells
    positions : (natom, 3) bohr
    coefficients : (nspin, naux)
        One row is the total density of a closed shell, two are up and down.

    Returns
    -------
    (natom, 3) hartree/bohr
    """
    grid = core_sum.grid
    rho, gradient = density_on_grid(core_sum.base, grid, fit, positions, coefficients)
    _, v, v_gradient = weighted_potential(core_sum.functional(), grid, rho, gradient)
    moved = fitted_density_gradient(fit, positions, coefficients, grid, v, v_gradient)
    return moved + core_sum.explicit_gradient(positions, rho, gradient)


def core_pull(
    around_cores: CoreSum, positions: Floats, rho: Floats, gradient: Floats | None = None
) -> Floats:
    """What moving the cores alone does to the energy: their part of the Hellmann-Feynman theorem.

        dE_A = int (v_up + v_down) / 2 dn_A/dR_A d3r

    Parameters
    ----------
    around_cores : CoreSum
        The second of `core_sums`.
    positions : (natom, 3) bohr
    rho : (nspin, ngrid) bohr^-3
        Valence densities on its points.
    gradient : (nspin, 3, ngrid) bohr^-4, or None

    Returns
    -------
    (natom, 3) hartree/bohr
    """
    grid, (_, core) = around_cores.grid, around_cores.terms[0]
    _, v, v_gradient = weighted_potential(around_cores.base, grid, *core.added(rho, gradient, ALL_ROWS))
    mean_gradient = None if v_gradient is None else v_gradient.mean(axis=0, keepdims=True)
    return -shift_gradient(
        core.shells, positions, core.coefficients, grid.points, v.mean(axis=0, keepdims=True), mean_gradient
    )


class OrbitalCoreQuadrature(OrbitalQuadrature):
    """A sum with fixed densities for orbital densities; takes a CoreSum in place of functional and grid."""

    def __init__(self, core_sum: CoreSum, shells: OrbitalShells, positions: Floats) -> None:
        super().__init__(core_sum.base, core_sum.grid, shells, positions)
        self.core_sum = core_sum

    def functional_at(self, rows: slice) -> XcFunctional:
        """The sum with the fixed densities on these rows of the grid.

        Returns
        -------
        XcFunctional
        """
        return self.core_sum.functional(rows)

    def gradient(self, dm: Floats) -> Floats:
        """Derivative of the energy with respect to the nuclei at fixed density matrices; exact for the sum.

        Parameters
        ----------
        dm : (nspin, nao, nao)

        Returns
        -------
        (natom, 3) hartree/bohr
        """
        moved, _ = self.moved_gradient(dm)
        return moved + self.core_sum.explicit_gradient(self.positions, *self.density(dm))
