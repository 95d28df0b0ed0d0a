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

DESCENT_VERSION = 1  # of what is kept; a higher one computes all of it again
DESCENT_GROUP_TOLERANCE = 0.08  # bohr, tolerance of the point groups of what is found
KICK_SCATTER = 0.1  # bohr along each axis, where no mode is known


@dataclass(frozen=True, kw_only=True, eq=False)
class Start:
    """A geometry to relax from.

    Attributes
    ----------
    cluster : Cluster
        Displaced geometry.
    origin : str
        How it was made, such as "e' -> C2v".
    members : indices
        Of the operations that the relaxation keeps, or None for a free one.
    kicks : int
        How many, one after the other, led there.
    """

    cluster: Cluster
    origin: str
    members: tuple[int, ...] | None = None
    kicks: int = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class Restriction:
    """Operations that a relaxation keeps.

    Attributes
    ----------
    group : PointGroup
    members : indices
        Of its operations.
    """

    group: PointGroup
    members: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class DescentTask:
    """What is done where: a geometry, its surface, and the operations to keep.

    Attributes
    ----------
    cluster : Cluster
    spec : SurfaceSpec
    fmax : float, hartree/bohr
        As in `relax`.
    max_calls : int
        As in `relax`.
    restriction : Restriction
        None for a relaxation without one.
    """

    cluster: Cluster
    spec: SurfaceSpec
    fmax: float
    max_calls: int
    restriction: Restriction | None = None


def relaxation_work(
    start: Start, group: PointGroup, spec: SurfaceSpec, fmax: float, max_calls: int
) -> JsonWork:
    """The work of relaxing a start of a descent; see `relax_descent_task`.

    Parameters
    ----------
    start : Start
    group : PointGroup
        Of the geometry that the descent starts from.
    spec : SurfaceSpec
    fmax, max_calls
        As in `relax`.

    Returns
    -------
    JsonWork
    """
    members = start.members
    task = DescentTask(
        cluster=start.cluster,
        spec=spec,
        fmax=fmax,
        max_calls=max_calls,
        restriction=None if members is None else Restriction(group=group, members=tuple(members)),
    )
    return JsonWork(key=_key(task), kind="descent", function=relax_descent_task, subject=task)


def check_work(cluster: Cluster, spec: SurfaceSpec, fmax: float, max_calls: int) -> JsonWork:
    """The work of finding out whether a geometry is a minimum; see `check_descent_task`.

    Parameters
    ----------
    cluster : Cluster
        Relaxed.
    spec : SurfaceSpec
    fmax, max_calls
        As in `relax`.

    Returns
    -------
    JsonWork
    """
    task = DescentTask(cluster=cluster, spec=spec, fmax=fmax, max_calls=max_calls)
    key = _key(task, step=HESSIAN_STEP)
    return JsonWork(key=key, kind="check", function=check_descent_task, subject=task)


def relax_descent_task(task: DescentTask) -> dict[str, Any]:
    """How the relaxation of a DescentTask ended, ready for JSON.

    Parameters
    ----------
    task : DescentTask

    Returns
    -------
    dict
        relaxed, reason, energy_hartree, positions_bohr.
    """
    surface, kept = surface_of(task.spec), task.restriction
    try:
        if kept is None:
            end = relax(task.cluster, surface, fmax=task.fmax, max_calls=task.max_calls)
        else:
            end = relax_within_group(
                task.cluster, surface, kept.group, kept.members, fmax=task.fmax, max_calls=task.max_calls
            )
    except ScfNotConverged as error:
        return {"relaxed": False, "reason": str(error), "energy_hartree": None, "positions_bohr": None}
    return {
        "relaxed": end.relaxed,
        "reason": end.reason,
        "energy_hartree": end.energy,
        "positions_bohr": end.cluster.positions.tolist(),
    }


def check_descent_task(task: DescentTask) -> dict[str, Any]:
    """What vibrations and electrons of a DescentTask say, ready for JSON.

    Parameters
    ----------
    task : DescentTask
        Without restriction.

    Returns
    -------
    dict
        kind, reason, n_imaginary, lowest_frequency_hartree and kicked as in `check_minimum` and `kick`;
        state, the label of the electronic state or None.

    Notes
    -----
    Without an SCF at a displaced point the kicks are random displacements.
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
    label: str | None = state_and_shells(result, stationary_group(cluster))["state"]
    return label


def stationary_group(cluster: Cluster) -> PointGroup:
    """The point group of a stationary point, with a tolerance that shows small distortions.

    Parameters
    ----------
    cluster : Cluster

    Returns
    -------
    PointGroup
    """
    return find_point_group(cluster, tolerance=min(DESCENT_GROUP_TOLERANCE, 0.9 * largest_tolerance(cluster)))


def _key(task: DescentTask, **more: Any) -> str:
    """Hash of everything that decides a result."""
    kept = None
    if task.restriction is not None:
        members = list(map(int, task.restriction.members))
        kept = [task.restriction.group.operations[members].tolist(), members]
    return work_key(
        task.cluster,
        task.spec.key,
        version=DESCENT_VERSION,
        fmax=task.fmax,
        max_calls=task.max_calls,
        kept=kept,
        **more,
    )
