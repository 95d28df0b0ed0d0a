"""The command `clusterdft symmetry`: the point group of a geometry, and what its electrons make of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clusterdft.cli.options import (
    OK,
    FileCharge,
    Json,
    MethodFile,
    Quiet,
    StructureFile,
    Unpaired,
    parse_unpaired,
    with_method_options,
)
from clusterdft.cli.output import JsonTarget, print_result
from clusterdft.errors import InputError

if TYPE_CHECKING:
    from clusterdft.cluster import Cluster
    from clusterdft.symmetry.point_group import PointGroup


@with_method_options("pseudopotential", "basis", "functional", "occupation", "width")
def symmetry(
    file: StructureFile,
    tolerance: Annotated[
        float | None,
        typer.Option(metavar="BOHR", help="How far an operation may miss an atom; default 0.25 bohr."),
    ] = None,
    tolerance_scan: Annotated[
        bool, typer.Option("--tolerance-scan", help="Also which group at which tolerance, up to 1 bohr.")
    ] = False,
    levels: Annotated[
        bool, typer.Option("--levels", help="Also the electronic state, and the levels with their irreps.")
    ] = False,
    modes: Annotated[
        bool, typer.Option("--modes", help="With --levels: also the vibrations with theirs.")
    ] = False,
    charge: FileCharge = None,
    unpaired: Unpaired = "auto",
    method: MethodFile = None,
    *,
    level: dict[str, Any],
    json: Json = None,
    quiet: Quiet = False,
) -> int:
    """Point group of a geometry, with deviations, axes and equivalent atoms."""
    from clusterdft.files.structures import read_structure
    from clusterdft.report.symmetry_report import symmetry_lines, symmetry_values
    from clusterdft.symmetry.point_group import POINT_GROUP_TOLERANCE, find_point_group
    from clusterdft.symmetry.point_group import tolerance_scan as scan

    json_target = JsonTarget(json)
    _check_options(levels, {"modes": modes, "charge": charge, "method": method, **level}, unpaired)
    cluster, _ = read_structure(file, charge=charge, n_unpaired=parse_unpaired(unpaired))
    group = find_point_group(cluster, tolerance=POINT_GROUP_TOLERANCE if tolerance is None else tolerance)
    electronic = _electronic(cluster, group, modes, method, level) if levels else None
    values = symmetry_values(cluster, group, scan(cluster) if tolerance_scan else None, electronic)
    if not quiet:
        print_result(json, *symmetry_lines(values))
    json_target.write(values)
    return OK


def _check_options(levels: bool, options: dict[str, Any], unpaired: str) -> None:
    """Raises InputError for options that only the electrons have a use for."""
    given = [f"--{name}" for name, value in options.items() if value is not None and value is not False]
    given += [] if unpaired == "auto" else ["--unpaired"]
    if given and not levels:
        raise InputError(
            f"a point group alone has no use for {', '.join(given)}; add --levels, or leave it out"
        )


def _electronic(
    cluster: "Cluster", group: "PointGroup", modes: bool, method: Path | None, level: dict[str, Any]
) -> dict[str, Any]:
    from clusterdft.electronic_symmetry.summary import electronic_values
    from clusterdft.properties.vibrations import vibrations
    from clusterdft.scf.method_file import load_method
    from clusterdft.scf.solve_scf import solve_scf
    from clusterdft.surfaces.kohn_sham import KohnShamSpec

    theory = load_method(method, **level)
    KohnShamSpec(theory).check(cluster)
    result = solve_scf(cluster, theory)
    return electronic_values(result, group, vibrations(cluster, theory) if modes else None)
