"""The dear parts of a descent, as pieces of work: relaxations, and vibrations with what follows from them."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.electronic_symmetry.summary import state_and_shells
from clusterdft.errors import ScfNotConverged
from clusterdft.isomer_search.minimum_check import check_minimum, kick
from clusterdft.jahn_teller.symmetric_relaxation import relax_within_group
from clusterdft.properties.force_constants import HESSIAN_STEP
from clusterdft.relaxation.relax import relax
from clusterdft.surfaces.choose import surface_of
from clusterdft.surfaces.surface import Surface, SurfaceSpec
from clusterdft.symmetry.point_group import PointGroup, find_point_group, largest_tolerance
from clusterdft.work.workplace import JsonWork, work_key

VERSION = 1  # of what is kept; a higher one computes all of it again
DESCENT_GROUP_TOLERANCE = 0.08  # bohr, tolerance of the point groups of what is found
KICK_SCATTER = 0.1  # bohr along each axis, where no mode is known


@dataclass(frozen=True, kw_only=True, eq=False)
class Start:
    """A geometry to relax from.

    Attributes
    ----------
    cluster : displaced geometry
    origin : how it was made, such as "e' -> C2v"
    members : indices of the operations that the relaxation keeps, or None for a free one
    kicks : how many, one after the other, led there
    """

    cluster: Cluster
    origin: str
    members: tuple[int, ...] | None = None
    kicks: int = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class DescentTask:
    """What is done where: a geometry, its surface, and the operations to keep.

    Attributes
    ----------
    cluster : Cluster
    spec : SurfaceSpec
    fmax, max_calls : as in `relax`
    group, members : PointGroup and indices of its operations; None without restriction
    """

    cluster: Cluster
    spec: SurfaceSpec
    fmax: float
    max_calls: int
    group: PointGroup | None = None
    members: tuple[int, ...] | None = None


def relaxation(start: Start, group: PointGroup, spec: SurfaceSpec, fmax: float, max_calls: int) -> JsonWork:
    """The work of relaxing a Start of a descent from a PointGroup's geometry; see `relaxed`."""
    restricted = {} if start.members is None else {"group": group, "members": tuple(start.members)}
    task = DescentTask(cluster=start.cluster, spec=spec, fmax=fmax, max_calls=max_calls, **restricted)
    return JsonWork(key=_key(task), kind="descent", function=relaxed, subject=task)


def check(cluster: Cluster, spec: SurfaceSpec, fmax: float, max_calls: int) -> JsonWork:
    """The work of finding out whether a geometry is a minimum; see `checked`."""
    task = DescentTask(cluster=cluster, spec=spec, fmax=fmax, max_calls=max_calls)
    key = _key(task, step=HESSIAN_STEP)
    return JsonWork(key=key, kind="check", function=checked, subject=task)


def relaxed(task: DescentTask) -> dict[str, Any]:
    """How the relaxation of a DescentTask ended, ready for JSON.

    Returns
    -------
    dict
        relaxed, reason, energy_hartree, positions_bohr
    """
    how = {"fmax": task.fmax, "max_calls": task.max_calls}
    surface = surface_of(task.spec)
    try:
        if task.members is None:
            end = relax(task.cluster, surface, **how)
        else:
            end = relax_within_group(task.cluster, surface, task.group, task.members, **how)
    except ScfNotConverged as error:
        return {"relaxed": False, "reason": str(error), "energy_hartree": None, "positions_bohr": None}
    return {
        "relaxed": end.relaxed,
        "reason": end.reason,
        "energy_hartree": end.energy,
        "positions_bohr": end.cluster.positions.tolist(),
    }


def checked(task: DescentTask) -> dict[str, Any]:
    """What vibrations and electrons of a DescentTask say, ready for JSON.

    Returns
    -------
    dict
        kind, reason, n_imaginary, lowest_frequency_hartree and kicked as in `check_minimum` and `kick`;
        state, the label of the electronic state or None

    Notes
    -----
    without an SCF at a displaced point the kicks are random displacements
    """
    cluster, surface = task.cluster, surface_of(task.spec)
    rng = np.random.default_rng(int(_key(task, step=HESSIAN_STEP)[:15], 16))
    try:
        verdict = check_minimum(cluster, surface, fmax=task.fmax)
        state = _state_label(cluster, surface)
    except ScfNotConverged as error:
        shift = rng.normal(scale=KICK_SCATTER, size=cluster.positions.shape)
        return {
            "kind": "uncertain",
            "reason": str(error),
            "n_imaginary": 0,
            "lowest_frequency_hartree": None,
            "kicked": [(cluster.positions + sign * shift).tolist() for sign in (1, -1)],
            "state": None,
        }
    sides = () if verdict.kind == "minimum" else kick(cluster, verdict.vibrations, rng)
    frequencies = verdict.vibrations.frequencies
    return {
        "kind": verdict.kind,
        "reason": verdict.reason,
        "n_imaginary": len(verdict.imaginary),
        "lowest_frequency_hartree": float(frequencies[0]) if len(frequencies) else None,
        "kicked": [side.positions.tolist() for side in sides],
        "state": state,
    }


def _state_label(cluster: Cluster, surface: Surface) -> str | None:
    """Label of the electronic state; None without one, or on a surface without electrons."""
    result = surface.electronic_result(cluster)
    if result is None:
        return None
    group = find_point_group(cluster, tolerance=point_group_tolerance(cluster))
    label: str | None = state_and_shells(result, group)["state"]
    return label


def point_group_tolerance(cluster: Cluster) -> float:
    """Tolerance of the point group of a stationary point, bohr: small distortions are to be seen."""
    return min(DESCENT_GROUP_TOLERANCE, 0.9 * largest_tolerance(cluster))


def point_group_of(cluster: Cluster) -> str:
    """Schoenflies symbol of a stationary point."""
    return find_point_group(cluster, tolerance=point_group_tolerance(cluster)).name


def _key(task: DescentTask, **more: Any) -> str:
    """Hash of everything that decides a result."""
    kept = None
    if task.members is not None:
        kept = [task.group.operations[list(task.members)].tolist(), [*map(int, task.members)]]
    return work_key(
        task.cluster,
        task.spec.key,
        version=VERSION,
        fmax=task.fmax,
        max_calls=task.max_calls,
        kept=kept,
        **more,
    )
