"""The search: ask for starts, relax them somewhere, remember the outcomes, merge them into isomers."""

import hashlib
import json
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
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
from clusterdft.search.outcome import Outcome
from clusterdft.search.pool import Isomer, Pool
from clusterdft.search.relaxations import Relaxations
from clusterdft.search.schedule import WINDOW, outcomes_in_order
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
from clusterdft.store import open_store

BETWEEN_WRITES = 1.0  # seconds: the files of a fast search are not written after every start


@dataclass(frozen=True, kw_only=True, eq=False)
class SearchResult:
    """What a search found.

    Attributes
    ----------
    inputs : dict, ready for JSON
    isomers : Isomer, lowest energy first
    outcomes : of the starts 0, 1, ... up to the last that was told, earlier sessions included
    n_starts : starts asked for; None where another limit decides
    hits_of_lowest : independent hits of the lowest isomer, as in `stop_rule.independent_hits`
    stopped : what ended the search, in words; empty while it runs
    """

    inputs: Mapping
    isomers: tuple[Isomer, ...]
    outcomes: tuple[Outcome, ...]
    n_starts: int | None
    hits_of_lowest: int
    stopped: str = ""

    @property
    def failures(self):
        """Outcomes that are not relaxed; each has its reason."""
        return tuple(outcome for outcome in self.outcomes if not outcome.relaxed)

    @property
    def n_force_calls(self):
        return sum(outcome.n_force_calls for outcome in self.outcomes)

    @property
    def cpu_seconds(self):
        return sum(outcome.cpu_seconds for outcome in self.outcomes)

    @property
    def confidence(self):
        """Estimated probability that there is no lower isomer than the lowest, see `stop_rule`."""
        if self.isomers and len(self.inputs["symbols"]) == 1:
            return 1.0
        return confidence_after(self.hits_of_lowest)

    @property
    def new_isomer_probability(self):
        """Estimated probability that the next start ends in an isomer not seen so far.

        None where starts were made from earlier outcomes: the estimate holds for independent ones.
        """
        if any(outcome.parents for outcome in self.outcomes):
            return None
        return new_isomer_probability(len(self.isomers), len(self.outcomes) - len(self.failures))


@dataclass(frozen=True, kw_only=True, eq=False)
class Progress:
    """A start has ended, or was found in the store: where the search stands.

    Attributes
    ----------
    last : the outcome
    resumed : whether it came from the store
    result : SearchResult so far
    seconds_left : about how long the search will go on; None where nothing tells
    """

    last: Outcome
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
    strategy="random-starts",
    seeds=(),
    relaxer="quasi-newton",
    fmax=FMAX,
    max_calls=MAX_CALLS,
    out=None,
    store=None,
    progress=None,
):
    """Search for the isomers of a composition, charge and spin; take up a search that was stopped.

    Parameters
    ----------
    composition : formula such as "Na4", or chemical symbols
    spec : Method, or the SurfaceSpec of another surface
    charge, n_unpaired : as in Cluster
    starts : start geometries; None for 12, or, with a confidence, for as many as that needs
    confidence : stop when the lowest isomer is the lowest of all with this probability, as
        `stop_rule.confidence_after` estimates it; None for no such rule
    max_total_calls : force calls of the whole search, earlier sessions included, after which it stops
    max_time : seconds of this session after which it stops. These four may be raised later, and the finished
        starts are kept. All but `max_time` leave the result a function of the inputs.
    seed : int >= 0; with the other inputs it decides the result, whatever `jobs` is
    jobs : relaxations at a time; 1 runs them in this process
    window : how many starts are asked for ahead of the first outcome that is not known; a strategy that
        learns keeps no more than `window` jobs busy
    generator, strategy, relaxer : names in GENERATORS, STRATEGIES and RELAXERS
    seeds : Clusters to start from, as the strategy can use them
    fmax, max_calls : as in `relax`, of each relaxation
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
    starts = STARTS if starts is None and confidence is None else starts
    limits = Limits(starts=starts, confidence=confidence, max_total_calls=max_total_calls, max_time=max_time)
    how = {"relaxer": relaxer, "fmax": fmax, "max_calls": max_calls}
    RELAXERS.pick(relaxer)
    check_limits(fmax, max_calls)
    for name, value in (("jobs", jobs), ("starts asked for ahead", window)):
        if value < 1:
            raise InputError(f"{value} {name}; give at least 1")
    setting = _setting(symbols, charge, n_unpaired, GENERATORS.pick(generator), seed, seeds)
    plan = STRATEGIES.pick(strategy)(setting)
    learns = getattr(plan, "learns", True)
    spec.check(setting.generate(0))
    names = {"generator": generator, "strategy": strategy}
    inputs = _inputs(setting, spec, seed, how, names | ({"window": window} if learns else {}))
    if store is None and out is not None:
        store = Path(out) / "store.sqlite"
    with open_store(store) as kept:
        kept.begin(inputs)
        run = _Run(inputs, limits, spec, out, progress)
        with closing(Relaxations(kept, spec, min(jobs, starts or jobs), how)) as relaxations:
            ahead = window if learns else max(window, jobs)
            run.follow(outcomes_in_order(plan, relaxations, seed=seed, window=ahead, starts=starts))
    return run.result()


def _setting(symbols, charge, n_unpaired, generate, seed, seeds):
    """What the strategy is made from."""

    def start(index):
        return generate(symbols, seed=seed, index=index, charge=charge, n_unpaired=n_unpaired)

    return SearchSetting(
        symbols=symbols, charge=charge, n_unpaired=n_unpaired, generate=start, seeds=tuple(seeds)
    )


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

    def __init__(self, inputs, limits, spec, out, progress):
        self._inputs, self._limits, self._spec = inputs, limits, spec
        self._out, self._progress = out, progress
        self._outcomes, self._founders, self._stopped = [], {}, ""
        self._began, self._written, self._fresh = time.monotonic(), None, 0

    @cached_property
    def _separated(self):
        return separated_energy(self._spec, self._inputs["symbols"], self._inputs["charge"])

    @cached_property
    def _pool(self):
        return Pool(separated_energy=self._separated)

    def follow(self, outcomes):
        """Take in outcomes until a limit is reached; the files are complete however it ends."""
        try:
            for outcome, resumed in outcomes:
                self._add(outcome, resumed)
                if self._stopped:
                    return
            self._stopped = self._stopped or "the strategy has nothing left to ask"
        finally:
            if self._outcomes:
                self._write(self.result())

    def _add(self, outcome, resumed):
        self._outcomes.append(outcome)
        self._founders[outcome.index] = founders_of(outcome, self._founders)
        if outcome.relaxed:
            self._pool.add(outcome)
        self._fresh += not resumed
        seconds = time.monotonic() - self._began
        self._stopped = self._limits.reached(self.result(), seconds)
        result = self.result()
        left = seconds_left(self._limits, result, seconds, self._fresh)
        if self._written is None or seconds > self._written + BETWEEN_WRITES:
            self._write(result, left)
        if self._progress is not None:
            self._progress(Progress(last=outcome, resumed=resumed, result=result, seconds_left=left))

    def _write(self, result, left=None):
        if self._out is not None:
            write_search_files(result, self._out, left)
            self._written = time.monotonic() - self._began

    def result(self):
        isomers = tuple(self._pool.isomers()) if any(outcome.relaxed for outcome in self._outcomes) else ()
        return SearchResult(
            inputs=self._inputs,
            isomers=isomers,
            outcomes=tuple(self._outcomes),
            n_starts=self._limits.starts,
            hits_of_lowest=independent_hits(isomers[0].starts, self._founders) if isomers else 0,
            stopped=self._stopped,
        )
