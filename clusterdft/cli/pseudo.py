"""The commands `clusterdft pseudo ...`: making, testing, listing and drawing pseudopotentials."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from clusterdft.cli.options import OK, Json, Quiet
from clusterdft.cli.output import JsonTarget, check_path, print_result, standard_output
from clusterdft.errors import InputError
from clusterdft.units import MOMENTUM_LETTERS

if TYPE_CHECKING:
    from clusterdft.making.pseudopotential.shipped_files import FoundPseudopotential
    from clusterdft.method import Method

Value = TypeVar("Value")

CHANNEL_LETTERS = MOMENTUM_LETTERS[:3]

app = typer.Typer(
    help="Make, test, list and draw pseudopotentials.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

Name = Annotated[
    str, typer.Argument(metavar="FILE|NAME", help="A .toml file, or a library such as bhs with --element.")
]
ElementName = Annotated[str | None, typer.Option(help="Element of a library; a file tells its own.")]


@app.command()
def make(
    symbol: Annotated[str, typer.Argument(metavar="SYMBOL", help="Element, such as Na.")],
    charge: Annotated[
        int | None, typer.Option(help="Valence electrons; without it, those of the shipped recipe.")
    ] = None,
    core_correction: Annotated[bool, typer.Option("--core-correction", help="With a partial core.")] = False,
    core_ratio: Annotated[
        float | None,
        typer.Option(help="Core over valence density where the partial core starts; default 2."),
    ] = None,
    relativity: Annotated[
        str, typer.Option(metavar="scalar|none", help="Of the all-electron atom.")
    ] = "scalar",
    reference: Annotated[
        list[str] | None,
        typer.Option(metavar="L=CONFIGURATION", help='Reference atom of a channel, such as p="3p0.5".'),
    ] = None,
    cutoff: Annotated[
        list[str] | None, typer.Option(metavar="L=BOHR", help="Cutoff radius of a channel, such as s=1.8.")
    ] = None,
    highest: Annotated[
        str | None, typer.Option(metavar="s|p|d", help="Highest angular momentum with its own channel.")
    ] = None,
    out: Annotated[
        str | None, typer.Option(metavar="FILE", help="Without it, SYMBOL-qN.toml; - is standard output.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file with another content.")] = False,
    quiet: Quiet = False,
) -> int:
    """Make a norm-conserving pseudopotential and write its file."""
    from clusterdft.making.pseudopotential.file_text import file_text, make_command
    from clusterdft.making.pseudopotential.make import make_pseudopotential
    from clusterdft.making.pseudopotential.recipe import changed_recipe, default_recipe
    from clusterdft.report.pseudo_tables import made_table, partial_core_line

    if core_ratio is not None and not core_correction:
        raise InputError("--core-ratio belongs to a partial core; give --core-correction too")
    recipe = changed_recipe(
        default_recipe(symbol, charge, core_correction=core_correction, relativity=relativity),
        configurations=_by_momentum("--reference", reference, str),
        cutoffs=_by_momentum("--cutoff", cutoff, float),
        core_ratio=core_ratio,
        highest=None if highest is None else _momentum("--highest", highest),
    )
    path = f"{symbol}-q{recipe.z_valence}.toml" if out is None else out
    if path != "-":
        check_path(path, "the pseudopotential file")
    made = make_pseudopotential(recipe, name=Path(path).stem if path != "-" else symbol)
    outcome = _write(path, file_text(made, make_command(recipe)), force)
    if not quiet:
        print_result(path, made_table(made), partial_core_line(made), *outcome)
    return OK


@app.command()
def test(
    name: Name,
    element: ElementName = None,
    dimer: Annotated[
        bool, typer.Option("--dimer", help="Also X2 and X2+ beside all-electron theory and experiment.")
    ] = False,
    basis: Annotated[str, typer.Option(help="Basis set of the dimers.")] = "even-6s5p3d",
    figure: Annotated[
        Path | None, typer.Option(metavar="OUT.png", help="Draw the logarithmic derivatives.")
    ] = None,
    json: Json = None,
    quiet: Quiet = False,
) -> int:
    """Compare a pseudopotential with the all-electron atom: energies, levels, scattering, norms."""
    from clusterdft.making.pseudopotential.shipped_files import find_pseudopotential
    from clusterdft.making.quality.dimer_curve import dimer_test
    from clusterdft.making.quality.transferability import transferability
    from clusterdft.report import pseudo_tables
    from clusterdft.report.canvas import check_figure
    from clusterdft.report.pseudo_figures import draw_scattering
    from clusterdft.report.pseudo_values import dimer_values, transferability_values

    json_target = JsonTarget(json)
    if figure is not None:
        check_figure(figure)
    chosen = find_pseudopotential(name, element)
    method = _dimer_method(chosen, name, basis) if dimer else None
    report = transferability(
        chosen.pseudopotential, relativity=chosen.relativity, functional=chosen.functional
    )
    values = transferability_values(report)
    texts = [
        pseudo_tables.configuration_table(report),
        *pseudo_tables.left_out_lines(report),
        pseudo_tables.scattering_table(report),
    ]
    if method is not None:
        constants = dimer_test(chosen.pseudopotential.symbol, method, relativity=chosen.relativity)
        values["dimer"] = dimer_values(constants)
        texts.append(pseudo_tables.dimer_table(constants))
    if figure is not None:
        draw_scattering(report, figure)
    if not quiet:
        print_result(json, *texts, *(f"Problem: {problem}." for problem in report.problems))
    json_target.write(values)
    return OK


@app.command("list")
def list_shipped(json: Json = None, quiet: Quiet = False) -> int:
    """List the pseudopotentials that are shipped."""
    from dataclasses import asdict

    from clusterdft.making.pseudopotential.shipped_files import shipped_files
    from clusterdft.report.pseudo_tables import shipped_table

    json_target = JsonTarget(json)
    shipped = shipped_files()
    if not quiet:
        print_result(json, shipped_table(shipped))
    json_target.write([asdict(entry) for entry in shipped])
    return OK


@app.command()
def plot(
    name: Name,
    element: ElementName = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="OUT.png", help="Figure: png, pdf or svg; without it, in this folder."),
    ] = None,
    quiet: Quiet = False,
) -> int:
    """Draw potentials, orbitals, densities and scattering phases."""
    from clusterdft.making.pseudopotential.shipped_files import find_pseudopotential
    from clusterdft.making.quality.transferability import transferability
    from clusterdft.report.canvas import check_figure
    from clusterdft.report.pseudo_figures import draw_pseudopotential

    if out is not None:
        check_figure(out)
    chosen = find_pseudopotential(name, element)
    pseudopotential = chosen.pseudopotential
    if out is None:
        out = Path(f"{pseudopotential.symbol}-q{pseudopotential.z_valence}.png")
        check_figure(out)
    report = transferability(pseudopotential, relativity=chosen.relativity, functional=chosen.functional)
    draw_pseudopotential(report, out)
    if not quiet:
        print_result(None, f"Drawn in {out}.")
    return OK


def _dimer_method(chosen: "FoundPseudopotential", name: str, basis: str) -> "Method":
    """The Method of the dimers, refused at once where basis or charge do not fit."""
    import numpy as np

    from clusterdft.cluster import Cluster
    from clusterdft.method import Method
    from clusterdft.surfaces.kohn_sham import KohnShamSpec

    symbol = chosen.pseudopotential.symbol
    method = Method(pseudopotential=name, basis=basis, functional=chosen.functional)
    KohnShamSpec(method).check(Cluster(symbols=(symbol,), positions=np.zeros((1, 3))))
    return method


def _by_momentum(
    option: str, words: Sequence[str] | None, convert: Callable[[str], Value]
) -> dict[int, Value]:
    """{l: value} of words such as s=1.8."""
    values = {}
    for word in words or ():
        letter, equals, value = word.partition("=")
        if not equals or not value.strip():
            raise InputError(f"{option} {word!r} is not understood; write it as in {_example(option)}")
        momentum = _momentum(option, letter)
        if momentum in values:
            raise InputError(f"{option} names {letter} twice; give each channel once")
        try:
            values[momentum] = convert(value)
        except ValueError:
            raise InputError(
                f"{option} {word!r}: {value!r} is not a number; write {_example(option)}"
            ) from None
    return values


def _momentum(option: str, letter: str) -> int:
    if letter not in CHANNEL_LETTERS or len(letter) != 1:
        raise InputError(
            f"{option}: {letter!r} is no angular momentum; give one of {', '.join(CHANNEL_LETTERS)}"
        )
    return CHANNEL_LETTERS.index(letter)


def _example(option: str) -> str:
    return f"{option} s=1.8" if option == "--cutoff" else f'{option} s="3s1"'


def _write(path: str, text: str, force: bool) -> list[str]:
    """Writes the file, or prints it; lines that say what was done."""
    from clusterdft.files.writing import write_text

    if path == "-":
        with standard_output():
            sys.stdout.write(text)
        return []
    file = Path(path)
    if file.is_file():
        if file.read_bytes() == text.encode("utf-8"):
            return [f"{path} has this content already."]
        if not force:
            raise InputError(
                f"{path} exists with another content; give --force to replace it, or another file with --out"
            )
    write_text(file, text)
    return [f"Written to {path}."]
