"""Core densities on points: n_c itself, the faint copy n_s, and the quadrature around the cores."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from clusterdft.basis.shells import FitShells
from clusterdft.grid.core_rule import core_rule
from clusterdft.xc.fitted_density import fitted_density

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


def core_grid(core, pseudopotentials, positions, level, needs_gradient):
    """CoreGrid of the atoms with a core; `core` as from `core_shells`."""
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
    fixed = fixed_density(core, positions, points, needs_gradient)
    return CoreGrid(
        points=points,
        weights=np.concatenate(numerators) / fixed.density[0],
        owner=np.concatenate(owner),
        core=fixed,
    )


def fixed_density(gaussians, positions, points, needs_gradient):
    """FixedDensity of (FitShells, coefficients) on points (ngrid, 3)."""
    shells, coefficients = gaussians
    out = fitted_density(shells, positions, coefficients, points, gradient=needs_gradient)
    density, gradient = out if needs_gradient else (out, None)
    return FixedDensity(shells=shells, coefficients=coefficients, density=density, gradient=gradient)


@lru_cache(maxsize=16)
def core_shells(pseudopotentials):
    """n_c as FitShells and coefficients, the same objects for every geometry; None without cores."""
    return _gaussians(
        (atom, exponent, height)
        for atom, pseudo in enumerate(pseudopotentials)
        for exponent, height in zip(
            pseudo.partial_core_exponent, pseudo.partial_core_coefficient, strict=True
        )
    )


@lru_cache(maxsize=16)
def faint_shells(pseudopotentials):
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
