"""The relaxations and checks of a search: looked up in the store, or done somewhere and kept there."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from clusterdft.cluster import cluster_values
from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.isomer_search.minimum_check import Check, CheckTask, check_values, run_check
from clusterdft.isomer_search.outcome import (
    Outcome,
    Task,
    outcome_from,
    outcome_values,
    run_task,
    task_key,
    with_limit,
)
from clusterdft.isomer_search.strategies.setting import Proposal
from clusterdft.surfaces.surface import Surface, SurfaceSpec
from clusterdft.work.executors import WorkerDied
from clusterdft.work.store import Store
from clusterdft.work.workplace import Work, Workplace

CHECK = "vibrations"  # kind of a result in the store


class RelaxationQueue(ABC):
    """Relaxations and checks on their way: submitted in any number, waited for one by one."""

    @abstractmethod
    def submit(self, index: int, proposal: Proposal) -> None:
        """Have a Proposal relaxed, unless its outcome is known."""

    @abstractmethod
    def wait_for(self, index: int) -> tuple[Outcome, bool]:
        """(Outcome of that start, whether all of it came from an earlier session)."""

    @abstractmethod
    def submit_check(self, task: CheckTask) -> None:
        """Have a CheckTask done, unless its Check is known."""

    @abstractmethod
    def wait_for_check(self, key: str) -> tuple[Check, bool]:
        """(Check of that key, whether it came from an earlier session)."""

    @abstractmethod
    def close(self) -> None:
        """End what is still running."""

    @property
    def doubtful(self) -> frozenset[int]:
        """Numbers of the starts whose outcomes are no evidence of how easily an isomer is found."""
        return frozenset()


class Relaxations(RelaxationQueue):
    """Relaxations and checks on one surface.

    Parameters
    ----------
    store : Store
        Bound to the search.
    spec : SurfaceSpec
    jobs : int
        Relaxations at a time.
    how : mapping
        relaxer, fmax, max_calls
    """

    def __init__(self, store: Store, spec: SurfaceSpec, jobs: int, how: Mapping[str, Any]) -> None:
        self._spec, self._how = spec, how
        self._surface = BuiltSurface(spec)
        self._workplace = Workplace(store, jobs=jobs, preload=self._surface, warm_up=self._warm_up)
        self._tasks: dict[int, Task] = {}
        self._first: dict[str, int] = {}  # the first index with each key: the same start again costs nothing

    def submit(self, index: int, proposal: Proposal) -> None:
        """Have a Proposal relaxed, unless its outcome is known."""
        key = task_key(proposal.cluster, self._spec.key, with_limit(self._how, proposal.fmax))
        first = self._first.setdefault(key, index)
        parents = proposal.parents if first == index else (*proposal.parents, first)
        task = self._tasks[index] = Task(
            index=index,
            key=key,
            start=proposal.cluster,
            origin=proposal.origin,
            parents=tuple(parents),
            role=proposal.role,
            fmax=proposal.fmax,
        )
        if first == index:
            work = RelaxationWork(
                key=key, function=_relaxed, subject=self._surface, arguments=(task, self._how), task=task
            )
            self._workplace.submit(("start", index), work)

    def wait_for(self, index: int) -> tuple[Outcome, bool]:
        """The Outcome of that start, and whether it came from an earlier session."""
        task = self._tasks[index]
        first = self._first[task.key]
        outcome, resumed = self._workplace.wait_for(("start", first))
        if first == index:
            return outcome, resumed
        return replace(_as_asked(outcome, task), n_force_calls=0, cpu_seconds=0.0), resumed

    def submit_check(self, task: CheckTask) -> None:
        """Have a CheckTask done, unless its Check is known."""
        work = CheckWork(key=task.key, function=_checked, subject=self._surface, arguments=(task,))
        self._workplace.submit(("check", task.key), work)

    def wait_for_check(self, key: str) -> tuple[Check, bool]:
        """The Check of that key, and whether it came from an earlier session."""
        check, resumed = self._workplace.wait_for(("check", key))
        return check, resumed

    def close(self) -> None:
        """End the worker processes."""
        self._workplace.close()

    def _warm_up(self) -> None:
        """Compiles what all need once for all, while the workers load their imports."""
        with suppress(ScfNotConverged, InputError):  # the starts will tell
            self._spec.warm_up()


class BuiltSurface:
    """A surface that is built once in every process that it is sent to.

    Parameters
    ----------
    spec : SurfaceSpec
    """

    def __init__(self, spec: SurfaceSpec) -> None:
        self.spec = spec

    @cached_property
    def surface(self) -> Surface:
        """The surface itself."""
        return self.spec.build()

    def __reduce__(self) -> tuple[type["BuiltSurface"], tuple[SurfaceSpec]]:
        return BuiltSurface, (self.spec,)


@dataclass(frozen=True, kw_only=True, eq=False)
class RelaxationWork(Work[Outcome]):
    """A relaxation, kept as a task of the store and its outcome.

    Attributes
    ----------
    task : Task
    """

    task: Task

    def known(self, store: Store) -> Outcome | None:
        """The outcome of an earlier session, under the number and origin that the task has in this one."""
        values = store.outcome(self.key)
        return None if values is None else _as_asked(outcome_from(self.key, values), self.task)

    def begin(self, store: Store) -> None:
        """Record the task."""
        start = cluster_values(self.task.start)
        store.add_task(self.key, index=self.task.index, start=start, origin=self.task.origin)

    def keep(self, store: Store, result: Outcome) -> None:
        """Keep the outcome."""
        store.finish(self.key, outcome_values(result))

    def after_death(self, death: WorkerDied) -> Outcome:
        """A failure like others, which is kept."""
        reason, task = _death(death), self.task
        dead = Outcome(index=task.index, key=task.key, relaxed=False, reason=reason, cluster=task.start)
        return _as_asked(dead, task)


@dataclass(frozen=True, kw_only=True, eq=False)
class CheckWork(Work[Check]):
    """A check of an isomer."""

    def known(self, store: Store) -> Check | None:
        """The check of an earlier session."""
        values = store.kept(self.key, CHECK)
        return None if values is None else Check(**values)

    def keep(self, store: Store, result: Check) -> None:
        """Keep the check."""
        store.keep(self.key, CHECK, check_values(result))

    def after_death(self, death: WorkerDied) -> Check:
        """A check that leaves it open whether the isomer is a minimum."""
        return Check(key=self.key, kind="uncertain", reason=_death(death))


def _relaxed(built: BuiltSurface, task: Task, how: Mapping[str, Any]) -> Outcome:
    return run_task(task, built.surface, how)


def _checked(built: BuiltSurface, task: CheckTask) -> Check:
    return run_check(task, built.surface)


def _as_asked(outcome: Outcome, task: Task) -> Outcome:
    """A known outcome under the number and with the origin that the task has in this search."""
    return replace(outcome, index=task.index, origin=task.origin, parents=task.parents, role=task.role)


def _death(death: WorkerDied) -> str:
    return f"its worker process died (exit code {death.exit_code}), twice; is there enough memory?"
