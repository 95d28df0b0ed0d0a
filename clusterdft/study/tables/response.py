"""Dipole moments and polarizabilities of the lowest isomers."""

from clusterdft.study.tables.rows import picked, reason, row


def response(series):
    """One row a cluster."""
    return [_row(series, entry) for entry in series.clusters()]


def _row(series, entry):
    values = picked(series.given(entry, "dipole"), ("dipole_length_electron_bohr",))
    found = series.given(entry, "polarizability")
    values |= picked(found, ("mean_polarizability_bohr3", "anisotropy_bohr3"))
    mean = values["mean_polarizability_bohr3"]
    values["polarizability_per_atom_bohr3"] = None if mean is None else mean / entry.natom
    return row(entry, values, reason(series, entry, "dipole"), reason(series, entry, "polarizability"))
