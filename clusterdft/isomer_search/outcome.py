"""What is relaxed, and how it ended: the values that travel between strategy, workers and store."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clusterdft.cluster import Cluster, cluster_from, cluster_values
from clusterdft.relaxation.relax import relax
from clusterdft.surfaces.surface import Surface
from clusterdft.work.workplace import work_key


@dataclass(frozen=True, kw_only=True, eq=False)
class Task:
    """One relaxation to do.

    Attributes
    ----------
    index : int
        Number of the start in its search.
    key : str
        Hash of everything that decides the outcome.
    start : Cluster
    origin, parents, role, fmax : as in the Proposal
    """

    index: int
    key: str
    start: Cluster
    origin: str = "random"
    parents: tuple[int, ...] = ()
    role: str = "start"
    fmax: float | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcome:
    """How a task ended.

    Attributes
    ----------
    index, key : int, str
        Those of the task.
    relaxed, reason : bool, str
        Whether the forces are below the limit, and if not why.
    cluster : Cluster
        The last geometry.
    energy, n_unpaired, largest_force : hartree, electrons, hartree/bohr or None
        None if nothing converged.
    n_force_calls, cpu_seconds : int, float
        What it cost.
    origin, parents, role : as in the Proposal
        A start that repeats an earlier one has that one as its parent.
    start_energy : hartree or None
        Of the start itself; None if it did not converge there.
    """

    index: int
    key: str
    relaxed: bool
    reason: str
    cluster: Cluster
    energy: float | None = None
    n_unpaired: float | None = None
    largest_force: float | None = None
    n_force_calls: int = 0
    cpu_seconds: float = 0.0
    origin: str = "random"
    parents: tuple[int, ...] = ()
    role: str = "start"
    start_energy: float | None = None


def outcome_values(outcome: Outcome) -> dict[str, Any]:
    """What a store keeps of an Outcome; `outcome_from` makes one of it.

    Parameters
    ----------
    outcome : Outcome

    Returns
    -------
    dict
        Ready for JSON.
    """
    names = ("relaxed", "reason", "energy", "n_unpaired", "largest_force")
    return {
        **{name: getattr(outcome, name) for name in names},
        "cluster": cluster_values(outcome.cluster),
        "n_force_calls": outcome.n_force_calls,
        "cpu_seconds": outcome.cpu_seconds,
        "start_energy": outcome.start_energy,
    }


def outcome_from(key: str, values: Mapping[str, Any]) -> Outcome:
    """The Outcome that a store has, without parents and role, which are the search's.

    Parameters
    ----------
    key : str
        That of the task.
    values : mapping
        As `Store.outcome` gives them; stores of version 0.1 know of random starts only.

    Returns
    -------
    Outcome
    """
    origin = values["origin"] or "random"
    return Outcome(key=key, **{**values, "cluster": cluster_from(values["cluster"]), "origin": origin})


def task_key(start: Cluster, surface_key: str, relaxation: Mapping[str, Any]) -> str:
    """Hash of a task's content.

    Parameters
    ----------
    start : Cluster
    surface_key : str
        The surface's own hash.
    relaxation : mapping ready for JSON
        The relaxation's settings.

    Returns
    -------
    str
        64 hexadecimal digits
    """
    return work_key(start, surface_key, relaxation=dict(relaxation))


def with_limit(relaxation: Mapping[str, Any], fmax: float | None) -> dict[str, Any]:
    """The settings of a relaxation with a force limit of its own, or as they are where it has none.

    Parameters
    ----------
    relaxation : mapping
        relaxer, fmax, max_calls
    fmax : hartree/bohr or None

    Returns
    -------
    dict
    """
    return dict(relaxation) if fmax is None else {**relaxation, "fmax": fmax}


def run_task(task: Task, surface: Surface, relaxation: Mapping[str, Any]) -> Outcome:
    """Relax the start of a task.

    Parameters
    ----------
    task : Task
    surface : Surface
    relaxation : mapping
        relaxer, fmax, max_calls; a task may have an fmax of its own

    Returns
    -------
    Outcome
    """
    began = time.process_time()
    end = relax(task.start, surface, **with_limit(relaxation, task.fmax))
    return Outcome(
        index=task.index,
        key=task.key,
        relaxed=end.relaxed,
        reason=end.reason,
        cluster=end.cluster,
        energy=end.energy,
        n_unpaired=end.n_unpaired,
        largest_force=None if end.point is None else end.point.largest_force,
        n_force_calls=end.n_force_calls,
        cpu_seconds=time.process_time() - began,
        origin=task.origin,
        parents=task.parents,
        role=task.role,
        start_energy=end.energies[0] if end.energies else None,
    )
