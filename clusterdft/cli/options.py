"""What several commands share: options, exit codes, and the values that options stand for.

Heavy imports stand inside the functions, as in `cli`.
"""

import os
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated

import typer

from clusterdft.basis.sets import BASIS_SETS
from clusterdft.errors import InputError
from clusterdft.method import FORCES, OCCUPATIONS
from clusterdft.relaxation import RELAXERS
from clusterdft.surfaces import CLASSICAL_SURFACES
from clusterdft.xc import FUNCTIONALS

OK, NOTHING_CONVERGED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


class Stopped(Exception):
    """Ctrl-C, with what to tell."""


def usable_cores():
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def names_of(choices):
    """The names of a folder's choices, for help texts."""
    return ", ".join(choices)


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
Relaxer = Annotated[str, typer.Option(help=f"How to relax: {names_of(RELAXERS)}.")]
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


def takes_level(*names):
    """A decorator: the parameter `level` of a command becomes these options, and gets {name: value}."""

    def expanded(command):
        own = list(signature(command).parameters.values())
        place = [one.name for one in own].index("level")
        options = [
            Parameter(name, own[place].kind, default=None, annotation=METHOD_OPTIONS[name]) for name in names
        ]

        @wraps(command)
        def run(**given):
            level = {name: given.pop(name) for name in names}
            return command(**given, level=level)

        run.__signature__ = Signature([*own[:place], *options, *own[place + 1 :]])
        return run

    return expanded


def surface_spec(surface, method, **given):
    """The surface that the options ask for; `given` are fields of Method, or None."""
    overrides = {name: value for name, value in given.items() if value is not None}
    if surface is not None:
        if overrides or method is not None:
            named = ", ".join(f"--{name}" for name in (*(("method",) if method else ()), *overrides))
            raise InputError(
                f"a classical surface has no electronic structure: leave out {named}, or --surface"
            )
        return CLASSICAL_SURFACES.pick(surface)()
    from clusterdft.scf.method_file import load_method
    from clusterdft.surfaces.kohn_sham import KohnShamSpec

    return KohnShamSpec(load_method(method, **overrides))


def parse_unpaired(text):
    """Unpaired electrons, or None for "auto"."""
    if text == "auto":
        return None
    if not text.isdecimal():
        also = ", or scan in a search" if text == "scan" else ""
        raise InputError(f"--unpaired {text!r}; give auto or a number of electrons such as 0 or 1{also}")
    return int(text)


def parse_fmax(ev_per_angstrom):
    """The largest force of a relaxed cluster, hartree/bohr."""
    from clusterdft.units import HARTREE_PER_BOHR_EV_PER_ANGSTROM

    return ev_per_angstrom / HARTREE_PER_BOHR_EV_PER_ANGSTROM
