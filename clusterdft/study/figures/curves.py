"""Columns of tables as curves against size."""

from clusterdft.errors import InputError
from clusterdft.report.canvas import BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILION
from clusterdft.report.series_figures import Series as Curve

SOURCES = {"paper": "paper", "experiment": "experiment"}
PALETTE = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY)  # of elements
CHARGES = {0: "neutral", 1: "cation", -1: "anion"}


def curves(series, rows, column, references, *, one_charge=False, needed=True):
    """Our values and the published ones of a column, a curve for each charge and element.

    Parameters
    ----------
    series : Series
    rows : of the table, with the references' columns
    column : name
    references : list of Reference; those that are neither "paper" nor "experiment" are not drawn
    one_charge : whether the legend need not name the charge; it names elements where there are several
    needed : whether there must be values of ours

    Returns
    -------
    list of report.series_figures.Series

    Raises
    ------
    InputError
        there are none, where they are needed
    """
    if needed and all(row.get(column) is None for row in rows):
        raise InputError(f"there is no {column}")
    entries = {entry.name: entry for entry in series.entries if entry.element}
    labels = [r.label for r in references if r.label in SOURCES]
    colours = _colours(entries.values())
    found = []
    for label in (None, *dict.fromkeys(labels)):
        kinds = {}
        for row in rows:
            value = row.get(column if label is None else f"{label}_{column}")
            entry = entries.get(row["cluster"])
            if value is not None and entry is not None:
                kinds.setdefault((entry.element, entry.charge), {})[entry.natom] = value
        for (element, charge), values in kinds.items():
            words = [element] if len(colours) > 1 else []
            words += [] if one_charge else [CHARGES.get(charge, f"charge {charge:+d}")]
            text = label or "computed"
            found.append(
                Curve(
                    label=f"{' '.join(words)}, {text}" if words else text,
                    values=values,
                    charge=charge,
                    source=SOURCES.get(label or "", "computed"),
                    colour=colours[element],
                )
            )
    return found


def _colours(entries):
    """{element: its colour}, or {element: None} of the only one, whose charges have colours of their own."""
    elements = list(dict.fromkeys(entry.element for entry in entries))
    if len(elements) == 1:
        return {elements[0]: None}
    return {element: PALETTE[k % len(PALETTE)] for k, element in enumerate(elements)}
