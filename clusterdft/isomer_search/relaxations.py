"""The relaxations and checks of a search: looked up in the store, or done somewhere and kept there."""

import pickle
from contextlib import suppress
from dataclasses import replace

from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.isomer_search.minimum_check import Check, check_values, run_check, run_pickled_check
from clusterdft.isomer_search.outcome import Outcome, Task, relaxation_of, run_pickled, run_task, task_key
from clusterdft.work.executors import EXECUTORS, WorkerDied

CHECK = "vibrations"  # kind of a result in the store


class Relaxations:
    """Relaxations and checks on their way: submitted in any number, waited for one by one.

    Parameters
    ----------
    store : Store, bound to the search
    spec : SurfaceSpec
    jobs : relaxations at a time
    how : mapping with relaxer, fmax, max_calls
    """

    def __init__(self, store, spec, jobs, how):
        self._store, self._spec, self._jobs, self._how = store, spec, jobs, how
        self._work = None
        self._tasks = {}
        self._first = {}  # the first index with each key: the same start again costs nothing
        self._ended = {}
        self._checks = {}

    def submit(self, index, proposal):
        """Have a Proposal relaxed, unless its outcome is known."""
        key = task_key(proposal.cluster, self._spec.key, relaxation_of(proposal, self._how))
        first = self._first.setdefault(key, index)
        parents = proposal.parents if first == index else (*proposal.parents, first)
        task = Task(
            index=index,
            key=key,
            start=proposal.cluster,
            origin=proposal.origin,
            parents=tuple(parents),
            role=proposal.role,
            fmax=proposal.fmax,
        )
        self._tasks[index] = task
        if first != index:
            return
        known = self._store.outcome(key)
        if known is not None:
            self._ended[index] = (_as_asked(known, task), True)
            return
        self._store.add_task(task)
        self._workplace().relax(index, task, self._how)

    def wait_for(self, index):
        """(Outcome of that start, whether it came from an earlier session)."""
        task = self._tasks[index]
        first = self._first[task.key]
        while first not in self._ended:
            self._wait()
        outcome, resumed = self._ended[first]
        if first == index:
            return outcome, resumed
        return replace(_as_asked(outcome, task), n_force_calls=0, cpu_seconds=0.0), resumed

    def submit_check(self, task):
        """Have a CheckTask done, unless its Check is known."""
        known = self._store.kept(task.key, CHECK)
        if known is not None:
            self._checks[task.key] = (Check(**known), True)
        elif task.key not in self._checks:
            self._workplace().check(task)

    def wait_for_check(self, key):
        """(Check of that key, whether it came from an earlier session)."""
        while key not in self._checks:
            self._wait()
        return self._checks[key]

    def close(self):
        if self._work is not None:
            self._work.executor.close()

    def _workplace(self):
        if self._work is None:
            self._work = _Workplace(self._jobs, self._spec)
        return self._work

    def _wait(self):
        """Keep whatever ends next."""
        (what, token), result = self._work.executor.result()
        if what == "check":
            check = _check(token, result)
            self._store.keep(token, CHECK, check_values(check))
            self._checks[token] = (check, False)
            return
        outcome = _outcome(self._tasks[token], result)
        self._store.finish(outcome)
        self._ended[token] = (outcome, False)


def _as_asked(outcome, task):
    """A known outcome under the number and with the origin that the task has in this search."""
    return replace(outcome, index=task.index, origin=task.origin, parents=task.parents, role=task.role)


def _outcome(task, result):
    """The outcome of a task; a dead worker is a failure like others."""
    if not isinstance(result, WorkerDied):
        return result
    dead = Outcome(index=task.index, key=task.key, relaxed=False, reason=_death(result), cluster=task.start)
    return _as_asked(dead, task)


def _check(key, result):
    """The check with a key; a dead worker leaves it open whether the isomer is a minimum."""
    if not isinstance(result, WorkerDied):
        return result
    return Check(key=key, kind="uncertain", reason=_death(result))


def _death(result):
    return f"its worker process died (exit code {result.exit_code}), twice; is there enough memory?"


class _Workplace:
    """An executor for so many jobs, and the surface as its tasks take it."""

    def __init__(self, jobs, spec):
        self._here = jobs == 1
        if self._here:
            self.executor, self._surface = EXECUTORS["serial"](), spec.build()
            return
        self._surface = pickle.dumps(spec)
        self.executor = EXECUTORS["processes"](jobs=jobs, preload=self._surface)
        # this process compiles once for all, while the workers load their imports
        with suppress(ScfNotConverged, InputError):  # the starts will tell
            spec.warm_up()

    def relax(self, index, task, how):
        run = run_task if self._here else run_pickled
        self.executor.submit(("start", index), run, task, self._surface, how)

    def check(self, task):
        run = run_check if self._here else run_pickled_check
        self.executor.submit(("check", task.key), run, task, self._surface)
