"""Planes of maps by rule, so that they do not depend on how a search has numbered and turned the atoms."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from clusterdft.arrays import Floats
from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.properties.sampling import COLLINEAR_WIDTH, Plane, plane_across, plane_through
from clusterdft.report.maps import IN_PLANE_HEIGHT, plane_words

RULES = ("principal", "axial")
SAME_AXIS_DISTANCE = 0.05  # bohr: atoms whose distances from the axis differ by less are equally far


def plane_of(cluster: Cluster, rule: str | Sequence[int]) -> tuple[Plane, str]:
    """A plane through a cluster, and which one in words.

    Parameters
    ----------
    cluster : Cluster
        Whose plane it is.
    rule : str or sequence of int
        "principal" for the least-squares plane of all atoms, which is that of a planar cluster and holds
        the ring of a bipyramid; "axial" for the plane of the main axis and the atom farthest from it; or
        indices of atoms.

    Returns
    -------
    Plane
    str
        Which one, in words.

    Raises
    ------
    InputError
        Atoms that span no plane, or a cluster on a line.

    Notes
    -----
    The main axis is that of the moment of inertia which differs most from the other two, for equal
    masses. Of atoms equally far from it the first is taken.
    """
    if rule != "axial":
        atoms = None if isinstance(rule, str) else list(rule)
        plane = plane_through(cluster, atoms)
        return plane, plane_words(plane, cluster, atoms) + _held(plane, cluster, atoms)
    centre = cluster.positions.mean(axis=0)
    axis = main_axis(cluster.positions)
    away = (cluster.positions - centre) - np.outer((cluster.positions - centre) @ axis, axis)
    distances = np.linalg.norm(away, axis=1)
    if distances.max() < COLLINEAR_WIDTH:
        raise InputError('all atoms lie on the main axis; for a cluster on a line give plane = "principal"')
    atom = int(np.argmax(distances > distances.max() - SAME_AXIS_DISTANCE))
    plane = plane_across(cluster, np.cross(axis, away[atom]), centre)
    return plane, f"plane of the main axis and atom {atom}"


def _held(plane: Plane, cluster: Cluster, atoms: Sequence[int] | None) -> str:
    """How many atoms a plane of least squares holds, in words; empty where it is that of atoms."""
    heights = np.abs(plane.coordinates_of(cluster.positions)[:, 2])
    inside = int(np.sum(heights < IN_PLANE_HEIGHT))
    if atoms is not None or inside in (0, cluster.natom):
        return ""
    return f", {inside} of {cluster.natom} in it"


def main_axis(positions: ArrayLike) -> Floats:
    """The principal axis whose moment of inertia differs most from the other two.

    Parameters
    ----------
    positions : (natom, 3) bohr
        Of equal masses.

    Returns
    -------
    (3,)
        Unit vector, up to its sign.
    """
    x = np.asarray(positions, float)
    x = x - x.mean(axis=0)
    moments, axes = np.linalg.eigh(np.sum(x**2) * np.eye(3) - x.T @ x)
    low, middle, high = moments
    return axes[:, 2] if high - middle > middle - low else axes[:, 0]
