"""The command line: each subcommand reads its options, calls one function and prints.

Heavy imports stand inside the commands, so that `clusterdft --help` answers at once.
"""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from clusterdft.cli import (
    jahn_teller as cli_jahn_teller,
)
from clusterdft.cli import (
    map as cli_map,
)
from clusterdft.cli import (
    pseudo as cli_pseudo,
)
from clusterdft.cli import (
    search as cli_search,
)
from clusterdft.cli import (
    study as cli_study,
)
from clusterdft.cli import (
    symmetry as cli_symmetry,
)
from clusterdft.cli.options import (
    BAD_INPUT,
    INTERRUPTED,
    METHOD_OPTIONS,
    NOTHING_CONVERGED,
    OK,
    FileCharge,
    Fmax,
    Json,
    MaxCalls,
    MethodFile,
    Quiet,
    Relaxer,
    Stopped,
    SurfaceName,
    Unpaired,
    parse_fmax,
    parse_unpaired,
    surface_spec,
    takes_level,
)
from clusterdft.cli.output import JsonTarget, tell
from clusterdft.errors import ClusterDftError, ScfNotConverged
from clusterdft.work.executors import ONE_THREAD

UsageError = typer.BadParameter.__base__  # of click, wherever typer keeps it

app = typer.Typer(
    help="Geometries of small metal clusters from first principles.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(cli_pseudo.app, name="pseudo")
app.command("map")(cli_map.map_)
app.command()(cli_search.search)
app.command()(cli_symmetry.symmetry)
app.command()(cli_jahn_teller.jahn_teller)
app.command()(cli_study.study)
app.command()(cli_study.properties)

StructureFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="Geometry, in any format that ASE reads.")
]


def _show_version(wanted: bool):
    if wanted:
        from clusterdft.work.provenance import provenance

        print(f"clusterdft {provenance()['versions']['clusterdft']}")
        raise typer.Exit()


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
):
    pass


@app.command()
@takes_level("pseudopotential", "basis", "functional", "occupation", "width")
def scf(
    file: StructureFile,
    charge: FileCharge = None,
    unpaired: Unpaired = "auto",
    method: MethodFile = None,
    *,
    level,
    surface: SurfaceName = None,
    json: Json = None,
    quiet: Quiet = False,
):
    """Energy and forces of one geometry."""
    from clusterdft.report.point_values import point_values, unconverged_values
    from clusterdft.report.tables import point_table

    json_target = JsonTarget(json)
    cluster = _read(file, charge, unpaired)
    spec = surface_spec(surface, method, **level)
    spec.check(cluster)
    try:
        point = spec.build().point(cluster)
    except ScfNotConverged as error:
        values = unconverged_values(cluster, str(error))
    else:
        values = point_values(cluster, point)
    if not quiet:
        tell(json, point_table(values))
    json_target.write(values)
    if not values["converged"]:
        print(f"Nothing converged: {values['reason']}", file=sys.stderr)
        return NOTHING_CONVERGED
    return OK


@app.command()
@takes_level(*METHOD_OPTIONS)
def relax(
    file: StructureFile,
    charge: FileCharge = None,
    unpaired: Unpaired = "auto",
    method: MethodFile = None,
    *,
    level,
    surface: SurfaceName = None,
    relaxer: Relaxer = "quasi-newton",
    fmax: Fmax = 0.01,
    max_calls: MaxCalls = 200,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the relaxed geometry, in a format of ASE.")
    ] = None,
    json: Json = None,
    quiet: Quiet = False,
):
    """Relax one geometry to the nearest minimum."""
    from clusterdft.files.structures import check_writable, write_structure
    from clusterdft.relaxation.relax import relax as relax_cluster
    from clusterdft.report.point_values import point_values, unconverged_values
    from clusterdft.report.tables import point_table

    json_target = JsonTarget(json)
    if out is not None:
        check_writable(out)
    cluster = _read(file, charge, unpaired)
    spec = surface_spec(surface, method, **level)
    spec.check(cluster)

    def show(step):
        if not quiet:
            kept = "" if step.accepted else ", dropped"
            force = f"largest force {step.point.largest_force:.2e} hartree/bohr"
            print(f"{step.point.energy:.8f} hartree, {force}{kept}", file=sys.stderr, flush=True)

    end = relax_cluster(
        cluster, spec.build(), relaxer=relaxer, fmax=parse_fmax(fmax), max_calls=max_calls, callback=show
    )
    if end.point is None:
        values = unconverged_values(end.cluster, end.reason)
    else:
        values = point_values(end.cluster, end.point)
    values |= {"relaxed": end.relaxed, "reason": end.reason, "n_force_calls": end.n_force_calls}
    if not quiet:
        tell(json, point_table(values), f"{end.n_force_calls} force calls")
    json_target.write(values)
    if out is not None:
        write_structure(out, end.cluster)
    if not end.relaxed:
        print(f"The cluster is not relaxed: {end.reason}", file=sys.stderr)
        return NOTHING_CONVERGED
    return OK


def _read(file, charge, unpaired):
    """The cluster of a file, with a word on what was chosen silently otherwise."""
    from clusterdft.files.structures import read_structure

    cluster, n_frames = read_structure(file, charge=charge, n_unpaired=parse_unpaired(unpaired))
    if n_frames > 1:
        print(f"{file} holds {n_frames} geometries; this is the last.", file=sys.stderr)
    if charge is None and cluster.charge:
        print(f"{file} declares charge {cluster.charge:+d}.", file=sys.stderr)
    return cluster


def main(args=None):
    """Run the command line; the process ends with 0, 1 (nothing converged), 2 (bad input), 130 (stopped)."""
    for name, value in ONE_THREAD.items():
        os.environ.setdefault(name, value)
    try:
        code = app(args, prog_name="clusterdft", standalone_mode=False)
        if code == INTERRUPTED:  # typer's answer to Ctrl-C
            raise Stopped("Stopped.")
    except UsageError as error:
        print(f"Error: {error.format_message()}", file=sys.stderr)
        code = BAD_INPUT
    except ScfNotConverged as error:
        print(f"Error: {error}", file=sys.stderr)
        code = NOTHING_CONVERGED
    except ClusterDftError as error:
        print(f"Error: {error}", file=sys.stderr)
        code = BAD_INPUT
    except (Stopped, KeyboardInterrupt, typer.Abort) as stop:
        print(str(stop) or "Stopped.", file=sys.stderr)
        code = INTERRUPTED
    sys.exit(code or OK)


if __name__ == "__main__":
    main()
