"""The values of a study file: each function takes what stands in the file, or refuses it."""

import re
from math import isfinite

from clusterdft.errors import InputError, nearest_name_hint
from clusterdft.geometry.formula import parse_formula
from clusterdft.scf.method_file import unknown_key

MOST_SIZES = 1000


def read_table(table, schema, where, problems):
    """The checked values of a table; what is wrong is added to `problems`, with the path of the key.

    Parameters
    ----------
    table : as TOML gives it
    schema : {key: function that takes the value and gives the checked one, or raises InputError}
    where : path of the table, such as "search"
    problems : list of sentences

    Returns
    -------
    dict of the values that are right
    """
    if not isinstance(table, dict):
        problems.append(f"{where} is {table!r}; give a table [{where}]")
        return {}
    found = {}
    for key, value in table.items():
        if key not in schema:
            problems.append(f"{where}: {unknown_key(key, list(schema))}")
            continue
        try:
            found[key] = schema[key](value)
        except InputError as error:
            problems.append(f"{where}.{key}: {error}")
    return found


def text(value):
    """A name."""
    if not isinstance(value, str) or not value:
        raise InputError(f"{value!r} is no name; give one in quotes")
    return value


def texts(value):
    """A list of names; a single one will do."""
    return tuple(text(item) for item in (value if isinstance(value, list) else [value]))


def whole(low=None):
    """A whole number, at least `low`."""

    def check(value):
        if isinstance(value, bool) or not isinstance(value, int) or (low is not None and value < low):
            least = "" if low is None else f" of at least {low}"
            raise InputError(f"{value!r}; give a whole number{least}")
        return value

    return check


def number(low, high, such_as):
    """A number above `low` and below `high`."""

    def check(value):
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not low < value < high:
            span = f"above {low:g}" + (f" and below {high:g}" if isfinite(high) else "")
            raise InputError(f"{value!r}; give a number {span}, such as {such_as:g}")
        return float(value)

    return check


def flag(value):
    """True or false."""
    if not isinstance(value, bool):
        raise InputError(f"{value!r}; give true or false")
    return value


def choice(choices):
    """A name among choices."""

    def check(value):
        name = text(value)
        choices.pick(name)
        return name

    return check


def several(choices):
    """Names among choices; all that are unknown are told."""

    def check(value):
        wrong = []
        for name in texts(value):
            if name not in choices:
                wrong.append(f"unknown {choices.what} {name!r}{nearest_name_hint(name, choices, ', {}')}")
        if wrong:
            raise InputError(f"{'; '.join(wrong)}; there are: {', '.join(choices)}")
        return texts(value)

    return check


def whole_numbers(value):
    """A whole number, or a list of different ones."""
    numbers = tuple(whole()(item) for item in (value if isinstance(value, list) else [value]))
    if not numbers:
        raise InputError("the list is empty; give at least one number")
    return tuple(dict.fromkeys(numbers))


def sizes(value):
    """Numbers of atoms: 4, [2, 3, 4], or text such as "2-8, 13"; ascending."""
    found = set()
    for piece in value.split(",") if isinstance(value, str) else whole_numbers(value):
        span = re.fullmatch(r"(\d+)(?:\s*-\s*(\d+))?", str(piece).strip())
        low, high = (int(span[1]), int(span[2] or span[1])) if span else (0, 0)
        if not 1 <= low <= high <= MOST_SIZES:
            raise InputError(
                f'{str(piece).strip()!r} is no number of atoms; give a list such as [2, 3, 4], or "2-8, 13"'
            )
        found |= set(range(low, high + 1))
    return tuple(sorted(found))


def unpaired(value):
    """Unpaired electrons, "auto", or "scan"."""
    return value if value in ("auto", "scan") else whole(0)(value)


def formulas(value):
    """Chemical symbols of each of several formulas."""
    return tuple(parse_formula(item) for item in texts(value))


def elements(value):
    """Chemical symbols."""
    for item in texts(value):
        if len(parse_formula(item)) != 1:
            raise InputError(f"{item!r} is no element; give a chemical symbol such as Na, and the sizes")
    return tuple(dict.fromkeys(texts(value)))
