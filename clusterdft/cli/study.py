"""The commands `clusterdft study` and `clusterdft properties`: series of clusters, and their tables."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clusterdft.cli.options import NOTHING_CONVERGED, OK, Quiet, names_of, stopped_with, usable_cores
from clusterdft.cli.output import print_progress
from clusterdft.study import PROPERTIES

if TYPE_CHECKING:
    from clusterdft.study.series import Series

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
) -> int:
    """Search a series of clusters and write its tables. Stopped, the same command goes on where it was."""
    from clusterdft.study.runner import run_study
    from clusterdft.study.study_file import load_study

    plan = load_study(file)
    folder = file.parent / "out" if out is None else out
    state = f"Stopped: what is finished is kept in {folder}; the same command goes on from there."
    with stopped_with(lambda: state):
        series = run_study(plan, folder, jobs=jobs or usable_cores(), progress=_progress(quiet))
    return _end(series, folder, quiet)


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
) -> int:
    """Properties and tables of searches that have been made, computing what is missing."""
    from clusterdft.study.runner import output_folder, read_properties
    from clusterdft.study.values import several

    folder = output_folder(folders) if out is None else out
    series = read_properties(
        folders,
        folder,
        names=several(PROPERTIES)(list(property_)) if property_ else tuple(PROPERTIES),
        references=tuple(reference) if reference else None,
        jobs=jobs or usable_cores(),
        progress=_progress(quiet),
    )
    return _end(series, folder, quiet)


def _progress(quiet: bool) -> Callable[[str], None] | None:
    """A function that prints a sentence to standard error, or None."""
    return None if quiet else print_progress


def _end(series: "Series", folder: Path, quiet: bool) -> int:
    """Prints where the tables are; the exit code."""
    if not quiet:
        print(f"tables in {folder / 'tables'}")
    any_isomers = any(entry.isomers for entry in series.clusters())
    return OK if any_isomers or not series.clusters() else NOTHING_CONVERGED
