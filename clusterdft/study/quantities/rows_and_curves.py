"""Rows of tables, and columns of tables as curves against size."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from clusterdft.errors import InputError
from clusterdft.report.canvas import BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILION
from clusterdft.report.series_figures import Curve
from clusterdft.study.references import Reference
from clusterdft.study.series import Entry, Series

Row: TypeAlias = dict[str, Any]
"""From column to value; "cluster" is the first column, and "remark" says why values are missing."""

DRAWN_REFERENCES = ("paper", "experiment")  # labels of references, and sources of curves
ELEMENT_COLOURS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY)
CHARGES = {0: "neutral", 1: "cation", -1: "anion"}


def row_of(entry: Entry, values: Mapping[str, Any], *remarks: str) -> Row:
    """A row of a cluster: its name, the values, and why some of them are missing.

    Parameters
    ----------
    entry : Entry
        The cluster.
    values : mapping
        From column to value.
    *remarks : str
        Sentences; empty ones are left out, and each appears once.

    Returns
    -------
    dict
        From column to value.
    """
    remark = "; ".join(dict.fromkeys(remark for remark in remarks if remark))
    return {"cluster": entry.name, **values, "remark": remark}


def picked(value: Mapping[str, Any] | None, columns: Iterable[str]) -> dict[str, Any]:
    """Some columns of a property's dict; all None where there is none."""
    return {column: None if value is None else value[column] for column in columns}


def reason(series: Series, entry: Entry, name: str) -> str:
    """Why a property is missing; empty where it is there."""
    return "" if series.computed_value(entry, name) is not None else series.reason(entry, name)


def curves(
    series: Series,
    rows: Sequence[Row],
    column: str,
    references: Sequence[Reference],
    *,
    one_charge: bool = False,
    needed: bool = True,
) -> list[Curve]:
    """Our values and the published ones of a column, a curve for each charge and element.

    Parameters
    ----------
    series : Series
        What the rows are of.
    rows : sequence of dict
        Of the table, with the references' columns.
    column : str
        Its name.
    references : sequence of Reference
        Those that are neither "paper" nor "experiment" are not drawn.
    one_charge : bool
        Whether the legend need not name the charge; it names elements where there are several.
    needed : bool
        Whether there must be values of ours.

    Returns
    -------
    list of Curve

    Raises
    ------
    InputError
        There are none, where they are needed.
    """
    if needed and all(row.get(column) is None for row in rows):
        raise InputError(f"there is no {column}")
    entries = {entry.name: entry for entry in series.entries if entry.element}
    labels = dict.fromkeys(r.label for r in references if r.label in DRAWN_REFERENCES)
    colours = _colours(entries.values())
    drawn = []
    for label in (None, *labels):
        name = column if label is None else f"{label}_{column}"
        for (element, charge), values in _by_kind(entries, rows, name).items():
            words = [element] if element and len(colours) > 1 else []
            words += [] if one_charge else [CHARGES.get(charge, f"charge {charge:+d}")]
            text = label or "computed"
            drawn.append(
                Curve(
                    label=f"{' '.join(words)}, {text}" if words else text,
                    values=values,
                    charge=charge,
                    source=text,
                    colour=colours[element],
                )
            )
    return drawn


def _by_kind(
    entries: Mapping[str, Entry], rows: Iterable[Row], column: str
) -> dict[tuple[str | None, int], dict[int, Any]]:
    """{(element, charge): {number of atoms: value of a column}} of the entries with a value."""
    kinds: dict[tuple[str | None, int], dict[int, Any]] = {}
    for row in rows:
        value, entry = row.get(column), entries.get(row["cluster"])
        if value is not None and entry is not None:
            kinds.setdefault((entry.element, entry.charge), {})[entry.natom] = value
    return kinds


def _colours(entries: Iterable[Entry]) -> dict[str | None, str | None]:
    """{element: its colour}, or {element: None} of the only one, whose charges have colours of their own."""
    elements = list(dict.fromkeys(entry.element for entry in entries))
    if len(elements) == 1:
        return {elements[0]: None}
    return {element: ELEMENT_COLOURS[k % len(ELEMENT_COLOURS)] for k, element in enumerate(elements)}
