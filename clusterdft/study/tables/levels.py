"""Kohn-Sham levels and shells of the lowest isomers."""

from clusterdft.study.tables.rows import picked, reason, row

OCCUPIED = 1e-3  # electrons


def levels(series):
    """One row a cluster: shells such as 1s2 1p6, gap, occupied levels of both spins."""
    return [_row(series, entry) for entry in series.clusters()]


def _row(series, entry):
    found = series.given(entry, "levels")
    values = picked(found, ("shells", "gap_ev"))
    values |= {"levels_up_ev": None, "levels_down_ev": None}
    if found is not None:
        for spin, name in enumerate(("levels_up_ev", "levels_down_ev")):
            place = min(spin, len(found["energy_ev"]) - 1)  # a closed shell has one row for both
            pairs = zip(found["energy_ev"][place], found["occupation"][place], strict=True)
            values[name] = [energy for energy, electrons in pairs if electrons > OCCUPIED]
    return row(entry, values, reason(series, entry, "levels"))
