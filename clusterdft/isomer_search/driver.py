"""The search: its inputs are checked, and strategy, relaxations, store and limits put together."""

from contextlib import closing
from itertools import count
from math import inf
from pathlib import Path

from clusterdft.errors import InputError
from clusterdft.generate import GENERATORS
from clusterdft.geometry.formula import formula_of, parse_formula
from clusterdft.isomer_search.follow_ups import WITHIN, FollowUps
from clusterdft.isomer_search.relaxations import Relaxations
from clusterdft.isomer_search.schedule import WINDOW, outcomes_in_order
from clusterdft.isomer_search.session import Run
from clusterdft.isomer_search.stop_rule import STARTS, Limits
from clusterdft.isomer_search.strategies import STRATEGIES
from clusterdft.isomer_search.strategies.seeds import check_seeds
from clusterdft.isomer_search.strategies.setting import SearchSetting
from clusterdft.isomer_search.two_levels import TwoLevels
from clusterdft.keys import content_hash
from clusterdft.relaxation import RELAXERS
from clusterdft.relaxation.relax import FMAX, MAX_CALLS, check_limits
from clusterdft.surfaces.choose import spec_of
from clusterdft.work.store import open_store


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
    InputError
        an impossible input; nothing was run
    StoreError
        the folder or the store cannot be used, or belongs to a search with other inputs

    Notes
    -----
    on KeyboardInterrupt, and after any kill, the same call goes on with the starts that are left.
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
        run = Run(inputs, limits, spec, out, progress, extras, relaxations)
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
    return f"{formula_of(cluster.symbols, cluster.charge)} {content_hash(content)[:12]}"
