"""Harmonic vibrations of the lowest isomers."""

from clusterdft.study.tables.rows import picked, reason, row


def vibrations(series):
    """One row a cluster."""
    return [_row(series, entry) for entry in series.clusters()]


def _row(series, entry):
    found = series.given(entry, "vibrations")
    values = picked(found, ("kind", "zero_point_energy_ev", "frequencies_cm1"))
    remark = "" if found is None else found["reason"]
    return row(entry, values, reason(series, entry, "vibrations"), remark)
