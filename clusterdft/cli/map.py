"""The command `clusterdft map`. Heavy imports stand inside, as in `cli`."""

import sys
from math import inf
from pathlib import Path
from typing import Annotated

import typer

from clusterdft.cli.options import FileCharge, MethodFile, Quiet, Unpaired, parse_unpaired, takes_level
from clusterdft.cli.output import tell
from clusterdft.errors import InputError

FIGURES = (".png", ".pdf", ".svg")
CUBE, MOLDEN = ".cube", ".molden"


@takes_level("pseudopotential", "basis", "functional", "occupation", "width")
def map_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Geometry, in any format that ASE reads.")],
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
    level,
    quiet: Quiet = False,
):
    """Draw a density or an orbital on a plane, or write it as a cube or Molden file."""
    from clusterdft.files.structures import read_structure
    from clusterdft.scf.method_file import load_method
    from clusterdft.scf.solve_scf import solve_scf
    from clusterdft.surfaces.kohn_sham import KohnShamSpec

    out = Path(f"{file.stem}-{what or 'density'}.png") if out is None else out
    kind = out.suffix.lower()
    given: dict[str, object] = {
        "--what": what,
        "--orbital": orbital,
        "--spin": spin,
        "--plane": plane,
        "--normal": normal,
    }
    given |= {"--through": through, "--step": step, "--margin": margin, "--spacing": spacing}
    _check_options(kind, out, {option for option, value in given.items() if value is not None}, what, step)
    chosen = _chosen(what, orbital, spin)
    cluster, _ = read_structure(file, charge=charge, n_unpaired=parse_unpaired(unpaired))
    size = {name: value for name, value in (("margin", margin), ("spacing", spacing)) if value is not None}
    where = _where(kind, cluster, plane, normal, through, size)
    theory = load_method(method, **level)
    KohnShamSpec(theory).check(cluster)
    shown = _write(solve_scf(cluster, theory), kind, where, chosen, step, out)
    if not quiet:
        tell(None, f"{shown}, written to {out}.")


def _check_options(kind, out, given, what, step):
    """Raises InputError for a file that cannot be written and for options that do nothing in it."""
    import os

    from clusterdft.report.canvas import check_figure

    if kind not in (CUBE, MOLDEN):
        if kind not in FIGURES:
            ends = ", ".join((*FIGURES, CUBE, MOLDEN))
            raise InputError(f"cannot write a map to {out}; give a name that ends in {ends}")
        check_figure(out)
    elif out.is_dir() or not out.parent.is_dir() or not os.access(out.parent, os.W_OK):
        raise InputError(f"cannot write the map {out}; give a file in a folder that can be written")
    flat = {"--plane", "--normal", "--through", "--step"}
    idle = given & (flat if kind == CUBE else given if kind == MOLDEN else set())
    if idle:
        told = "holds all orbitals" if kind == MOLDEN else "fills a box"
        raise InputError(f"a {kind} file {told}: leave out {', '.join(sorted(idle))}, or write a figure")
    if {"--orbital", "--spin"} & given and what != "orbital":
        raise InputError("--orbital and --spin belong to a map of an orbital; give --what orbital")
    if {"--normal", "--through"} & given and "--plane" in given:
        raise InputError("a plane is that of atoms or that of a normal; give --plane or --normal, not both")
    if step is not None and not 0 < step < inf:
        raise InputError(f"--step {step:g} between contours; give a finite one above 0, such as 0.001")
    if "--through" in given and "--normal" not in given:
        raise InputError("--through is a point of the plane with a normal; give --normal too")


def _chosen(what, orbital, spin):
    """What is drawn, as arguments of `map_on_plane` and `sampled`."""
    from clusterdft.report.maps import MAPS, SPINS

    what = what or "density"
    if what not in MAPS:
        raise InputError(f"--what {what!r}; give one of {', '.join(MAPS)}")
    if spin is not None and (spin not in SPINS or orbital is None):
        raise InputError(f"--spin {spin!r}; give up or down, and the orbital with --orbital")
    return {"what": what, "index": orbital, "spin": SPINS[spin or "up"]}


def _where(kind, cluster, plane, normal, through, size):
    """The plane and its name in words, the box, or None for a file of orbitals."""
    from clusterdft.properties.sampling import box_around, plane_across, plane_through
    from clusterdft.report.maps import plane_words

    if kind == MOLDEN:
        return None
    if kind == CUBE:
        return box_around(cluster, **size)
    if normal is not None:
        point = None if through is None else _numbers("--through", through, float)
        found = plane_across(cluster, _numbers("--normal", normal, float), point, **size)
        return found, plane_words(found)
    atoms = None if plane is None else _numbers("--plane", plane, int)
    if atoms is not None and len(atoms) < 3:
        raise InputError(
            f"--plane {plane} names {len(atoms)} atoms, which many planes hold; give three or more"
        )
    found = plane_through(cluster, atoms, **size)
    return found, plane_words(found, cluster, atoms)


def _write(result, kind, where, chosen, step, out):
    """Writes the file; says what is in it."""
    from clusterdft.files.writing import write_text
    from clusterdft.properties.orbital_files import cube_text, molden_text
    from clusterdft.report.map_figures import draw_map
    from clusterdft.report.maps import chosen_orbital, map_on_plane, sampled, title_of

    if kind == MOLDEN:
        write_text(out, molden_text(result))
        return "All orbitals"
    if kind == CUBE:
        if chosen["what"] == "orbital":
            index, spin = chosen_orbital(result, chosen["index"], chosen["spin"])
            chosen = {"what": "orbital", "index": index, "spin": spin}
        values = sampled(result, where.points, **chosen)
        title = title_of(result, chosen["what"], chosen["index"], chosen["spin"])
        write_text(out, cube_text(result.cluster, where, values, title))
        return title
    plane, place = where
    shown = map_on_plane(result, plane, **chosen, step=step, place=place)
    draw_map(shown, out)
    if shown.step is None:
        print(f"{shown.title} is zero everywhere on this map, {place}.", file=sys.stderr)
    return f"{shown.title}, {place}"


def _numbers(option, text, kind):
    """Numbers between commas."""
    try:
        return [kind(word) for word in text.split(",")]
    except ValueError:
        example = "0,1,2" if kind is int else "0,0,1"
        raise InputError(
            f"{option} {text!r} is not understood; write numbers as in {option} {example}"
        ) from None
