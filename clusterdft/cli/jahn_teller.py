"""The command `clusterdft jahn-teller`. Heavy imports stand inside, as in `cli`."""

from pathlib import Path
from typing import Annotated

import typer

from clusterdft.cli.options import (
    FileCharge,
    Json,
    MethodFile,
    Quiet,
    Stopped,
    parse_unpaired,
    takes_level,
    usable_cores,
)
from clusterdft.cli.output import JsonTarget, tell, tell_progress

SMALL = 3  # atoms: their descents end before worker processes have started


@takes_level("pseudopotential", "basis", "functional")
def jahn_teller(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Symmetric geometry, in a format of ASE.")],
    charge: FileCharge = None,
    unpaired: Annotated[
        str, typer.Option(metavar="auto|N", help="Unpaired electrons; auto: as few as possible.")
    ] = "auto",
    method: MethodFile = None,
    *,
    level,
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
):
    """Jahn-Teller effect of a symmetric geometry: open level, couplings, distorted minima.

    Stopped, the same command goes on where it was.
    """
    from clusterdft.files.structures import read_structure
    from clusterdft.jahn_teller.analysis import jahn_teller as analyse
    from clusterdft.jahn_teller.report import (
        STORE_FILE,
        jahn_teller_lines,
        jahn_teller_values,
        write_jahn_teller_files,
    )
    from clusterdft.scf.method_file import load_method
    from clusterdft.surfaces.kohn_sham import KohnShamSpec
    from clusterdft.symmetry.point_group import TOLERANCE

    json_target = JsonTarget(json)
    cluster, _ = read_structure(file, charge=charge, n_unpaired=parse_unpaired(unpaired))
    asked = load_method(method, **level)
    place = _folder(file, cluster) if out is None else out
    try:
        found = analyse(
            cluster,
            asked,
            tolerance=TOLERANCE if tolerance is None else tolerance,
            descend=descend,
            verify=verify,
            lower=lower,
            seed=seed,
            store=place / STORE_FILE,
            jobs=jobs or (1 if cluster.natom <= SMALL else usable_cores()),
            progress=None if quiet else tell_progress,
        )
    except KeyboardInterrupt:
        raise Stopped(
            f"Stopped: what is finished is kept in {place}; the same command goes on from there."
        ) from None
    values = jahn_teller_values(found)
    write_jahn_teller_files(values, KohnShamSpec(asked).description, place)
    if not quiet:
        tell(json, *jahn_teller_lines(values), f"files in {place}")
    json_target.write(values)


def _folder(file, cluster):
    """The default folder: NAME-jahn-teller, with a charge and a spin that were given."""
    from clusterdft.geometry.formula import formula_of

    sign = formula_of(cluster.symbols, cluster.charge).removeprefix(formula_of(cluster.symbols))
    spin = "" if cluster.n_unpaired is None else f"-{cluster.n_unpaired}-unpaired"
    return Path(f"{file.stem}{sign}{spin}-jahn-teller")
