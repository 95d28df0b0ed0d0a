"""A search under way: starts are asked for in order, and outcomes and checks taken in up to a limit."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import count
from typing import Any

import numpy as np

from clusterdft.isomer_search.follow_ups import MAX_ROUNDS, FollowUps
from clusterdft.isomer_search.minimum_check import Check
from clusterdft.isomer_search.outcome import Outcome
from clusterdft.isomer_search.relaxations import RelaxationQueue
from clusterdft.isomer_search.search_result import CheckedIsomer, OnChange, Progress, SearchResult
from clusterdft.isomer_search.stop_rule import Limits, founders_of, independent_hits, seconds_left
from clusterdft.isomer_search.strategies.setting import Strategy
from clusterdft.isomers.pool import Isomer, Pool
from clusterdft.surfaces.surface import SurfaceSpec, separated_energy

STARTS_AHEAD = 4  # starts that a strategy is asked for ahead of the first whose outcome it does not know
TIME_SHARE_OF_STARTS = 0.8  # of a time limit, where checks are to follow


def outcomes_in_order(
    strategy: Strategy,
    relaxations: RelaxationQueue,
    *,
    seed: int,
    window: int,
    starts: int | None = None,
    numbers: Iterator[int] | None = None,
) -> Iterator[tuple[Outcome, bool]]:
    """Ask, relax and tell, strictly in the order of the starts' numbers.

    A start is asked for when the strategy knows the outcomes of all but `window` of those before it: what it
    knows does not depend on how many relaxations run at a time, nor on which of them ends first.

    Parameters
    ----------
    strategy : Strategy
    relaxations : RelaxationQueue
    seed : int
        Start number i has the random numbers of numpy's default_rng([seed, i, 1]).
    window : int >= 1
    starts : int or None
        How many to ask for at most; None for as many as the strategy has.
    numbers : iterator or None
        The starts' numbers, ascending; None for 0, 1, ...

    Yields
    ------
    (Outcome, bool)
        And whether it came from an earlier session, when the strategy knows it.
    """
    numbers = count() if numbers is None else numbers
    waiting: deque[int] = deque()
    n_asked, more = 0, True
    while True:
        while more and len(waiting) < window and (starts is None or n_asked < starts):
            index = next(numbers)
            proposal = strategy.ask(index, np.random.default_rng([seed, index, 1]))
            if proposal is None:
                more = False
            else:
                relaxations.submit(index, proposal)
                waiting.append(index)
                n_asked += 1
        if not waiting:
            return
        outcome, resumed = relaxations.wait_for(waiting.popleft())
        strategy.tell(outcome)
        yield outcome, resumed


class SearchSession:
    """The outcomes of a search so far, and what its result is then.

    Parameters
    ----------
    inputs : mapping
        Ready for JSON.
    limits : Limits
    spec : SurfaceSpec
    follow_ups : FollowUps
    relaxations : RelaxationQueue
    on_change : OnChange or None
    progress : function or None
        Called with a Progress whenever a start or a check has ended.
    """

    def __init__(
        self,
        inputs: Mapping[str, Any],
        limits: Limits,
        spec: SurfaceSpec,
        follow_ups: FollowUps,
        relaxations: RelaxationQueue,
        on_change: OnChange | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> None:
        self._inputs, self._limits, self._spec = inputs, limits, spec
        self._follow_ups, self._relaxations = follow_ups, relaxations
        self._on_change, self._progress = on_change, progress
        self._outcomes: list[Outcome] = []
        self._founders: dict[int, frozenset[int]] = {}
        self._stopped = ""
        self._began, self._n_fresh = time.monotonic(), 0

    @cached_property
    def _separated(self) -> float | None:
        return separated_energy(self._spec, self._inputs["symbols"], self._inputs["charge"])

    @cached_property
    def _pool(self) -> Pool:
        return Pool(separated_energy=self._separated)

    def follow(self, outcomes: Iterator[tuple[Outcome, bool]]) -> bool:
        """Take in outcomes until a limit is reached; whether follow-ups are due then.

        Called again after follow-ups, it goes on only where these took away the confidence.
        """
        is_continued, n_before = bool(self._stopped), len(self._outcomes)
        self._stopped = self._limit_reached() if is_continued else ""
        if self._stopped:
            return False
        try:
            for outcome, resumed in outcomes:
                self._add(outcome)
                self._stopped = self._limit_reached()
                self._report(outcome, resumed)
                if self._stopped:
                    break
            self._stopped = self._stopped or "the strategy has nothing left to ask"
        finally:
            self._report_end()
        return len(self._outcomes) > n_before

    def follow_up(self, strategy: Strategy, numbers: Iterator[int]) -> None:
        """Check isomers, kick saddle points and try spins, round by round, as long as there is time."""
        try:
            for _ in range(MAX_ROUNDS):
                n_done = self._check() + self._extend(strategy, numbers)
                if not n_done:
                    return
        finally:
            self._report_end()

    def _check(self) -> int:
        """Have isomers checked, several at a time; how many were."""
        tasks, n_done = self._follow_ups.due_checks(self._pool.isomers()), 0
        for _, task in tasks:
            self._relaxations.submit_check(task)
        for number, task in tasks:
            if self._is_late():
                break
            check, resumed = self._relaxations.wait_for_check(task.key)
            self._follow_ups.add_check(number, check)
            self._report(check, resumed)
            n_done += 1
        return n_done

    def _extend(self, strategy: Strategy, numbers: Iterator[int]) -> int:
        """Relax kicks and other spins; how many were."""
        if self._is_late():
            return 0
        due = [(next(numbers), *pair) for pair in self._follow_ups.due_proposals(self._pool.isomers())]
        n_done = 0
        for number, proposal, note in due:
            note(number)
            self._relaxations.submit(number, proposal)
        for number, _, _ in due:
            if self._is_late():
                break
            outcome, resumed = self._relaxations.wait_for(number)
            strategy.tell(outcome)
            self._add(outcome)
            self._report(outcome, resumed)
            n_done += 1
        return n_done

    def _seconds(self) -> float:
        """Since the session began."""
        return time.monotonic() - self._began

    def _limit_reached(self) -> str:
        """Which limit is reached; of a time limit a part is kept for follow-ups."""
        return self._limits.reached(self.result(), self._seconds() / TIME_SHARE_OF_STARTS)

    def _is_late(self) -> bool:
        max_time = self._limits.max_time
        return max_time is not None and self._seconds() >= max_time

    def _add(self, outcome: Outcome) -> None:
        self._outcomes.append(outcome)
        self._follow_ups.add_outcome(outcome)
        self._founders[outcome.index] = founders_of(outcome, self._founders)
        if outcome.relaxed:
            self._pool.add(outcome)

    def _report(self, last: Outcome | Check, resumed: bool) -> None:
        """Tell the callbacks that a start or a check has ended."""
        self._n_fresh += not resumed
        result = self.result()
        left = seconds_left(self._limits, result, self._seconds(), self._n_fresh)
        if self._on_change is not None:
            self._on_change(result, left, at_end=False)
        if self._progress is not None:
            self._progress(Progress(last=last, resumed=resumed, result=result, seconds_left=left))

    def _report_end(self) -> None:
        if self._outcomes and self._on_change is not None:
            self._on_change(self.result(), None, at_end=True)

    def _hits(self, isomer: Isomer) -> int:
        """Independent hits, without those that a coarse level gave and an audit contradicted."""
        return independent_hits(set(isomer.starts) - self._relaxations.doubtful, self._founders)

    def result(self) -> SearchResult:
        """The SearchResult so far."""
        isomers: tuple[CheckedIsomer, ...] = ()
        if any(outcome.relaxed for outcome in self._outcomes):
            isomers = tuple(self._follow_ups.annotate(self._pool.isomers(), self._separated))
        return SearchResult(
            inputs=self._inputs,
            isomers=isomers,
            outcomes=tuple(self._outcomes),
            n_starts=self._limits.starts,
            hits_of_lowest=self._hits(isomers[0]) if isomers else 0,
            checks=self._follow_ups.all_checks,
            stopped=self._stopped,
        )
