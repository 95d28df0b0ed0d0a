"""The command `clusterdft search`: the isomers of a composition, charge and spin."""

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clusterdft.cli.options import (
    METHOD_OPTIONS,
    NOTHING_CONVERGED,
    OK,
    Charge,
    Fmax,
    Json,
    MaxCalls,
    MethodFile,
    Quiet,
    RelaxerName,
    SurfaceName,
    names_of,
    parse_fmax,
    parse_unpaired,
    stopped_with,
    surface_spec,
    usable_cores,
    with_method_options,
)
from clusterdft.cli.output import JsonTarget, print_result
from clusterdft.errors import InputError
from clusterdft.generate import GENERATORS
from clusterdft.isomer_search.strategies import STRATEGIES

if TYPE_CHECKING:
    from rich.table import Table

    from clusterdft.cluster import Cluster
    from clusterdft.isomer_search.search_result import SearchResult
    from clusterdft.surfaces.surface import SurfaceSpec

SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}  # of the units of --max-time


@with_method_options(*METHOD_OPTIONS)
def search(
    formula: Annotated[str, typer.Argument(metavar="FORMULA", help="Composition, such as Na4 or Na6K2.")],
    starts: Annotated[
        int | None,
        typer.Option(
            help="Start geometries; without it 12 besides known ones, or as many as --confidence needs."
        ),
    ] = None,
    confidence: Annotated[
        float | None, typer.Option(help="Stop when so sure of the lowest isomer, such as 0.95.")
    ] = None,
    total_calls: Annotated[int | None, typer.Option(help="Stop after so many force calls in all.")] = None,
    max_time: Annotated[
        str | None, typer.Option(metavar="TIME", help="Stop after so long, such as 90s, 30m or 2h.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the random numbers.")] = 0,
    charge: Charge = 0,
    unpaired: Annotated[
        str,
        typer.Option(
            metavar="auto|N|scan",
            help="Unpaired electrons; auto: an outcome; scan: an outcome, and others tried afterwards.",
        ),
    ] = "auto",
    jobs: Annotated[int | None, typer.Option(help="Relaxations at a time; without it, one a core.")] = None,
    method: MethodFile = None,
    *,
    level: dict[str, Any],
    surface: SurfaceName = None,
    generator: Annotated[
        str, typer.Option(help=f"Start geometries: {names_of(GENERATORS)}.")
    ] = "random-cube",
    strategy: Annotated[str, typer.Option(help=f"What to try next: {names_of(STRATEGIES)}.")] = "auto",
    seeds: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="Geometries to start from; may be repeated.")
    ] = None,
    from_: Annotated[
        list[Path] | None,
        typer.Option("--from", metavar="DIR", help="Start from the isomers of another search; repeatable."),
    ] = None,
    relaxer: RelaxerName = "quasi-newton",
    fmax: Fmax = 0.01,
    max_calls: MaxCalls = 200,
    coarse: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.toml|SURFACE",
            help="Relax starts at this cheaper level first (a method file or a classical surface), and spare "
            "most repeats the full one.",
        ),
    ] = None,
    check: Annotated[
        str,
        typer.Option(
            metavar="EV|none",
            help="Compute vibrations of isomers up to so many eV above the lowest, or of none.",
        ),
    ] = "0.3",
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Output folder; without it, FORMULA-search.")
    ] = None,
    json: Json = None,
    quiet: Quiet = False,
) -> int:
    """Search for the isomers of a cluster. Stopped, the same command goes on where it was."""
    from clusterdft.cli.progress import ProgressDisplay
    from clusterdft.geometry.formula import formula_of, parse_formula
    from clusterdft.report import search_run
    from clusterdft.report.search_files import summary

    json_target = JsonTarget(json)
    symbols = parse_formula(formula)
    n_unpaired = None if unpaired == "scan" else parse_unpaired(unpaired)
    if out is None:
        spin = "" if n_unpaired is None else f"-{n_unpaired}-unpaired"
        out = Path(f"{formula_of(symbols, charge)}{spin}-search")
    spec = surface_spec(surface, method, **level)
    display = ProgressDisplay(quiet=quiet)

    def state() -> str:
        finished = f"{display.n_ended} starts are finished and kept in {out}"
        return f"Stopped: {finished}; the same command goes on from there."

    with stopped_with(state), display:
        result = search_run.search(
            symbols,
            spec=spec,
            charge=charge,
            n_unpaired=n_unpaired,
            starts=starts,
            confidence=confidence,
            max_total_calls=total_calls,
            max_time=None if max_time is None else _parse_time(max_time),
            seed=seed,
            jobs=usable_cores() if jobs is None else jobs,
            generator=generator,
            strategy=strategy,
            seeds=_read_seeds(seeds or (), from_ or ()),
            relaxer=relaxer,
            fmax=parse_fmax(fmax),
            max_calls=max_calls,
            check_within=_parse_check(check),
            scan_spins=unpaired == "scan",
            coarse=None if coarse is None else _coarse_spec(coarse),
            out=out,
            progress=display.update,
        )
    if not quiet:
        print_result(json, *_tables_and_lines(result), f"files in {out}")
    json_target.write(summary(result))
    if not result.isomers:
        print(f"None of {result.n_ended} starts relaxed; the reasons are in {out}.", file=sys.stderr)
        return NOTHING_CONVERGED
    return OK


def _tables_and_lines(result: "SearchResult") -> "Iterator[Table | str]":
    """What the terminal shows of a search that ended."""
    from clusterdft.report.tables import (
        confidence_line,
        failure_lines,
        isomer_table,
        spin_table,
        verdict_lines,
    )

    if result.isomers:
        yield isomer_table(result)
        if any(isomer.spin_scan for isomer in result.isomers):
            yield spin_table(result)
        yield from verdict_lines(result)
        yield confidence_line(result)
    yield from failure_lines(result)
    cost = f"{result.n_force_calls} force calls, {result.cpu_seconds:.1f} CPU s"
    yield f"{result.n_ended} starts, {cost}; {result.stopped}"


def _read_seeds(files: Sequence[Path], folders: Sequence[Path]) -> "tuple[Cluster, ...]":
    """The geometries of structure files and of the isomers of other searches."""
    from clusterdft.files.structures import read_structures
    from clusterdft.report.search_files import XYZ_FILE

    for folder in folders:
        if not (folder / XYZ_FILE).is_file():
            raise InputError(
                f"{folder} holds no {XYZ_FILE}; give the output folder of a search that found isomers"
            )
    paths = [*files, *(folder / XYZ_FILE for folder in folders)]
    return tuple(cluster for path in paths for cluster in read_structures(path))


def _parse_time(text: str) -> float:
    """Seconds of a time such as 90, 90s, 1.5h."""
    match = re.fullmatch(r"(\d+\.?\d*)([smhd]?)", text.strip())
    if not match:
        raise InputError(f"--max-time {text!r}; give a time such as 90s, 30m or 2h")
    return float(match[1]) * SECONDS[match[2] or "s"]


def _coarse_spec(name: str) -> "SurfaceSpec":
    """The coarse surface: that of a method file, or a classical surface by name."""
    if name.endswith(".toml"):
        return surface_spec(None, Path(name))
    return surface_spec(name, None)


def _parse_check(text: str) -> float | None:
    """Hartree above the lowest isomer up to which isomers are checked, or None."""
    from clusterdft.units import HARTREE_EV

    if text == "none":
        return None
    try:
        return float(text) / HARTREE_EV
    except ValueError:
        raise InputError(f"--check {text!r}; give an energy in eV such as 0.3, or none") from None
