"""A study: searches one after the other, then properties, then tables; a stopped one goes on."""

import time
from contextlib import contextmanager
from pathlib import Path

from clusterdft.errors import InputError
from clusterdft.report.search_files import SUMMARY, summary
from clusterdft.report.search_run import search
from clusterdft.report.tables import progress_line
from clusterdft.study import PROPERTIES
from clusterdft.study.atoms import atoms_of
from clusterdft.study.map_samples import solve_maps
from clusterdft.study.output_files import write_study_files
from clusterdft.study.references import VARIANTS, load_references, variants_of
from clusterdft.study.series import Entry, Series, entry_of, in_order, read_summary
from clusterdft.study.solving import kept_properties, solve_properties
from clusterdft.study.variants import relaxed_entries
from clusterdft.surfaces import CLASSICAL_SURFACES
from clusterdft.work.store import open_store

STORE = "properties.sqlite"
SMALL = 3  # atoms: such searches end before worker processes have started
BETWEEN_LINES = 20.0  # seconds between lines on a search that is running
LEFT_OUT = (
    "vibrations",
    "polarizability",
    "jellium",
)  # of variants: they cost most, and nothing published stands beside them
BESIDE = "properties"  # folder for the tables of a single search, or of several


def run_study(study, out, *, jobs=1, figures=True, progress=None):
    """Run a study, or what is left of it.

    Parameters
    ----------
    study : Study
    out : folder: each search in a subfolder such as Na4+, summary.json, comparison.md, tables/ and figures/
    jobs : relaxations or properties at a time
    figures : whether to draw them
    progress : called with a sentence whenever something has ended, or None

    Returns
    -------
    Series

    Raises
    ------
    StoreError
        the folder cannot be used, or holds searches with other inputs

    Notes
    -----
    Searches that failed are entries with a reason. After a kill the same call computes nothing again
    that had ended: starts are kept by the stores of the searches, properties by that of the study.
    """
    tell = progress or (lambda sentence: None)
    out = Path(out)
    found = []
    for plan in study.clusters:
        entry = _searched(plan, study.spec, out / plan.name, jobs, tell)
        found.append(entry)
        tell(f"{entry.name}: {_standing(entry)}")
    about = {
        "names": study.properties,
        "references": study.references,
        "folder": study.folder,
        "charges": study.charges,
        "elements": study.elements,
        "jobs": jobs,
        "tell": tell,
        "figures": figures,
    }
    for name, spec in study.variants.items():
        tell(f"{name}: the same isomers with another method")
        place = out / VARIANTS / name
        with _store(place) as store:
            again = relaxed_entries(found, spec, store, jobs=jobs, progress=tell)
        quick = [name for name in study.properties if name not in LEFT_OUT]
        _finished(again, spec, place, title=f"{study.name}, {name}", **(about | {"names": quick}))
    return _finished(found, study.spec, out, title=study.name, maps=study.maps, **about)


def read_properties(
    folders, out=None, *, names=tuple(PROPERTIES), references=None, jobs=1, figures=True, progress=None
):
    """Properties and tables of searches that have been made, computing what is missing.

    Parameters
    ----------
    folders : outputs of searches, or of studies, whose searches are taken
    out : folder for summary.json, comparison.md and tables/, and for the store of what is computed; None for
        the study's own, or the folder "properties" in that of a search
    names : of PROPERTIES, what to compute; of the others the tables show what is kept already
    references : names or paths of reference files; None for those of the study
    jobs, figures, progress : as in `run_study`

    Returns
    -------
    Series

    Raises
    ------
    InputError
        a folder without searches, searches on different surfaces, or of one cluster twice
    """
    folders = [Path(folder) for folder in folders]
    summaries = [found for folder in folders for found in _summaries(folder)]
    spec = _common_surface(summaries)
    entries = [entry_of(values, place) for place, values in summaries]
    names_seen = [entry.name for entry in entries]
    twice = sorted({name for name in names_seen if names_seen.count(name) > 1})
    if twice:
        raise InputError(f"there is more than one search of {', '.join(twice)}; give one of each")
    before = read_summary(folders[0] / SUMMARY) or {}
    if references is None:
        references = [known["name"] for known in before.get("references", ())]
    return _finished(
        entries,
        spec,
        output_folder(folders) if out is None else Path(out),
        names=names,
        kept=[name for name in PROPERTIES if name not in names],
        references=references,
        folder=".",
        title=before.get("study", folders[0].resolve().name),
        charges=tuple(dict.fromkeys(entry.charge for entry in entries)),
        elements=tuple(dict.fromkeys(symbol for entry in entries for symbol in entry.symbols)),
        jobs=jobs,
        tell=progress or (lambda sentence: None),
        figures=figures,
    )


def output_folder(folders):
    """Where properties of these outputs go: beside a study's tables, or in a folder "properties"."""
    first = Path(folders[0])
    if len(folders) > 1:
        return Path(BESIDE)
    return first / BESIDE if "inputs" in (read_summary(first / SUMMARY) or {}) else first


def _searched(plan, spec, folder, jobs, tell):
    """The Entry of one cluster: searched, or found to be impossible."""
    last = time.monotonic()

    def follow(progress):
        nonlocal last
        if time.monotonic() > last + BETWEEN_LINES:
            last = time.monotonic()
            tell(f"{plan.name}: {progress_line(progress.result, progress.seconds_left)}")

    try:
        result = search(
            plan.symbols,
            spec,
            charge=plan.charge,
            n_unpaired=plan.n_unpaired,
            jobs=jobs if len(plan.symbols) > SMALL else 1,
            out=folder,
            progress=follow,
            **plan.search,
        )
    except InputError as error:
        return Entry(symbols=plan.symbols, charge=plan.charge, isomers=(), reason=str(error))
    return entry_of(summary(result), folder)


def _standing(entry):
    if not entry.isomers:
        return entry.reason
    search = entry.search
    return (
        f"{len(entry.isomers)} isomers, lowest {entry.energy:.6f} hartree, "
        f"{search['starts_finished']} starts, {search['stopped']}"
    )


def _finished(
    entries,
    spec,
    out,
    *,
    names,
    references,
    folder,
    title,
    charges,
    elements,
    jobs,
    tell,
    figures,
    maps=(),
    kept=(),
):
    """The Series of entries, with atoms and properties, and its files; those of `kept` are only looked up."""
    with _store(out) as store:
        searched = [entry for entry in entries if entry.natom > 1]
        atoms = atoms_of(elements, charges, spec, store)
        series = Series(entries=in_order([*searched, *atoms]), spec=spec)
        solved = kept_properties(series, kept, store)
        solved |= solve_properties(series, names, store, jobs=jobs, progress=tell)
        drawn = solve_maps(series, maps, store, jobs=jobs, progress=tell) if figures else {}
    series = Series(entries=series.entries, spec=spec, solved=solved, maps=drawn)
    published, problems = load_references(references, folder)
    published += variants_of(out, published)
    for problem in problems:
        tell(problem)
    write_study_files(series, out, title=title, references=published, remarks=problems, figures=figures)
    return series


@contextmanager
def _store(folder):
    """The store of what is computed of clusters."""
    with open_store(folder / STORE) as store:
        store.begin({"contents": "properties of clusters"})
        yield store


def _summaries(folder):
    """(folder, summary) of the searches in a folder: its own, or those of its subfolders."""
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder; give the output of a search or of a study")
    own = read_summary(folder / SUMMARY)
    if own is not None and "inputs" in own:
        return [(folder, own)]
    below = [(place.parent, read_summary(place)) for place in sorted(folder.glob(f"*/{SUMMARY}"))]
    found = [(place, values) for place, values in below if values is not None and "inputs" in values]
    if not found:
        raise InputError(
            f"{folder} holds no {SUMMARY} of a search; give the output of a search or of a study"
        )
    return found


def _common_surface(summaries):
    """The SurfaceSpec of searches, which must all have the same."""
    for place, values in summaries:
        inputs = values["inputs"] if isinstance(values["inputs"], dict) else {}
        if not (isinstance(inputs.get("surface"), dict) and isinstance(inputs.get("surface_key"), str)):
            raise InputError(f"{place / SUMMARY} does not tell the surface of its search; search once more")
    keys = {values["inputs"]["surface_key"] for _, values in summaries}
    if len(keys) > 1:
        places = ", ".join(str(place) for place, _ in summaries)
        raise InputError(
            f"{places} were made with different methods, whose energies cannot be compared; "
            "give searches with one method"
        )
    spec = _surface(summaries[0][1]["inputs"]["surface"])
    if spec.key not in keys:
        raise InputError(
            "a pseudopotential or basis file of these searches has changed, or stands elsewhere; "
            "run this where they were made, with the same files"
        )
    return spec


def _surface(description):
    """The SurfaceSpec that a search describes."""
    from clusterdft.method import Method
    from clusterdft.surfaces.kohn_sham import KohnShamSpec

    try:
        values = dict(description)
        kind = values.pop("surface")
        if kind == "kohn-sham":
            return KohnShamSpec(Method(**values))
        return CLASSICAL_SURFACES.pick(kind)()
    except (KeyError, TypeError) as error:
        raise InputError(
            f"{description!r} is no surface that this version knows ({error}); search once more"
        ) from None
