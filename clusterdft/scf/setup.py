"""What a geometry fixes before the first iteration: shells, pairs, metric, grid and one-electron matrices."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import LinAlgError, cho_factor, cho_solve, eigh

from clusterdft.arrays import Floats, frozen_array
from clusterdft.basis.set_files import ShellSet
from clusterdft.basis.shells import FitShells, OrbitalShells, fit_shells, orbital_shells
from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.grid import Grid, build_grid
from clusterdft.integrals.coulomb import fit_metric
from clusterdft.integrals.one_electron import overlap
from clusterdft.integrals.pairs import PairTable, make_pairs
from clusterdft.method import Method
from clusterdft.pseudo import Pseudopotential
from clusterdft.pseudo.potential import hermite_expansion
from clusterdft.scf.resolve import ResolvedMethod, check_electrons
from clusterdft.xc.functional import XcFunctional
from clusterdft.xc.partial_core import CoreSum, core_sums

SMALLEST_OVERLAP = 1e-7  # eigenvalue of the overlap matrix that is kept
METRIC_SHIFTS = (1e-12, 1e-10, 1e-8)  # of the metric's diagonal, added where it is singular to rounding
STRONGEST_FIELD = 0.1  # hartree/(e bohr): far beyond it electrons leave atoms, and only the basis holds them


@dataclass(frozen=True, kw_only=True, eq=False)
class FixedCharges:
    """Hermite Gaussians with fixed coefficients: the erf cores, or the local Gaussians, of all atoms.

    Attributes
    ----------
    shells : FitShells
    coefficients : (naux,) as a charge or as a potential
    """

    shells: FitShells
    coefficients: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class ScfSetup:
    """A cluster in a method: tables that do not change during the self-consistent field.

    Attributes
    ----------
    cluster : Cluster
    resolved : ResolvedMethod
    n_electrons : int
        Valence electrons.
    pseudopotentials : tuple of Pseudopotential
        One for each atom.
    shells : OrbitalShells
    fit : FitShells
    pairs : PairTable
        Products of orbital shells as Hermite Gaussians.
    field : (3,) hartree/(elementary charge bohr), or None
        A static electric field.
    """

    cluster: Cluster
    resolved: ResolvedMethod
    n_electrons: int
    pseudopotentials: tuple[Pseudopotential, ...]
    shells: OrbitalShells
    fit: FitShells
    pairs: PairTable
    field: Floats | None = None

    @property
    def method(self) -> Method:
        """The level of theory, with its names."""
        return self.resolved.method

    @property
    def positions(self) -> Floats:
        """(natom, 3) bohr."""
        return self.cluster.positions

    @cached_property
    def z_valence(self) -> Floats:
        """(natom,) ionic charges."""
        return frozen_array([float(pseudo.z_valence) for pseudo in self.pseudopotentials])

    @property
    def functional(self) -> XcFunctional:
        """Exchange and correlation."""
        return self.resolved.functional

    @cached_property
    def grid(self) -> Grid:
        """The quadrature of the whole cluster."""
        return build_grid(self.cluster.symbols, self.positions, self.method.grid)

    @cached_property
    def core_sums(self) -> tuple[CoreSum, ...]:
        """Exchange and correlation with partial cores, CoreSums; empty where no pseudopotential has one."""
        return core_sums(self.functional, self.grid, self.pseudopotentials, self.positions, self.method.grid)

    @cached_property
    def overlap(self) -> Floats:
        """(nao, nao) S."""
        return overlap(self.shells, self.positions)

    @cached_property
    def orthonormal(self) -> Floats:
        """(nao, nmo) X with X^T S X = 1; nearly dependent combinations are left out."""
        values, vectors = eigh(self.overlap)
        keep = values > SMALLEST_OVERLAP
        x: Floats = vectors[:, keep] / np.sqrt(values[keep])
        return x

    @cached_property
    def core_charges(self) -> FixedCharges:
        """The erf cores as Gaussian charges."""
        rows = [
            (atom, 0, exponent, charge[None])
            for atom, pseudo in enumerate(self.pseudopotentials)
            for exponent, charge in zip(*pseudo.core_charges(), strict=True)
        ]
        return _fixed_charges(rows)

    @cached_property
    def local_gaussians(self) -> FixedCharges | None:
        """The local Gaussians of the pseudopotentials, or None where there are none."""
        rows = []
        for atom, pseudo in enumerate(self.pseudopotentials):
            for exponent, coefficient in zip(pseudo.local_exponent, pseudo.local_coefficient, strict=True):
                lmax, expansion = hermite_expansion(coefficient, exponent)
                rows.append((atom, lmax, exponent, expansion))
        return _fixed_charges(rows) if rows else None

    @cached_property
    def _metric_factor(self) -> tuple[tuple[Any, bool], Floats]:
        """Cholesky factor of the metric scaled to a unit diagonal, and the scale.

        Where large sets are dependent to rounding, a multiple of the diagonal is added: it does not depend on
        the geometry, so that energy and forces stay consistent.
        """
        metric = fit_metric(self.fit, self.positions)
        scale = 1.0 / np.sqrt(np.diag(metric))
        metric = metric * scale[:, None] * scale
        for shift in (0.0, *METRIC_SHIFTS):
            with suppress(LinAlgError):
                shifted = metric + shift * np.eye(len(metric)) if shift else metric
                return cho_factor(shifted, lower=True, check_finite=False), scale
        raise InputError("the fitting functions are linearly dependent; take atoms apart or a smaller set")

    def solve_metric(self, moments: Floats) -> Floats:
        """Fitting coefficients from moments, x = A^-1 b.

        Parameters
        ----------
        moments : (nset, naux)

        Returns
        -------
        (nset, naux)

        Raises
        ------
        InputError
            The fitting functions are linearly dependent.
        """
        factor, scale = self._metric_factor
        solved: Floats = cho_solve(factor, (moments * scale).T, check_finite=False).T
        return np.ascontiguousarray(solved * scale)


def _fixed_charges(rows: Sequence[tuple[int, int, float, Floats]]) -> FixedCharges:
    """FixedCharges from (atom, lmax, exponent, coefficients) of each shell."""
    atom, lmax, exponent, coefficients = zip(*rows, strict=True)
    shells = FitShells(
        atom=np.array(atom, np.int64), lmax=np.array(lmax, np.int64), exponent=np.array(exponent, float)
    )
    return FixedCharges(shells=shells, coefficients=np.concatenate(coefficients).astype(float))


def build_setup(cluster: Cluster, resolved: ResolvedMethod, field: ArrayLike | None = None) -> ScfSetup:
    """Tables of a cluster in a method.

    Parameters
    ----------
    cluster : Cluster
    resolved : ResolvedMethod
        Of the cluster's elements at least.
    field : (3,) hartree/(elementary charge bohr), or None
        None or zero for none.

    Returns
    -------
    ScfSetup

    Raises
    ------
    InputError
        Impossible charge, spin or field.
    """
    applied = checked_field(field)
    symbols = cluster.symbols
    n_electrons = check_electrons(cluster, resolved)
    elements = tuple(sorted(set(symbols)))
    shells, fit = _shells(
        symbols,
        tuple((symbol, resolved.orbital_shells[symbol]) for symbol in elements),
        tuple((symbol, resolved.fitting_shells[symbol]) for symbol in elements),
    )
    return ScfSetup(
        cluster=cluster,
        resolved=resolved,
        n_electrons=n_electrons,
        pseudopotentials=tuple(resolved.pseudopotentials[symbol] for symbol in symbols),
        shells=shells,
        fit=fit,
        pairs=make_pairs(shells, cluster.positions),
        field=applied,
    )


@lru_cache(maxsize=16)
def _shells(
    symbols: tuple[str, ...],
    orbital: tuple[tuple[str, ShellSet], ...],
    fitting: tuple[tuple[str, ShellSet], ...],
) -> tuple[OrbitalShells, FitShells]:
    """Orbital and fitting shells; the same objects for every geometry, which others cache by."""
    return orbital_shells(symbols, dict(orbital)), fit_shells(symbols, dict(fitting))


def checked_field(field: ArrayLike | None) -> Floats | None:
    """A static electric field as an array.

    Parameters
    ----------
    field : (3,) hartree/(elementary charge bohr), or None

    Returns
    -------
    (3,) or None
        None for none, and for zero.

    Raises
    ------
    InputError
        Anything else, or a field that would pull electrons off.
    """
    if field is None:
        return None
    try:
        given = frozen_array(field, (3,))
    except (TypeError, ValueError):
        raise InputError(f"the electric field is {field!r}; give its x, y, z") from None
    size = float(np.linalg.norm(given))
    if not size <= STRONGEST_FIELD:
        raise InputError(
            f"the electric field has a strength of {size:g} hartree/(e bohr); "
            f"give one of at most {STRONGEST_FIELD}, such as 0.001"
        )
    return given if size > 0 else None
