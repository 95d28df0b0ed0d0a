"""The command `clusterdft relax`: one geometry to the nearest minimum."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clusterdft.cli.options import (
    METHOD_OPTIONS,
    NOTHING_CONVERGED,
    OK,
    FileCharge,
    Fmax,
    Json,
    MaxCalls,
    MethodFile,
    Quiet,
    RelaxerName,
    StructureFile,
    SurfaceName,
    Unpaired,
    parse_fmax,
    read_cluster,
    surface_spec,
    with_method_options,
)
from clusterdft.cli.output import JsonTarget, print_result

if TYPE_CHECKING:
    from clusterdft.relaxation.steps import RelaxStep


@with_method_options(*METHOD_OPTIONS)
def relax(
    file: StructureFile,
    charge: FileCharge = None,
    unpaired: Unpaired = "auto",
    method: MethodFile = None,
    *,
    level: dict[str, Any],
    surface: SurfaceName = None,
    relaxer: RelaxerName = "quasi-newton",
    fmax: Fmax = 0.01,
    max_calls: MaxCalls = 200,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the relaxed geometry, in a format of ASE.")
    ] = None,
    json: Json = None,
    quiet: Quiet = False,
) -> int:
    """Relax one geometry to the nearest minimum."""
    from clusterdft.files.structures import check_writable, write_structure
    from clusterdft.relaxation.relax import relax as relax_cluster
    from clusterdft.report.point_values import point_values, unconverged_values
    from clusterdft.report.tables import point_table

    json_target = JsonTarget(json)
    if out is not None:
        check_writable(out)
    cluster = read_cluster(file, charge, unpaired)
    spec = surface_spec(surface, method, **level)
    spec.check(cluster)
    end = relax_cluster(
        cluster,
        spec.build(),
        relaxer=relaxer,
        fmax=parse_fmax(fmax),
        max_calls=max_calls,
        callback=None if quiet else _print_step,
    )
    if end.point is None:
        values = unconverged_values(end.cluster, end.reason)
    else:
        values = point_values(end.cluster, end.point)
    values |= {"relaxed": end.relaxed, "reason": end.reason, "n_force_calls": end.n_force_calls}
    if not quiet:
        print_result(json, point_table(values), f"{end.n_force_calls} force calls")
    json_target.write(values)
    if out is not None:
        write_structure(out, end.cluster)
    if not end.relaxed:
        print(f"The cluster is not relaxed: {end.reason}", file=sys.stderr)
        return NOTHING_CONVERGED
    return OK


def _print_step(step: "RelaxStep") -> None:
    """One line a force call, on standard error."""
    dropped = "" if step.accepted else ", dropped"
    force = f"largest force {step.point.largest_force:.2e} hartree/bohr"
    print(f"{step.point.energy:.8f} hartree, {force}{dropped}", file=sys.stderr, flush=True)
