"""Files of orbital sets: one table an element, in TOML."""

import itertools
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from clusterdft.errors import InputError
from clusterdft.files.toml import TomlSource, read_toml
from clusterdft.schema import Kind, Refused, Table, list_of, number, read, refused, text, whole
from clusterdft.units import MOMENTUM_LETTERS

SHELL_TYPES = MOMENTUM_LETTERS[:3]  # the integrals go up to d
LOWEST_EXPONENT, HIGHEST_EXPONENT = 1e-3, 1e3  # bohr^-2
CLOSEST_RATIO = 1.1  # of neighbouring exponents of one momentum, below which one of them adds nothing
HIGHEST_DEGREE = 6  # of a fitting shell
FITTING_SETS = ("default", "large")
BASIS_FILE = "basis file"  # what messages call one


# shells of one element: (l, exponent bohr^-2) of orbitals, (highest degree, exponent bohr^-2) of fits
ShellSet: TypeAlias = tuple[tuple[int, float], ...]
# first exponent (bohr^-2), highest degree at each exponent
Ladder: TypeAlias = tuple[float, tuple[int, ...]]


@dataclass(frozen=True, kw_only=True, eq=False)
class ElementBasis:
    """Orbital shells of one element, and fitting ladders where the file gives them.

    Attributes
    ----------
    symbol : str
        Chemical symbol.
    valence : int
        Electrons of a neutral atom that the set is made for.
    shells : ((l, exponent bohr^-2), ...)
        By l and in the order of the file.
    source : str
        Where the exponents come from.
    version : int
        Of the exponents, counted from 1.
    ladders : {fitting set: (first exponent in bohr^-2, highest degree at each exponent)}
    """

    symbol: str
    valence: int
    shells: ShellSet
    source: str
    version: int = 1
    ladders: dict[str, Ladder] = field(default_factory=dict)


def read_basis(path: TomlSource) -> dict[str, ElementBasis]:
    """Read the orbital sets of one or more elements from a TOML file.

        [K]
        valence = 1
        version = 1              # may be left out
        source = "where the exponents come from"
        s = [0.017, 0.05]        # exponents in bohr^-2; s, p and d, at least one of them
        p = [0.06]
        [K.fitting]              # may be left out, or give one of the two; first exponent and degrees
        default = { first = 0.03, degrees = [1, 2, 3, 2, 1] }
        large = { first = 0.02, degrees = [2, 3, 3, 3, 3, 2, 2] }

    Parameters
    ----------
    path : path or readable resource

    Returns
    -------
    {symbol: ElementBasis}

    Raises
    ------
    InputError
        Naming the file and the key, for every mistake in it.
    """
    return basis_of_table(read_toml(path, BASIS_FILE), path)


def basis_of_table(table: dict[str, Any], path: TomlSource) -> dict[str, ElementBasis]:
    """The sets in the tables of such a file; `path` is for messages.

    Returns
    -------
    {symbol: ElementBasis}

    Raises
    ------
    InputError
        As `read_basis`.
    """
    if not table:
        raise InputError(f"the {BASIS_FILE} {path} is empty; give one table an element, such as [Na]")
    problems: list[str] = []
    elements = {symbol: read(entry, _element(symbol), symbol, problems) for symbol, entry in table.items()}
    if problems:
        raise InputError(f"{path}: {'; '.join(problems)}")
    return elements


def _element(symbol: str) -> Kind:
    """Kind of the table of one element."""
    from ase.data import atomic_numbers

    def check(entry: Any) -> ElementBasis:
        if not isinstance(entry, dict) or symbol not in atomic_numbers or symbol == "X":
            raise Refused("is no table of an element; give tables such as [Na] and [K]")
        values = ELEMENT(entry)
        shells = tuple(
            (momentum, exponent)
            for momentum, letter in enumerate(SHELL_TYPES)
            for exponent in values.get(letter, ())
        )
        if not shells:
            raise Refused(f"has no exponents; give at least one of the lists {', '.join(SHELL_TYPES)}")
        return ElementBasis(
            symbol=symbol,
            valence=values["valence"],
            shells=shells,
            source=values["source"],
            version=values.get("version", 1),
            ladders=values.get("fitting", {}),
        )

    return check


def _exponents(values: Any) -> list[float]:
    """A list of exponents, none like another."""
    try:
        exponents: list[float] = list_of(EXPONENT, "")(values)
    except InputError:
        advice = f"give a list of exponents from {LOWEST_EXPONENT:g} to {HIGHEST_EXPONENT:g} bohr^-2"
        raise refused(values, advice) from None
    for low, high in itertools.pairwise(sorted(exponents)):
        if high < CLOSEST_RATIO * low:
            raise Refused(f"holds {low:g} and {high:g}, nearly the same function; leave one out")
    return exponents


def _ladder(value: Any) -> Ladder:
    """First exponent and degrees of a ladder."""
    values = LADDER(value)
    return values["first"], tuple(values["degrees"])


EXPONENT = number(LOWEST_EXPONENT, HIGHEST_EXPONENT, what="an exponent")
LADDER = Table(
    {
        "first": EXPONENT,
        "degrees": list_of(whole(0, HIGHEST_DEGREE), "give a list of 1 to 20 whole numbers", most=20),
    },
    required=("first", "degrees"),
    advice="give first and degrees, and nothing else",
)
ELEMENT = Table(
    {
        "valence": whole(1, 118),
        "version": whole(1, 10**9),
        "source": text("say in quotes where the exponents come from"),
        **dict.fromkeys(SHELL_TYPES, _exponents),
        "fitting": Table(
            dict.fromkeys(FITTING_SETS, _ladder),
            advice=f"give tables {' and '.join(FITTING_SETS)}, or none",
        ),
    },
    required=("valence", "source"),
)


def toml_text(basis: ElementBasis, heading: str = "") -> str:
    """The text of a file that `read_basis` reads back as the same set.

    Parameters
    ----------
    basis : ElementBasis
    heading : str
        Lines of a comment above the table.

    Returns
    -------
    str
    """
    lines = [f"# {line}".rstrip() for line in heading.splitlines()]
    lines += [f"[{basis.symbol}]", f"valence = {basis.valence}", f"version = {basis.version}"]
    lines.append(f"source = {_quoted(basis.source)}")
    for momentum, letter in enumerate(SHELL_TYPES):
        exponents = [repr(a) for l, a in basis.shells if l == momentum]  # noqa: E741
        if exponents:
            lines.append(f"{letter} = [{', '.join(exponents)}]")
    if basis.ladders:
        lines.append(f"[{basis.symbol}.fitting]")
        lines += [
            f"{name} = {{ first = {first!r}, degrees = {list(degrees)} }}"
            for name, (first, degrees) in basis.ladders.items()
        ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    control = {code: f"\\u{code:04x}" for code in (*range(32), 127)}
    return f'"{escaped.translate(control)}"'
