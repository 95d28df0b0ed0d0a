"""The search: ask for starts, relax them somewhere, remember the outcomes, merge them into isomers."""

import hashlib
import json
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from math import inf
from pathlib import Path

from clusterdft.errors import InputError
from clusterdft.generate import GENERATORS
from clusterdft.relax import RELAXERS
from clusterdft.relax.relaxation import FMAX, MAX_CALLS, check_limits
from clusterdft.relax.surface import spec_of
from clusterdft.report.search_files import write_search_files
from clusterdft.search import STRATEGIES
from clusterdft.search.binding import separated_energy
from clusterdft.search.composition import formula_of, parse_formula
from clusterdft.search.follow_ups import ROUNDS, WITHIN, FollowUps
from clusterdft.search.outcome import Outcome
from clusterdft.search.pool import Isomer, Pool
from clusterdft.search.relaxations import Relaxations
from clusterdft.search.schedule import WINDOW, outcomes_in_order
from clusterdft.search.seeds import check_seeds
from clusterdft.search.setting import SearchSetting
from clusterdft.search.stop_rule import (
    STARTS,
    Limits,
    confidence_after,
    founders_of,
    independent_hits,
    new_isomer_probability,
    seconds_left,
)
from clusterdft.search.two_levels import TwoLevels
from clusterdft.search.verify import Check
from clusterdft.store import open_store

BETWEEN_WRITES = 1.0  # seconds: the files of a fast search are not written after every start
FOR_STARTS = 0.8  # share of a time limit, where checks are to follow


@dataclass(frozen=True, kw_only=True, eq=False)
class SearchResult:
    """What a search found.

    Attributes
    ----------
    inputs : dict, ready for JSON
    isomers : Isomer, lowest energy first
    outcomes : of all starts and follow-ups in the order they were told, earlier sessions included
    checks : the Checks of isomers
    n_starts : starts asked for; None where another limit decides
    hits_of_lowest : independent hits of the lowest isomer, as in `stop_rule.independent_hits`
    stopped : what ended the search, in words; empty while it runs
    """

    inputs: Mapping
    isomers: tuple[Isomer, ...]
    outcomes: tuple[Outcome, ...]
    n_starts: int | None
    hits_of_lowest: int
    checks: tuple[Check, ...] = ()
    stopped: str = ""

    @property
    def n_ended(self):
        """Starts that have ended, follow-ups not counted."""
        return sum(outcome.role != "follow-up" for outcome in self.outcomes)

    @property
    def failures(self):
        """Outcomes that are not relaxed; each has its reason."""
        return tuple(outcome for outcome in self.outcomes if not outcome.relaxed)

    @property
    def n_force_calls(self):
        return sum(part.n_force_calls for part in (*self.outcomes, *self.checks))

    @property
    def cpu_seconds(self):
        return sum(part.cpu_seconds for part in (*self.outcomes, *self.checks))

    @property
    def confidence(self):
        """Estimated probability that there is no lower isomer than the lowest, see `stop_rule`."""
        if self.isomers and len(self.inputs["symbols"]) == 1:
            return 1.0
        return confidence_after(self.hits_of_lowest)

    @property
    def new_isomer_probability(self):
        """Estimated probability that the next start ends in an isomer not seen so far.

        None where starts were made from earlier outcomes or of what is known: it holds for independent ones.
        """
        if any(outcome.parents or outcome.role != "start" for outcome in self.outcomes):
            return None
        return new_isomer_probability(len(self.isomers), len(self.outcomes) - len(self.failures))


@dataclass(frozen=True, kw_only=True, eq=False)
class Progress:
    """A start or a check has ended, or was found in the store: where the search stands.

    Attributes
    ----------
    last : the Outcome or the Check
    resumed : whether it came from the store
    result : SearchResult so far
    seconds_left : about how long the search will go on; None where nothing tells
    """

    last: Outcome | Check
    resumed: bool
    result: SearchResult
    seconds_left: float | None


def search(
    composition,
    spec,
    *,
    charge=0,
    n_unpaired=None,
    starts=None,
    confidence=None,
    max_total_calls=None,
    max_time=None,
    seed=0,
    jobs=1,
    window=WINDOW,
    generator="random-cube",
    strategy="auto",
    seeds=(),
    relaxer="quasi-newton",
    fmax=FMAX,
    max_calls=MAX_CALLS,
    check_within=WITHIN,
    scan_spins=False,
    coarse=None,
    out=None,
    store=None,
    progress=None,
):
    """Search for the isomers of a composition, charge and spin; take up a search that was stopped.

    When the starts have ended, isomers near the lowest are checked by their vibrations, saddle points kicked
    and relaxed again, and other spins tried. Where that finds a lower isomer, a search that wants confidence
    goes on.

    Parameters
    ----------
    composition : formula such as "Na4", or chemical symbols
    spec : Method, or the SurfaceSpec of another surface
    charge, n_unpaired : as in Cluster
    starts : start geometries; None for 12 and one for every known geometry that the strategy takes, or, with
        a confidence, for as many as that needs
    confidence : stop when the lowest isomer is the lowest of all with this probability, as
        `stop_rule.confidence_after` estimates it; None for no such rule
    max_total_calls : force calls, checks and earlier sessions included, after which no other start is told
    max_time : seconds of this session after which it stops; a fifth is kept for checks. These four may be
        raised later, and the finished starts are kept. All but `max_time` leave the result a function of the
        inputs.
    seed : int >= 0; with the other inputs it decides the result, whatever `jobs` is
    jobs : relaxations at a time; 1 runs them in this process
    window : how many starts are asked for ahead of the first outcome that is not known; a strategy that
        learns keeps no more than `window` jobs busy
    generator, strategy, relaxer : names in GENERATORS, STRATEGIES and RELAXERS
    seeds : Clusters to start from, as the strategy can use them
    fmax, max_calls : as in `relax`, of each relaxation
    check_within : hartree above the lowest isomer, up to which isomers are checked; None for no checks
    scan_spins : whether the isomers up to there are relaxed with other numbers of unpaired electrons. Both
        may differ from session to session
    coarse : Method or SurfaceSpec of a cheaper surface that starts are relaxed on first: most of those that
        end in a known coarse isomer are spared the full one, see `two_levels`; or None
    out : folder for isomers.xyz, summary.json and search.log, and for store.sqlite; or None for no files
    store : database URL or SQLite file instead of the one in `out`; with neither, nothing outlives the call
    progress : called with a Progress whenever a start has ended, or None
    Returns
    -------
    SearchResult
    Raises
    ------
    InputError   an impossible input; nothing was run
    StoreError   the folder or the store cannot be used, or belongs to a search with other inputs
    Notes   on KeyboardInterrupt, and after any kill, the same call goes on with the starts that are left.
    """
    symbols, spec = parse_formula(composition), spec_of(spec)
    how = {"relaxer": relaxer, "fmax": fmax, "max_calls": max_calls}
    RELAXERS.pick(relaxer)
    check_limits(fmax, max_calls)
    for name, value in (("jobs", jobs), ("starts asked for ahead", window)):
        if value < 1:
            raise InputError(f"{value} {name}; give at least 1")
    if scan_spins and n_unpaired is not None:
        raise InputError(f"a scan of spins with {n_unpaired} unpaired electrons; leave their number open")
    if check_within is not None and not 0 <= check_within < inf:
        raise InputError(f"checks within {check_within} hartree; give 0 or a positive number, or None")
    setting = _setting(symbols, charge, n_unpaired, GENERATORS.pick(generator), seed, seeds)
    plan = STRATEGIES.pick(strategy)(setting)
    starts = STARTS + getattr(plan, "n_known", 0) if starts is None and confidence is None else starts
    limits = Limits(starts=starts, confidence=confidence, max_total_calls=max_total_calls, max_time=max_time)
    learns = getattr(plan, "learns", True)
    spec.check(setting.generate(0))
    names = {"generator": generator, "strategy": strategy}
    if coarse is not None:
        coarse = spec_of(coarse)
        coarse.check(setting.generate(0))
        if coarse.key == spec.key:
            raise InputError("the coarse level is the full one; give a cheaper level, or none")
        names |= {"coarse_surface": dict(coarse.description), "coarse_surface_key": coarse.key}
    inputs = _inputs(setting, spec, seed, how, names | ({"window": window} if learns else {}))
    if store is None and out is not None:
        store = Path(out) / "store.sqlite"
    with open_store(store) as kept:
        kept.begin(inputs)
        extras = FollowUps(spec, fmax, within=check_within, spins=scan_spins)
        numbers, ahead = count(), window if learns else max(window, jobs)
        relaxations = _relaxations(kept, coarse, spec, min(jobs, starts or jobs), how)
        run = _Run(inputs, limits, spec, out, progress, extras, relaxations)
        with closing(relaxations):
            stream = outcomes_in_order(
                plan, relaxations, seed=seed, window=ahead, starts=starts, numbers=numbers
            )
            while run.follow(stream):
                run.follow_up(plan, numbers)
    return run.result()


def _relaxations(store, coarse, spec, jobs, how):
    """Relaxations on one surface or, with a coarse one, on two."""
    full = Relaxations(store, spec, jobs, how)
    return full if coarse is None else TwoLevels(Relaxations(store, coarse, jobs, how), full)


def _setting(symbols, charge, n_unpaired, generate, seed, seeds):
    """What the strategy is made from."""

    def start(index):
        return generate(symbols, seed=seed, index=index, charge=charge, n_unpaired=n_unpaired)

    setting = SearchSetting(
        symbols=symbols, charge=charge, n_unpaired=n_unpaired, generate=start, seeds=tuple(seeds)
    )
    check_seeds(setting)
    return setting


def _inputs(setting, spec, seed, how, names):
    """All that decides what a search finds, ready for JSON; its limits may grow and are left out."""
    inputs = {
        "formula": formula_of(setting.symbols),
        "symbols": list(setting.symbols),
        "charge": setting.charge,
        "n_unpaired": "auto" if setting.n_unpaired is None else setting.n_unpaired,
        "surface": dict(spec.description),
        "seed": seed,
        **names,
        "relaxer": how["relaxer"],
        "fmax_hartree_per_bohr": how["fmax"],
        "max_calls": how["max_calls"],
        "surface_key": spec.key,
    }
    if setting.seeds:
        inputs["seeds"] = [_named(cluster) for cluster in setting.seeds]
    return inputs


def _named(cluster):
    """A geometry as formula and hash."""
    content = [cluster.symbols, cluster.positions.tolist(), cluster.n_unpaired]
    digest = hashlib.sha256(json.dumps(content).encode()).hexdigest()
    return f"{formula_of(cluster.symbols, cluster.charge)} {digest[:12]}"


class _Run:
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
