"""Harmonic vibrations of the lowest isomers, and how strongly each absorbs infrared light."""

from clusterdft.study.tables.rows import picked, reason, row

COLUMNS = ("kind", "zero_point_energy_ev", "frequencies_cm1", "infrared_km_per_mol")
DARK = "no intensities: the search kept no dipoles of its points, or the surface has none"


def vibrations(series):
    """One row a cluster; intensities in the order of the frequencies."""
    return [_row(series, entry) for entry in series.clusters()]


def _row(series, entry):
    found = series.given(entry, "vibrations")
    values = picked(found, COLUMNS)
    dark = DARK if found is not None and found["infrared_km_per_mol"] is None else ""
    return row(
        entry, values, reason(series, entry, "vibrations"), "" if found is None else found["reason"], dark
    )
