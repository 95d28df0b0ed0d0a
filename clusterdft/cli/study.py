"""The commands `clusterdft study` and `clusterdft properties`. Heavy imports stand inside, as in `cli`."""

from pathlib import Path
from typing import Annotated

import typer

from clusterdft.cli.options import NOTHING_CONVERGED, OK, Quiet, Stopped, names_of, usable_cores
from clusterdft.cli.output import tell_progress
from clusterdft.study import PROPERTIES

Jobs = Annotated[
    int | None, typer.Option(min=1, help="Relaxations or properties at a time; without it, one a core.")
]


def study(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Study file, TOML.")],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Output folder; without it, out beside the file.")
    ] = None,
    jobs: Jobs = None,
    quiet: Quiet = False,
):
    """Search a series of clusters and write its tables. Stopped, the same command goes on where it was."""
    from clusterdft.study.runner import run_study
    from clusterdft.study.study_file import load_study

    asked = load_study(file)
    place = file.parent / "out" if out is None else out
    try:
        series = run_study(asked, place, jobs=jobs or usable_cores(), progress=_teller(quiet))
    except KeyboardInterrupt:
        raise Stopped(
            f"Stopped: what is finished is kept in {place}; the same command goes on from there."
        ) from None
    return _told(series, place, quiet)


def properties(
    folders: Annotated[
        list[Path], typer.Argument(metavar="DIR...", help="Outputs of searches, or of a study.")
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Output folder; without it, DIR, or properties in it.")
    ] = None,
    property_: Annotated[
        list[str] | None,
        typer.Option("--property", help=f"What to compute; repeatable. There are: {names_of(PROPERTIES)}."),
    ] = None,
    reference: Annotated[
        list[str] | None, typer.Option(help="Published values to compare with: a name or a file; repeatable.")
    ] = None,
    jobs: Jobs = None,
    quiet: Quiet = False,
):
    """Properties and tables of searches that have been made, computing what is missing."""
    from clusterdft.study.runner import place_of, read_properties
    from clusterdft.study.values import several

    place = place_of(folders) if out is None else out
    series = read_properties(
        folders,
        place,
        names=several(PROPERTIES)(list(property_)) if property_ else tuple(PROPERTIES),
        references=tuple(reference) if reference else None,
        jobs=jobs or usable_cores(),
        progress=_teller(quiet),
    )
    return _told(series, place, quiet)


def _teller(quiet):
    """A function that prints a sentence to standard error, or nothing."""
    return (lambda sentence: None) if quiet else tell_progress


def _told(series, place, quiet):
    """The exit code, once it is told where the files are."""
    if not quiet:
        print(f"tables in {place / 'tables'}")
    found = any(entry.isomers for entry in series.clusters())
    return OK if found or not series.clusters() else NOTHING_CONVERGED
