"""The search: its inputs are checked, and strategy, relaxations, store and limits put together."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from math import inf
from pathlib import Path
from typing import Any

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.generate import GENERATORS
from clusterdft.geometry.formula import formula_of, parse_formula
from clusterdft.isomer_search.follow_ups import CHECK_WINDOW, FollowUps
from clusterdft.isomer_search.relaxations import RelaxationQueue, Relaxations
from clusterdft.isomer_search.search_result import OnChange, Progress, SearchResult
from clusterdft.isomer_search.session import STARTS_AHEAD, SearchSession, outcomes_in_order
from clusterdft.isomer_search.stop_rule import DEFAULT_STARTS, Limits
from clusterdft.isomer_search.strategies import STRATEGIES
from clusterdft.isomer_search.strategies.seeds import check_seeds
from clusterdft.isomer_search.strategies.setting import SearchSetting, Strategy
from clusterdft.isomer_search.two_levels import TwoLevels
from clusterdft.keys import content_hash
from clusterdft.method import Method
from clusterdft.relaxation import RELAXERS
from clusterdft.relaxation.relax import FMAX, MAX_CALLS, check_limits
from clusterdft.surfaces.choose import spec_of
from clusterdft.surfaces.surface import SurfaceSpec
from clusterdft.work.store import Store, open_store


@dataclass(frozen=True, kw_only=True, eq=False)
class SearchRequest:
    """What a search is asked for; each field is a parameter of `clusterdft.search`."""

    composition: str | Sequence[str]
    spec: Method | SurfaceSpec
    charge: int = 0
    n_unpaired: int | None = None
    starts: int | None = None
    confidence: float | None = None
    max_total_calls: int | None = None
    max_time: float | None = None
    seed: int = 0
    jobs: int = 1
    window: int = STARTS_AHEAD
    generator: str = "random-cube"
    strategy: str = "auto"
    seeds: Sequence[Cluster] = ()
    relaxer: str = "quasi-newton"
    fmax: float = FMAX
    max_calls: int = MAX_CALLS
    check_within: float | None = CHECK_WINDOW
    scan_spins: bool = False
    coarse: Method | SurfaceSpec | None = None

    @property
    def relaxation(self) -> dict[str, Any]:
        """The settings of each relaxation."""
        return {"relaxer": self.relaxer, "fmax": self.fmax, "max_calls": self.max_calls}


def run_search(
    request: SearchRequest,
    *,
    store: str | Path | None = None,
    on_change: OnChange | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> SearchResult:
    """Search for isomers; take up a search that was stopped.

    Parameters
    ----------
    request : SearchRequest
    store : database URL, SQLite file or None
        With None nothing outlives the call.
    on_change : OnChange or None
        Keeps the result, see there.
    progress : function or None
        Called with a Progress whenever a start or a check has ended.

    Returns
    -------
    SearchResult

    Raises
    ------
    InputError
        An impossible input; nothing was run.
    StoreError
        The store cannot be used, or belongs to a search with other inputs.
    """
    plan = _planned(request)
    with open_store(store) as kept:
        kept.begin(plan.inputs)
        follow_ups = FollowUps(plan.spec, request.fmax, within=request.check_within, spins=request.scan_spins)
        relaxations = _relaxations(kept, plan, request)
        session = SearchSession(
            plan.inputs, plan.limits, plan.spec, follow_ups, relaxations, on_change, progress
        )
        numbers = count()
        with closing(relaxations):
            outcomes = outcomes_in_order(
                plan.strategy,
                relaxations,
                seed=request.seed,
                window=request.window if plan.strategy.learns else max(request.window, request.jobs),
                starts=plan.limits.starts,
                numbers=numbers,
            )
            while session.follow(outcomes):
                session.follow_up(plan.strategy, numbers)
    return session.result()


@dataclass(frozen=True, kw_only=True, eq=False)
class _Plan:
    """What is made of a request that has no mistakes."""

    spec: SurfaceSpec
    coarse: SurfaceSpec | None
    strategy: Strategy
    limits: Limits
    inputs: dict[str, Any]


def _planned(request: SearchRequest) -> _Plan:
    """The plan of a request; raises InputError for every mistake that can be seen before anything runs."""
    symbols, spec = parse_formula(request.composition), spec_of(request.spec)
    _check_settings(request)
    setting = _setting(symbols, request)
    strategy: Strategy = STRATEGIES.pick(request.strategy)(setting)
    starts = request.starts
    if starts is None and request.confidence is None:
        starts = DEFAULT_STARTS + strategy.n_known
    limits = Limits(
        starts=starts,
        confidence=request.confidence,
        max_total_calls=request.max_total_calls,
        max_time=request.max_time,
    )
    spec.check(setting.generate(0))
    coarse = None
    if request.coarse is not None:
        coarse = spec_of(request.coarse)
        coarse.check(setting.generate(0))
        if coarse.key == spec.key:
            raise InputError("the coarse level is the full one; give a cheaper level, or none")
    inputs = _inputs(setting, spec, coarse, request, learns=strategy.learns)
    return _Plan(spec=spec, coarse=coarse, strategy=strategy, limits=limits, inputs=inputs)


def _check_settings(request: SearchRequest) -> None:
    """Raises InputError for settings that no composition and no surface can make right."""
    RELAXERS.pick(request.relaxer)
    check_limits(request.fmax, request.max_calls)
    for name, value in (("jobs", request.jobs), ("starts asked for ahead", request.window)):
        if value < 1:
            raise InputError(f"{value} {name}; give at least 1")
    if request.scan_spins and request.n_unpaired is not None:
        raise InputError(
            f"a scan of spins with {request.n_unpaired} unpaired electrons; leave their number open"
        )
    if request.check_within is not None and not 0 <= request.check_within < inf:
        raise InputError(
            f"checks within {request.check_within} hartree; give 0 or a positive number, or None"
        )


def _relaxations(store: Store, plan: _Plan, request: SearchRequest) -> RelaxationQueue:
    """Relaxations on one surface or, with a coarse one, on two."""
    jobs = min(request.jobs, plan.limits.starts or request.jobs)
    full = Relaxations(store, plan.spec, jobs, request.relaxation)
    if plan.coarse is None:
        return full
    return TwoLevels(Relaxations(store, plan.coarse, jobs, request.relaxation), full)


def _setting(symbols: tuple[str, ...], request: SearchRequest) -> SearchSetting:
    """What the strategy is made from."""
    generate = GENERATORS.pick(request.generator)

    def start(index: int) -> Cluster:
        cluster: Cluster = generate(
            symbols,
            seed=request.seed,
            index=index,
            charge=request.charge,
            n_unpaired=request.n_unpaired,
        )
        return cluster

    setting = SearchSetting(
        symbols=symbols,
        charge=request.charge,
        n_unpaired=request.n_unpaired,
        generate=start,
        seeds=tuple(request.seeds),
    )
    check_seeds(setting)
    return setting


def _inputs(
    setting: SearchSetting,
    spec: SurfaceSpec,
    coarse: SurfaceSpec | None,
    request: SearchRequest,
    *,
    learns: bool,
) -> dict[str, Any]:
    """All that decides what a search finds, ready for JSON; its limits may grow and are left out."""
    names: dict[str, Any] = {"generator": request.generator, "strategy": request.strategy}
    if coarse is not None:
        names |= {"coarse_surface": dict(coarse.description), "coarse_surface_key": coarse.key}
    if learns:
        names["window"] = request.window
    inputs = {
        "formula": formula_of(setting.symbols),
        "symbols": list(setting.symbols),
        "charge": setting.charge,
        "n_unpaired": "auto" if setting.n_unpaired is None else setting.n_unpaired,
        "surface": dict(spec.description),
        "seed": request.seed,
        **names,
        "relaxer": request.relaxer,
        "fmax_hartree_per_bohr": request.fmax,
        "max_calls": request.max_calls,
        "surface_key": spec.key,
    }
    if setting.seeds:
        inputs["seeds"] = [_named(cluster) for cluster in setting.seeds]
    return inputs


def _named(cluster: Cluster) -> str:
    """A geometry as formula and hash."""
    content = [cluster.symbols, cluster.positions.tolist(), cluster.n_unpaired]
    return f"{formula_of(cluster.symbols, cluster.charge)} {content_hash(content)[:12]}"
