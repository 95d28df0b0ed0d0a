"""Columns of tables as curves against size."""

from clusterdft.errors import InputError
from clusterdft.report.series_figures import Series as Curve

SOURCES = {"paper": "paper", "experiment": "experiment"}
CHARGES = {0: "neutral", 1: "cation", -1: "anion"}


def curves(series, rows, column, references, *, one_charge=False, needed=True):
    """Our values and the published ones of a column, a curve for each charge.

    Parameters
    ----------
    series : Series
    rows : of the table, with the references' columns
    column : name
    references : list of Reference; those that are neither "paper" nor "experiment" are not drawn
    one_charge : whether the legend need not name the charge
    needed : whether there must be values of ours
    Returns
    -------
    list of report.series_figures.Series
    Raises
    ------
    InputError   there are none, where they are needed
    """
    if needed and all(row.get(column) is None for row in rows):
        raise InputError(f"there is no {column}")
    entries = {entry.name: entry for entry in series.entries if entry.element}
    labels = [r.label for r in references if r.label in SOURCES]
    found = []
    for label in (None, *dict.fromkeys(labels)):
        by_charge = {}
        for row in rows:
            value = row.get(column if label is None else f"{label}_{column}")
            entry = entries.get(row["cluster"])
            if value is not None and entry is not None:
                by_charge.setdefault(entry.charge, {})[entry.natom] = value
        for charge, values in by_charge.items():
            name = CHARGES.get(charge, f"charge {charge:+d}")
            text = label or "computed"
            found.append(
                Curve(
                    label=text if one_charge else f"{name}, {text}",
                    values=values,
                    charge=charge,
                    source=SOURCES.get(label or "", "computed"),
                )
            )
    return found
