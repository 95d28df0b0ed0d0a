"""The command `clusterdft jahn-teller`: how a symmetric geometry with an open level distorts."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clusterdft.cli.options import (
    OK,
    FileCharge,
    Json,
    MethodFile,
    Quiet,
    parse_unpaired,
    stopped_with,
    usable_cores,
    with_method_options,
)
from clusterdft.cli.output import JsonTarget, print_progress, print_result
from clusterdft.work.environment import ONE_PROCESS_NATOM

if TYPE_CHECKING:
    from clusterdft.cluster import Cluster


@with_method_options("pseudopotential", "basis", "functional")
def jahn_teller(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Symmetric geometry, in a format of ASE.")],
    charge: FileCharge = None,
    unpaired: Annotated[
        str, typer.Option(metavar="auto|N", help="Unpaired electrons; auto: as few as possible.")
    ] = "auto",
    method: MethodFile = None,
    *,
    level: dict[str, Any],
    tolerance: Annotated[
        float | None, typer.Option(metavar="BOHR", help="Of the point group; default 0.25 bohr.")
    ] = None,
    descend: Annotated[
        bool, typer.Option(help="Relax displaced geometries to minima and saddle points.")
    ] = True,
    lower: Annotated[
        bool, typer.Option(help="Descend into lower epikernels too, not the highest ones alone.")
    ] = True,
    verify: Annotated[
        int | None, typer.Option(min=0, help="Points, lowest first, to find vibrations of; without it all.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the random numbers.")] = 0,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Relaxations at a time; without it, one a core.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Output folder; without it, named after FILE.")
    ] = None,
    json: Json = None,
    quiet: Quiet = False,
) -> int:
    """Jahn-Teller effect of a symmetric geometry: open level, couplings, distorted minima.

    Stopped, the same command goes on where it was.
    """
    from clusterdft.files.structures import read_structure
    from clusterdft.jahn_teller.analysis import JahnTellerPlan
    from clusterdft.jahn_teller.analysis import jahn_teller as analyse
    from clusterdft.jahn_teller.report import (
        DESCENT_STORE_FILE,
        jahn_teller_lines,
        jahn_teller_values,
        write_jahn_teller_files,
    )
    from clusterdft.scf.method_file import load_method
    from clusterdft.surfaces.kohn_sham import KohnShamSpec
    from clusterdft.symmetry.point_group import POINT_GROUP_TOLERANCE

    json_target = JsonTarget(json)
    cluster, _ = read_structure(file, charge=charge, n_unpaired=parse_unpaired(unpaired))
    theory = load_method(method, **level)
    plan = JahnTellerPlan(
        tolerance=POINT_GROUP_TOLERANCE if tolerance is None else tolerance,
        descend=descend,
        n_verified=verify,
        lower=lower,
        seed=seed,
    )
    folder = _default_folder(file, cluster) if out is None else out
    state = f"Stopped: what is finished is kept in {folder}; the same command goes on from there."
    with stopped_with(lambda: state):
        result = analyse(
            cluster,
            theory,
            plan,
            store=folder / DESCENT_STORE_FILE,
            jobs=jobs or (1 if cluster.natom <= ONE_PROCESS_NATOM else usable_cores()),
            progress=None if quiet else print_progress,
        )
    values = jahn_teller_values(result)
    write_jahn_teller_files(values, KohnShamSpec(theory).description, folder)
    if not quiet:
        print_result(json, *jahn_teller_lines(values), f"files in {folder}")
    json_target.write(values)
    return OK


def _default_folder(file: Path, cluster: "Cluster") -> Path:
    """NAME-jahn-teller, with a charge and a spin that were given."""
    from clusterdft.geometry.formula import formula_of

    sign = formula_of(cluster.symbols, cluster.charge).removeprefix(formula_of(cluster.symbols))
    spin = "" if cluster.n_unpaired is None else f"-{cluster.n_unpaired}-unpaired"
    return Path(f"{file.stem}{sign}{spin}-jahn-teller")
