"""Dissociation channels of the lowest isomers."""

from clusterdft.geometry.formula import formula_of
from clusterdft.properties import dissociation as properties
from clusterdft.study.tables.rows import row
from clusterdft.units import HARTREE_EV

COLUMNS = ("lowest_channel", "dissociation_energy_ev", "next_channel", "next_channel_energy_ev")


def dissociation(series):
    """One row a cluster: the lowest channel and the next."""
    return [_row(series, entry) for entry in series.clusters()]


def channels_of(series, entry):
    """All channels of a cluster, the cheapest first, and the fragments that are not known.

    Returns
    -------
    list of {"channel": "Na + Na3", "energy_ev": number}, list of names, and why there are none
    """
    if not entry.isomers:
        return [], [], entry.reason
    if not entry.element:
        return [], [], "channels are told of clusters of one element"
    energies = series.energies_of_element(entry.element)
    found = properties.dissociation(energies, entry.natom, entry.charge)
    channels = [
        {
            "channel": _channel(entry.element, channel.fragments),
            "energy_ev": channel.energy * HARTREE_EV,
        }
        for channel in found.channels
    ]
    return channels, [_name(entry.element, fragment) for fragment in found.missing], ""


def _row(series, entry):
    channels, missing, remark = channels_of(series, entry)
    values = dict.fromkeys(COLUMNS)
    if missing:
        remark = f"the lowest channel is not known without {', '.join(missing)}"
    elif channels:
        names = zip(COLUMNS[::2], COLUMNS[1::2], strict=True)
        for (name, energy), channel in zip(names, channels, strict=False):
            values |= {name: channel["channel"], energy: channel["energy_ev"]}
    return row(entry, values, remark)


def _channel(element, fragments):
    """Such as Na + Na3+: the smaller fragment first, of the same size the less charged."""
    ordered = sorted(fragments, key=lambda fragment: (fragment[0], abs(fragment[1]), fragment[1]))
    return " + ".join(_name(element, fragment) for fragment in ordered)


def _name(element, fragment):
    n, charge = fragment
    return formula_of((element,) * n, charge)
