"""What is relaxed, and how it ended: the values that travel between strategy, workers and store."""

import pickle
import time
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.keys import content_hash
from clusterdft.relaxation.relax import relax


@dataclass(frozen=True, kw_only=True, eq=False)
class Task:
    """One relaxation to do.

    Attributes
    ----------
    index : number of the start in its search
    key : hash of everything that decides the outcome
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
    index, key : those of the task
    relaxed, reason : whether the forces are below the limit, and if not why
    cluster : the last geometry
    energy, n_unpaired, largest_force : hartree, electrons, hartree/bohr; None if nothing converged
    n_force_calls, cpu_seconds : what it cost
    origin, parents, role : as in the Proposal; a start that repeats an earlier one has that one as its parent
    start_energy : hartree, of the start itself; None if it did not converge there
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


def task_key(start, surface_key, relaxation):
    """Hash of a task's content.

    Parameters
    ----------
    start : Cluster
    surface_key : str, the surface's own hash
    relaxation : mapping of the relaxation's settings, ready for JSON
    """
    content = {
        "symbols": start.symbols,
        "positions": np.asarray(start.positions).tolist(),
        "charge": start.charge,
        "n_unpaired": start.n_unpaired,
        "surface": surface_key,
        "relaxation": dict(relaxation),
    }
    return content_hash(content)


@lru_cache(maxsize=2)
def surface_from(pickled_spec):
    """The surface of a pickled spec, built once a process."""
    return pickle.loads(pickled_spec).build()


def relaxation_of(asked, relaxation):
    """The settings of a relaxation, with the force limit of a Proposal or Task that has one of its own."""
    return dict(relaxation) if asked.fmax is None else {**relaxation, "fmax": asked.fmax}


def run_pickled(task, pickled_spec, relaxation):
    """`run_task` for a worker process, which is sent the SurfaceSpec as bytes."""
    return run_task(task, surface_from(pickled_spec), relaxation)


def run_task(task, surface, relaxation):
    """Relax the start of a task.

    Parameters
    ----------
    task : Task
    surface : Surface
    relaxation : mapping with relaxer, fmax, max_calls; a task may have an fmax of its own

    Returns
    -------
    Outcome
    """
    began = time.process_time()
    end = relax(task.start, surface, **relaxation_of(task, relaxation))
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
