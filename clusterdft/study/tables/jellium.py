"""The jellium spheres with as many electrons as the clusters."""

from clusterdft.study.tables.rows import picked, reason, row


def jellium(series):
    """One row a cluster."""
    return [_row(series, entry) for entry in series.clusters()]


def _row(series, entry):
    found = series.given(entry, "jellium")
    values = {"r_s_bohr": None if found is None else found["radius_per_electron_bohr"]}
    values |= picked(found, ("electrons", "energy_hartree", "gap_ev"))
    held = [] if found is None else [level for level in found["levels"] if level["electrons"]]
    values["shells"] = " ".join(f"{level['level']}{level['electrons']:g}" for level in held) or None
    values["levels_hartree"] = [level["energy_hartree"] for level in held] or None
    return row(entry, values, reason(series, entry, "jellium"))
