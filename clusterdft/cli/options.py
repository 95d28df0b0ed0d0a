"""What several commands share: options, exit codes, and the values that options stand for.

Functions import numpy and what needs it when they run, so that `clusterdft --help` answers at once.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clusterdft.basis.sets import BASIS_SETS
from clusterdft.errors import InputError
from clusterdft.method import FORCES, OCCUPATIONS
from clusterdft.relaxation import RELAXERS
from clusterdft.surfaces import CLASSICAL_SURFACES
from clusterdft.xc import FUNCTIONALS

if TYPE_CHECKING:
    from clusterdft.cluster import Cluster
    from clusterdft.surfaces.surface import SurfaceSpec

OK, NOTHING_CONVERGED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130  # exit codes


class Stopped(Exception):
    """Ctrl-C; its text says what is finished and how to go on."""


def is_interrupt(error: BaseException | None) -> bool:
    """Whether an error is Ctrl-C, or what became of it in a compiled kernel.

    Numba's dispatcher swallows a KeyboardInterrupt that falls into it and gives its result all the same;
    Python answers with a SystemError whose cause is the interrupt.

    Parameters
    ----------
    error : exception or None

    Returns
    -------
    bool
    """
    while isinstance(error, SystemError):
        error = error.__cause__
    return isinstance(error, KeyboardInterrupt)


@contextmanager
def stopped_with(message: Callable[[], str]) -> Iterator[None]:
    """A block in which Ctrl-C becomes Stopped.

    Parameters
    ----------
    message : function without arguments
        What is finished by then and how to go on, asked when it happens.

    Yields
    ------
    None

    Raises
    ------
    Stopped
        On Ctrl-C.
    """
    try:
        yield
    except (KeyboardInterrupt, SystemError) as error:
        if is_interrupt(error):
            raise Stopped(message()) from None
        raise


def usable_cores() -> int:
    """Number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def names_of(choices: Iterable[str]) -> str:
    """Names in a line, for help texts."""
    return ", ".join(choices)


StructureFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="Geometry, in any format that ASE reads.")
]
Charge = Annotated[int, typer.Option(help="Charge of the cluster, positive for cations.")]
FileCharge = Annotated[
    int | None, typer.Option(help="Charge of the cluster; without it, the one the file declares, or 0.")
]
Unpaired = Annotated[str, typer.Option(metavar="auto|N", help="Unpaired electrons; auto: an outcome.")]
MethodFile = Annotated[Path | None, typer.Option("--method", metavar="FILE.toml", help="Level of theory.")]
Pseudopotential = Annotated[str | None, typer.Option(help="Pseudopotential, such as bhs or gth-pade-q1.")]
Basis = Annotated[str | None, typer.Option(help=f"Basis set: {names_of(BASIS_SETS)}, or a TOML file.")]
Functional = Annotated[str | None, typer.Option(help=f"{names_of(FUNCTIONALS)}, or an LDA or GGA of libxc.")]
Occupation = Annotated[str | None, typer.Option(help=f"How levels are filled: {names_of(OCCUPATIONS)}.")]
Width = Annotated[float | None, typer.Option(help="Width of the smearing, hartree.")]
SurfaceName = Annotated[
    str | None,
    typer.Option(
        "--surface", help=f"A classical surface, for tests, instead: {names_of(CLASSICAL_SURFACES)}."
    ),
]
RelaxerName = Annotated[str, typer.Option(help=f"How to relax: {names_of(RELAXERS)}.")]
Fmax = Annotated[float, typer.Option("--fmax", help="Largest force of a relaxed cluster, eV/angstrom.")]
MaxCalls = Annotated[int, typer.Option(help="Force calls of a relaxation at most.")]
Forces = Annotated[
    str | None, typer.Option(metavar="|".join(FORCES), help="Forces that the relaxation follows.")
]
Json = Annotated[
    str | None, typer.Option("--json", metavar="PATH", help="Write the result as JSON; - is standard output.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")]


METHOD_OPTIONS = {
    "pseudopotential": Pseudopotential,
    "basis": Basis,
    "functional": Functional,
    "occupation": Occupation,
    "width": Width,
    "forces": Forces,
}


def with_method_options(
    *names: str,
) -> Callable[[Callable[..., int | None]], Callable[..., int | None]]:
    """A decorator that replaces the parameter `level` of a command by some of METHOD_OPTIONS.

    Parameters
    ----------
    *names : str
        Which options; `level` receives them as {name: value}, None where one was not given.

    Returns
    -------
    function
        The decorator.
    """

    def replace_level(command: Callable[..., int | None]) -> Callable[..., int | None]:
        own = list(signature(command).parameters.values())
        position = [parameter.name for parameter in own].index("level")
        kind = own[position].kind
        options = [Parameter(name, kind, default=None, annotation=METHOD_OPTIONS[name]) for name in names]

        @wraps(command)
        def run(**arguments: Any) -> int | None:
            level = {name: arguments.pop(name) for name in names}
            return command(**arguments, level=level)

        run.__signature__ = Signature(  # type: ignore[attr-defined] # what typer reads
            [*own[:position], *options, *own[position + 1 :]]
        )
        return run

    return replace_level


def surface_spec(surface: str | None, method: Path | None, **level: object) -> "SurfaceSpec":
    """The surface that options ask for.

    Parameters
    ----------
    surface : str
        Name of a classical surface, or None.
    method : path
        Method file, or None.
    **level
        Fields of Method that replace those of the file; None for those that were not given.

    Returns
    -------
    SurfaceSpec

    Raises
    ------
    InputError
        A classical surface together with options of a method, or values that no method has.
    """
    overrides = {name: value for name, value in level.items() if value is not None}
    if surface is not None:
        if overrides or method is not None:
            named = ", ".join(f"--{name}" for name in (*(("method",) if method else ()), *overrides))
            raise InputError(
                f"a classical surface has no electronic structure: leave out {named}, or --surface"
            )
        classical: SurfaceSpec = CLASSICAL_SURFACES.pick(surface)()
        return classical
    from clusterdft.scf.method_file import load_method
    from clusterdft.surfaces.kohn_sham import KohnShamSpec

    return KohnShamSpec(load_method(method, **overrides))


def read_cluster(file: Path, charge: int | None, unpaired: str) -> "Cluster":
    """The cluster of a structure file; standard error says which geometry and charge were taken unasked.

    Parameters
    ----------
    file : path
        In a format of ASE.
    charge : elementary charges
        None for the charge that the file declares.
    unpaired : str
        "auto", or a number of electrons.

    Returns
    -------
    Cluster

    Raises
    ------
    InputError
        A file that cannot be read, or a text that is no number of electrons.
    """
    from clusterdft.files.structures import read_structure

    cluster, n_frames = read_structure(file, charge=charge, n_unpaired=parse_unpaired(unpaired))
    if n_frames > 1:
        print(f"{file} holds {n_frames} geometries; this is the last.", file=sys.stderr)
    if charge is None and cluster.charge:
        print(f"{file} declares charge {cluster.charge:+d}.", file=sys.stderr)
    return cluster


def parse_unpaired(text: str) -> int | None:
    """Number of unpaired electrons, or None for "auto".

    Raises
    ------
    InputError
        Another word than "auto".
    """
    if text == "auto":
        return None
    if not text.isdecimal():
        also = ", or scan in a search" if text == "scan" else ""
        raise InputError(f"--unpaired {text!r}; give auto or a number of electrons such as 0 or 1{also}")
    return int(text)


def parse_fmax(ev_per_angstrom: float) -> float:
    """Largest force of a relaxed cluster, hartree/bohr."""
    from clusterdft.units import HARTREE_PER_BOHR_EV_PER_ANGSTROM

    return ev_per_angstrom / HARTREE_PER_BOHR_EV_PER_ANGSTROM
