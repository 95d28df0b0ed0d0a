"""Descent from a symmetric geometry: stationary points in its epikernels, minima, and paths between them."""

from dataclasses import dataclass, replace

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.errors import ScfNotConverged
from clusterdft.jahn_teller.constrained import relax_within
from clusterdft.relax.relaxation import FMAX, MAX_CALLS, relax
from clusterdft.search.isomerism import same_isomer
from clusterdft.search.matching import align
from clusterdft.search.verify import check_minimum, kick
from clusterdft.symmetry.fit import best_rotation
from clusterdft.symmetry.moved_vectors import act
from clusterdft.symmetry.point_group import find_point_group, largest_tolerance

TIGHT = FMAX / 5  # hartree/bohr: soft modes must be told from saddle points
SHORTEST, LONGEST, USUAL = 0.2, 1.2, 0.5  # bohr, first displacements
SAME_GROUP = 0.08  # bohr, tolerance of the point groups of what is found
SCATTER = 0.1  # bohr along each axis, where no mode is known
ROUNDS = 2  # of kicks from saddle points
HIGHER = 1e-4  # hartree above the symmetric state: another surface, left out


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


class Descent:
    """The points found on the way down from one symmetric geometry.

    Parameters
    ----------
    cluster : Cluster, the symmetric geometry
    energy : hartree, of the symmetric state
    group : PointGroup of it
    surface : Surface without restriction
    rng : numpy Generator, for kicks
    fmax, max_calls : as in `relax`
    """

    def __init__(self, cluster, energy, group, surface, rng, *, fmax=TIGHT, max_calls=MAX_CALLS):
        self.cluster, self.energy, self.group, self.surface = cluster, energy, group, surface
        self.rng, self.fmax, self.max_calls = rng, fmax, max_calls
        self.points, self._kicks = [], []  # and how many kicks led to each

    def from_couplings(self, couplings):
        """Relaxes a start for each of the couplings within its epikernel.

        Notes   of several modes of one representation the one that gains most leads
        """
        for one in _leading(couplings):
            self.from_direction(one.direction, one.sign, one.distortion or USUAL)

    def from_direction(self, direction, sign, length=USUAL):
        """Relaxes a start at some distance, bohr, along a direction, within its epikernel."""
        step = sign * float(np.clip(length, SHORTEST, LONGEST)) * direction.vector
        end = self._relaxed(self.cluster.at(self.cluster.positions + step), direction.subgroup.members)
        if end is not None:
            self._add(end, f"{direction.modes.irrep} -> {direction.subgroup.name}")

    def verify(self, limit=None):
        """Marks minima and saddle points, lowest first, and follows the lowest modes of saddle points down.

        Parameters
        ----------
        limit : points to mark at most; None for all. Vibrations are the dearest part of a descent.
        """
        marked = set()
        while limit is None or len(marked) < limit:
            left = [i for i in range(len(self.points)) if i not in marked]
            if not left:
                break
            lowest = min(left, key=lambda i: self.points[i].energy)
            marked.add(lowest)
            vibrations = self._marked(lowest)
            if self.points[lowest].kind != "minimum" and self._kicks[lowest] < ROUNDS:
                self._kicked(lowest, vibrations)

    def sorted_points(self):
        """The points, lowest first, with the indices in `leads_to` to match."""
        order = sorted(range(len(self.points)), key=lambda i: self.points[i].energy)
        place = {old: new for new, old in enumerate(order)}
        return tuple(
            replace(self.points[i], leads_to=tuple(place[k] for k in self.points[i].leads_to)) for i in order
        )

    def _relaxed(self, start, members=None):
        try:
            if members is None:
                end = relax(start, self.surface, fmax=self.fmax, max_calls=self.max_calls)
            else:
                end = relax_within(
                    start, self.surface, self.group, members, fmax=self.fmax, max_calls=self.max_calls
                )
        except ScfNotConverged:
            return None
        return end if end.relaxed and end.energy < self.energy + HIGHER else None

    def _add(self, end, origin, kicks=0):
        """Index of a point, new or known."""
        for i, known in enumerate(self.points):
            gap = end.energy - known.energy
            if same_isomer(end.cluster, known.cluster, energy_difference=gap, largest_force=self.fmax).same:
                return i
        self.points.append(self._described(end, origin))
        self._kicks.append(kicks)
        return len(self.points) - 1

    def _described(self, end, origin):
        tolerance = min(SAME_GROUP, 0.9 * largest_tolerance(end.cluster))
        shift = displacement(self.cluster, end.cluster, self.group)
        return StationaryPoint(
            cluster=end.cluster,
            energy=end.energy,
            stabilisation=self.energy - end.energy,
            point_group=find_point_group(end.cluster, tolerance=tolerance).name,
            origin=origin,
            distortion=float(np.linalg.norm(shift)),
            largest=float(np.linalg.norm(shift, axis=1).max()),
            n_equivalent=len(_distinct(act(self.group.operations, self.group.permutations, shift))),
        )

    def _marked(self, i):
        """Enters what the vibrations of a point say; the Vibrations, or None without an SCF."""
        point = self.points[i]
        try:
            verdict = check_minimum(point.cluster, self.surface, fmax=self.fmax)
        except ScfNotConverged as error:
            self.points[i] = replace(point, reason=str(error))
            return None
        frequencies = verdict.vibrations.frequencies
        self.points[i] = replace(
            point,
            kind=verdict.kind,
            reason=verdict.reason,
            n_imaginary=len(verdict.imaginary),
            lowest_frequency=float(frequencies[0]) if len(frequencies) else None,
        )
        return verdict.vibrations

    def _kicked(self, i, vibrations):
        """Relaxes to either side along the lowest mode, or from random displacements where none is known."""
        point = self.points[i]
        starts = self._scattered(point.cluster)
        if vibrations is not None:
            starts = kick(point.cluster, vibrations, self.rng)
        leads = []
        for start in starts:
            end = self._relaxed(start)
            if end is not None:
                leads.append(self._add(end, f"kick from {point.point_group}", self._kicks[i] + 1))
        self.points[i] = replace(self.points[i], leads_to=tuple(leads))

    def _scattered(self, cluster):
        shift = self.rng.normal(scale=SCATTER, size=cluster.positions.shape)
        return [cluster.at(cluster.positions + sign * shift) for sign in (1, -1)]


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


def _leading(couplings):
    """Of the couplings with one representation, epikernel and sign the one that gains most."""
    best = {}
    for one in couplings:
        direction = one.direction
        key = (direction.modes.irrep, tuple(direction.subgroup.members), one.sign)
        if key not in best or _gain(one) > _gain(best[key]):
            best[key] = one
    return tuple(best.values())


def _gain(coupling):
    return np.inf if coupling.stabilisation is None else coupling.stabilisation


def _distinct(images, same=0.05):
    """Images that are further apart than `same`, bohr, of a vector under operations."""
    kept = []
    for image in images:
        if not any(np.abs(image - other).max() < same for other in kept):
            kept.append(image)
    return kept
