"""The values of a study file: kinds that take what stands in the file, or refuse it."""

import re
from collections.abc import Iterable
from typing import Any

from clusterdft.errors import InputError, nearest_name_hint
from clusterdft.files.choices import Choices
from clusterdft.geometry.formula import parse_formula
from clusterdft.schema import Kind, text, whole

MOST_SIZES = 1000  # atoms


def texts(value: Any) -> tuple[str, ...]:
    """A list of names; a single one will do."""
    return tuple(text()(item) for item in _listed(value))


def _listed(value: Any) -> list[Any]:
    """What was written as a list; a single value counts as one."""
    return value if isinstance(value, list) else [value]


def choice(choices: Choices) -> Kind:
    """Kind of a name among choices."""

    def check(value: Any) -> str:
        name: str = text()(value)
        choices.pick(name)
        return name

    return check


def several(choices: Choices) -> Kind:
    """Kind of names among choices; all that are unknown are in the message."""

    def check(value: Any) -> tuple[str, ...]:
        names = texts(value)
        wrong = [name for name in names if name not in choices]
        if wrong:
            hints = (f"unknown {choices.what} {n!r}{nearest_name_hint(n, choices, ', {}')}" for n in wrong)
            raise InputError(f"{'; '.join(hints)}; there are: {', '.join(choices)}")
        return names

    return check


def whole_numbers(value: Any) -> tuple[int, ...]:
    """A whole number, or a list of different ones."""
    numbers = [whole()(item) for item in _listed(value)]
    if not numbers:
        raise InputError("the list is empty; give at least one number")
    return tuple(dict.fromkeys(numbers))


def sizes(value: Any) -> tuple[int, ...]:
    """Numbers of atoms: 4, [2, 3, 4], or text such as "2-8, 13"; ascending."""
    numbers: set[int] = set()
    pieces: Iterable[str | int] = value.split(",") if isinstance(value, str) else whole_numbers(value)
    for piece in pieces:
        span = re.fullmatch(r"(\d+)(?:\s*-\s*(\d+))?", str(piece).strip())
        low, high = (int(span[1]), int(span[2] or span[1])) if span else (0, 0)
        if not 1 <= low <= high <= MOST_SIZES:
            raise InputError(
                f'{str(piece).strip()!r} is no number of atoms; give a list such as [2, 3, 4], or "2-8, 13"'
            )
        numbers |= set(range(low, high + 1))
    return tuple(sorted(numbers))


def unpaired(value: Any) -> int | str:
    """Unpaired electrons, "auto", or "scan"."""
    n_unpaired: int | str = value if value in ("auto", "scan") else whole(0)(value)
    return n_unpaired


def formulas(value: Any) -> tuple[tuple[str, ...], ...]:
    """Chemical symbols of each of several formulas."""
    return tuple(parse_formula(item) for item in texts(value))


def elements(value: Any) -> tuple[str, ...]:
    """Chemical symbols."""
    symbols = texts(value)
    for symbol in symbols:
        if len(parse_formula(symbol)) != 1:
            raise InputError(f"{symbol!r} is no element; give a chemical symbol such as Na, and the sizes")
    return tuple(dict.fromkeys(symbols))
