"""Planes of maps by rule, so that they do not depend on how a search has numbered and turned the atoms."""

import numpy as np

from clusterdft.errors import InputError
from clusterdft.properties.sampling import COLLINEAR_WIDTH, plane_across, plane_through
from clusterdft.report.maps import IN_PLANE_HEIGHT, plane_words

RULES = ("principal", "axial")
NEAR = 0.05  # bohr: atoms whose distances from the axis differ by less are equally far


def plane_of(cluster, rule):
    """A plane through a cluster, and which one in words.

    Parameters
    ----------
    cluster : Cluster
    rule : "principal" for the least-squares plane of all atoms, which is that of a planar cluster and holds
        the ring of a bipyramid; "axial" for the plane of the main axis and the atom farthest from it; or
        indices of atoms

    Returns
    -------
    Plane, str

    Raises
    ------
    InputError
        atoms that span no plane, or a cluster on a line

    Notes
    -----
    The main axis is that of the moment of inertia which differs most from the other two, for equal
    masses. Of atoms equally far from it the first is taken.
    """
    if rule != "axial":
        atoms = None if rule == "principal" else list(rule)
        plane = plane_through(cluster, atoms)
        return plane, plane_words(plane, cluster, atoms) + _held(plane, cluster, atoms)
    centre = cluster.positions.mean(axis=0)
    axis = main_axis(cluster.positions)
    away = (cluster.positions - centre) - np.outer((cluster.positions - centre) @ axis, axis)
    distances = np.linalg.norm(away, axis=1)
    if distances.max() < COLLINEAR_WIDTH:
        raise InputError('all atoms lie on the main axis; for a cluster on a line give plane = "principal"')
    atom = int(np.argmax(distances > distances.max() - NEAR))
    plane = plane_across(cluster, np.cross(axis, away[atom]), centre)
    return plane, f"plane of the main axis and atom {atom}"


def _held(plane, cluster, atoms):
    """How many atoms a plane of least squares holds, in words; empty where it is that of atoms."""
    heights = np.abs(plane.coordinates_of(cluster.positions)[:, 2])
    inside = int(np.sum(heights < IN_PLANE_HEIGHT))
    if atoms is not None or inside in (0, cluster.natom):
        return ""
    return f", {inside} of {cluster.natom} in it"


def main_axis(positions):
    """(3,) unit vector of the principal axis whose moment differs most from the other two.

    Of positions (natom, 3), bohr, with equal masses; up to its sign.
    """
    x = positions - positions.mean(axis=0)
    moments, axes = np.linalg.eigh(np.sum(x**2) * np.eye(3) - x.T @ x)
    low, middle, high = moments
    return axes[:, 2] if high - middle > middle - low else axes[:, 0]
