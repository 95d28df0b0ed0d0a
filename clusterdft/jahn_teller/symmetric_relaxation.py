"""Relaxation that keeps the operations of a point group."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from clusterdft.arrays import Floats, Ints
from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.method import Method
from clusterdft.relaxation.relax import FMAX, MAX_CALLS, RelaxOutcome, relax
from clusterdft.surfaces.choose import surface_of
from clusterdft.surfaces.surface import Surface, SurfacePoint, SurfaceSpec
from clusterdft.symmetry.actions import images_of_vectors
from clusterdft.symmetry.point_group import PointGroup

ASYMMETRY_LIMIT = 2e-4  # hartree/bohr: forces whose asymmetric part is larger belong to a broken symmetry


@dataclass(frozen=True, kw_only=True, eq=False)
class SymmetricSurface(Surface):
    """A surface restricted to the geometries with certain operations: every relaxer keeps to them.

        R <- <g^-1 R>,   F <- <g^-1 F>,   mean over the operations

    Attributes
    ----------
    surface : Surface
        The unrestricted one.
    operations : (order, 3, 3)
        Matrices that form a group, in the frame of the geometries.
    permutations : (order, natom)
        operations[k] brings atom i to atom permutations[k, i].
    strict : bool
        Whether forces that are not symmetric themselves raise InputError; without, they are projected.
    """

    surface: Surface
    operations: Floats
    permutations: Ints
    strict: bool = False

    def symmetrised(self, cluster: Cluster) -> Cluster:
        """The symmetric geometry next to one."""
        centre = cluster.positions.mean(axis=0)
        return cluster.at(self.projected(cluster.positions - centre) + centre)

    def projected(self, vectors: Floats) -> Floats:
        """The totally symmetric part of vectors on the atoms, (natom, 3)."""
        mean: Floats = images_of_vectors(self.operations, self.permutations, vectors).mean(axis=0)
        return mean

    def point(self, cluster: Cluster, restart: Any = None) -> SurfacePoint:
        """Energy and symmetric forces of the symmetrised geometry."""
        return self._symmetric(self.surface.point(self.symmetrised(cluster), restart))

    def confirm(self, cluster: Cluster) -> SurfacePoint:
        """The same, with full accuracy where the surface tells."""
        there = self.symmetrised(cluster)
        confirmed = self.surface.confirm(there)
        return self._symmetric(self.surface.point(there) if confirmed is None else confirmed)

    def _symmetric(self, point: SurfacePoint) -> SurfacePoint:
        forces = self.projected(point.forces)
        lost = float(np.abs(forces - point.forces).max())
        if self.strict and lost > ASYMMETRY_LIMIT:
            raise InputError(
                f"the electrons do not keep the symmetry of the atoms: forces are off by {lost:.1e} "
                "hartree/bohr; take occupation 'equal', another number of unpaired electrons, or a subgroup"
            )
        return replace(point, forces=forces)


def symmetric_surface(
    surface: Method | SurfaceSpec | Surface,
    group: PointGroup,
    members: Sequence[int] | None = None,
    *,
    strict: bool = False,
) -> SymmetricSurface:
    """A surface restricted to a point group, or to some of its operations.

    Parameters
    ----------
    surface : Method, SurfaceSpec or Surface
        The unrestricted one.
    group : PointGroup
        Of the geometries.
    members : indices
        Operations that form a subgroup; None for all.
    strict : bool
        As in SymmetricSurface.

    Returns
    -------
    SymmetricSurface
    """
    chosen = slice(None) if members is None else np.asarray(members)
    return SymmetricSurface(
        surface=surface_of(surface),
        operations=group.operations[chosen],
        permutations=group.permutations[chosen],
        strict=strict,
    )


def relax_within_group(
    cluster: Cluster,
    surface: Method | SurfaceSpec | Surface,
    group: PointGroup,
    members: Sequence[int] | None = None,
    *,
    strict: bool = False,
    relaxer: str = "quasi-newton",
    fmax: float = FMAX,
    max_calls: int = MAX_CALLS,
) -> RelaxOutcome:
    """Relax a geometry without leaving a symmetry that it has, or nearly has.

    Parameters
    ----------
    cluster : Cluster
        Start geometry.
    surface, group, members, strict
        As in `symmetric_surface`.
    relaxer, fmax, max_calls
        As in `relax`.

    Returns
    -------
    RelaxOutcome
        Its geometry is symmetric to rounding.

    Raises
    ------
    InputError
        As `relax`, and as SymmetricSurface.

    Notes
    -----
    The end is stationary, since forces on a symmetric geometry are symmetric where the electrons are; it
    need not be a minimum.
    """
    restricted = symmetric_surface(surface, group, members, strict=strict)
    end = relax(restricted.symmetrised(cluster), restricted, relaxer=relaxer, fmax=fmax, max_calls=max_calls)
    return replace(end, cluster=restricted.symmetrised(end.cluster))
