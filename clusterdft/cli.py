"""The command line: each subcommand reads its options, calls one function and prints.

Heavy imports stand inside the commands, so that `clusterdft --help` answers at once.
"""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from clusterdft import cli_pseudo
from clusterdft.basis.sets import BASIS_SETS
from clusterdft.errors import ClusterDftError, InputError, ScfNotConverged
from clusterdft.executors import ONE_THREAD
from clusterdft.generate import GENERATORS
from clusterdft.method import FORCES, OCCUPATIONS
from clusterdft.relax import CLASSICAL_SURFACES, RELAXERS
from clusterdft.report.output import JsonTarget, tell
from clusterdft.search import STRATEGIES
from clusterdft.xc import FUNCTIONALS

OK, NOTHING_CONVERGED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
UsageError = typer.BadParameter.__base__  # of click, wherever typer keeps it

app = typer.Typer(
    help="Geometries of small metal clusters from first principles.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(cli_pseudo.app, name="pseudo")


class _Stopped(Exception):
    """Ctrl-C, with what to tell."""


def _names(choices):
    return ", ".join(choices)


Charge = Annotated[int, typer.Option(help="Charge of the cluster, positive for cations.")]
FileCharge = Annotated[
    int | None, typer.Option(help="Charge of the cluster; without it, the one the file declares, or 0.")
]
Unpaired = Annotated[str, typer.Option(metavar="auto|N", help="Unpaired electrons; auto: an outcome.")]
MethodFile = Annotated[Path | None, typer.Option("--method", metavar="FILE.toml", help="Level of theory.")]
Pseudopotential = Annotated[str | None, typer.Option(help="Pseudopotential, such as bhs or gth-pade-q1.")]
Basis = Annotated[str | None, typer.Option(help=f"Basis set: {_names(BASIS_SETS)}, or a TOML file.")]
Functional = Annotated[str | None, typer.Option(help=f"{_names(FUNCTIONALS)}, or an LDA or GGA of libxc.")]
Occupation = Annotated[str | None, typer.Option(help=f"How levels are filled: {_names(OCCUPATIONS)}.")]
Width = Annotated[float | None, typer.Option(help="Width of the smearing, hartree.")]
SurfaceName = Annotated[
    str | None,
    typer.Option("--surface", help=f"A classical surface, for tests, instead: {_names(CLASSICAL_SURFACES)}."),
]
Relaxer = Annotated[str, typer.Option(help=f"How to relax: {_names(RELAXERS)}.")]
Fmax = Annotated[float, typer.Option("--fmax", help="Largest force of a relaxed cluster, eV/angstrom.")]
MaxCalls = Annotated[int, typer.Option(help="Force calls of a relaxation at most.")]
Forces = Annotated[
    str | None, typer.Option(metavar="|".join(FORCES), help="Forces that the relaxation follows.")
]
Json = Annotated[
    str | None, typer.Option("--json", metavar="PATH", help="Write the result as JSON; - is standard output.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")]
StructureFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="Geometry, in any format that ASE reads.")
]


def _show_version(wanted: bool):
    if wanted:
        from clusterdft.provenance import provenance

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
def search(
    formula: Annotated[str, typer.Argument(metavar="FORMULA", help="Composition, such as Na4 or Na6K2.")],
    starts: Annotated[int, typer.Option(help="Start geometries; may be raised later.")] = 12,
    seed: Annotated[int, typer.Option(help="Seed of the random numbers.")] = 0,
    charge: Charge = 0,
    unpaired: Unpaired = "auto",
    jobs: Annotated[int | None, typer.Option(help="Relaxations at a time; without it, one a core.")] = None,
    method: MethodFile = None,
    pseudopotential: Pseudopotential = None,
    basis: Basis = None,
    functional: Functional = None,
    occupation: Occupation = None,
    width: Width = None,
    forces: Forces = None,
    surface: SurfaceName = None,
    generator: Annotated[str, typer.Option(help=f"Start geometries: {_names(GENERATORS)}.")] = "random-cube",
    strategy: Annotated[str, typer.Option(help=f"What to try next: {_names(STRATEGIES)}.")] = "random-starts",
    relaxer: Relaxer = "quasi-newton",
    fmax: Fmax = 0.01,
    max_calls: MaxCalls = 200,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Output folder; without it, FORMULA-search.")
    ] = None,
    json: Json = None,
    quiet: Quiet = False,
):
    """Search for the isomers of a cluster. Stopped, the same command goes on where it was."""
    from clusterdft.report.progress import ProgressDisplay
    from clusterdft.report.search_files import summary
    from clusterdft.report.tables import failure_lines, isomer_table
    from clusterdft.search import driver
    from clusterdft.search.composition import formula_of, parse_formula

    json_target = JsonTarget(json)
    symbols = parse_formula(formula)
    n_unpaired = _parse_unpaired(unpaired)
    if out is None:
        spin = "" if n_unpaired is None else f"-{n_unpaired}-unpaired"
        out = Path(f"{formula_of(symbols, charge)}{spin}-search")
    spec = _spec(
        surface,
        method,
        pseudopotential=pseudopotential,
        basis=basis,
        functional=functional,
        occupation=occupation,
        width=width,
        forces=forces,
    )
    done = ProgressDisplay(starts, quiet=quiet)
    try:
        with done:
            result = driver.search(
                symbols,
                spec=spec,
                charge=charge,
                n_unpaired=n_unpaired,
                starts=starts,
                seed=seed,
                jobs=_usable_cores() if jobs is None else jobs,
                generator=generator,
                strategy=strategy,
                relaxer=relaxer,
                fmax=_fmax(fmax),
                max_calls=max_calls,
                out=out,
                progress=done.update,
            )
    except KeyboardInterrupt:
        raise _Stopped(
            f"Stopped: {done.finished} of {starts} starts are finished and kept in {out}; "
            "the same command goes on from there."
        ) from None
    if not quiet:
        table = [isomer_table(result)] if result.isomers else []
        cost = f"{result.n_force_calls} force calls, {result.cpu_seconds:.1f} CPU s; files in {out}"
        tell(json, *table, *failure_lines(result), cost)
    json_target.write(summary(result))
    if not result.isomers:
        print(f"None of {starts} starts relaxed; the reasons are in {out}.", file=sys.stderr)
        return NOTHING_CONVERGED
    return OK


@app.command()
def scf(
    file: StructureFile,
    charge: FileCharge = None,
    unpaired: Unpaired = "auto",
    method: MethodFile = None,
    pseudopotential: Pseudopotential = None,
    basis: Basis = None,
    functional: Functional = None,
    occupation: Occupation = None,
    width: Width = None,
    surface: SurfaceName = None,
    json: Json = None,
    quiet: Quiet = False,
):
    """Energy and forces of one geometry."""
    from clusterdft.report.points import point_values, unconverged_values
    from clusterdft.report.tables import point_table

    json_target = JsonTarget(json)
    cluster = _read(file, charge, unpaired)
    spec = _spec(
        surface,
        method,
        pseudopotential=pseudopotential,
        basis=basis,
        functional=functional,
        occupation=occupation,
        width=width,
    )
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
def relax(
    file: StructureFile,
    charge: FileCharge = None,
    unpaired: Unpaired = "auto",
    method: MethodFile = None,
    pseudopotential: Pseudopotential = None,
    basis: Basis = None,
    functional: Functional = None,
    occupation: Occupation = None,
    width: Width = None,
    forces: Forces = None,
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
    from clusterdft.relax.relaxation import relax as relax_cluster
    from clusterdft.report.points import point_values, unconverged_values
    from clusterdft.report.tables import point_table
    from clusterdft.structure_files import check_writable, write_structure

    json_target = JsonTarget(json)
    if out is not None:
        check_writable(out)
    cluster = _read(file, charge, unpaired)
    spec = _spec(
        surface,
        method,
        pseudopotential=pseudopotential,
        basis=basis,
        functional=functional,
        occupation=occupation,
        width=width,
        forces=forces,
    )
    spec.check(cluster)

    def show(step):
        if not quiet:
            kept = "" if step.accepted else ", dropped"
            force = f"largest force {step.point.largest_force:.2e} hartree/bohr"
            print(f"{step.point.energy:.8f} hartree, {force}{kept}", file=sys.stderr, flush=True)

    end = relax_cluster(
        cluster, spec.build(), relaxer=relaxer, fmax=_fmax(fmax), max_calls=max_calls, callback=show
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


def _spec(surface, method, **given):
    """The surface that the options ask for; `given` are fields of Method, or None."""
    overrides = {name: value for name, value in given.items() if value is not None}
    if surface is not None:
        if overrides or method is not None:
            named = ", ".join(f"--{name}" for name in (*(("method",) if method else ()), *overrides))
            raise InputError(
                f"a classical surface has no electronic structure: leave out {named}, or --surface"
            )
        return CLASSICAL_SURFACES.pick(surface)()
    from clusterdft.config import load_method

    return load_method(method, **overrides).surface_spec()


def _read(file, charge, unpaired):
    """The cluster of a file, with a word on what was chosen silently otherwise."""
    from clusterdft.structure_files import read_structure

    cluster, n_frames = read_structure(file, charge=charge, n_unpaired=_parse_unpaired(unpaired))
    if n_frames > 1:
        print(f"{file} holds {n_frames} geometries; this is the last.", file=sys.stderr)
    if charge is None and cluster.charge:
        print(f"{file} declares charge {cluster.charge:+d}.", file=sys.stderr)
    return cluster


def _parse_unpaired(text):
    if text == "auto":
        return None
    if not text.isdecimal():
        raise InputError(f"--unpaired {text!r}; give auto or a number of electrons such as 0 or 1")
    return int(text)


def _fmax(ev_per_angstrom):
    from clusterdft.units import HARTREE_PER_BOHR_EV_PER_ANGSTROM

    return ev_per_angstrom / HARTREE_PER_BOHR_EV_PER_ANGSTROM


def _usable_cores():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def main(args=None):
    """Run the command line; the process ends with 0, 1 (nothing converged), 2 (bad input), 130 (stopped)."""
    for name, value in ONE_THREAD.items():
        os.environ.setdefault(name, value)
    try:
        code = app(args, prog_name="clusterdft", standalone_mode=False)
        if code == INTERRUPTED:  # typer's answer to Ctrl-C
            raise _Stopped("Stopped.")
    except UsageError as error:
        print(f"Error: {error.format_message()}", file=sys.stderr)
        code = BAD_INPUT
    except ScfNotConverged as error:
        print(f"Error: {error}", file=sys.stderr)
        code = NOTHING_CONVERGED
    except ClusterDftError as error:
        print(f"Error: {error}", file=sys.stderr)
        code = BAD_INPUT
    except (_Stopped, KeyboardInterrupt, typer.Abort) as stop:
        print(str(stop) or "Stopped.", file=sys.stderr)
        code = INTERRUPTED
    sys.exit(code or OK)


if __name__ == "__main__":
    main()
