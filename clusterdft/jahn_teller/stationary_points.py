"""Stationary points that a symmetric geometry distorts to, and ways between equivalent ones."""

from dataclasses import dataclass

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.search.matching import align
from clusterdft.symmetry.fit import best_rotation
from clusterdft.symmetry.moved_vectors import act


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
    state: str | None = None


@dataclass(frozen=True, kw_only=True)
class Path:
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

    Notes   atoms are matched by their places, with a rotation or a rotation and a reflection
    """
    overlays = [align(symmetric, distorted, mirrored=m) for m in (False, True)]
    best = min(overlays, key=lambda one: one.rms)
    x = symmetric.positions - symmetric.positions.mean(axis=0)
    y = distorted.positions[best.order] - distorted.positions.mean(axis=0)
    y = y @ best.rotation
    y = y @ best_rotation(y, x).T
    shift = y - x
    return shift - act(group.operations, group.permutations, shift).mean(axis=0)


def path_between(symmetric, group, points, masses):
    """The lowest known way from the lowest minimum to one of its copies, or None without a minimum.

    Parameters
    ----------
    symmetric : Cluster;  group : PointGroup
    points : StationaryPoints, lowest first
    masses : (natom,) electron masses
    Notes   over a saddle point whose kicks end in that minimum; else over the symmetric geometry
    """
    minima = [i for i, point in enumerate(points) if point.kind == "minimum"]
    if not minima:
        return None
    home = points[minima[0]]
    weight = np.sqrt(masses)[:, None]
    here = weight * displacement(symmetric, home.cluster, group)
    if home.n_equivalent < 2:
        return None
    for i, point in enumerate(points):
        if point.kind == "saddle" and point.n_imaginary == 1 and set(point.leads_to) == {minima[0]}:
            there = weight * displacement(symmetric, point.cluster, group)
            images = act(group.operations, group.permutations, there)
            half = float(np.linalg.norm(images - here, axis=(1, 2)).min())
            return Path(over=i, barrier=point.energy - home.energy, length=2 * half)
    length = 2 * float(np.linalg.norm(here))
    return Path(over=None, barrier=home.stabilisation, length=length)


def n_copies(shift, group):
    """How many different displacements the operations of a PointGroup make of one, (natom, 3)."""
    return len(_distinct(act(group.operations, group.permutations, shift)))


def _distinct(images, same=0.05):
    """Images that are further apart than `same`, bohr, of a vector under operations."""
    kept = []
    for image in images:
        if not any(np.abs(image - other).max() < same for other in kept):
            kept.append(image)
    return kept
