"""The symmetric state of a cluster: relaxed within its point group, with its levels and vibrations."""

from dataclasses import dataclass, replace

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.electronic_symmetry.level_irreps import LevelSet, orbital_irreps
from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.jahn_teller.constrained import EqualOccupationSurface, relax_within_group
from clusterdft.jahn_teller.degenerate_modes import DegenerateModes, degenerate_modes
from clusterdft.jahn_teller.open_shells import (
    PARTIAL_SHARE,
    OpenLevel,
    active_irreps,
    open_levels,
    problem_name,
)
from clusterdft.properties.vibrations import Vibrations, vibrations
from clusterdft.relaxation.relax import FMAX
from clusterdft.scf.resolve import check_electrons, resolve
from clusterdft.surfaces.surface import SurfacePoint
from clusterdft.symmetry.irreps import motion_irreps
from clusterdft.symmetry.point_group import CONTINUOUS, TOLERANCE, PointGroup, find_point_group

DESCENT_FMAX = FMAX / 5  # hartree/bohr: soft modes and saddle points must differ
STEP, HALVINGS = 0.05, 3  # bohr, of the Hessian: levels must not split beyond equal shares
ENERGY_MISMATCH_LIMIT = 2e-5  # hartree: displaced points so far off are in another state


@dataclass(frozen=True, kw_only=True, eq=False)
class SymmetricState:
    """A cluster with the electrons' density as symmetric as its atoms.

    Attributes
    ----------
    cluster : relaxed within the group, in its standard frame, its number of unpaired electrons fixed
    group : PointGroup
    point : SurfacePoint with equal shares, the energy that stabilisations count from
    level_sets : tuple of LevelSet
    levels : tuple of OpenLevel, empty where no degenerate level is open
    active : labels of the representations that couple linearly
    problem : such as "E' x e'"
    vibrations : Vibrations with equal shares
    modes : tuple of DegenerateModes, all vibrations
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
    def active_modes(self):
        """Vibrations that couple linearly."""
        return tuple(one for one in self.modes if one.irrep in self.active)

    @property
    def unstable_modes(self):
        """Imaginary vibrations, beyond their error, that lower the symmetry."""
        error = 2 * np.sqrt(self.vibrations.square_errors().max())
        return tuple(one for one in self.modes if one.frequency < -error)


def symmetric_state(cluster, method, *, tolerance=TOLERANCE, fmax=DESCENT_FMAX):
    """The symmetric state next to a geometry.

    Parameters
    ----------
    cluster : Cluster, nearly symmetric; with a free spin the lowest number of unpaired electrons is taken
    method : Method
    tolerance : bohr, of the point group
    fmax : hartree/bohr, of the relaxation within the group

    Returns
    -------
    SymmetricState

    Raises
    ------
    InputError
        one atom, a linear cluster, electrons that break the symmetry even with equal shares, or a
        geometry that is almost one of higher symmetry
    ScfNotConverged
        at the geometry or at a displaced one
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
    found = _vibrations(end.cluster, surface)
    return SymmetricState(
        cluster=end.cluster,
        group=group,
        point=point,
        level_sets=level_sets,
        levels=levels,
        active=active,
        problem=problem_name(levels, active),
        vibrations=found,
        modes=degenerate_modes(group, found, motion_irreps(group)[1]),
    )


def nonlinear_group(cluster, tolerance=TOLERANCE):
    """The point group of a geometry that the Jahn-Teller theorem is about.

    Raises
    ------
    InputError
        one atom, or atoms on a line
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


def _refuse_shared_levels(level_sets, group):
    """Equal shares are for degenerate levels; others that are near each other must not share electrons."""
    shared = [
        one
        for one in level_sets
        if one.degeneracy == 1 and abs(one.electrons - round(one.electrons)) > PARTIAL_SHARE
    ]
    if shared:
        names = " and ".join(one.label for one in shared[:2])
        raise InputError(
            f"in {group.name} the levels {names} are not degenerate but so near that they share electrons: "
            "the geometry is almost one of higher symmetry; give a larger tolerance, or relax it first"
        )


def _vibrations(cluster, surface):
    """Vibrations with a step that is small enough for the shares to stay equal."""
    for halving in range(HALVINGS):
        found = vibrations(cluster, surface, step=STEP / 2**halving)
        if found.energy_mismatch < ENERGY_MISMATCH_LIMIT:
            return found
    raise ScfNotConverged(
        f"displaced by {found.step:g} bohr the electrons are in another state (energies are off by "
        f"{found.energy_mismatch:.1e} hartree); try another number of unpaired electrons"
    )
