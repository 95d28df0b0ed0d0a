"""The command `clusterdft jahn-teller`. Heavy imports stand inside, as in `cli`."""

from pathlib import Path
from typing import Annotated

import typer

from clusterdft.cli_options import (
    FileCharge,
    Json,
    MethodFile,
    Quiet,
    parse_unpaired,
    takes_level,
)
from clusterdft.report.output import JsonTarget, tell


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
    json: Json = None,
    quiet: Quiet = False,
):
    """Jahn-Teller effect of a symmetric geometry: open level, couplings, distorted minima."""
    from clusterdft.config import load_method
    from clusterdft.jahn_teller.analysis import jahn_teller as analyse
    from clusterdft.jahn_teller.report import jahn_teller_lines, jahn_teller_values
    from clusterdft.structure_files import read_structure
    from clusterdft.symmetry.point_group import TOLERANCE

    json_target = JsonTarget(json)
    cluster, _ = read_structure(file, charge=charge, n_unpaired=parse_unpaired(unpaired))
    found = analyse(
        cluster,
        load_method(method, **level),
        tolerance=TOLERANCE if tolerance is None else tolerance,
        descend=descend,
        verify=verify,
        lower=lower,
        seed=seed,
    )
    values = jahn_teller_values(found)
    if not quiet:
        tell(json, *jahn_teller_lines(values))
    json_target.write(values)
