"""The search: ask for starts, relax them somewhere, remember the outcomes, merge them into isomers."""

import pickle
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.executors import EXECUTORS, WorkerDied
from clusterdft.generate import GENERATORS
from clusterdft.relax import RELAXERS
from clusterdft.relax.relaxation import FMAX, MAX_CALLS, check_limits
from clusterdft.relax.surface import spec_of
from clusterdft.report.search_files import write_search_files
from clusterdft.search import STRATEGIES
from clusterdft.search.composition import formula_of, parse_formula
from clusterdft.search.outcome import Outcome, Task, run_pickled, run_task, task_key
from clusterdft.search.pool import Isomer, merge
from clusterdft.store import open_store


@dataclass(frozen=True, kw_only=True, eq=False)
class SearchResult:
    """What a search found.

    Attributes
    ----------
    inputs : dict, ready for JSON
    isomers : Isomer, lowest energy first
    outcomes : of all finished starts, earlier sessions included, by start
    n_starts : starts asked for
    """

    inputs: dict
    isomers: tuple[Isomer, ...]
    outcomes: tuple[Outcome, ...]
    n_starts: int

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


@dataclass(frozen=True, kw_only=True, eq=False)
class Progress:
    """A start has ended, or was found in the store: where the search stands.

    Attributes
    ----------
    last : the outcome
    resumed : whether it came from the store
    result : SearchResult so far
    """

    last: Outcome
    resumed: bool
    result: SearchResult


def search(
    composition,
    spec,
    *,
    charge=0,
    n_unpaired=None,
    starts=12,
    seed=0,
    jobs=1,
    generator="random-cube",
    strategy="random-starts",
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
    starts : start geometries; may be raised later, the finished ones are kept
    seed : int >= 0; with the other inputs it decides the result, whatever `jobs` is
    jobs : relaxations at a time; 1 runs them in this process
    generator, strategy, relaxer : names in GENERATORS, STRATEGIES and RELAXERS
    fmax, max_calls : as in `relax`
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
    inputs = _inputs(symbols, charge, n_unpaired, spec, generator, strategy, seed, relaxer, fmax, max_calls)
    RELAXERS.pick(relaxer)
    check_limits(fmax, max_calls)
    generate = GENERATORS.pick(generator)

    def start(index):
        return generate(symbols, seed=seed, index=index, charge=charge, n_unpaired=n_unpaired)

    plan = STRATEGIES.pick(strategy)(generate=start, starts=starts)
    if jobs < 1:
        raise InputError(f"{jobs} jobs; give at least 1")
    spec.check(start(0))
    if store is None and out is not None:
        store = Path(out) / "store.sqlite"
    with open_store(store) as kept:
        kept.begin(inputs)
        run = _Run(inputs, starts, spec, out, progress)
        relaxation = {"relaxer": relaxer, "fmax": fmax, "max_calls": max_calls}
        _relax_all(plan, run, kept, spec, min(jobs, starts), relaxation)
    return run.result()


def _inputs(symbols, charge, n_unpaired, spec, generator, strategy, seed, relaxer, fmax, max_calls):
    """All that decides what a search finds, ready for JSON; the number of starts may grow and is left out."""
    return {
        "formula": formula_of(symbols),
        "symbols": list(symbols),
        "charge": charge,
        "n_unpaired": "auto" if n_unpaired is None else n_unpaired,
        "surface": dict(spec.description),
        "seed": seed,
        "generator": generator,
        "strategy": strategy,
        "relaxer": relaxer,
        "fmax_hartree_per_bohr": fmax,
        "max_calls": max_calls,
        "surface_key": spec.key,
    }


class _Run:
    """The outcomes of a search so far, and what is told about them."""

    def __init__(self, inputs, starts, spec, out, progress):
        self._inputs, self._starts, self._spec = inputs, starts, spec
        self._out, self._progress = out, progress
        self._outcomes = {}

    @cached_property
    def _separated(self):
        return separated_energy(self._spec, self._inputs["symbols"], self._inputs["charge"])

    def add(self, outcome, *, resumed):
        self._outcomes[outcome.index] = outcome
        if self._progress is None and self._out is None:
            return
        result = self.result()
        if self._out is not None:
            write_search_files(result, self._out)
        if self._progress is not None:
            self._progress(Progress(last=outcome, resumed=resumed, result=result))

    def result(self):
        outcomes = tuple(self._outcomes[index] for index in sorted(self._outcomes))
        relaxed = [outcome for outcome in outcomes if outcome.relaxed]
        return SearchResult(
            inputs=self._inputs,
            isomers=tuple(merge(relaxed, separated_energy=self._separated)) if relaxed else (),
            outcomes=outcomes,
            n_starts=self._starts,
        )


def _relax_all(plan, run, store, spec, jobs, relaxation):
    """Ask, relax and tell until the strategy has nothing left to ask."""
    executor, running = None, {}
    try:
        while True:
            while len(running) < jobs and (asked := plan.ask()) is not None:
                index, start = asked
                task = Task(index=index, key=task_key(start, spec.key, relaxation), start=start)
                known = store.outcome(task.key)
                if known is not None:
                    outcome = replace(known, index=index)
                    plan.tell(outcome)
                    run.add(outcome, resumed=True)
                    continue
                if executor is None:
                    executor, run_there, surface = _workplace(jobs, spec)
                store.add_task(task)
                executor.submit(index, run_there, task, surface, relaxation)
                running[index] = task
            if not running:
                return
            index, outcome = executor.result()
            outcome = _outcome(running.pop(index), outcome)
            store.finish(outcome)
            plan.tell(outcome)
            run.add(outcome, resumed=False)
    finally:
        if executor is not None:
            executor.close()


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


def _outcome(task, result):
    """The outcome of a task; a dead worker is a failure like others."""
    if not isinstance(result, WorkerDied):
        return result
    reason = f"its worker process died (exit code {result.exit_code}), twice; is there enough memory?"
    return Outcome(index=task.index, key=task.key, relaxed=False, reason=reason, cluster=task.start)


def separated_energy(spec, symbols, charge):
    """Energy of the separated atoms, the zero of the binding energy; None where it is not known.

        sum_A E(A) + the cheapest way to put the charge on |charge| of the atoms, one each

    Parameters
    ----------
    spec : SurfaceSpec
    symbols : (natom,) chemical symbols
    charge : elementary charges
    Returns
    -------
    float, hartree, or None when an atom or ion does not converge or the charge exceeds the atoms
    """
    sign = (charge > 0) - (charge < 0)
    if abs(charge) > len(symbols):
        return None
    try:
        neutral = {symbol: spec.atom_energy(symbol) for symbol in set(symbols)}
        ion = {symbol: spec.atom_energy(symbol, sign) for symbol in set(symbols)} if charge else neutral
    except (ScfNotConverged, InputError):
        return None
    costs = sorted(ion[symbol] - neutral[symbol] for symbol in symbols)
    return sum(neutral[symbol] for symbol in symbols) + sum(costs[: abs(charge)])
