"""A search with its files: what is known is written into a folder while it runs."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from clusterdft.cluster import Cluster
from clusterdft.isomer_search.driver import SearchRequest, run_search
from clusterdft.isomer_search.follow_ups import CHECK_WINDOW
from clusterdft.isomer_search.search_result import Progress, SearchResult
from clusterdft.isomer_search.session import STARTS_AHEAD
from clusterdft.method import Method
from clusterdft.relaxation.relax import FMAX, MAX_CALLS
from clusterdft.report.search_files import write_search_files
from clusterdft.surfaces.surface import SurfaceSpec

WRITING_INTERVAL = 1.0  # seconds: the files of a fast search are not written after every start


def search(
    composition: str | Sequence[str],
    spec: Method | SurfaceSpec,
    *,
    charge: int = 0,
    n_unpaired: int | None = None,
    starts: int | None = None,
    confidence: float | None = None,
    max_total_calls: int | None = None,
    max_time: float | None = None,
    seed: int = 0,
    jobs: int = 1,
    window: int = STARTS_AHEAD,
    generator: str = "random-cube",
    strategy: str = "auto",
    seeds: Sequence[Cluster] = (),
    relaxer: str = "quasi-newton",
    fmax: float = FMAX,
    max_calls: int = MAX_CALLS,
    check_within: float | None = CHECK_WINDOW,
    scan_spins: bool = False,
    coarse: Method | SurfaceSpec | None = None,
    out: str | Path | None = None,
    store: str | Path | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> SearchResult:
    """Search for the isomers of a composition, charge and spin; take up a search that was stopped.

    When the starts have ended, isomers near the lowest are checked by their vibrations, saddle points kicked
    and relaxed again, and other spins tried. Where that finds a lower isomer, a search that wants confidence
    goes on.

    Parameters
    ----------
    composition : str or sequence of chemical symbols
        Formula such as "Na4".
    spec : Method or SurfaceSpec
    charge, n_unpaired : as in Cluster
    starts : int or None
        Start geometries; None for 12 and one for every known geometry that the strategy takes, or, with a
        confidence, for as many as that needs.
    confidence : float or None
        Stop when the lowest isomer is the lowest of all with this probability, as
        `stop_rule.confidence_after` estimates it; None for no such rule.
    max_total_calls : int or None
        Force calls, checks and earlier sessions included, after which no other start is asked for.
    max_time : seconds or None
        Of this session, after which it stops; a fifth is kept for checks. These four may be raised later, and
        the finished starts are kept. All but `max_time` leave the result a function of the inputs.
    seed : int >= 0
        With the other inputs it decides the result, whatever `jobs` is.
    jobs : int
        Relaxations at a time; 1 runs them in this process.
    window : int
        How many starts are asked for ahead of the first outcome that is not known; a strategy that learns
        keeps no more than `window` jobs busy.
    generator, strategy, relaxer : names in GENERATORS, STRATEGIES and RELAXERS
    seeds : Clusters
        To start from, as the strategy can use them.
    fmax, max_calls : as in `relax`, of each relaxation
    check_within : hartree or None
        Above the lowest isomer, up to which isomers are checked; None for no checks.
    scan_spins : bool
        Whether the isomers up to there are relaxed with other numbers of unpaired electrons. Both may differ
        from session to session.
    coarse : Method, SurfaceSpec or None
        A cheaper surface that starts are relaxed on first: most of those that end in a known coarse isomer
        are spared the full one, see `two_levels`.
    out : path or None
        Folder for isomers.xyz, summary.json and search.log, and for store.sqlite; None for no files.
    store : database URL, SQLite file or None
        Instead of the one in `out`; with neither, nothing outlives the call.
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
        The folder or the store cannot be used, or belongs to a search with other inputs.

    Notes
    -----
    On KeyboardInterrupt, and after any kill, the same call goes on with the starts that are left.
    """
    request = SearchRequest(
        composition=composition,
        spec=spec,
        charge=charge,
        n_unpaired=n_unpaired,
        starts=starts,
        confidence=confidence,
        max_total_calls=max_total_calls,
        max_time=max_time,
        seed=seed,
        jobs=jobs,
        window=window,
        generator=generator,
        strategy=strategy,
        seeds=seeds,
        relaxer=relaxer,
        fmax=fmax,
        max_calls=max_calls,
        check_within=check_within,
        scan_spins=scan_spins,
        coarse=coarse,
    )
    if out is None:
        return run_search(request, store=store, progress=progress)
    address = Path(out) / "store.sqlite" if store is None else store
    return run_search(request, store=address, on_change=SearchWriter(out), progress=progress)


class SearchWriter:
    """Writes the files of a search when it changes: at most once a second, and always at the end.

    Parameters
    ----------
    folder : path
    """

    def __init__(self, folder: str | Path) -> None:
        self._folder = Path(folder)
        self._written: float | None = None  # seconds of the monotonic clock

    def __call__(self, result: SearchResult, seconds_left: float | None, *, at_end: bool) -> None:
        """Write the files, unless they are fresh; parameters as in `OnChange`."""
        now = time.monotonic()
        if self._written is None:
            with suppress(OSError):  # the files will tell why they cannot be written
                self._folder.mkdir(parents=True, exist_ok=True)
        if at_end or self._written is None or now > self._written + WRITING_INTERVAL:
            write_search_files(result, self._folder, seconds_left)
            self._written = time.monotonic()
