"""The relaxations of a search: looked up in the store, or done somewhere and kept there."""

import pickle
from contextlib import suppress
from dataclasses import replace

from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.executors import EXECUTORS, WorkerDied
from clusterdft.search.outcome import Outcome, Task, run_pickled, run_task, task_key


class Relaxations:
    """Relaxations on their way: submitted in any number, waited for one by one.

    Parameters
    ----------
    store : Store, bound to the search
    spec : SurfaceSpec
    jobs : relaxations at a time
    how : mapping with relaxer, fmax, max_calls
    """

    def __init__(self, store, spec, jobs, how):
        self._store, self._spec, self._jobs, self._how = store, spec, jobs, how
        self._executor, self._run_there, self._surface = None, None, None
        self._tasks = {}
        self._first = {}  # the first index with each key: the same start again costs nothing
        self._ended = {}

    def submit(self, index, proposal):
        """Have a Proposal relaxed, unless its outcome is known."""
        key = task_key(proposal.cluster, self._spec.key, self._how)
        first = self._first.setdefault(key, index)
        parents = proposal.parents if first == index else (*proposal.parents, first)
        task = Task(
            index=index, key=key, start=proposal.cluster, origin=proposal.origin, parents=tuple(parents)
        )
        self._tasks[index] = task
        if first != index:
            return
        known = self._store.outcome(key)
        if known is not None:
            self._ended[index] = (_as_asked(known, task), True)
            return
        if self._executor is None:
            self._executor, self._run_there, self._surface = _workplace(self._jobs, self._spec)
        self._store.add_task(task)
        self._executor.submit(index, self._run_there, task, self._surface, self._how)

    def wait_for(self, index):
        """(Outcome of that start, whether it came from an earlier session)."""
        task = self._tasks[index]
        first = self._first[task.key]
        while first not in self._ended:
            number, result = self._executor.result()
            outcome = _outcome(self._tasks[number], result)
            self._store.finish(outcome)
            self._ended[number] = (outcome, False)
        outcome, resumed = self._ended[first]
        if first == index:
            return outcome, resumed
        return replace(_as_asked(outcome, task), n_force_calls=0, cpu_seconds=0.0), resumed

    def close(self):
        if self._executor is not None:
            self._executor.close()


def _as_asked(outcome, task):
    """A known outcome under the number and with the origin that the task has in this search."""
    return replace(outcome, index=task.index, origin=task.origin, parents=task.parents)


def _outcome(task, result):
    """The outcome of a task; a dead worker is a failure like others."""
    if not isinstance(result, WorkerDied):
        return result
    reason = f"its worker process died (exit code {result.exit_code}), twice; is there enough memory?"
    return _as_asked(
        Outcome(index=task.index, key=task.key, relaxed=False, reason=reason, cluster=task.start), task
    )


def _workplace(jobs, spec):
    """The executor for so many jobs, the function to submit to it, and the surface as it takes it."""
    if jobs == 1:
        return EXECUTORS["serial"](), run_task, spec.build()
    pickled_spec = pickle.dumps(spec)
    executor = EXECUTORS["processes"](jobs=jobs, preload=pickled_spec)
    if hasattr(spec, "warm_up"):  # this process compiles once for all, while the workers load their imports
        with suppress(ScfNotConverged, InputError):  # the starts will tell
            spec.warm_up()
    return executor, run_pickled, pickled_spec
