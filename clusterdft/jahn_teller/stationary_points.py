"""Stationary points that a symmetric geometry distorts to, and ways between equivalent ones."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.cluster import Cluster
from clusterdft.isomers.overlay import align
from clusterdft.symmetry.actions import best_rotation, images_of_vectors
from clusterdft.symmetry.point_group import PointGroup

COPY_DISTANCE = 0.5  # bohr, length of the displacement: geometries further apart are in different valleys
DISPLACEMENT_TOLERANCE = 0.05  # bohr, displacements of an atom that are one


@dataclass(frozen=True, kw_only=True, eq=False)
class StationaryPoint:
    """A stationary point that the descent found.

    Attributes
    ----------
    cluster : Cluster
        Relaxed.
    energy : float, hartree
    stabilisation : float, hartree
        Below the symmetric state.
    point_group : str
        Schoenflies symbol.
    origin : str
        How it was reached, such as "e' -> C2v" or "kick from C2v".
    distortion : float, bohr
        Length of the displacement from the symmetric geometry without its symmetric part.
    largest : float, bohr
        Displacement of the atom that moves most.
    n_equivalent : int
        How many copies the operations of the symmetric geometry make.
    kind : str
        "minimum", "saddle" or "uncertain", by its vibrations.
    reason : str
        Why it is uncertain or no minimum, in words.
    n_imaginary : int
        Imaginary ones of its frequencies.
    lowest_frequency : float, hartree
        Negative where imaginary; None where there is none.
    kicks : int
        How many, one after the other, led to it.
    leads_to : indices
        The points that kicks along the lowest mode ended in.
    ends : tuple of Cluster
        Where these kicks ended, their atoms in the order of this one.
    state : str
        Label of its electronic state, such as "2B2", or None.
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
    kicks: int = 0
    leads_to: tuple[int, ...] = ()
    ends: tuple[Cluster, ...] = ()
    state: str | None = None


@dataclass(frozen=True, kw_only=True)
class ExchangePath:
    """A way from one minimum to an equivalent one.

    Attributes
    ----------
    over : int
        Index of the saddle point, or None for the symmetric geometry.
    barrier : float, hartree
        Above the minimum.
    length : float, bohr electron-mass^(1/2)
        Mass-weighted, minimum to saddle point and on to the next minimum.
    """

    over: int | None
    barrier: float
    length: float


def displacement(symmetric: Cluster, distorted: Cluster, group: PointGroup) -> Floats:
    """From a symmetric geometry to a distorted one, laid over it, without the symmetric part.

    Parameters
    ----------
    symmetric, distorted : Cluster
        Geometries of the same atoms, in any order.
    group : PointGroup
        Of the symmetric one.

    Returns
    -------
    (natom, 3) bohr
        In the order of the atoms of the symmetric geometry.

    Notes
    -----
    Atoms are matched by their places, with a rotation or a rotation and a reflection.
    """
    overlays = [align(symmetric, distorted, mirrored=mirrored) for mirrored in (False, True)]
    best = min(overlays, key=lambda overlay: overlay.rms)
    x = symmetric.positions - symmetric.positions.mean(axis=0)
    y = distorted.positions[best.order] - distorted.positions.mean(axis=0)
    y = y @ best.rotation
    y = y @ best_rotation(y, x).T
    shift = y - x
    symmetric_part = images_of_vectors(group.operations, group.permutations, shift).mean(axis=0)
    remainder: Floats = shift - symmetric_part
    return remainder


def path_between(
    symmetric: Cluster, group: PointGroup, points: Sequence[StationaryPoint], masses: Floats
) -> ExchangePath | None:
    """The lowest known way from the lowest minimum to one of its copies.

    Parameters
    ----------
    symmetric : Cluster
        Symmetric geometry.
    group : PointGroup
        Of the symmetric geometry.
    points : StationaryPoints
        Lowest first.
    masses : (natom,) electron masses

    Returns
    -------
    ExchangePath
        Over a point whose two kicks end in different copies of that minimum, or over the symmetric
        geometry; None without a minimum, or where it has no copies.

    Notes
    -----
    An upper bound to the barrier, and the barrier itself over a saddle point of first order.
    """
    minima = [i for i, point in enumerate(points) if point.kind == "minimum"]
    if not minima:
        return None
    home, weight = points[minima[0]], np.sqrt(masses)[:, None]
    for i, point in enumerate(points):
        if point.kind == "minimum" or point.leads_to != (minima[0],) * 2:
            continue
        if (
            _separation(point.ends[0], point.ends[1]) > COPY_DISTANCE
            and point.energy < home.energy + home.stabilisation
        ):
            length = sum(_separation(point.cluster, end, weight) for end in point.ends)
            return ExchangePath(over=i, barrier=point.energy - home.energy, length=length)
    if home.n_equivalent < 2:
        return None
    length = 2 * float(np.linalg.norm(weight * displacement(symmetric, home.cluster, group)))
    return ExchangePath(over=None, barrier=home.stabilisation, length=length)


def _separation(start: Cluster, end: Cluster, weight: float | Floats = 1.0) -> float:
    """Length of the displacement between geometries, each atom to itself, turned for the least of it."""
    x, y = (cluster.positions - cluster.positions.mean(axis=0) for cluster in (start, end))
    return float(np.linalg.norm(weight * (y @ best_rotation(y, x).T - x)))


def n_copies(shift: Floats, group: PointGroup) -> int:
    """How many different displacements the operations of a point group make of one.

    Parameters
    ----------
    shift : (natom, 3) bohr
    group : PointGroup

    Returns
    -------
    int
        The order of the group at most.
    """
    copies: list[Floats] = []
    same = min(DISPLACEMENT_TOLERANCE, 0.25 * float(np.abs(shift).max()))
    for image in images_of_vectors(group.operations, group.permutations, shift):
        if not any(np.abs(image - copy).max() <= same for copy in copies):
            copies.append(image)
    return len(copies)
