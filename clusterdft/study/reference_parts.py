"""What may stand in a reference file: each function refuses a wrong value, told with the path of its key."""

from collections.abc import Mapping
from math import inf

from clusterdft.errors import InputError

WORDS = ("point_group", "vibrations", "shape", "lowest_channel", "next_channel", "shells", "kind")
PAIRS = ("isotropic", "mulliken_spin", "loewdin_spin")
LISTS = ("frequencies_cm1", "infrared_km_per_mol", "levels_up_ev", "levels_down_ev", "levels_hartree")


def check_reference(table):
    """Raises InputError for a part of a reference file that tables and figures could not read.

    Parameters
    ----------
    table : dict, as TOML gives it
    """
    for name, check in PARTS.items():
        if name in table:
            check(table[name], name)


def _text(value, where):
    if not isinstance(value, str):
        raise InputError(f"{where} is {value!r}; give a sentence in quotes")


def _each(check, such_as):
    """A check of a table whose values all pass `check`."""

    def checked(value, where):
        if not isinstance(value, Mapping):
            raise InputError(f"{where} is {value!r}; give a table such as {such_as}")
        for key, item in value.items():
            check(item, f"{where}.{key}")

    return checked


def _value(value, where):
    """A published value: words, pairs or a number, as the column is."""
    column = where.rpartition(".")[2]
    if column in LISTS:
        raise InputError(f"{where}: lists are not compared; leave this column out")
    if column in WORDS and not isinstance(value, str):
        raise InputError(f"{where} is {value!r}; give a word in quotes")
    if column in PAIRS and not (isinstance(value, list) and value and all(map(_is_pair, value))):
        raise InputError(f"{where} is {value!r}; give [value, nuclei] pairs such as [[0.48, 2], [-0.04, 1]]")
    if column not in (*WORDS, *PAIRS) and not _is_number(value):
        raise InputError(f"{where} is {value!r}; give a number such as 0.45")


def _spread(value, where):
    """An expected spread: a number, or one of each cluster."""
    numbers = value.values() if isinstance(value, Mapping) else [value]
    if not all(_is_number(number) and number >= 0 for number in numbers):
        raise InputError(
            f'{where} is {value!r}; give a number such as 0.05, or {{ every = 0.05, "Na8+" = 0.07 }}'
        )


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and -inf < value < inf


def _is_pair(item):
    """Whether an item is [value, number of nuclei]."""
    if not (isinstance(item, list) and len(item) == 2 and all(map(_is_number, item))):
        return False
    return isinstance(item[1], int) and item[1] > 0


PARTS = {
    "title": _text,
    "source": _text,
    "sources": _each(_text, '{ dimers = "Table II" }'),
    "values": _each(
        _each(_each(_value, "{ bond_length_bohr = 5.48 }"), "Na2 = { bond_length_bohr = 5.48 }"),
        "[values.dimers]",
    ),
    "remarks": _each(_each(_text, 'Na2 = "a sentence"'), "[remarks.dimers]"),
    "expected_spread": _each(_each(_spread, "{ bond_length_bohr = 0.1 }"), "[expected_spread.dimers]"),
}
