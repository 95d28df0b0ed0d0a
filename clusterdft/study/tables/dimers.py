"""Spectroscopic constants of the dimers."""

from clusterdft.study.tables.rows import picked, reason, row

COLUMNS = ("bond_length_bohr", "dissociation_energy_ev", "frequency_cm1")


def dimers(series):
    """One row a dimer of one element."""
    pairs = (entry for entry in series.clusters() if entry.natom == 2 and entry.element)
    return [
        row(entry, picked(series.given(entry, "dimer-curve"), COLUMNS), reason(series, entry, "dimer-curve"))
        for entry in pairs
    ]
