"""Partial cores: fixed core densities that exchange and correlation see beside the valence density.

    E_xc[n + n_c] = E_xc[n + n_s] + sum_A int n_A(r) (e(n + n_c) - e(n + n_s)) / n_c d3r,   n_c = sum_A n_A

n_s is a faint copy of each core's widest Gaussian. The first term is smooth and has the quadrature of the
valence density. The second reaches as far as the cores; each has a small quadrature of its own about its
nucleus, and the shares n_A / n_c follow the cores. Without n_s the potential of an empty spin, which diverges
for gradient functionals, would stand in both terms and cancel badly. Half of each core counts with each spin.

Source  Louie, Froyen, Cohen, Phys. Rev. B 26, 1738 (1982); the division into two sums is ours
"""

from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from clusterdft.basis.shells import FitShells
from clusterdft.grid import Grid, weight_gradient
from clusterdft.grid.core_rule import core_rule
from clusterdft.xc.fitted_density import (
    density_on_grid,
    fitted_density,
    fitted_density_gradient,
    shift_gradient,
    weighted_potential,
)
from clusterdft.xc.functional import Functional
from clusterdft.xc.orbital_density import OrbitalQuadrature

FAINT = 1e-3  # bohr^-3, the height of n_s: less than the valence density, enough that no spin is empty
SHARE = 0.05  # of the height of the core's widest Gaussian, if that is less
ALL = slice(None)


@dataclass(frozen=True, kw_only=True, eq=False)
class FixedDensity:
    """A sum of spherical Gaussians on the nuclei, and its values on a set of points.

    Attributes
    ----------
    shells, coefficients : FitShells and (1, naux)
    density, gradient : (1, ngrid) bohr^-3 and (1, 3, ngrid) bohr^-4, or None where nothing needs it
    """

    shells: FitShells
    coefficients: np.ndarray
    density: np.ndarray
    gradient: np.ndarray | None

    def added(self, rho, gradient, rows):
        """Spin densities, and gradients or None, with this density's half in each spin."""
        total = rho + self.density[:, rows] / len(rho)
        return total, None if gradient is None else gradient + self.gradient[..., rows] / len(rho)


@dataclass(frozen=True, kw_only=True, eq=False)
class CoreGrid:
    """Quadrature of what the cores change: a rule around each, times n_A / n_c.

    Attributes
    ----------
    points, weights, owner : as of Grid
    core : n_c on the points
    """

    points: np.ndarray
    weights: np.ndarray
    owner: np.ndarray
    core: FixedDensity


@dataclass(frozen=True, kw_only=True, eq=False)
class CoreSum:
    """A quadrature sum of exchange and correlation with fixed densities.

        E = sum_i w_i sum_k sign_k e(n(r_i) + m_k(r_i))

    Attributes
    ----------
    base : Functional e
    grid : Grid or CoreGrid
    terms : tuple of (sign, FixedDensity m on the grid's points)
    """

    base: Functional
    grid: Grid | CoreGrid
    terms: tuple[tuple[float, FixedDensity], ...]

    def functional(self, rows=ALL):
        """The inner sum as a functional of the valence density on these rows of the grid."""
        evaluate = partial(_signed_sum, self.base, self.terms, rows)
        return Functional(name=self.base.name, kind=self.base.kind, evaluate=evaluate)

    def explicit_gradient(self, positions, rho, gradient=None):
        """Derivative with respect to the nuclei through fixed densities and weights.

            dE_A = sum_i w_i sum_k sign_k [ v_ki dm_k(r_i)/dR_A + g_ki . d(grad m_k)/dR_A ]
                   + sum_i f_i dw_i/dR_A

        at fixed valence densities on the points, which move with their owners; v and g are means over spins.

        Parameters
        ----------
        rho, gradient : (nspin, ngrid) valence densities on the points; (nspin, 3, ngrid) or None
        Returns
        -------
        (natom, 3) hartree/bohr
        """
        out, f = np.zeros((len(positions), 3)), np.zeros(len(self.grid.weights))
        for sign, fixed in self.terms:
            energy, v, v_gradient = weighted_potential(self.base, self.grid, *fixed.added(rho, gradient, ALL))
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
        return out + _weight_gradient(self.grid, positions, f)


def _signed_sum(functional, terms, rows, rho, gradient=None):
    parts = [(sign, functional.evaluate(*fixed.added(rho, gradient, rows))) for sign, fixed in terms]
    energy, v = (sum(sign * part[k] for sign, part in parts) for k in (0, 1))
    return energy, v, None if gradient is None else sum(sign * part[2] for sign, part in parts)


def _weight_gradient(grid, positions, f):
    """Derivative of a sum over either grid through its weights; those of a CoreGrid go as 1 / n_c."""
    if isinstance(grid, Grid):
        return weight_gradient(grid, positions, f)
    core = grid.core
    by_density = -(grid.weights * f)[None] / core.density
    return fitted_density_gradient(core.shells, positions, core.coefficients, grid, by_density)


def core_sums(functional, grid, pseudopotentials, positions, level):
    """The two sums of exchange and correlation with partial cores.

    Parameters
    ----------
    functional : Functional
    grid : Grid     of the valence density
    pseudopotentials : tuple of Pseudopotential, one for each atom
    positions : (natom, 3) bohr
    level : of the grid
    Returns
    -------
    tuple of CoreSum, empty where no atom has a core
    """
    core, faint = _core_shells(pseudopotentials), _faint_shells(pseudopotentials)
    if core is None:
        return ()
    needed = functional.needs_gradient
    core_grid = _core_grid(core, pseudopotentials, positions, level, needed)
    faint_there = _fixed_density(faint, positions, grid.points, needed)
    faint_here = _fixed_density(faint, positions, core_grid.points, needed)
    return (
        CoreSum(base=functional, grid=grid, terms=((1.0, faint_there),)),
        CoreSum(base=functional, grid=core_grid, terms=((1.0, core_grid.core), (-1.0, faint_here))),
    )


def _core_grid(core, pseudopotentials, positions, level, needs_gradient):
    points, numerators, owner = [], [], []
    for atom, pseudo in enumerate(pseudopotentials):
        if pseudo.partial_core_exponent.size == 0:
            continue
        exponents = tuple(pseudo.partial_core_exponent.tolist())
        heights = tuple(pseudo.partial_core_coefficient.tolist())
        offsets, numerator = core_rule(level, pseudo.symbol, exponents, heights)
        points.append(positions[atom] + offsets)
        numerators.append(numerator)
        owner.append(np.full(len(offsets), atom))
    points = np.concatenate(points)
    fixed = _fixed_density(core, positions, points, needs_gradient)
    return CoreGrid(
        points=points,
        weights=np.concatenate(numerators) / fixed.density[0],
        owner=np.concatenate(owner),
        core=fixed,
    )


def _fixed_density(gaussians, positions, points, needs_gradient):
    shells, coefficients = gaussians
    out = fitted_density(shells, positions, coefficients, points, gradient=needs_gradient)
    density, gradient = out if needs_gradient else (out, None)
    return FixedDensity(shells=shells, coefficients=coefficients, density=density, gradient=gradient)


@lru_cache(maxsize=16)
def _core_shells(pseudopotentials):
    """n_c as FitShells and coefficients, the same objects for every geometry; None without cores."""
    return _gaussians(
        (atom, exponent, height)
        for atom, pseudo in enumerate(pseudopotentials)
        for exponent, height in zip(
            pseudo.partial_core_exponent, pseudo.partial_core_coefficient, strict=True
        )
    )


@lru_cache(maxsize=16)
def _faint_shells(pseudopotentials):
    """n_s, likewise."""
    rows = []
    for atom, pseudo in enumerate(pseudopotentials):
        if pseudo.partial_core_exponent.size:
            widest = int(np.argmin(pseudo.partial_core_exponent))
            height = min(FAINT, SHARE * pseudo.partial_core_coefficient[widest])
            rows.append((atom, pseudo.partial_core_exponent[widest], height))
    return _gaussians(rows)


def _gaussians(rows):
    """FitShells and (1, naux) coefficients from (atom, exponent, height) of each Gaussian."""
    rows = list(rows)
    if not rows:
        return None
    atom, exponent, height = zip(*rows, strict=True)
    shells = FitShells(
        atom=np.array(atom, np.int64), lmax=np.zeros(len(rows), np.int64), exponent=np.array(exponent, float)
    )
    return shells, np.array([height]) * (np.pi / shells.exponent) ** 1.5


def core_sum_gradient(core_sum, fit, positions, coefficients):
    """Derivative of a sum with respect to the nuclei for a fitted density at fixed coefficients.

    Exact for the quadrature sum.

    Parameters
    ----------
    core_sum : CoreSum
    fit, positions, coefficients : as in `xc_gradient`
    Returns
    -------
    (natom, 3) hartree/bohr
    """
    grid = core_sum.grid
    rho, gradient = density_on_grid(core_sum.base, grid, fit, positions, coefficients)
    _, v, v_gradient = weighted_potential(core_sum.functional(), grid, rho, gradient)
    moved = fitted_density_gradient(fit, positions, coefficients, grid, v, v_gradient)
    return moved + core_sum.explicit_gradient(positions, rho, gradient)


def core_pull(core_sum, positions, rho, gradient=None):
    """What moving the cores alone does to the energy: their part of the Hellmann-Feynman theorem.

        dE_A = int (v_up + v_down) / 2 dn_A/dR_A d3r

    Parameters
    ----------
    core_sum : CoreSum     the second of `core_sums`
    rho, gradient : valence densities on its points, as in `explicit_gradient`
    Returns
    -------
    (natom, 3) hartree/bohr
    """
    grid = core_sum.grid
    core = grid.core
    _, v, v_gradient = weighted_potential(core_sum.base, grid, *core.added(rho, gradient, ALL))
    mean_gradient = None if v_gradient is None else v_gradient.mean(axis=0, keepdims=True)
    return -shift_gradient(
        core.shells, positions, core.coefficients, grid.points, v.mean(axis=0, keepdims=True), mean_gradient
    )


class OrbitalCoreQuadrature(OrbitalQuadrature):
    """A sum with fixed densities for orbital densities; takes a CoreSum in place of functional and grid."""

    def __init__(self, core_sum, shells, positions):
        super().__init__(core_sum.base, core_sum.grid, shells, positions)
        self.core_sum = core_sum

    def functional_at(self, rows):
        return self.core_sum.functional(rows)

    def gradient(self, dm):
        """As of OrbitalQuadrature."""
        moved, _ = self.moved_gradient(dm)
        return moved + self.core_sum.explicit_gradient(self.positions, *self.density(dm))
