"""The symmetric state of a cluster: relaxed within its point group, with its levels and vibrations."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.electronic_symmetry.level_irreps import LevelSet, orbital_irreps
from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.jahn_teller.degenerate_modes import DegenerateModes, degenerate_modes
from clusterdft.jahn_teller.level_filling import EqualOccupationSurface
from clusterdft.jahn_teller.open_shells import (
    PARTIAL_SHARE,
    OpenLevel,
    active_irreps,
    open_levels,
    problem_name,
)
from clusterdft.jahn_teller.symmetric_relaxation import relax_within_group
from clusterdft.method import Method
from clusterdft.properties.vibrations import Vibrations, vibrations
from clusterdft.relaxation.relax import FMAX
from clusterdft.scf.resolve import check_electrons, resolve
from clusterdft.surfaces.surface import SurfacePoint
from clusterdft.symmetry.irreps import motion_irreps
from clusterdft.symmetry.point_group import CONTINUOUS, POINT_GROUP_TOLERANCE, PointGroup, find_point_group

DESCENT_FMAX = FMAX / 5  # hartree/bohr: soft modes and saddle points must differ
# bohr, of the Hessian, and how many steps are tried, each half of the last: levels must not split beyond
# equal shares
SYMMETRIC_HESSIAN_STEP, STEP_HALVINGS = 0.05, 3
ENERGY_MISMATCH_LIMIT = 2e-5  # hartree: displaced points so far off are in another state


@dataclass(frozen=True, kw_only=True, eq=False)
class SymmetricState:
    """A cluster with the electrons' density as symmetric as its atoms.

    Attributes
    ----------
    cluster : Cluster
        Relaxed within the group, in its standard frame, its number of unpaired electrons fixed.
    group : PointGroup
    point : SurfacePoint
        With equal shares; stabilisations count from its energy.
    level_sets : tuple of LevelSet
        All valence levels.
    levels : tuple of OpenLevel
        Empty where no degenerate level is open.
    active : tuple of str
        Labels of the representations that couple linearly.
    problem : str
        Such as "E' x e'".
    vibrations : Vibrations
        With equal shares.
    modes : tuple of DegenerateModes
        All vibrations.
    """

    cluster: Cluster
    group: PointGroup
    point: SurfacePoint
    level_sets: tuple[LevelSet, ...]
    levels: tuple[OpenLevel, ...]
    active: tuple[str, ...]
    problem: str
    vibrations: Vibrations
    modes: tuple[DegenerateModes, ...]

    @property
    def n_unpaired(self) -> int:
        """Number of unpaired electrons, which is fixed."""
        return self.cluster.n_unpaired or 0

    @property
    def n_spin(self) -> int:
        """1 where both spins share their orbitals, else 2."""
        return len(self.point.details["mo_energy"])

    @property
    def active_modes(self) -> tuple[DegenerateModes, ...]:
        """Vibrations that couple linearly."""
        return tuple(modes for modes in self.modes if modes.irrep in self.active)

    @property
    def unstable_modes(self) -> tuple[DegenerateModes, ...]:
        """Imaginary vibrations, beyond their error, that lower the symmetry."""
        error = 2 * np.sqrt(self.vibrations.square_errors().max())
        return tuple(modes for modes in self.modes if modes.frequency < -error)


def symmetric_state(
    cluster: Cluster, method: Method, *, tolerance: float = POINT_GROUP_TOLERANCE, fmax: float = DESCENT_FMAX
) -> SymmetricState:
    """The symmetric state next to a geometry.

    Parameters
    ----------
    cluster : Cluster
        Nearly symmetric; with a free spin the lowest number of unpaired electrons is taken.
    method : Method
    tolerance : float, bohr
        Of the point group.
    fmax : float, hartree/bohr
        Of the relaxation within the group.

    Returns
    -------
    SymmetricState

    Raises
    ------
    InputError
        One atom, a linear cluster, electrons that break the symmetry even with equal shares, or a
        geometry that is almost one of higher symmetry.
    ScfNotConverged
        At the geometry or at a displaced one.
    """
    group = nonlinear_group(cluster, tolerance)
    electrons = check_electrons(cluster, resolve(method, cluster.symbols))
    if cluster.n_unpaired is None:
        cluster = replace(cluster, n_unpaired=electrons % 2)
    surface = EqualOccupationSurface(method=method)
    # in the standard frame, so that the quadrature is the same for any orientation
    cluster = cluster.at((group.symmetrized_positions - group.centre) @ group.frame.T)
    group = nonlinear_group(cluster, tolerance)
    end = relax_within_group(cluster, surface, group, strict=True, fmax=fmax)
    if not end.relaxed:
        raise ScfNotConverged(f"the symmetric geometry did not relax: {end.reason}")
    group = nonlinear_group(end.cluster, tolerance)
    point = surface.point(end.cluster)
    level_sets = orbital_irreps(point.details["result"], group)
    _refuse_shared_levels(level_sets, group)
    levels = open_levels(level_sets, len(point.details["mo_energy"]))
    active = active_irreps(group, levels)
    symmetric_vibrations = _vibrations(end.cluster, surface)
    return SymmetricState(
        cluster=end.cluster,
        group=group,
        point=point,
        level_sets=level_sets,
        levels=levels,
        active=active,
        problem=problem_name(levels, active),
        vibrations=symmetric_vibrations,
        modes=degenerate_modes(group, symmetric_vibrations, motion_irreps(group)[1]),
    )


def nonlinear_group(cluster: Cluster, tolerance: float = POINT_GROUP_TOLERANCE) -> PointGroup:
    """The point group of a geometry that the Jahn-Teller theorem is about.

    Parameters
    ----------
    cluster : Cluster
    tolerance : float, bohr

    Returns
    -------
    PointGroup
        Of finite order.

    Raises
    ------
    InputError
        One atom, or atoms on a line.
    """
    if cluster.natom == 1:
        raise InputError("a single atom has no vibrations and so no Jahn-Teller effect; give a cluster")
    group = find_point_group(cluster, tolerance=tolerance)
    if group.name in CONTINUOUS:
        raise InputError(
            f"the atoms lie on a line ({group.name}), and a linear cluster does not distort to first order "
            "(its bending couples in second order, the Renner-Teller effect); give a nonlinear geometry"
        )
    return group


def _refuse_shared_levels(level_sets: Sequence[LevelSet], group: PointGroup) -> None:
    """Equal shares are for degenerate levels; others that are near each other must not share electrons."""
    shared = [
        level
        for level in level_sets
        if level.degeneracy == 1 and abs(level.electrons - round(level.electrons)) > PARTIAL_SHARE
    ]
    if shared:
        names = " and ".join(level.label for level in shared[:2])
        raise InputError(
            f"in {group.name} the levels {names} are not degenerate but so near that they share electrons: "
            "the geometry is almost one of higher symmetry; give a larger tolerance, or relax it first"
        )


def _vibrations(cluster: Cluster, surface: EqualOccupationSurface) -> Vibrations:
    """Vibrations with a step that is small enough for the shares to stay equal."""
    for halving in range(STEP_HALVINGS):
        trial = vibrations(cluster, surface, step=SYMMETRIC_HESSIAN_STEP / 2**halving)
        if trial.energy_mismatch < ENERGY_MISMATCH_LIMIT:
            return trial
    raise ScfNotConverged(
        f"displaced by {trial.step:g} bohr the electrons are in another state (energies are off by "
        f"{trial.energy_mismatch:.1e} hartree); try another number of unpaired electrons"
    )
