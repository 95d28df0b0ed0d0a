"""Descent from a symmetric geometry: relaxations in its epikernels, and down from the saddle points there."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.isomers.identity import same_isomer
from clusterdft.jahn_teller.couplings import Coupling
from clusterdft.jahn_teller.degenerate_modes import Direction
from clusterdft.jahn_teller.descent_work import Start, check_work, relaxation_work, stationary_group
from clusterdft.jahn_teller.stationary_points import StationaryPoint, displacement, n_copies
from clusterdft.jahn_teller.symmetric_state import DESCENT_FMAX
from clusterdft.relaxation.relax import MAX_CALLS
from clusterdft.surfaces.surface import SurfaceSpec
from clusterdft.symmetry.point_group import PointGroup
from clusterdft.work.workplace import JsonWork, Workplace

MIN_DISPLACEMENT, MAX_DISPLACEMENT, DEFAULT_DISPLACEMENT = 0.2, 1.2, 0.5  # bohr, of a start
MAX_KICKS = 2  # from saddle points, one after the other
# hartree, more than the quadrature changes with direction, less than most barriers
POINT_ENERGY_TOLERANCE = 1e-4
IDENTITY_FORCE = 1.5e-5  # hartree/bohr, for `same_isomer`: points more than 0.2 bohr apart are two
ENERGY_RISE_LIMIT = 1e-4  # hartree above the symmetric state: another surface, left out

Points: TypeAlias = tuple[StationaryPoint, ...]
# the results of pieces of work by their names, and a line on each of them that was computed
Compute: TypeAlias = Callable[[Mapping[int, JsonWork], Callable[[int, dict[str, Any]], str]], dict[int, Any]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Summit:
    """What a descent starts from, and how it relaxes.

    Attributes
    ----------
    cluster : Cluster
        Symmetric geometry.
    energy : float, hartree
        Of the symmetric state.
    group : PointGroup
        Of the symmetric geometry.
    spec : SurfaceSpec
        The surface without restriction.
    fmax : float, hartree/bohr
        As in `relax`.
    max_calls : int
        As in `relax`.
    """

    cluster: Cluster
    energy: float
    group: PointGroup
    spec: SurfaceSpec
    fmax: float = DESCENT_FMAX
    max_calls: int = MAX_CALLS


def starts_of_couplings(summit: Summit, couplings: Iterable[Coupling]) -> tuple[Start, ...]:
    """A Start in the epikernel of each of the couplings.

    Parameters
    ----------
    summit : Summit
    couplings : Couplings
        Of several modes of one representation the one that gains most leads.

    Returns
    -------
    tuple of Start
    """
    return tuple(
        start_along(summit, leading.direction, leading.sign, leading.distortion or DEFAULT_DISPLACEMENT)
        for leading in _leading(couplings)
    )


def start_along(
    summit: Summit, direction: Direction, sign: int, length: float = DEFAULT_DISPLACEMENT
) -> Start:
    """The Start at some distance along a direction, in its epikernel.

    Parameters
    ----------
    summit : Summit
    direction : Direction
    sign : 1 or -1
        Which way along it.
    length : float, bohr
        Taken within 0.2 and 1.2.

    Returns
    -------
    Start
    """
    step = sign * float(np.clip(length, MIN_DISPLACEMENT, MAX_DISPLACEMENT)) * direction.vector
    return Start(
        cluster=summit.cluster.at(summit.cluster.positions + step),
        origin=f"{direction.modes.irrep} -> {direction.subgroup.name}",
        members=tuple(direction.subgroup.members),
    )


def descend(
    summit: Summit,
    starts: Sequence[Start],
    *,
    n_verified: int | None = None,
    workplace: Workplace | None = None,
    progress: Callable[[str], None] | None = None,
) -> Points:
    """The stationary points that starts lead to, and those below the saddle points among them.

    Parameters
    ----------
    summit : Summit
    starts : Starts
        From `starts_of_couplings` and `start_along`.
    n_verified : int
        How many points, lowest first, are marked as minima or saddle points by their vibrations, the dearest
        part of a descent, and followed down by kicks; None for all. The others stay uncertain.
    workplace : Workplace
        Does relaxations and vibrations; None for one in this process that keeps nothing.
    progress : callable
        Called with a sentence whenever something was computed, or None.

    Returns
    -------
    tuple of StationaryPoint
        Lowest first.
    """
    compute = _computing(workplace or Workplace(), progress)
    points, _ = _with_ends(summit, (), starts, compute)
    verified: set[int] = set()
    while n_verified is None or len(verified) < n_verified:
        remaining = [i for i in range(len(points)) if i not in verified]
        if not remaining:
            break
        remaining.sort(key=lambda i: points[i].energy)
        batch = remaining if n_verified is None else remaining[:1]
        verified.update(batch)
        points, kicked = _checked(summit, points, batch, compute)
        points = _followed(summit, points, kicked, compute)
    return _by_energy(points)


def _computing(workplace: Workplace, progress: Callable[[str], None] | None) -> Compute:
    """A function that looks work up in a Workplace or does it there, and reports what was computed."""

    def compute(
        work: Mapping[int, JsonWork], line: Callable[[int, dict[str, Any]], str]
    ) -> dict[int, dict[str, Any]]:
        report = None if progress is None else lambda name, result: progress(line(name, result))
        return workplace.results(work, report)

    return compute


def _with_ends(
    summit: Summit, points: Points, starts: Sequence[Start], compute: Compute
) -> tuple[Points, list[tuple[int, Cluster] | None]]:
    """Points with the new ones that Starts relax to; for each start (index, Cluster) of its end.

    The end of a start is None where it is no point of this surface.
    """
    settings = (summit.group, summit.spec, summit.fmax, summit.max_calls)
    results = compute(
        {number: relaxation_work(start, *settings) for number, start in enumerate(starts)},
        lambda number, result: _relaxed_line(starts[number], result),
    )
    ends: list[tuple[int, Cluster] | None] = []
    for number, result in results.items():
        start = starts[number]
        if not result.get("relaxed") or result["energy_hartree"] > summit.energy + ENERGY_RISE_LIMIT:
            ends.append(None)
            continue
        cluster, energy = start.cluster.at(np.array(result["positions_bohr"])), result["energy_hartree"]
        index = _index_of(points, cluster, energy, min(summit.fmax, IDENTITY_FORCE))
        if index == len(points):
            points = (*points, _point(summit, cluster, energy, start))
        ends.append((index, cluster))
    return points, ends


def _index_of(points: Points, cluster: Cluster, energy: float, force: float) -> int:
    """Index of the point that a relaxed geometry is, their number where it is none of them."""
    for i, known in enumerate(points):
        near = abs(energy - known.energy) < POINT_ENERGY_TOLERANCE
        if near and same_isomer(cluster, known.cluster, largest_force=force).same:
            return i
    return len(points)


def _point(summit: Summit, cluster: Cluster, energy: float, start: Start) -> StationaryPoint:
    shift = displacement(summit.cluster, cluster, summit.group)
    return StationaryPoint(
        cluster=cluster,
        energy=energy,
        stabilisation=summit.energy - energy,
        point_group=stationary_group(cluster).name,
        origin=start.origin,
        distortion=float(np.linalg.norm(shift)),
        largest=float(np.linalg.norm(shift, axis=1).max()),
        n_equivalent=n_copies(shift, summit.group),
        kicks=start.kicks,
    )


def _checked(
    summit: Summit, points: Points, batch: Iterable[int], compute: Compute
) -> tuple[Points, dict[int, list[Any]]]:
    """Points with what vibrations and electrons say of some; {index: [positions of its two kicks]}."""
    results = compute(
        {i: check_work(points[i].cluster, summit.spec, summit.fmax, summit.max_calls) for i in batch},
        lambda i, result: _checked_line(points[i], result),
    )
    marked = list(points)
    for i, result in results.items():
        if result.keys() == {"reason"}:  # its worker process died
            marked[i] = replace(points[i], reason=result["reason"])
            continue
        marked[i] = replace(
            points[i],
            kind=result["kind"],
            reason=result["reason"],
            n_imaginary=result["n_imaginary"],
            lowest_frequency=result["lowest_frequency_hartree"],
            state=result["state"],
        )
    return tuple(marked), {i: result.get("kicked", []) for i, result in results.items()}


def _followed(
    summit: Summit, points: Points, kicked: Mapping[int, Sequence[Any]], compute: Compute
) -> Points:
    """Points with those that kicks lead to, where not too many led to the kicked one."""
    sources = [i for i, sides in kicked.items() if points[i].kicks < MAX_KICKS for _ in sides]
    sides = [side for i in dict.fromkeys(sources) for side in kicked[i]]
    starts = [
        Start(
            cluster=points[i].cluster.at(np.array(side)),
            origin=f"kick from {points[i].point_group}",
            kicks=points[i].kicks + 1,
        )
        for i, side in zip(sources, sides, strict=True)
    ]
    points, ends = _with_ends(summit, points, starts, compute)
    joined = list(points)
    for i in dict.fromkeys(sources):
        reached = [end for source, end in zip(sources, ends, strict=True) if source == i and end is not None]
        joined[i] = replace(
            points[i],
            leads_to=tuple(index for index, _ in reached),
            ends=tuple(cluster for _, cluster in reached),
        )
    return tuple(joined)


def _by_energy(points: Points) -> Points:
    """The points, lowest first, with the indices in `leads_to` to match."""
    order = sorted(range(len(points)), key=lambda i: points[i].energy)
    rank = {old: new for new, old in enumerate(order)}
    return tuple(replace(points[i], leads_to=tuple(rank[k] for k in points[i].leads_to)) for i in order)


def _leading(couplings: Iterable[Coupling]) -> tuple[Coupling, ...]:
    """Of the couplings with one representation, epikernel and sign the one that gains most."""
    best: dict[Any, Coupling] = {}
    for coupling in couplings:
        direction = coupling.direction
        key = (direction.modes.irrep, tuple(direction.subgroup.members), coupling.sign)
        if key not in best or _gain(coupling) > _gain(best[key]):
            best[key] = coupling
    return tuple(best.values())


def _gain(coupling: Coupling) -> float:
    return np.inf if coupling.stabilisation is None else coupling.stabilisation


def _relaxed_line(start: Start, result: Mapping[str, Any]) -> str:
    """What came of a Start, in a line."""
    if not result["relaxed"]:
        return f"{start.origin}: left out: {result['reason']}"
    return f"{start.origin}: {result['energy_hartree']:.6f} hartree"


def _checked_line(point: StationaryPoint, result: Mapping[str, Any]) -> str:
    """What came of the check of a point, in a line."""
    kind = result["kind"] + (f" ({result['reason']})" if result["reason"] else "")
    return f"{point.point_group} at {point.energy:.6f} hartree: {kind}"
