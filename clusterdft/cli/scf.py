"""The command `clusterdft scf`: energy and forces of one geometry."""

import sys
from typing import Any

from clusterdft.cli.options import (
    NOTHING_CONVERGED,
    OK,
    FileCharge,
    Json,
    MethodFile,
    Quiet,
    StructureFile,
    SurfaceName,
    Unpaired,
    read_cluster,
    surface_spec,
    with_method_options,
)
from clusterdft.cli.output import JsonTarget, print_result


@with_method_options("pseudopotential", "basis", "functional", "occupation", "width")
def scf(
    file: StructureFile,
    charge: FileCharge = None,
    unpaired: Unpaired = "auto",
    method: MethodFile = None,
    *,
    level: dict[str, Any],
    surface: SurfaceName = None,
    json: Json = None,
    quiet: Quiet = False,
) -> int:
    """Energy and forces of one geometry."""
    from clusterdft.errors import ScfNotConverged
    from clusterdft.report.point_values import point_values, unconverged_values
    from clusterdft.report.tables import point_table

    json_target = JsonTarget(json)
    cluster = read_cluster(file, charge, unpaired)
    spec = surface_spec(surface, method, **level)
    spec.check(cluster)
    try:
        point = spec.build().point(cluster)
    except ScfNotConverged as error:
        values = unconverged_values(cluster, str(error))
    else:
        values = point_values(cluster, point)
    if not quiet:
        print_result(json, point_table(values))
    json_target.write(values)
    if not values["converged"]:
        print(f"Nothing converged: {values['reason']}", file=sys.stderr)
        return NOTHING_CONVERGED
    return OK
