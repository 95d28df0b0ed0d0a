"""A search under way: outcomes and checks are taken in until a limit is reached, and told as they come."""

import time
from functools import cached_property

from clusterdft.isomer_search.follow_ups import ROUNDS
from clusterdft.isomer_search.search_result import Progress, SearchResult
from clusterdft.isomer_search.stop_rule import founders_of, independent_hits, seconds_left
from clusterdft.isomers.pool import Pool
from clusterdft.report.search_files import write_search_files
from clusterdft.surfaces.surface import separated_energy

BETWEEN_WRITES = 1.0  # seconds: the files of a fast search are not written after every start
FOR_STARTS = 0.8  # share of a time limit, where checks are to follow


class Run:
    """The outcomes of a search so far, and what is told about them."""

    def __init__(self, inputs, limits, spec, out, progress, extras, relaxations):
        self._inputs, self._limits, self._spec = inputs, limits, spec
        self._out, self._progress, self._extras = out, progress, extras
        self._relaxations = relaxations
        self._outcomes, self._founders, self._stopped = [], {}, ""
        self._began, self._written, self._fresh = time.monotonic(), None, 0

    @cached_property
    def _separated(self):
        return separated_energy(self._spec, self._inputs["symbols"], self._inputs["charge"])

    @cached_property
    def _pool(self):
        return Pool(separated_energy=self._separated)

    def follow(self, outcomes):
        """Take in outcomes until a limit is reached; whether follow-ups are due then.

        Called again after follow-ups, it goes on only where these took away the confidence.
        """
        again, n_before = bool(self._stopped), len(self._outcomes)
        self._stopped = self._reached() if again else ""
        if self._stopped:
            return False
        try:
            for outcome, resumed in outcomes:
                self._add(outcome)
                self._stopped = self._reached()
                self._tell(outcome, resumed)
                if self._stopped:
                    break
            self._stopped = self._stopped or "the strategy has nothing left to ask"
        finally:
            self._write_at_end()
        return len(self._outcomes) > n_before

    def follow_up(self, plan, numbers):
        """Check isomers, kick saddle points and try spins, round by round, as long as there is time."""
        try:
            for _ in range(ROUNDS):
                done = self._check() + self._extend(plan, numbers)
                if not done:
                    return
        finally:
            self._write_at_end()

    def _check(self):
        """Have isomers checked, several at a time; how many were."""
        tasks, n_done = self._extras.checks(self._pool.isomers()), 0
        for _, task in tasks:
            self._relaxations.submit_check(task)
        for number, task in tasks:
            if self._late():
                break
            check, resumed = self._relaxations.wait_for_check(task.key)
            self._extras.checked(number, check)
            self._tell(check, resumed)
            n_done += 1
        return n_done

    def _extend(self, plan, numbers):
        """Relax kicks and other spins; how many were."""
        if self._late():
            return 0
        proposals = [(next(numbers), *pair) for pair in self._extras.proposals(self._pool.isomers())]
        n_done = 0
        for number, proposal, noted in proposals:
            noted(number)
            self._relaxations.submit(number, proposal)
        for number, _, _ in proposals:
            if self._late():
                break
            outcome, resumed = self._relaxations.wait_for(number)
            plan.tell(outcome)
            self._add(outcome)
            self._tell(outcome, resumed)
            n_done += 1
        return n_done

    def _reached(self):
        """Which limit is reached; of a time limit a part is kept for follow-ups."""
        seconds = time.monotonic() - self._began
        return self._limits.reached(self.result(), seconds / FOR_STARTS)

    def _late(self):
        most = self._limits.max_time
        return most is not None and time.monotonic() - self._began >= most

    def _add(self, outcome):
        self._outcomes.append(outcome)
        self._extras.told(outcome)
        self._founders[outcome.index] = founders_of(outcome, self._founders)
        if outcome.relaxed:
            self._pool.add(outcome)

    def _tell(self, last, resumed):
        """Files and progress, now that a start or a check has ended."""
        self._fresh += not resumed
        result, seconds = self.result(), time.monotonic() - self._began
        left = seconds_left(self._limits, result, seconds, self._fresh)
        if self._written is None or seconds > self._written + BETWEEN_WRITES:
            self._write(result, left)
        if self._progress is not None:
            self._progress(Progress(last=last, resumed=resumed, result=result, seconds_left=left))

    def _write_at_end(self):
        if self._outcomes:
            self._write(self.result())

    def _write(self, result, left=None):
        if self._out is not None:
            write_search_files(result, self._out, left)
            self._written = time.monotonic() - self._began

    def _hits(self, isomer):
        """Independent hits, without those that a coarse level told and an audit contradicted."""
        doubtful = getattr(self._relaxations, "doubtful", frozenset())
        return independent_hits(set(isomer.starts) - doubtful, self._founders)

    def result(self):
        isomers = ()
        if any(outcome.relaxed for outcome in self._outcomes):
            isomers = tuple(self._extras.judged(self._pool.isomers(), self._separated))
        return SearchResult(
            inputs=self._inputs,
            isomers=isomers,
            outcomes=tuple(self._outcomes),
            n_starts=self._limits.starts,
            hits_of_lowest=self._hits(isomers[0]) if isomers else 0,
            checks=self._extras.all_checks,
            stopped=self._stopped,
        )
