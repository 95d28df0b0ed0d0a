"""Two levels of theory: a coarse surface tells which starts are repeats, the full one relaxes the others."""

from collections import deque
from dataclasses import dataclass, replace
from typing import Any

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.geometry.fragments import fragments
from clusterdft.isomer_search.minimum_check import Check, CheckTask
from clusterdft.isomer_search.outcome import Outcome, task_key
from clusterdft.isomer_search.relaxations import RelaxationQueue
from clusterdft.isomer_search.strategies.setting import Proposal
from clusterdft.isomers.identity import Minimum, minimum_of, same_minimum

AUDIT_INTERVAL = 5  # repeats of a coarse isomer, of which one is relaxed at the full level all the same


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What the starts that have ended have cost at either level, and what the coarse level decided.

    Attributes
    ----------
    coarse_calls, full_calls : int
        Force calls.
    coarse_seconds, full_seconds : float
        CPU seconds.
    shortcuts : int
        Starts that were not relaxed at the full level because their coarse end was known.
    audits : int
        Repeats that were relaxed there all the same.
    mismatches : int
        audits that ended in another isomer than the shortcut would have said
    """

    coarse_calls: int = 0
    full_calls: int = 0
    coarse_seconds: float = 0.0
    full_seconds: float = 0.0
    shortcuts: int = 0
    audits: int = 0
    mismatches: int = 0


class TwoLevels(RelaxationQueue):
    """Relaxations at two levels of theory, in one queue.

    A start is relaxed on the coarse surface. What happens then depends on its coarse end:

        new coarse isomer       the coarse geometry is relaxed on the full surface
        known one (a repeat)    the start shares the outcome of the first start that ended there: a shortcut
        every k-th repeat       an audit: the start itself, not its coarse end, is relaxed on the full surface
        fell apart              the start has failed
        not relaxed otherwise   the start itself is relaxed on the full surface

    An audit that does not end in the isomer of the shortcut shows that this coarse basin holds starts of
    several full minima. From then on its repeats are relaxed on the full surface, each from the start
    itself. So it is where the first of a coarse isomer did not relax on the full surface. Guesses,
    follow-ups and starts with a force limit of their own go to the full level at once.

    Parameters
    ----------
    coarse, full : RelaxationQueue
        On the two surfaces; they may share a store.
    audit_interval : k >= 1
        1 for no shortcut at all

    Raises
    ------
    InputError
        An interval below 1.

    Notes
    -----
    A shortcut has the parents of its own proposal: where the starts are independent, so are the hits.
    Its energy, geometry and spin are those of the outcome that it shares, its cost is that of the coarse
    relaxation; its origin names the start. No coarse energy is ever reported.
    The outcomes depend on the order of the starts alone. Coarse ends are sorted in that order, and
    whether a repeat is a shortcut is decided when all starts before it have ended; neither the number of
    jobs nor what a store knows plays a part.
    What it cannot know: a full minimum that is reached from no coarse isomer is found by audits only,
    and the shortcuts taken before the first mismatch (k - 1 of each coarse isomer, if the first audit is
    one) are not taken back: they are `doubtful` from then on, and no evidence. Two coarse isomers that
    lead to one full minimum cost a relaxation more, and nothing else.
    Measured: the Gupta surface before Kohn-Sham sodium spares four fifths of the time for Na8, but all of
    58 starts of Na6+ end in one coarse isomer, which leads to a minimum 0.34 eV above the lowest one.
    Only audits that relax the start itself notice that; from the coarse end they would all agree.
    """

    def __init__(
        self, coarse: RelaxationQueue, full: RelaxationQueue, *, audit_interval: int = AUDIT_INTERVAL
    ) -> None:
        if audit_interval < 1:
            raise InputError(f"an audit every {audit_interval} repeats; give at least 1")
        self._coarse, self._full, self._audit_interval = coarse, full, audit_interval
        self._starts: dict[int, _Start] = {}
        self._first: dict[str, int] = {}  # the first start with each geometry: the same again costs nothing
        self._submitted: deque[_Start] = deque()
        self._sorted: deque[_SortedStart] = deque()  # in the order of submission, like the settled ones
        self._settled: list[_SortedStart] = []
        self._ends: dict[int, tuple[Outcome, bool]] = {}
        self._isomers: list[_CoarseIsomer] = []

    def submit(self, index: int, proposal: Proposal) -> None:
        """Have a Proposal relaxed, unless its outcome is known."""
        if proposal.role != "start" or proposal.fmax is not None:
            self._full.submit(index, proposal)
            return
        first = self._first.setdefault(task_key(proposal.cluster, "", {}), index)
        start = self._starts[index] = _Start(index=index, proposal=proposal, first=first)
        if first == index:
            self._submitted.append(start)
            self._coarse.submit(index, proposal)

    def wait_for(self, index: int) -> tuple[Outcome, bool]:
        """(Outcome of that start, whether all of it came from an earlier session)."""
        if index not in self._starts:
            return self._full.wait_for(index)
        while self._submitted:  # later ones too: the full level is kept busy
            self._sort(self._submitted.popleft())
        start = self._starts[index]
        while start.first not in self._ends:
            self._settle(self._sorted.popleft())
        outcome, resumed = self._ends[start.first]
        return (outcome if start.first == index else _repeated_outcome(start, outcome)), resumed

    def submit_check(self, task: CheckTask) -> None:
        """Have a check done at the full level, unless it is known."""
        self._full.submit_check(task)

    def wait_for_check(self, key: str) -> tuple[Check, bool]:
        """(Check of that key, whether it came from an earlier session)."""
        return self._full.wait_for_check(key)

    def close(self) -> None:
        """End what is still running at both levels."""
        self._coarse.close()
        self._full.close()

    @property
    def doubtful(self) -> frozenset[int]:
        """Numbers of the starts that shared an outcome by a shortcut that an audit has contradicted since."""
        return frozenset(
            start.index
            for start in self._settled
            if start.isomer is not None and start.full is None and not start.isomer.trusted
        )

    @property
    def tally(self) -> Tally:
        """The Tally so far."""
        ended = self._settled
        full = [start.full for start in ended if start.full is not None]
        return Tally(
            coarse_calls=sum(start.coarse.n_force_calls for start in ended),
            full_calls=sum(outcome.n_force_calls for outcome in full),
            coarse_seconds=sum(start.coarse.cpu_seconds for start in ended),
            full_seconds=sum(outcome.cpu_seconds for outcome in full),
            shortcuts=sum(start.isomer is not None and start.full is None for start in ended),
            audits=sum(start.is_audit for start in ended),
            mismatches=sum(start.is_mismatch for start in ended),
        )

    def _sort(self, submitted: "_Start") -> None:
        """Finds the coarse isomer of a start; what is surely needed at the full level is begun."""
        coarse, resumed = self._coarse.wait_for(submitted.index)
        start = _SortedStart(
            index=submitted.index, proposal=submitted.proposal, coarse=coarse, resumed=resumed
        )
        self._sorted.append(start)
        if not coarse.relaxed:
            if not _fell_apart(start):
                self._begin(start, start.proposal.cluster)
            return
        end = minimum_of(coarse)
        isomer = next((isomer for isomer in self._isomers if isomer.holds(start, end)), None)
        if isomer is None:
            start.isomer = _CoarseIsomer(first=start, end=end)
            self._isomers.append(start.isomer)
            self._begin(start, coarse.cluster)
            return
        start.isomer = isomer
        isomer.n_repeats += 1
        start.is_audit = isomer.n_repeats % self._audit_interval == 0
        if start.is_audit or not isomer.trusted:
            self._begin(start, start.proposal.cluster)

    def _begin(self, start: "_SortedStart", cluster: Cluster) -> None:
        """Submits a start, or its coarse end, to the full level."""
        self._full.submit(start.index, replace(start.proposal, cluster=cluster))
        start.is_begun = True

    def _settle(self, start: "_SortedStart") -> None:
        """Decides how a start ended; all before it are settled."""
        self._settled.append(start)
        isomer = start.isomer
        if isomer is None and not start.is_begun:
            reason = f"at the coarse level: {start.coarse.reason}"
            lost = _coarse_alone(start, cluster=start.coarse.cluster, relaxed=False, reason=reason)
            self._ends[start.index] = lost, start.resumed
            return
        if isomer is not None and not start.is_begun and isomer.trusted:
            shared, _ = self._ends[isomer.first.index]
            self._ends[start.index] = _shortcut(start, isomer.first.index, shared), start.resumed
            return
        if not start.is_begun:
            self._begin(start, start.proposal.cluster)
        full, resumed = self._full.wait_for(start.index)
        start.full = full
        self._ends[start.index] = _with_both_costs(start, full), resumed and start.resumed
        if isomer is not None and isomer.first is start:
            isomer.trusted = full.relaxed
        elif isomer is not None and start.is_audit:
            first_end = isomer.first.full
            start.is_mismatch = first_end is None or not _is_same_end(full, first_end)
            isomer.trusted = isomer.trusted and not start.is_mismatch


@dataclass(frozen=True, kw_only=True, eq=False)
class _Start:
    """A start as it was submitted, and the number of the first one with the same geometry, or its own."""

    index: int
    proposal: Proposal
    first: int


@dataclass(kw_only=True, eq=False)
class _SortedStart:
    """A start that has ended at the coarse level: how, and what has become of it since.

    `full` is its Outcome at the full level, None while there is none.
    """

    index: int
    proposal: Proposal
    coarse: Outcome
    resumed: bool
    isomer: "_CoarseIsomer | None" = None
    is_audit: bool = False
    is_begun: bool = False
    full: Outcome | None = None
    is_mismatch: bool = False


class _CoarseIsomer:
    """A coarse minimum, the first start that ended there, and whether repeats may share its outcome."""

    def __init__(self, *, first: _SortedStart, end: Minimum) -> None:
        self.first, self.end = first, end
        self.n_repeats, self.trusted = 0, True

    def holds(self, start: _SortedStart, end: Minimum) -> bool:
        """Whether a start of the same charge and spin, which ended so, belongs here."""
        ours, theirs = self.first.proposal.cluster, start.proposal.cluster
        alike = (ours.charge, ours.n_unpaired) == (theirs.charge, theirs.n_unpaired)
        return alike and same_minimum(self.end, end)


def _fell_apart(start: _SortedStart) -> bool:
    """Whether a start fell into pieces on the coarse surface."""
    return len(fragments(start.coarse.cluster)) > len(fragments(start.proposal.cluster))


def _is_same_end(a: Outcome, b: Outcome) -> bool:
    """Whether two outcomes of the full level are one isomer; failures are none."""
    return a.relaxed and b.relaxed and same_minimum(minimum_of(a), minimum_of(b))


def _shortcut(start: _SortedStart, first: int, shared: Outcome) -> Outcome:
    """The outcome that a repeat shares with the first start of its coarse isomer."""
    return _coarse_alone(
        start,
        cluster=shared.cluster,
        energy=shared.energy,
        n_unpaired=shared.n_unpaired,
        largest_force=shared.largest_force,
        origin=f"{start.proposal.origin}, at the coarse level as {first}",
    )


def _coarse_alone(start: _SortedStart, **known: Any) -> Outcome:
    """An outcome at the cost of the coarse relaxation, nothing of whose energies is kept."""
    nothing = {"energy": None, "n_unpaired": None, "largest_force": None, "start_energy": None}
    return replace(start.coarse, **(nothing | known))


def _with_both_costs(start: _SortedStart, full: Outcome) -> Outcome:
    """The outcome of the full level with the cost of both; its start energy is that of the start itself."""
    coarse = start.coarse
    from_coarse = start.isomer is not None and start.isomer.first is start
    return replace(
        full,
        n_force_calls=coarse.n_force_calls + full.n_force_calls,
        cpu_seconds=coarse.cpu_seconds + full.cpu_seconds,
        start_energy=None if from_coarse else full.start_energy,
    )


def _repeated_outcome(start: _Start, outcome: Outcome) -> Outcome:
    """The outcome of a start that has the geometry of an earlier one."""
    return replace(
        outcome,
        index=start.index,
        origin=start.proposal.origin,
        parents=(*start.proposal.parents, start.first),
        n_force_calls=0,
        cpu_seconds=0.0,
    )
