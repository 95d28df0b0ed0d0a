"""The command `clusterdft symmetry`: the point group of a geometry."""

from typing import Annotated

import typer

from clusterdft.cli.options import OK, Json, Quiet, StructureFile
from clusterdft.cli.output import JsonTarget, print_result


def symmetry(
    file: StructureFile,
    tolerance: Annotated[
        float | None,
        typer.Option(metavar="BOHR", help="How far an operation may miss an atom; default 0.25 bohr."),
    ] = None,
    tolerance_scan: Annotated[
        bool, typer.Option("--tolerance-scan", help="Also which group at which tolerance, up to 1 bohr.")
    ] = False,
    json: Json = None,
    quiet: Quiet = False,
) -> int:
    """Point group of a geometry, with deviations, axes and equivalent atoms."""
    from clusterdft.files.structures import read_structure
    from clusterdft.report.symmetry_report import symmetry_lines, symmetry_values
    from clusterdft.symmetry.point_group import POINT_GROUP_TOLERANCE, find_point_group
    from clusterdft.symmetry.point_group import tolerance_scan as scan

    json_target = JsonTarget(json)
    cluster, _ = read_structure(file)
    group = find_point_group(cluster, tolerance=POINT_GROUP_TOLERANCE if tolerance is None else tolerance)
    values = symmetry_values(cluster, group, scan(cluster) if tolerance_scan else None)
    if not quiet:
        print_result(json, *symmetry_lines(values))
    json_target.write(values)
    return OK
