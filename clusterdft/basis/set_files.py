"""Files of orbital sets: one table an element, in TOML."""

import itertools
import math
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from clusterdft.basis.sets import WHAT
from clusterdft.basis.shells import ShellSet
from clusterdft.errors import InputError
from clusterdft.files.toml import TomlSource, read_toml
from clusterdft.units import MOMENTUM_LETTERS

MOMENTA = MOMENTUM_LETTERS[:3]  # that integrals go up to
LOWEST, HIGHEST = 1e-3, 1e3  # bohr^-2
CLOSEST = 1.1  # ratio of neighbouring exponents of one momentum, below which one of them adds nothing
HIGHEST_DEGREE = 6  # of a fitting shell
FITTING_SETS = ("default", "large")
KEYS = ("valence", "version", "source", *MOMENTA, "fitting")


# first exponent (bohr^-2), highest degree at each exponent
Ladder: TypeAlias = tuple[float, tuple[int, ...]]


@dataclass(frozen=True, kw_only=True, eq=False)
class ElementBasis:
    """Orbital shells of one element, and fitting ladders where the file gives them.

    Attributes
    ----------
    symbol : chemical symbol
    valence : electrons of a neutral atom that the set is made for
    shells : ((l, exponent bohr^-2), ...), by l and in the order of the file
    source : where the exponents come from
    version : of the exponents, counted from 1
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
    path : path of the file, or a readable resource

    Returns
    -------
    {symbol: ElementBasis}

    Raises
    ------
    InputError
        naming the file and the key, for every mistake in it
    """
    return basis_of_table(read_toml(path, WHAT), path)


def basis_of_table(table: dict[str, Any], path: TomlSource) -> dict[str, ElementBasis]:
    """The sets in the tables of such a file; `path` is for messages.

    Returns
    -------
    {symbol: ElementBasis}

    Raises
    ------
    InputError
        as `read_basis`
    """
    if not table:
        raise InputError(f"the {WHAT} {path} is empty; give one table an element, such as [Na]")
    return {symbol: _element(symbol, entry, f"{path}: {symbol}") for symbol, entry in table.items()}


def _element(symbol: str, entry: Any, where: str) -> ElementBasis:
    from ase.data import atomic_numbers

    if not isinstance(entry, dict) or symbol not in atomic_numbers or symbol == "X":
        raise InputError(f"{where} is no table of an element; give tables such as [Na] and [K]")
    _refuse_unknown(entry, KEYS, where)
    shells = tuple(
        (momentum, exponent)
        for momentum, letter in enumerate(MOMENTA)
        if letter in entry
        for exponent in _exponents(entry[letter], f"{where}.{letter}")
    )
    if not shells:
        raise InputError(f"{where} has no exponents; give at least one of the lists {', '.join(MOMENTA)}")
    source = entry.get("source", "")
    if not isinstance(source, str) or not source.strip():
        raise InputError(f"{where}.source is {_shown(source)}; say in quotes where the exponents come from")
    return ElementBasis(
        symbol=symbol,
        valence=_whole(entry.get("valence"), f"{where}.valence", 1, 118),
        shells=shells,
        source=source,
        version=_whole(entry.get("version", 1), f"{where}.version", 1, 10**9),
        ladders=_ladders(entry.get("fitting", {}), f"{where}.fitting"),
    )


def _exponents(values: Any, where: str) -> list[float]:
    """A list of exponents, none like another."""
    if not isinstance(values, list) or not values or not all(_is_exponent(a) for a in values):
        raise InputError(
            f"{where} is {_shown(values)}; give a list of exponents from {LOWEST:g} to {HIGHEST:g} bohr^-2"
        )
    ascending = sorted(values)
    for low, high in itertools.pairwise(ascending):
        if high < CLOSEST * low:
            raise InputError(f"{where} holds {low:g} and {high:g}, nearly the same function; leave one out")
    return [float(a) for a in values]


def _ladders(table: Any, where: str) -> dict[str, Ladder]:
    """{fitting set: (first, degrees)}."""
    if not isinstance(table, dict):
        raise InputError(f"{where} is {_shown(table)}; give tables {' and '.join(FITTING_SETS)}, or none")
    _refuse_unknown(table, FITTING_SETS, where)
    return {name: _ladder(entry, f"{where}.{name}") for name, entry in table.items()}


def _ladder(entry: Any, where: str) -> Ladder:
    keys = ("first", "degrees")
    if not isinstance(entry, dict) or set(entry) != set(keys):
        raise InputError(f"{where} is {_shown(entry)}; give first and degrees, and nothing else")
    if not _is_exponent(entry["first"]):
        raise InputError(
            f"{where}.first is {_shown(entry['first'])}; give an exponent from {LOWEST:g} to {HIGHEST:g}"
        )
    degrees = entry["degrees"]
    if not isinstance(degrees, list) or not 1 <= len(degrees) <= 20:
        raise InputError(f"{where}.degrees is {_shown(degrees)}; give a list of 1 to 20 whole numbers")
    whole = tuple(_whole(degree, f"{where}.degrees", 0, HIGHEST_DEGREE) for degree in degrees)
    return float(entry["first"]), whole


def _refuse_unknown(table: Collection[str], allowed: Collection[str], where: str) -> None:
    for key in table:
        if key not in allowed:
            raise InputError(f"{where}: unknown key {_shown(key)}; allowed: {', '.join(allowed)}")


def _is_exponent(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value) and LOWEST <= value <= HIGHEST


def _whole(value: Any, where: str, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        raise InputError(f"{where} is {_shown(value)}; give a whole number from {low} to {high}")
    return value


def _shown(value: Any) -> str:
    """The value as a message shows it, shortened."""
    if value is None or value == "":
        return "missing"
    text = repr(value)
    return text if len(text) < 60 else text[:57] + "..."


def toml_text(basis: ElementBasis, heading: str = "") -> str:
    """The text of a file that `read_basis` reads back as the same set.

    Parameters
    ----------
    basis : ElementBasis
    heading : lines of a comment above the table
    """
    lines = [f"# {line}".rstrip() for line in heading.splitlines()]
    lines += [f"[{basis.symbol}]", f"valence = {basis.valence}", f"version = {basis.version}"]
    lines.append(f"source = {_quoted(basis.source)}")
    for momentum, letter in enumerate(MOMENTA):
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
