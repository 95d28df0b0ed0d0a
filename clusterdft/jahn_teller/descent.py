"""Descent from a symmetric geometry: relaxations in its epikernels, and down from the saddle points there."""

from dataclasses import replace

import numpy as np

from clusterdft.isomers.identity import same_isomer
from clusterdft.jahn_teller.descent_work import Start, check, point_group_of, relaxation
from clusterdft.jahn_teller.stationary_points import StationaryPoint, displacement, n_copies
from clusterdft.jahn_teller.symmetric_state import DESCENT_FMAX
from clusterdft.relaxation.relax import MAX_CALLS
from clusterdft.surfaces.choose import spec_of
from clusterdft.work.workplace import Workplace

MIN_DISPLACEMENT, MAX_DISPLACEMENT, DEFAULT_DISPLACEMENT = 0.2, 1.2, 0.5  # bohr, first displacements
MAX_KICKS = 2  # from saddle points, one after the other
# hartree, more than the quadrature changes with direction, less than most barriers
POINT_ENERGY_TOLERANCE = 1e-4
IDENTITY_FORCE = 1.5e-5  # hartree/bohr, for `same_isomer`: points more than 0.2 bohr apart are two
ENERGY_RISE_LIMIT = 1e-4  # hartree above the symmetric state: another surface, left out


class Descent:
    """The points found on the way down from one symmetric geometry.

    Parameters
    ----------
    cluster : Cluster, the symmetric geometry
    energy : hartree, of the symmetric state
    group : PointGroup of it
    surface : Method, SurfaceSpec, or a surface that is its own spec, without restriction
    workplace : Workplace for relaxations and vibrations; None for one in this process that keeps nothing
    fmax, max_calls : as in `relax`
    progress : called with a sentence whenever something was computed, or None
    """

    def __init__(
        self,
        cluster,
        energy,
        group,
        surface,
        *,
        workplace=None,
        fmax=DESCENT_FMAX,
        max_calls=MAX_CALLS,
        progress=None,
    ):
        self.cluster, self.energy, self.group, self.spec = cluster, energy, group, spec_of(surface)
        self.fmax, self.max_calls = fmax, max_calls
        self.points, self._kicks = [], []  # and how many kicks led to each
        self._workplace = workplace or Workplace()
        self._tell = progress

    def starts_of_couplings(self, couplings):
        """A Start in the epikernel of each of the couplings.

        Notes
        -----
        of several modes of one representation the one that gains most leads
        """
        return [
            self.start(one.direction, one.sign, one.distortion or DEFAULT_DISPLACEMENT)
            for one in _leading(couplings)
        ]

    def start(self, direction, sign, length=DEFAULT_DISPLACEMENT):
        """The Start at some distance, bohr, along a direction, in its epikernel."""
        step = sign * float(np.clip(length, MIN_DISPLACEMENT, MAX_DISPLACEMENT)) * direction.vector
        return Start(
            cluster=self.cluster.at(self.cluster.positions + step),
            origin=f"{direction.modes.irrep} -> {direction.subgroup.name}",
            members=tuple(direction.subgroup.members),
        )

    def relax(self, starts):
        """Relaxes a sequence of Starts and adds what is new.

        Returns
        -------
        list, for each start (index in `points`, Cluster) of its end, or None without one on this surface
        """
        how = (self.group, self.spec, self.fmax, self.max_calls)
        wanted = {place: relaxation(start, *how) for place, start in enumerate(starts)}
        found = self._workplace.done(wanted, self._told(lambda place, end: _relaxed_line(starts[place], end)))
        return [self._added(starts[place], end) for place, end in found.items()]

    def verify(self, limit=None):
        """Marks minima and saddle points, and follows the lowest modes of saddle points down.

        Parameters
        ----------
        limit : points to mark at most, lowest first; None for all. Vibrations are the dearest part of a
            descent.
        """
        marked = set()
        while limit is None or len(marked) < limit:
            left = [i for i in range(len(self.points)) if i not in marked]
            if not left:
                break
            left.sort(key=lambda i: self.points[i].energy)
            batch = left if limit is None else left[:1]
            marked.update(batch)
            self._follow(self._mark(batch))

    def sorted_points(self):
        """The points, lowest first, with the indices in `leads_to` to match."""
        order = sorted(range(len(self.points)), key=lambda i: self.points[i].energy)
        place = {old: new for new, old in enumerate(order)}
        return tuple(
            replace(self.points[i], leads_to=tuple(place[k] for k in self.points[i].leads_to)) for i in order
        )

    def _told(self, line):
        """What a Workplace calls: makes a line of a place and a result, and tells it."""
        return None if self._tell is None else lambda place, value: self._tell(line(place, value))

    def _added(self, start, end):
        """(index, Cluster) of the end of a relaxation, new or known; None where it is no point of this."""
        if not end.get("relaxed") or end["energy_hartree"] > self.energy + ENERGY_RISE_LIMIT:
            return None
        cluster, energy = start.cluster.at(np.array(end["positions_bohr"])), end["energy_hartree"]
        for i, known in enumerate(self.points):
            near = abs(energy - known.energy) < POINT_ENERGY_TOLERANCE
            if (
                near
                and same_isomer(cluster, known.cluster, largest_force=min(self.fmax, IDENTITY_FORCE)).same
            ):
                return i, cluster
        self.points.append(self._point(cluster, energy, start.origin))
        self._kicks.append(start.kicks)
        return len(self.points) - 1, cluster

    def _point(self, cluster, energy, origin):
        shift = displacement(self.cluster, cluster, self.group)
        return StationaryPoint(
            cluster=cluster,
            energy=energy,
            stabilisation=self.energy - energy,
            point_group=point_group_of(cluster),
            origin=origin,
            distortion=float(np.linalg.norm(shift)),
            largest=float(np.linalg.norm(shift, axis=1).max()),
            n_equivalent=n_copies(shift, self.group),
        )

    def _mark(self, batch):
        """Enters what vibrations and electrons say of points; {index: [positions of its two kicks]}."""
        wanted = {i: check(self.points[i].cluster, self.spec, self.fmax, self.max_calls) for i in batch}
        found = self._workplace.done(wanted, self._told(lambda i, said: _checked_line(self.points[i], said)))
        for i, said in found.items():
            if said.keys() == {"reason"}:  # its worker process died
                self.points[i] = replace(self.points[i], reason=said["reason"])
                continue
            self.points[i] = replace(
                self.points[i],
                kind=said["kind"],
                reason=said["reason"],
                n_imaginary=said["n_imaginary"],
                lowest_frequency=said["lowest_frequency_hartree"],
                state=said["state"],
            )
        return {i: said.get("kicked", []) for i, said in found.items()}

    def _follow(self, kicked):
        """Relaxes what kicks from points lead to, where not too many led there."""
        starts = [
            (
                i,
                Start(
                    cluster=self.points[i].cluster.at(np.array(side)),
                    origin=f"kick from {self.points[i].point_group}",
                    kicks=self._kicks[i] + 1,
                ),
            )
            for i, sides in kicked.items()
            if self._kicks[i] < MAX_KICKS
            for side in sides
        ]
        ends = self.relax([start for _, start in starts])
        leads = {}
        for (i, _), end in zip(starts, ends, strict=True):
            leads.setdefault(i, []).extend([] if end is None else [end])
        for i, found in leads.items():
            self.points[i] = replace(
                self.points[i],
                leads_to=tuple(point for point, _ in found),
                ends=tuple(cluster for _, cluster in found),
            )


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


def _relaxed_line(start, end):
    """What came of a Start, in a line."""
    told = f"{end['energy_hartree']:.6f} hartree" if end["relaxed"] else f"left out: {end['reason']}"
    return f"{start.origin}: {told}"


def _checked_line(point, said):
    """What came of the check of a point, in a line."""
    told = said["kind"] + (f" ({said['reason']})" if said["reason"] else "")
    return f"{point.point_group} at {point.energy:.6f} hartree: {told}"
