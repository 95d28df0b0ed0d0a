"""Core densities on points: n_c itself, the faint copy n_s, and the quadrature around the cores."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from clusterdft.arrays import Floats, Ints
from clusterdft.basis.shells import FitShells
from clusterdft.grid.core_rule import core_rule
from clusterdft.pseudo.potential import Pseudopotential
from clusterdft.xc.fitted_density import fitted_density, fitted_density_gradient

FAINT_HEIGHT = 1e-3  # bohr^-3, of n_s: less than the valence density, enough that no spin is empty
FAINT_SHARE = 0.05  # of the height of the core's widest Gaussian, if that is less
ALL_ROWS = slice(None)  # rows of a grid


# shells and (1, naux) coefficients
Gaussians: TypeAlias = tuple[FitShells, Floats]


@dataclass(frozen=True, kw_only=True, eq=False)
class FixedDensity:
    """A sum of spherical Gaussians on the nuclei, and its values on a set of points.

    Attributes
    ----------
    shells : FitShells
    coefficients : (1, naux)
    density : (1, ngrid) bohr^-3
    gradient : (1, 3, ngrid) bohr^-4, or None
        None where nothing needs it.
    """

    shells: FitShells
    coefficients: Floats
    density: Floats
    gradient: Floats | None

    def added(self, rho: Floats, gradient: Floats | None, rows: slice) -> tuple[Floats, Floats | None]:
        """Valence densities with this density's half in each spin.

        Parameters
        ----------
        rho : (nspin, npoint) bohr^-3
        gradient : (nspin, 3, npoint) bohr^-4, or None
        rows : slice
            The points of the grid that they are given on.

        Returns
        -------
        rho : (nspin, npoint) bohr^-3
        gradient : (nspin, 3, npoint) bohr^-4, or None
        """
        total = rho + self.density[:, rows] / len(rho)
        if gradient is None or self.gradient is None:
            return total, None
        return total, gradient + self.gradient[..., rows] / len(rho)


@dataclass(frozen=True, kw_only=True, eq=False)
class CoreGrid:
    """Quadrature of what the cores change: a rule around each, times n_A / n_c.

    Attributes
    ----------
    points : (ngrid, 3) bohr
    weights : (ngrid,) bohr^3
    owner : (ngrid,) int
        The atom that a point moves with, ascending.
    core : FixedDensity
        n_c on the points.
    """

    points: Floats
    weights: Floats
    owner: Ints
    core: FixedDensity

    def weight_gradient(self, positions: Floats, f: Floats) -> Floats:
        """Derivative of a sum over the grid through its weights, which go as 1 / n_c.

        Parameters
        ----------
        positions : (natom, 3) bohr
        f : (ngrid,)
            Held fixed.

        Returns
        -------
        (natom, 3)
        """
        core = self.core
        by_density = -(self.weights * f)[None] / core.density
        return fitted_density_gradient(core.shells, positions, core.coefficients, self, by_density)


def core_grid(
    core: Gaussians,
    pseudopotentials: Sequence[Pseudopotential],
    positions: Floats,
    level: str,
    needs_gradient: bool,
) -> CoreGrid:
    """The quadrature around the atoms with a core.

    Parameters
    ----------
    core : FitShells and (1, naux)
        As from `core_gaussians`.
    pseudopotentials : (natom,) Pseudopotential
    positions : (natom, 3) bohr
    level : str
        Of the grid.
    needs_gradient : bool
        Whether the core density's gradient is wanted.

    Returns
    -------
    CoreGrid
    """
    pieces: list[Floats] = []
    numerators: list[Floats] = []
    owner: list[Ints] = []
    for atom, pseudo in enumerate(pseudopotentials):
        if pseudo.partial_core_exponent.size == 0:
            continue
        exponents = tuple(pseudo.partial_core_exponent.tolist())
        heights = tuple(pseudo.partial_core_coefficient.tolist())
        offsets, numerator = core_rule(level, pseudo.symbol, exponents, heights)
        pieces.append(positions[atom] + offsets)
        numerators.append(numerator)
        owner.append(np.full(len(offsets), atom))
    points = np.concatenate(pieces)
    fixed = fixed_density(core, positions, points, needs_gradient)
    return CoreGrid(
        points=points,
        weights=np.concatenate(numerators) / fixed.density[0],
        owner=np.concatenate(owner),
        core=fixed,
    )


def fixed_density(
    gaussians: Gaussians, positions: Floats, points: Floats, needs_gradient: bool
) -> FixedDensity:
    """A sum of Gaussians on points.

    Parameters
    ----------
    gaussians : FitShells and (1, naux)
    positions : (natom, 3) bohr
    points : (ngrid, 3) bohr
    needs_gradient : bool
        Whether the density's gradient is wanted.

    Returns
    -------
    FixedDensity
    """
    shells, coefficients = gaussians
    density, gradient = fitted_density(shells, positions, coefficients, points, needs_gradient)
    return FixedDensity(shells=shells, coefficients=coefficients, density=density, gradient=gradient)


@lru_cache(maxsize=16)
def core_gaussians(pseudopotentials: tuple[Pseudopotential, ...]) -> Gaussians | None:
    """The core density n_c of all atoms, the same objects for every geometry.

    Parameters
    ----------
    pseudopotentials : (natom,) Pseudopotential

    Returns
    -------
    FitShells and (1, naux), or None
        Shells and coefficients; None without cores.
    """
    return _gaussians(
        (atom, exponent, height)
        for atom, pseudo in enumerate(pseudopotentials)
        for exponent, height in zip(
            pseudo.partial_core_exponent, pseudo.partial_core_coefficient, strict=True
        )
    )


@lru_cache(maxsize=16)
def faint_gaussians(pseudopotentials: tuple[Pseudopotential, ...]) -> Gaussians | None:
    """The faint density n_s of all atoms, the same objects for every geometry.

    Parameters
    ----------
    pseudopotentials : (natom,) Pseudopotential

    Returns
    -------
    FitShells and (1, naux), or None
        Shells and coefficients; None without cores.
    """
    rows = []
    for atom, pseudo in enumerate(pseudopotentials):
        if pseudo.partial_core_exponent.size:
            widest = int(np.argmin(pseudo.partial_core_exponent))
            height = min(FAINT_HEIGHT, FAINT_SHARE * pseudo.partial_core_coefficient[widest])
            rows.append((atom, pseudo.partial_core_exponent[widest], height))
    return _gaussians(rows)


def _gaussians(of_atoms: Iterable[tuple[int, float, float]]) -> Gaussians | None:
    """FitShells and (1, naux) coefficients from (atom, exponent, height) of each Gaussian."""
    rows = list(of_atoms)
    if not rows:
        return None
    atom, exponent, height = zip(*rows, strict=True)
    shells = FitShells(
        atom=np.array(atom, np.int64), lmax=np.zeros(len(rows), np.int64), exponent=np.array(exponent, float)
    )
    return shells, np.array([height]) * (np.pi / shells.exponent) ** 1.5
