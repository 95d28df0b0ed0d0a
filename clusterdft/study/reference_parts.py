"""What a reference file may hold: what tables and figures can read of it."""

from collections.abc import Mapping
from typing import Any

from clusterdft.schema import Each, Kind, Refused, Table, is_number, number, refused, text

WORD_COLUMNS = ("point_group", "vibrations", "shape", "lowest_channel", "next_channel", "shells", "kind")
PAIRS = ("isotropic", "mulliken_spin", "loewdin_spin")
LIST_COLUMNS = ("frequencies_cm1", "infrared_km_per_mol", "levels_up_ev", "levels_down_ev", "levels_hartree")


def _sentence(value: Any) -> str:
    """Any text, also an empty one."""
    if not isinstance(value, str):
        raise refused(value, "give a sentence in quotes")
    return value


def _published(column: str) -> Kind:
    """Kind of a published value: words, pairs or a number, as the column of our tables is."""
    if column in LIST_COLUMNS:
        return _no_list
    if column in WORD_COLUMNS:
        return text("give a word in quotes")
    return _pairs if column in PAIRS else number(what="a number such as 0.45")


def _no_list(value: Any) -> None:
    raise Refused("is of a column of lists, which are not compared; leave it out")


def _pairs(value: Any) -> list[Any]:
    """Values with the number of nuclei that have each."""
    if not (isinstance(value, list) and value and all(map(_is_pair, value))):
        raise refused(value, "give [value, nuclei] pairs such as [[0.48, 2], [-0.04, 1]]")
    return value


def _is_pair(item: Any) -> bool:
    if not (isinstance(item, list) and len(item) == 2 and all(map(is_number, item))):
        return False
    return abs(item[0]) < float("inf") and isinstance(item[1], int) and item[1] > 0


def _spread(value: Any) -> Any:
    """An expected spread: a number, or one of each cluster."""
    spreads = value.values() if isinstance(value, Mapping) else [value]
    if not all(is_number(spread) and 0 <= spread < float("inf") for spread in spreads):
        raise refused(value, 'give a number such as 0.05, or { every = 0.05, "Na8+" = 0.07 }')
    return value


def _each(kind: Kind, such_as: str) -> Each:
    """Kind of a table whose values are all of one kind."""
    return Each(lambda key: kind, advice=f"give a table such as {such_as}")


REFERENCE = Table(
    {
        "label": text('give a word in quotes such as "paper"'),
        "title": _sentence,
        "source": _sentence,
        "sources": _each(_sentence, '{ dimers = "Table II" }'),
        "values": _each(
            _each(
                Each(_published, advice="give a table such as { bond_length_bohr = 5.48 }"),
                "Na2 = { bond_length_bohr = 5.48 }",
            ),
            "[values.dimers]",
        ),
        "remarks": _each(_each(_sentence, 'Na2 = "a sentence"'), "[remarks.dimers]"),
        "expected_spread": _each(_each(_spread, "{ bond_length_bohr = 0.1 }"), "[expected_spread.dimers]"),
    },
    required=("label", "values"),
    is_open=True,
)
