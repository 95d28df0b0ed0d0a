"""Dissociation channels of the lowest isomers."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from clusterdft.geometry.formula import formula_of
from clusterdft.properties.dissociation import dissociation
from clusterdft.report.series_figures import draw_stability
from clusterdft.study.quantities.rows_and_curves import Row, curves, row_of
from clusterdft.study.references import Reference
from clusterdft.study.series import Entry, Series
from clusterdft.units import HARTREE_EV

CHANNEL_COLUMNS = ("lowest_channel", "dissociation_energy_ev", "next_channel", "next_channel_energy_ev")


def dissociation_rows(series: Series) -> list[Row]:
    """One row a cluster: the lowest channel and the next."""
    return [_row(series, entry) for entry in series.clusters()]


def dissociation_figure(
    series: Series, tables: Mapping[str, Sequence[Row]], references: Sequence[Reference], path: Path
) -> None:
    """Draw the lowest dissociation energies and the second differences of all charges against size.

    Channels are named by what they split off, where all clusters are of one element.
    """
    one_element = len({entry.element for entry in series.entries if entry.element}) == 1
    split_off = {
        (entry.charge, entry.natom): row["lowest_channel"].split(" + ")[0]
        for row in tables["dissociation"]
        for entry in series.entries
        if entry.name == row["cluster"] and row["lowest_channel"]
    }
    draw_stability(
        curves(series, tables["dissociation"], "dissociation_energy_ev", references),
        curves(series, tables["atomization"], "second_difference_ev", (), needed=False),
        path,
        channels=split_off if one_element else None,
    )


def channels_of(series: Series, entry: Entry) -> tuple[list[dict[str, Any]], list[str], str]:
    """All channels of a cluster, the cheapest first, and the fragments that are not known.

    Returns
    -------
    list of dict
        {"channel": "Na + Na3", "energy_ev": number}
    list of str
        Names of fragments without an energy.
    str
        Why there are no channels; empty where there are.
    """
    if not entry.isomers:
        return [], [], entry.reason
    element = entry.element
    if element is None:
        return [], [], "channels are told of clusters of one element"
    result = dissociation(series.energies_of_element(element), entry.natom, entry.charge)
    channels = [
        {"channel": _channel(element, channel.fragments), "energy_ev": channel.energy * HARTREE_EV}
        for channel in result.channels
    ]
    return channels, [_name(element, fragment) for fragment in result.missing], ""


def _row(series: Series, entry: Entry) -> Row:
    channels, missing, remark = channels_of(series, entry)
    values: dict[str, Any] = dict.fromkeys(CHANNEL_COLUMNS)
    if missing:
        remark = f"the lowest channel is not known without {', '.join(missing)}"
    elif channels:
        names = zip(CHANNEL_COLUMNS[::2], CHANNEL_COLUMNS[1::2], strict=True)
        for (name, energy), channel in zip(names, channels, strict=False):
            values |= {name: channel["channel"], energy: channel["energy_ev"]}
    return row_of(entry, values, remark)


def _channel(element: str, fragments: Sequence[tuple[int, int]]) -> str:
    """Such as Na + Na3+: the smaller fragment first, of the same size the less charged."""
    ordered = sorted(fragments, key=lambda fragment: (fragment[0], abs(fragment[1]), fragment[1]))
    return " + ".join(_name(element, fragment) for fragment in ordered)


def _name(element: str, fragment: tuple[int, int]) -> str:
    n, charge = fragment
    return formula_of((element,) * n, charge)
