"""Pieces of work: looked up in a store, or done somewhere and kept there."""

import pickle
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from clusterdft.executors import EXECUTORS, WorkerDied


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


def done(wanted, store, *, jobs=1, told=None):
    """The results of pieces of work, computing those that are not kept.

    Parameters
    ----------
    wanted : {place: Work}, the places being anything
    store : Store, which keeps each result as soon as it is there
    jobs : at a time; 1 does them in this process
    told : function (place, result) called for every result that was computed and kept, or None
    Returns
    -------
    {place: dict}, in the order of `wanted`
    """
    found = {place: store.kept(work.key, work.kind) for place, work in wanted.items()}
    missing = {place: wanted[place] for place, value in found.items() if value is None}
    for place, value in _computed(missing, jobs):
        found[place] = value
        if not value.pop("keep", True):
            continue
        store.keep(wanted[place].key, wanted[place].kind, value)
        if told is not None:
            told(place, value)
    return found


def _computed(missing, jobs):
    """(place, dict) of all that is missing, as they end."""
    if not missing:
        return
    with closing(EXECUTORS["serial" if jobs == 1 else "processes"](jobs=jobs)) as executor:
        for place, work in missing.items():
            executor.submit(place, _run, work.function, work.name, pickle.dumps(work.subject))
        for _ in missing:
            place, value = executor.result()
            if isinstance(value, WorkerDied):
                value = {"reason": f"its worker process died (exit code {value.exit_code})", "keep": False}
            yield place, value


def _run(function, name, pickled):
    return function(name, _subject(pickled))


@lru_cache(maxsize=2)
def _subject(pickled):
    """The subject, unpickled once for several pieces of work in a row."""
    return pickle.loads(pickled)
