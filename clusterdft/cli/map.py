"""The command `clusterdft map`: densities and orbitals on a plane, or as cube and Molden files."""

import sys
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from clusterdft.cli.options import (
    OK,
    FileCharge,
    MethodFile,
    Quiet,
    StructureFile,
    Unpaired,
    parse_unpaired,
    with_method_options,
)
from clusterdft.cli.output import check_path, print_result
from clusterdft.errors import InputError

if TYPE_CHECKING:
    from clusterdft.cluster import Cluster
    from clusterdft.properties.sampling import Box, Plane
    from clusterdft.scf.result import ScfResult

Number = TypeVar("Number", int, float)

FIGURE_ENDINGS = (".png", ".pdf", ".svg")
CUBE, MOLDEN = ".cube", ".molden"
PLANE_OPTIONS = {"--plane", "--normal", "--through", "--step"}  # that mean nothing to a box


@dataclass(frozen=True, kw_only=True)
class _Subject:
    """What is shown, as the arguments of `map_on_plane` and `sampled`."""

    what: str
    index: int | None
    spin: int


@with_method_options("pseudopotential", "basis", "functional", "occupation", "width")
def draw_or_write_map(
    file: StructureFile,
    what: Annotated[
        str | None,
        typer.Option(help="density (the default), spin-density, bonding-density or orbital."),
    ] = None,
    orbital: Annotated[
        int | None,
        typer.Option(
            min=0, help="Which orbital, 0 for the lowest; without it the highest that holds electrons."
        ),
    ] = None,
    spin: Annotated[str | None, typer.Option(metavar="up|down", help="Spin of the orbital.")] = None,
    plane: Annotated[
        str | None,
        typer.Option(metavar="I,J,K", help="Plane of these atoms, counted from 0; without it, of all."),
    ] = None,
    normal: Annotated[
        str | None, typer.Option(metavar="X,Y,Z", help="Plane with this normal instead.")
    ] = None,
    through: Annotated[
        str | None,
        typer.Option(metavar="X,Y,Z", help="Point of that plane, bohr; without it the middle of the atoms."),
    ] = None,
    step: Annotated[
        float | None, typer.Option(help="Between contours, electrons/bohr^3 (orbitals: bohr^-3/2).")
    ] = None,
    margin: Annotated[float | None, typer.Option(help="Beyond the outermost atoms, bohr.")] = None,
    spacing: Annotated[float | None, typer.Option(help="Between points, bohr.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Figure (.png, .pdf, .svg), .cube, or .molden with all orbitals."),
    ] = None,
    charge: FileCharge = None,
    unpaired: Unpaired = "auto",
    method: MethodFile = None,
    *,
    level: dict[str, Any],
    quiet: Quiet = False,
) -> int:
    """Draw a density or an orbital on a plane, or write it as a cube or Molden file."""
    from clusterdft.files.structures import read_structure
    from clusterdft.scf.method_file import load_method
    from clusterdft.scf.solve_scf import solve_scf
    from clusterdft.surfaces.kohn_sham import KohnShamSpec

    out = Path(f"{file.stem}-{what or 'density'}.png") if out is None else out
    kind = out.suffix.lower()
    options = {
        "--what": what,
        "--orbital": orbital,
        "--spin": spin,
        "--plane": plane,
        "--normal": normal,
        "--through": through,
        "--step": step,
        "--margin": margin,
        "--spacing": spacing,
    }
    _check_file(kind, out)
    _check_options(kind, {option for option, value in options.items() if value is not None}, what, step)
    subject = _subject(what, orbital, spin)
    cluster, _ = read_structure(file, charge=charge, n_unpaired=parse_unpaired(unpaired))
    size = {name: value for name, value in (("margin", margin), ("spacing", spacing)) if value is not None}
    box, where = None, None
    if kind == CUBE:
        box = _box(cluster, size)
    elif kind != MOLDEN:
        where = _plane(cluster, plane, normal, through, size)
    theory = load_method(method, **level)
    KohnShamSpec(theory).check(cluster)
    result = solve_scf(cluster, theory)
    if box is not None:
        words = _write_cube(result, box, subject, out)
    elif where is not None:
        words = _draw(result, *where, subject, step, out)
    else:
        words = _write_orbitals(result, out)
    if not quiet:
        print_result(None, f"{words}, written to {out}.")
    return OK


def _check_file(kind: str, out: Path) -> None:
    """Raises InputError for a file that cannot be written."""
    from clusterdft.report.canvas import check_figure

    if kind in (CUBE, MOLDEN):
        check_path(out, "the map")
    elif kind in FIGURE_ENDINGS:
        check_figure(out)
    else:
        endings = ", ".join((*FIGURE_ENDINGS, CUBE, MOLDEN))
        raise InputError(f"cannot write a map to {out}; give a name that ends in {endings}")


def _check_options(kind: str, given: set[str], what: str | None, step: float | None) -> None:
    """Raises InputError for options that contradict each other, or do nothing in that file."""
    idle = given & (PLANE_OPTIONS if kind == CUBE else given if kind == MOLDEN else set())
    if idle:
        content = "holds all orbitals" if kind == MOLDEN else "fills a box"
        raise InputError(f"a {kind} file {content}: leave out {', '.join(sorted(idle))}, or write a figure")
    if {"--orbital", "--spin"} & given and what != "orbital":
        raise InputError("--orbital and --spin belong to a map of an orbital; give --what orbital")
    if {"--normal", "--through"} & given and "--plane" in given:
        raise InputError("a plane is that of atoms or that of a normal; give --plane or --normal, not both")
    if step is not None and not 0 < step < inf:
        raise InputError(f"--step {step:g} between contours; give a finite one above 0, such as 0.001")
    if "--through" in given and "--normal" not in given:
        raise InputError("--through is a point of the plane with a normal; give --normal too")


def _subject(what: str | None, orbital: int | None, spin: str | None) -> _Subject:
    """What the options --what, --orbital and --spin ask for."""
    from clusterdft.report.maps import MAPS, SPINS

    what = what or "density"
    if what not in MAPS:
        raise InputError(f"--what {what!r}; give one of {', '.join(MAPS)}")
    if spin is not None and (spin not in SPINS or orbital is None):
        raise InputError(f"--spin {spin!r}; give up or down, and the orbital with --orbital")
    return _Subject(what=what, index=orbital, spin=SPINS[spin or "up"])


def _box(cluster: "Cluster", size: dict[str, float]) -> "Box":
    from clusterdft.properties.sampling import box_around

    return box_around(cluster, **size)


def _plane(
    cluster: "Cluster", plane: str | None, normal: str | None, through: str | None, size: dict[str, float]
) -> "tuple[Plane, str]":
    """The plane and its name in words."""
    from clusterdft.properties.sampling import plane_across, plane_through
    from clusterdft.report.maps import plane_words

    if normal is not None:
        point = None if through is None else _numbers("--through", through, float)
        chosen = plane_across(cluster, _numbers("--normal", normal, float), point, **size)
        return chosen, plane_words(chosen)
    atoms = None if plane is None else _numbers("--plane", plane, int)
    if atoms is not None and len(atoms) < 3:
        raise InputError(
            f"--plane {plane} names {len(atoms)} atoms, which many planes hold; give three or more"
        )
    chosen = plane_through(cluster, atoms, **size)
    return chosen, plane_words(chosen, cluster, atoms)


def _write_orbitals(result: "ScfResult", out: Path) -> str:
    """Writes a Molden file; what is in it, in words."""
    from clusterdft.files.writing import write_text
    from clusterdft.properties.orbital_files import molden_text

    write_text(out, molden_text(result))
    return "All orbitals"


def _write_cube(result: "ScfResult", box: "Box", subject: _Subject, out: Path) -> str:
    """Writes a cube file; what is in it, in words."""
    from clusterdft.files.writing import write_text
    from clusterdft.properties.orbital_files import cube_text
    from clusterdft.report.maps import chosen_orbital, sampled, title_of

    what, index, spin = subject.what, subject.index, subject.spin
    if what == "orbital":
        index, spin = chosen_orbital(result, index, spin)
    values = sampled(result, box.points, what, index=index, spin=spin)
    title = title_of(result, what, index, spin)
    write_text(out, cube_text(result.cluster, box, values, title))
    return title


def _draw(
    result: "ScfResult", plane: "Plane", place: str, subject: _Subject, step: float | None, out: Path
) -> str:
    """Draws the map; what is in it, in words."""
    from clusterdft.report.map_figures import draw_map
    from clusterdft.report.maps import map_on_plane

    shown = map_on_plane(
        result, plane, subject.what, index=subject.index, spin=subject.spin, step=step, place=place
    )
    draw_map(shown, out)
    if shown.step is None:
        print(f"{shown.title} is zero everywhere on this map, {place}.", file=sys.stderr)
    return f"{shown.title}, {place}"


def _numbers(option: str, text: str, kind: type[Number]) -> list[Number]:
    """Numbers between commas."""
    try:
        return [kind(word) for word in text.split(",")]
    except ValueError:
        example = "0,1,2" if kind is int else "0,0,1"
        raise InputError(
            f"{option} {text!r} is not understood; write numbers as in {option} {example}"
        ) from None
