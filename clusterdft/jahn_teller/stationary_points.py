"""Stationary points that a symmetric geometry distorts to, and ways between equivalent ones."""

from dataclasses import dataclass

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.isomers.overlay import align
from clusterdft.symmetry.actions import best_rotation, images_of_vectors

COPY_DISTANCE = 0.5  # bohr, length of the displacement: geometries further apart are in different valleys
DISPLACEMENT_TOLERANCE = 0.05  # bohr, displacements of an atom that are one


@dataclass(frozen=True, kw_only=True, eq=False)
class StationaryPoint:
    """A stationary point that the descent found.

    Attributes
    ----------
    cluster, energy : relaxed, hartree
    stabilisation : hartree below the symmetric state
    point_group : Schoenflies symbol
    origin : how it was reached, such as "e' -> C2v" or "kick from C2v"
    distortion : bohr, length of the displacement from the symmetric geometry without its symmetric part
    largest : bohr, displacement of the atom that moves most
    n_equivalent : how many copies the operations of the symmetric geometry make
    kind : "minimum", "saddle" or "uncertain", by its vibrations
    reason : why it is uncertain or no minimum, in words
    n_imaginary : of its frequencies
    lowest_frequency : hartree, imaginary ones negative; None where there is none
    leads_to : indices of the points that kicks along the lowest mode ended in
    ends : the Clusters where these kicks ended, their atoms in the order of this one
    state : label of its electronic state, such as "2B2", or None
    """

    cluster: Cluster
    energy: float
    stabilisation: float
    point_group: str
    origin: str
    distortion: float
    largest: float
    n_equivalent: int
    kind: str = "uncertain"
    reason: str = "its vibrations are not known"
    n_imaginary: int = 0
    lowest_frequency: float | None = None
    leads_to: tuple[int, ...] = ()
    ends: tuple[Cluster, ...] = ()
    state: str | None = None


@dataclass(frozen=True, kw_only=True)
class ExchangePath:
    """A way from one minimum to an equivalent one.

    Attributes
    ----------
    over : index of the saddle point, or None for the symmetric geometry
    barrier : hartree above the minimum
    length : bohr electron-mass^(1/2), mass-weighted, minimum to saddle point and on to the next minimum
    """

    over: int | None
    barrier: float
    length: float


def displacement(symmetric, distorted, group):
    """(natom, 3) bohr from a symmetric geometry to a distorted one, laid over it, without the symmetric part.

    Notes
    -----
    atoms are matched by their places, with a rotation or a rotation and a reflection
    """
    overlays = [align(symmetric, distorted, mirrored=m) for m in (False, True)]
    best = min(overlays, key=lambda one: one.rms)
    x = symmetric.positions - symmetric.positions.mean(axis=0)
    y = distorted.positions[best.order] - distorted.positions.mean(axis=0)
    y = y @ best.rotation
    y = y @ best_rotation(y, x).T
    shift = y - x
    return shift - images_of_vectors(group.operations, group.permutations, shift).mean(axis=0)


def path_between(symmetric, group, points, masses):
    """The lowest known way from the lowest minimum to one of its copies, or None without a minimum.

    Parameters
    ----------
    symmetric : Cluster;  group : PointGroup
    points : StationaryPoints, lowest first
    masses : (natom,) electron masses

    Notes
    -----
    over a point whose two kicks end in different copies of that minimum, or over the symmetric
    geometry: an upper bound to the barrier, and the barrier itself over a saddle point of first order
    """
    minima = [i for i, point in enumerate(points) if point.kind == "minimum"]
    if not minima:
        return None
    home, weight = points[minima[0]], np.sqrt(masses)[:, None]
    for i, point in enumerate(points):
        if point.kind == "minimum" or point.leads_to != (minima[0],) * 2:
            continue
        if _moved(*point.ends) > COPY_DISTANCE and point.energy < home.energy + home.stabilisation:
            length = sum(_moved(point.cluster, end, weight) for end in point.ends)
            return ExchangePath(over=i, barrier=point.energy - home.energy, length=length)
    if home.n_equivalent < 2:
        return None
    length = 2 * float(np.linalg.norm(weight * displacement(symmetric, home.cluster, group)))
    return ExchangePath(over=None, barrier=home.stabilisation, length=length)


def _moved(one, other, weight=1.0):
    """Length of the displacement between geometries, each atom to itself, turned for the least of it."""
    x, y = (cluster.positions - cluster.positions.mean(axis=0) for cluster in (one, other))
    return float(np.linalg.norm(weight * (y @ best_rotation(y, x).T - x)))


def n_copies(shift, group):
    """How many different displacements the operations of a PointGroup make of one, (natom, 3)."""
    kept, same = [], min(DISPLACEMENT_TOLERANCE, 0.25 * float(np.abs(shift).max()))
    for image in images_of_vectors(group.operations, group.permutations, shift):
        if not any(np.abs(image - other).max() <= same for other in kept):
            kept.append(image)
    return len(kept)
