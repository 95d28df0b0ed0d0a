"""Pieces of work: looked up in a store, or done somewhere and kept there."""

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from clusterdft.work.executors import EXECUTORS, WorkerDied


@dataclass(frozen=True, kw_only=True, eq=False)
class Work:
    """One piece of work.

    Attributes
    ----------
    key, kind : where its result is kept
    function : (name, subject) -> dict ready for JSON; one with "keep": False is not kept
    name, subject : its arguments; a subject is sent to other processes
    """

    key: str
    kind: str
    function: Callable
    name: str
    subject: Any


class Workplace:
    """Where pieces of work are looked up, done, and kept. A context manager: workers end with it.

    Parameters
    ----------
    store : Store that keeps each result as soon as it is there, or None
    jobs : pieces at a time; 1 does them in this process
    """

    def __init__(self, store=None, *, jobs=1):
        self._store, self._jobs = store, jobs
        self._executor = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._executor is not None:
            self._executor.close()

    def done(self, wanted, told=None):
        """The results of pieces of work, computing those that are not kept.

        Parameters
        ----------
        wanted : {place: Work}, the places being anything
        told : function (place, result) called for every result that was computed and may be kept, or None

        Returns
        -------
        {place: dict}, in the order of `wanted`
        """
        found = {place: self._kept(work) for place, work in wanted.items()}
        for place, value in self._computed({p: wanted[p] for p, value in found.items() if value is None}):
            found[place] = value
            if not value.pop("keep", True):
                continue
            if self._store is not None:
                self._store.keep(wanted[place].key, wanted[place].kind, value)
            if told is not None:
                told(place, value)
        return found

    def _kept(self, work):
        return None if self._store is None else self._store.kept(work.key, work.kind)

    def _computed(self, missing):
        """(place, dict) of all that is missing, as they end."""
        if missing and self._executor is None:
            self._executor = EXECUTORS["serial" if self._jobs == 1 else "processes"](jobs=self._jobs)
        for place, work in missing.items():
            self._executor.submit(place, _run, work.function, work.name, pickle.dumps(work.subject))
        for _ in missing:
            place, value = self._executor.result()
            if isinstance(value, WorkerDied):
                value = {"reason": f"its worker process died (exit code {value.exit_code})", "keep": False}
            yield place, value


def done(wanted, store, *, jobs=1, told=None):
    """What a Workplace of its own finds, see there."""
    with Workplace(store, jobs=jobs) as workplace:
        return workplace.done(wanted, told)


def _run(function, name, pickled):
    return function(name, _subject(pickled))


@lru_cache(maxsize=2)
def _subject(pickled):
    """The subject, unpickled once for several pieces of work in a row."""
    return pickle.loads(pickled)
