"""Two levels of theory: a coarse surface tells which starts are repeats, the full one relaxes the others."""

from collections import deque
from dataclasses import dataclass, replace

from clusterdft.errors import InputError
from clusterdft.geometry.fragments import fragments
from clusterdft.isomer_search.outcome import task_key
from clusterdft.isomer_search.relaxations import RelaxationQueue
from clusterdft.isomers.identity import minimum_of, same_minimum

AUDIT = 5  # every so many repeats of a coarse isomer, one is relaxed at the full level all the same


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What the starts that were told have cost at either level, and what the coarse level decided.

    Attributes
    ----------
    coarse_calls, full_calls : force calls
    coarse_seconds, full_seconds : CPU seconds
    shortcuts : starts that were not relaxed at the full level because their coarse end was known
    audits : repeats that were relaxed there all the same
    mismatches : audits that ended in another isomer than the shortcut would have said
    """

    coarse_calls: int = 0
    full_calls: int = 0
    coarse_seconds: float = 0.0
    full_seconds: float = 0.0
    shortcuts: int = 0
    audits: int = 0
    mismatches: int = 0


class TwoLevels(RelaxationQueue):
    """Relaxations at two levels of theory, behind the interface of `Relaxations`.

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
    coarse, full : Relaxations on the two surfaces; they may share a store
    audit : k >= 1; 1 for no shortcut at all

    Notes
    -----
    A shortcut has the parents of its own proposal: where the starts are independent, so are the hits.
    Its energy, geometry and spin are those of the outcome that it shares, its cost is that of the coarse
    relaxation; its origin names the start. No coarse energy is ever reported.
    The outcomes depend on the order of the starts alone. Coarse ends are sorted in that order, and
    whether a repeat is a shortcut is decided when all starts before it have ended; neither the number of
    jobs nor what a store knows plays a part.
    What it cannot know: a full minimum that is reached from no coarse isomer is found by audits only,
    and the shortcuts told before the first mismatch (k - 1 of each coarse isomer, if the first audit is
    one) are not taken back: they are `doubtful` from then on, and no evidence. Two coarse isomers that
    lead to one full minimum cost a relaxation more, and nothing else.
    Measured: the Gupta surface before Kohn-Sham sodium spares four fifths of the time for Na8, but all of
    58 starts of Na6+ end in one coarse isomer, which leads to a minimum 0.34 eV above the lowest one.
    Only audits that relax the start itself notice that; from the coarse end they would all agree.
    """

    def __init__(self, coarse, full, *, audit=AUDIT):
        if audit < 1:
            raise InputError(f"an audit every {audit} repeats; give at least 1")
        self._coarse, self._full, self._audit = coarse, full, audit
        self._starts = {}
        self._first = {}  # the first start with each geometry: the same one again costs nothing
        self._unsorted, self._unsettled = deque(), deque()  # in the order in which they were submitted
        self._isomers = []
        self._settled = []

    def submit(self, index, proposal):
        """Have a Proposal relaxed, unless its outcome is known."""
        if proposal.role != "start" or proposal.fmax is not None:
            self._full.submit(index, proposal)
            return
        start = self._starts[index] = _Start(index, proposal)
        first = self._first.setdefault(task_key(proposal.cluster, "", {}), start)
        if first is not start:
            start.again = first
            return
        self._unsorted.append(start)
        self._unsettled.append(start)
        self._coarse.submit(index, proposal)

    def wait_for(self, index):
        """(Outcome of that start, whether all of it came from an earlier session)."""
        if index not in self._starts:
            return self._full.wait_for(index)
        while self._unsorted:  # later ones too: the full level is kept busy
            self._sort(self._unsorted.popleft())
        wanted = self._starts[index]
        first = wanted.again or wanted
        while first.end is None:
            self._settle(self._unsettled.popleft())
        return first.end if first is wanted else _again(wanted)

    def submit_check(self, task):
        """As in `Relaxations`, at the full level."""
        self._full.submit_check(task)

    def wait_for_check(self, key):
        """As in `Relaxations`, at the full level."""
        return self._full.wait_for_check(key)

    def close(self):
        self._coarse.close()
        self._full.close()

    @property
    def doubtful(self):
        """Numbers of the starts that shared an outcome by a shortcut that an audit has contradicted since."""
        return frozenset(
            start.index for start in self._settled if _is_shortcut(start) and not start.isomer.trusted
        )

    @property
    def tally(self):
        """The Tally so far."""
        ended = self._settled
        full = [start.full for start in ended if start.full is not None]
        audits = [start for start in ended if start.is_audit]
        return Tally(
            coarse_calls=sum(start.coarse.n_force_calls for start in ended),
            full_calls=sum(outcome.n_force_calls for outcome in full),
            coarse_seconds=sum(start.coarse.cpu_seconds for start in ended),
            full_seconds=sum(outcome.cpu_seconds for outcome in full),
            shortcuts=sum(map(_is_shortcut, ended)),
            audits=len(audits),
            mismatches=sum(start.is_mismatch for start in audits),
        )

    def _sort(self, start):
        """Finds the coarse isomer of a start; what is surely needed at the full level is begun."""
        start.coarse, start.resumed = self._coarse.wait_for(start.index)
        if not start.coarse.relaxed:
            if not _apart(start):
                self._begin(start, start.proposal.cluster)
            return
        end = minimum_of(start.coarse)
        start.isomer = next((isomer for isomer in self._isomers if isomer.holds(start, end)), None)
        if start.isomer is None:
            start.isomer = _CoarseIsomer(first=start, end=end)
            self._isomers.append(start.isomer)
            self._begin(start, start.coarse.cluster)
            return
        start.isomer.repeats += 1
        start.is_audit = start.isomer.repeats % self._audit == 0
        if start.is_audit or not start.isomer.trusted:
            self._begin(start, start.proposal.cluster)

    def _begin(self, start, cluster):
        """Submits a start, or its coarse end, to the full level."""
        self._full.submit(start.index, replace(start.proposal, cluster=cluster))
        start.begun = True

    def _settle(self, start):
        """Decides how a start ended; all before it are settled."""
        self._settled.append(start)
        isomer = start.isomer
        if isomer is None and not start.begun:
            reason = f"at the coarse level: {start.coarse.reason}"
            start.end = _coarse_alone(start, cluster=start.coarse.cluster, relaxed=False, reason=reason)
            return
        if isomer is not None and not start.begun and isomer.trusted:
            start.end = _shortcut(start, isomer.first)
            return
        if not start.begun:
            self._begin(start, start.proposal.cluster)
        start.full, resumed = self._full.wait_for(start.index)
        start.end = _both_costs(start), resumed and start.resumed
        if isomer is not None and isomer.first is start:
            isomer.trusted = start.full.relaxed
        elif start.is_audit:
            start.is_mismatch = not _same_end(start.full, isomer.first.full)
            isomer.trusted = isomer.trusted and not start.is_mismatch


class _Start:
    """A start on its way: its Outcomes at both levels, and (Outcome, whether resumed) at the end."""

    def __init__(self, index, proposal):
        self.index, self.proposal = index, proposal
        self.again = None  # the earlier start with the same geometry
        self.coarse, self.resumed, self.isomer = None, False, None
        self.begun = self.is_audit = self.is_mismatch = False
        self.full, self.end = None, None


class _CoarseIsomer:
    """A coarse minimum, the first start that ended there, and whether repeats may share its outcome."""

    def __init__(self, *, first, end):
        self.first, self.end = first, end
        self.repeats, self.trusted = 0, True

    def holds(self, start, end):
        """Whether a start of the same charge and spin, which ended so, belongs here."""
        ours, theirs = self.first.proposal.cluster, start.proposal.cluster
        alike = (ours.charge, ours.n_unpaired) == (theirs.charge, theirs.n_unpaired)
        return alike and same_minimum(self.end, end)


def _is_shortcut(start):
    """Whether a start that has ended was spared the full level."""
    return start.full is None and start.isomer is not None


def _apart(start):
    """Whether a start fell into pieces on the coarse surface."""
    return len(fragments(start.coarse.cluster)) > len(fragments(start.proposal.cluster))


def _same_end(a, b):
    """Whether two outcomes of the full level are one isomer; failures are none."""
    return a.relaxed and b.relaxed and same_minimum(minimum_of(a), minimum_of(b))


def _shortcut(start, first):
    """(Outcome that a repeat shares with the first start of its coarse isomer, whether resumed)."""
    shared = first.end[0]
    return _coarse_alone(
        start,
        cluster=shared.cluster,
        energy=shared.energy,
        n_unpaired=shared.n_unpaired,
        largest_force=shared.largest_force,
        origin=f"{start.proposal.origin}, at the coarse level as {first.index}",
    )


def _coarse_alone(start, **known):
    """(Outcome at the cost of the coarse relaxation, nothing of whose energies is kept, whether resumed)."""
    nothing = {"energy": None, "n_unpaired": None, "largest_force": None, "start_energy": None}
    return replace(start.coarse, **(nothing | known)), start.resumed


def _both_costs(start):
    """The outcome of the full level with the cost of both; its start energy is that of the start itself."""
    coarse, full = start.coarse, start.full
    from_coarse = start.isomer is not None and start.isomer.first is start
    return replace(
        full,
        n_force_calls=coarse.n_force_calls + full.n_force_calls,
        cpu_seconds=coarse.cpu_seconds + full.cpu_seconds,
        start_energy=None if from_coarse else full.start_energy,
    )


def _again(start):
    """(Outcome of a start that has the geometry of an earlier one, whether resumed)."""
    outcome, resumed = start.again.end
    asked = start.proposal
    parents = (*asked.parents, start.again.index)
    free = {"n_force_calls": 0, "cpu_seconds": 0.0}
    return replace(outcome, index=start.index, origin=asked.origin, parents=parents, **free), resumed
