"""Pieces of work: looked up in a store, or done by an executor and kept there."""

import pickle
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, Self, TypeVar

from clusterdft.cluster import Cluster
from clusterdft.keys import content_hash
from clusterdft.work.executors import EXECUTORS, Executor, WorkerDied
from clusterdft.work.store import Store

Token = TypeVar("Token", bound=Hashable)  # what a caller calls a piece of work by
Result = TypeVar("Result")


def work_key(cluster: Cluster, surface_key: str, **what: Any) -> str:
    """Key of work on a geometry: hash of everything that decides its result.

    Parameters
    ----------
    cluster : Cluster
    surface_key : str
        The surface's own hash.
    **what : values ready for JSON
        What is done there, and how.

    Returns
    -------
    str
        64 hexadecimal digits
    """
    content = {
        "symbols": cluster.symbols,
        "positions": cluster.positions.tolist(),
        "charge": cluster.charge,
        "n_unpaired": cluster.n_unpaired,
        "surface": surface_key,
    }
    return content_hash(content | what)


@dataclass(frozen=True)
class NotKept(Generic[Result]):
    """A result that is given out and not kept: whoever asks again has it computed again."""

    result: Result


@dataclass(frozen=True, kw_only=True, eq=False)
class Work(ABC, Generic[Result]):
    """One piece of work, and how its result is kept.

    Attributes
    ----------
    key : str
        Hash of everything that decides the result.
    function : function (subject, *arguments) -> result, or NotKept of one
    subject : anything that can be pickled
        What several pieces of work have in common. A worker process unpickles it once for those that
        come one after the other; this process uses it as it is.
    arguments : tuple
        The other arguments.
    """

    key: str
    function: Callable[..., Any]
    subject: Any
    arguments: tuple[Any, ...] = ()

    @abstractmethod
    def known(self, store: Store) -> Result | None:
        """The result that a store has, or None."""

    @abstractmethod
    def keep(self, store: Store, result: Result) -> None:
        """Keep a result in a store."""

    @abstractmethod
    def after_death(self, death: WorkerDied) -> Result | NotKept[Result]:
        """The result where every worker process that tried has died."""

    def begin(self, store: Store) -> None:
        """Record in a store that the work is under way."""


@dataclass(frozen=True, kw_only=True, eq=False)
class JsonWork(Work[dict[str, Any]]):
    """Work whose result is a dict ready for JSON; a death of its workers is a "reason" that is not kept.

    Attributes
    ----------
    kind : str
        What the result is, in a word; it is kept under the key and this.
    """

    kind: str

    def known(self, store: Store) -> dict[str, Any] | None:
        """The dict that was kept, or None."""
        return store.kept(self.key, self.kind)

    def keep(self, store: Store, result: dict[str, Any]) -> None:
        """Keep the dict; a second one is ignored."""
        store.keep(self.key, self.kind, result)

    def after_death(self, death: WorkerDied) -> NotKept[dict[str, Any]]:
        """The reason, as the only entry."""
        return NotKept({"reason": f"its worker process died (exit code {death.exit_code})"})


@dataclass(frozen=True)
class _Ended:
    """A result, whether it was known before, and whether the next session will know it."""

    result: Any
    is_known: bool
    is_kept: bool = True


class Workplace:
    """Where work is looked up, done, and kept. A context manager: worker processes end with it.

    Parameters
    ----------
    store : Store or None
        It keeps each result as soon as it is there.
    jobs : int
        Pieces at a time; 1 does them in this process, when their results are asked for.
    preload : anything that can be pickled, or None
        A subject that worker processes load while they wait, for the imports that it causes.
    warm_up : function without arguments, or None
        Called when worker processes have been started, for what is to be there before their first work.
    """

    def __init__(
        self,
        store: Store | None = None,
        *,
        jobs: int = 1,
        preload: Any = None,
        warm_up: Callable[[], None] | None = None,
    ) -> None:
        self._store, self._jobs = store, jobs
        self._preload, self._warm_up = preload, warm_up
        self._executor: Executor | None = None
        self._under_way: dict[Hashable, Work[Any]] = {}
        self._ended: dict[Hashable, _Ended] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the worker processes; what is under way is lost."""
        if self._executor is not None:
            self._executor.close()

    def submit(self, token: Hashable, work: Work[Any]) -> None:
        """Have work done, unless its result is known or it is under way.

        Parameters
        ----------
        token : hashable
            What its result will be asked for by.
        work : Work
        """
        if self._store is not None:
            known = work.known(self._store)
            if known is not None:
                self._ended[token] = _Ended(known, is_known=True)
                return
        if token in self._under_way:
            return
        if self._store is not None:
            work.begin(self._store)
        self._hand_out(token, work)
        self._under_way[token] = work

    def wait_for(self, token: Hashable) -> tuple[Any, bool]:
        """The result of work that was submitted, and whether it was known before.

        Whatever else ends on the way is kept too.
        """
        while token not in self._ended:
            self._take_next()
        ended = self._ended[token]
        return ended.result, ended.is_known

    def results(
        self,
        wanted: Mapping[Token, Work[Result]],
        on_result: Callable[[Token, Result], None] | None = None,
    ) -> dict[Token, Result]:
        """The results of several pieces of work, computing those that are not known.

        Parameters
        ----------
        wanted : {token: Work}
        on_result : function (token, result), or None
            Called as soon as a result has been computed and may be kept.

        Returns
        -------
        {token: result}
            In the order of `wanted`.
        """
        for token, work in wanted.items():
            self._ended.pop(token, None)
            self.submit(token, work)
        unfinished = wanted.keys() & self._under_way.keys()
        while unfinished:
            token = self._take_next()
            ended = self._ended[token]
            if on_result is not None and ended.is_kept and token in unfinished:
                on_result(token, ended.result)
            unfinished.discard(token)
        return {token: self._ended.pop(token).result for token in wanted}

    def _hand_out(self, token: Hashable, work: Work[Any]) -> None:
        """Gives work to the executor, which is started for the first."""
        executor = self._executor = self._executor or self._started()
        if self._jobs == 1:
            executor.submit(token, work.function, work.subject, *work.arguments)
        else:
            executor.submit(token, _run, work.function, pickle.dumps(work.subject), *work.arguments)

    def _started(self) -> Executor:
        if self._jobs == 1:
            return EXECUTORS["serial"]()
        preload = b"" if self._preload is None else pickle.dumps(self._preload)
        executor = EXECUTORS["processes"](jobs=self._jobs, preload=preload)
        if self._warm_up is not None:
            self._warm_up()
        return executor

    def _take_next(self) -> Any:
        """Keeps what ends next, and tells its token."""
        assert self._executor is not None
        token, result = self._executor.result()
        work = self._under_way.pop(token)
        if isinstance(result, WorkerDied):
            result = work.after_death(result)
        if isinstance(result, NotKept):
            self._ended[token] = _Ended(result.result, is_known=False, is_kept=False)
            return token
        if self._store is not None:
            work.keep(self._store, result)
        self._ended[token] = _Ended(result, is_known=False)
        return token


def results_of(
    wanted: Mapping[Token, Work[Result]],
    store: Store | None,
    *,
    jobs: int = 1,
    on_result: Callable[[Token, Result], None] | None = None,
) -> dict[Token, Result]:
    """The results that a Workplace of its own gives, see `Workplace.results`."""
    with Workplace(store, jobs=jobs) as workplace:
        return workplace.results(wanted, on_result)


def _run(function: Callable[..., Any], pickled: bytes, *arguments: Any) -> Any:
    return function(_subject(pickled), *arguments)


@lru_cache(maxsize=2)  # a search at two levels of theory has two
def _subject(pickled: bytes) -> Any:
    """The subject, unpickled once for several pieces of work in a row."""
    return pickle.loads(pickled)
