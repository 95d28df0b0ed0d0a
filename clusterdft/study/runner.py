"""A study: searches one after the other, then properties, then tables; a stopped one goes on."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any

from clusterdft.errors import InputError
from clusterdft.isomer_search.search_result import Progress
from clusterdft.report.search_files import SUMMARY_FILE, summary
from clusterdft.report.search_run import search
from clusterdft.report.tables import progress_line
from clusterdft.study import PROPERTIES
from clusterdft.study.atoms import atoms_of
from clusterdft.study.map_samples import solve_maps
from clusterdft.study.output_files import write_study_files
from clusterdft.study.plan import ClusterPlan, MapPlan, Study
from clusterdft.study.references import VARIANTS_FOLDER, load_references, variants_of
from clusterdft.study.series import Entry, Series, entry_of, in_order, read_summary
from clusterdft.study.solving import kept_properties, solve_properties
from clusterdft.study.variants import relaxed_entries
from clusterdft.surfaces import CLASSICAL_SURFACES
from clusterdft.surfaces.surface import SurfaceSpec
from clusterdft.work.environment import ONE_PROCESS_NATOM
from clusterdft.work.store import Store, open_store

STORE_FILE = "properties.sqlite"
SECONDS_BETWEEN_LINES = 20.0  # on a search that is running
# not of variants: nothing published stands beside them
COSTLY_PROPERTIES = ("vibrations", "polarizability", "jellium")
PROPERTIES_FOLDER = "properties"  # for the tables of a single search, or of several


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """What is read off the clusters of a study or of searches.

    Attributes
    ----------
    names : of PROPERTIES, what is computed
    kept : of PROPERTIES, what is only looked up
    references, folder : names or paths of reference files, and where relative paths begin
    charges, elements : of the free atoms
    jobs, figures : properties at a time, and whether to draw
    maps : MapPlan
    tell : called with a sentence whenever something has ended
    """

    names: Sequence[str]
    kept: Sequence[str] = ()
    references: Sequence[str]
    folder: str
    charges: Sequence[int]
    elements: Sequence[str]
    jobs: int
    figures: bool
    maps: Sequence[MapPlan] = ()
    tell: Callable[[str], None]


def run_study(
    study: Study,
    out: str | PathLike[str],
    *,
    jobs: int = 1,
    figures: bool = True,
    progress: Callable[[str], None] | None = None,
) -> Series:
    """Run a study, or what is left of it.

    Parameters
    ----------
    study : Study
        What is searched and read off.
    out : path
        Folder: each search in a subfolder such as Na4+, summary.json, comparison.md, tables/ and figures/.
    jobs : int
        Relaxations or properties at a time.
    figures : bool
        Whether to draw them.
    progress : function (str)
        Called with a sentence whenever something has ended, or None.

    Returns
    -------
    Series

    Raises
    ------
    StoreError
        The folder cannot be used, or holds searches with other inputs.

    Notes
    -----
    Searches that failed are entries with a reason. After a kill the same call computes nothing again
    that had ended: starts are kept by the stores of the searches, properties by that of the study.
    """
    tell = progress or (lambda sentence: None)
    out = Path(out)
    entries = []
    for plan in study.clusters:
        entry = _searched(plan, study.spec, out / plan.name, jobs, tell)
        entries.append(entry)
        tell(f"{entry.name}: {_search_line(entry)}")
    reading = _Reading(
        names=study.properties,
        references=study.references,
        folder=study.folder,
        charges=study.charges,
        elements=study.elements,
        jobs=jobs,
        figures=figures,
        tell=tell,
    )
    _read_variants(entries, study, out / VARIANTS_FOLDER, reading)
    return _read_off(entries, study.spec, out, study.name, replace(reading, maps=study.maps))


def _read_variants(entries: Sequence[Entry], study: Study, out: Path, reading: _Reading) -> None:
    """The isomers of a study relaxed and read off with its other methods, a folder each."""
    quick = replace(reading, names=[name for name in study.properties if name not in COSTLY_PROPERTIES])
    for name, spec in study.variants.items():
        reading.tell(f"{name}: the same isomers with another method")
        folder = out / name
        with _store(folder) as store:
            relaxed = relaxed_entries(entries, spec, store, jobs=reading.jobs, progress=reading.tell)
        _read_off(relaxed, spec, folder, f"{study.name}, {name}", quick)


def read_properties(
    folders: Sequence[str | PathLike[str]],
    out: str | PathLike[str] | None = None,
    *,
    names: Sequence[str] = tuple(PROPERTIES),
    references: Sequence[str] | None = None,
    jobs: int = 1,
    figures: bool = True,
    progress: Callable[[str], None] | None = None,
) -> Series:
    """Properties and tables of searches that have been made, computing what is missing.

    Parameters
    ----------
    folders : sequence of path
        Outputs of searches, or of studies, whose searches are taken.
    out : path
        Folder for summary.json, comparison.md and tables/, and for the store of what is computed; None for
        the study's own, or the folder "properties" in that of a search.
    names : sequence of str
        Of PROPERTIES, what to compute; of the others the tables show what is kept already.
    references : sequence of str
        Names or paths of reference files; None for those of the study.
    jobs, figures, progress
        As in `run_study`.

    Returns
    -------
    Series

    Raises
    ------
    InputError
        A folder without searches, searches on different surfaces, or of one cluster twice.
    """
    paths = [Path(folder) for folder in folders]
    summaries = [pair for path in paths for pair in _summaries(path)]
    spec = _common_surface(summaries)
    entries = [entry_of(values, folder) for folder, values in summaries]
    clusters = [entry.name for entry in entries]
    twice = sorted({name for name in clusters if clusters.count(name) > 1})
    if twice:
        raise InputError(f"there is more than one search of {', '.join(twice)}; give one of each")
    before = read_summary(paths[0] / SUMMARY_FILE) or {}
    if references is None:
        references = [known["name"] for known in before.get("references", ())]
    reading = _Reading(
        names=names,
        kept=[name for name in PROPERTIES if name not in names],
        references=references,
        folder=".",
        charges=tuple(dict.fromkeys(entry.charge for entry in entries)),
        elements=tuple(dict.fromkeys(symbol for entry in entries for symbol in entry.symbols)),
        jobs=jobs,
        figures=figures,
        tell=progress or (lambda sentence: None),
    )
    title = str(before.get("study", paths[0].resolve().name))
    return _read_off(entries, spec, output_folder(folders) if out is None else Path(out), title, reading)


def output_folder(folders: Sequence[str | PathLike[str]]) -> Path:
    """Where properties of these outputs go: beside a study's tables, or in a folder "properties"."""
    first = Path(folders[0])
    if len(folders) > 1:
        return Path(PROPERTIES_FOLDER)
    is_search = "inputs" in (read_summary(first / SUMMARY_FILE) or {})
    return first / PROPERTIES_FOLDER if is_search else first


def _searched(
    plan: ClusterPlan, spec: SurfaceSpec, folder: Path, jobs: int, tell: Callable[[str], None]
) -> Entry:
    """The Entry of one cluster: searched, or found to be impossible."""
    last = time.monotonic()

    def follow(progress: Progress) -> None:
        nonlocal last
        if time.monotonic() > last + SECONDS_BETWEEN_LINES:
            last = time.monotonic()
            tell(f"{plan.name}: {progress_line(progress.result, progress.seconds_left)}")

    try:
        result = search(
            plan.symbols,
            spec,
            charge=plan.charge,
            n_unpaired=plan.n_unpaired,
            jobs=jobs if len(plan.symbols) > ONE_PROCESS_NATOM else 1,
            out=folder,
            progress=follow,
            **plan.search,
        )
    except InputError as error:
        return Entry(symbols=plan.symbols, charge=plan.charge, isomers=(), reason=str(error))
    return entry_of(summary(result), folder)


def _search_line(entry: Entry) -> str:
    """What a search has found and why it ended, or why it found nothing."""
    if not entry.isomers:
        return entry.reason
    search = entry.search
    return (
        f"{len(entry.isomers)} isomers, lowest {entry.energy:.6f} hartree, "
        f"{search['starts_finished']} starts, {search['stopped']}"
    )


def _read_off(
    entries: Sequence[Entry], spec: SurfaceSpec, out: Path, title: str, reading: _Reading
) -> Series:
    """The Series of entries, with atoms, properties and maps, and its files."""
    jobs, tell = reading.jobs, reading.tell
    with _store(out) as store:
        searched = [entry for entry in entries if entry.natom > 1]
        atoms = atoms_of(reading.elements, reading.charges, spec, store)
        series = Series(entries=in_order([*searched, *atoms]), spec=spec)
        solved = kept_properties(series, reading.kept, store)
        solved |= solve_properties(series, reading.names, store, jobs=jobs, progress=tell)
        maps = solve_maps(series, reading.maps, store, jobs=jobs, progress=tell) if reading.figures else {}
    series = replace(series, solved=solved, maps=maps)
    published, problems = load_references(reading.references, reading.folder)
    published += variants_of(out, published)
    for problem in problems:
        tell(problem)
    write_study_files(
        series, out, title=title, references=published, remarks=problems, figures=reading.figures
    )
    return series


@contextmanager
def _store(folder: Path) -> Iterator[Store]:
    """The store of what is computed of clusters."""
    with open_store(folder / STORE_FILE) as store:
        store.begin({"contents": "properties of clusters"})
        yield store


def _summaries(folder: Path) -> list[tuple[Path, dict[str, Any]]]:
    """(folder, summary) of the searches in a folder: its own, or those of its subfolders."""
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder; give the output of a search or of a study")
    own = read_summary(folder / SUMMARY_FILE)
    if own is not None and "inputs" in own:
        return [(folder, own)]
    below = [(path.parent, read_summary(path)) for path in sorted(folder.glob(f"*/{SUMMARY_FILE}"))]
    searches = [(path, values) for path, values in below if values is not None and "inputs" in values]
    if not searches:
        raise InputError(
            f"{folder} holds no {SUMMARY_FILE} of a search; give the output of a search or of a study"
        )
    return searches


def _common_surface(summaries: Sequence[tuple[Path, Mapping[str, Any]]]) -> SurfaceSpec:
    """The SurfaceSpec of searches, which must all have the same."""
    for folder, values in summaries:
        inputs = values["inputs"] if isinstance(values["inputs"], dict) else {}
        if not (isinstance(inputs.get("surface"), dict) and isinstance(inputs.get("surface_key"), str)):
            summary_file = folder / SUMMARY_FILE
            raise InputError(f"{summary_file} does not tell the surface of its search; search once more")
    keys = {values["inputs"]["surface_key"] for _, values in summaries}
    if len(keys) > 1:
        folders = ", ".join(str(folder) for folder, _ in summaries)
        raise InputError(
            f"{folders} were made with different methods, whose energies cannot be compared; "
            "give searches with one method"
        )
    spec = _surface(summaries[0][1]["inputs"]["surface"])
    if spec.key not in keys:
        raise InputError(
            "a pseudopotential or basis file of these searches has changed, or stands elsewhere; "
            "run this where they were made, with the same files"
        )
    return spec


def _surface(description: Mapping[str, Any]) -> SurfaceSpec:
    """The SurfaceSpec that a search describes."""
    from clusterdft.method import Method
    from clusterdft.surfaces.kohn_sham import KohnShamSpec

    try:
        values = dict(description)
        kind = values.pop("surface")
        if kind == "kohn-sham":
            return KohnShamSpec(Method(**values))
        classical: SurfaceSpec = CLASSICAL_SURFACES.pick(kind)()
    except (KeyError, TypeError) as error:
        raise InputError(
            f"{description!r} is no surface that this version knows ({error}); search once more"
        ) from None
    return classical
