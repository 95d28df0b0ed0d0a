"""Relaxation within a symmetry, and the electronic state with equal shares in a degenerate level."""

from dataclasses import dataclass, replace

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.method import Method
from clusterdft.relaxation.relax import FMAX, MAX_CALLS, RelaxOutcome, relax
from clusterdft.surfaces.choose import surface_of
from clusterdft.surfaces.surface import Surface, SurfacePoint
from clusterdft.symmetry.actions import images_of_vectors

ASYMMETRY_LIMIT = 2e-4  # hartree/bohr: forces whose asymmetric part is larger belong to a broken symmetry


@dataclass(frozen=True, kw_only=True, eq=False)
class SymmetricSurface(Surface):
    """A surface restricted to the geometries with certain operations: every relaxer keeps to them.

        R <- <g^-1 R>,   F <- <g^-1 F>,   mean over the operations

    Parameters
    ----------
    surface : Surface
    operations : (order, 3, 3) a group of matrices, in the frame of the geometries
    permutations : (order, natom) operations[k] brings atom i to atom permutations[k, i]
    strict : whether forces that are not symmetric themselves raise InputError; without, they are projected
    """

    surface: Surface
    operations: np.ndarray
    permutations: np.ndarray
    strict: bool = False

    def symmetrised(self, cluster):
        """The symmetric geometry next to one."""
        centre = cluster.positions.mean(axis=0)
        return cluster.at(self.projected(cluster.positions - centre) + centre)

    def projected(self, vectors):
        """The totally symmetric part of vectors on the atoms, (natom, 3)."""
        return images_of_vectors(self.operations, self.permutations, vectors).mean(axis=0)

    def point(self, cluster, restart=None):
        """Energy and symmetric forces of the symmetrised geometry."""
        return self._symmetric(self.surface.point(self.symmetrised(cluster), restart))

    def confirm(self, cluster):
        """The same, with full accuracy where the surface tells."""
        there = self.symmetrised(cluster)
        confirmed = self.surface.confirm(there)
        return self._symmetric(self.surface.point(there) if confirmed is None else confirmed)

    def _symmetric(self, point: SurfacePoint):
        forces = self.projected(point.forces)
        lost = float(np.abs(forces - point.forces).max())
        if self.strict and lost > ASYMMETRY_LIMIT:
            raise InputError(
                f"the electrons do not keep the symmetry of the atoms: forces are off by {lost:.1e} "
                "hartree/bohr; take occupation 'equal', another number of unpaired electrons, or a subgroup"
            )
        return replace(point, forces=forces)


@dataclass(frozen=True, kw_only=True)
class EqualOccupationSurface(Surface):
    """Kohn-Sham surface whose degenerate highest level is filled in equal parts: a symmetric state.

    The points carry the levels in their details: "mo_energy" and "occupation", (nspin, nmo) each, and
    "result", the whole ScfResult.

    Parameters
    ----------
    method : Method; its occupation and its search for other spins are replaced
    """

    method: Method

    def point(self, cluster, restart=None):
        """SurfacePoint of a geometry; the cluster's number of unpaired electrons must be fixed."""
        from clusterdft.scf.solve_scf import solve_scf

        symmetric = replace(self.method, occupation="equal", width=0.0, stability=False)
        result = solve_scf(cluster, symmetric, restart=restart)
        return SurfacePoint(
            energy=result.energy,
            forces=result.forces,
            n_unpaired=result.n_unpaired,
            restart=result.fit_coefficients,
            n_iterations=result.n_iterations,
            details={"mo_energy": result.mo_energy, "occupation": result.occupation, "result": result},
        )

    def filled(self, point, levels, which):
        """The same geometry, with whole electrons in the lowest (1) or highest (-1) orbitals of a level."""
        from clusterdft.jahn_teller.level_filling import filled_point

        return filled_point(point.details["result"], levels, which)


def symmetric_surface(surface, group, members=None, *, strict=False):
    """A surface restricted to a point group, or to some of its operations.

    Parameters
    ----------
    surface : Method, SurfaceSpec or Surface
    group : PointGroup
    members : indices of operations that form a subgroup; None for all
    strict : as in SymmetricSurface

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
    surface,
    group,
    members=None,
    *,
    strict=False,
    relaxer="quasi-newton",
    fmax=FMAX,
    max_calls=MAX_CALLS,
) -> RelaxOutcome:
    """Relax a geometry without leaving a symmetry that it has, or nearly has.

    Parameters
    ----------
    cluster : Cluster
    surface, group, members, strict : as in `symmetric_surface`
    relaxer, fmax, max_calls : as in `relax`

    Returns
    -------
    RelaxOutcome
        its geometry is symmetric to rounding

    Raises
    ------
    InputError
        as `relax`, and as SymmetricSurface

    Notes
    -----
    what it finds is stationary, since forces on a symmetric geometry are symmetric where the
    electrons are; it need not be a minimum
    """
    restricted = symmetric_surface(surface, group, members, strict=strict)
    end = relax(restricted.symmetrised(cluster), restricted, relaxer=relaxer, fmax=fmax, max_calls=max_calls)
    return replace(end, cluster=restricted.symmetrised(end.cluster))
