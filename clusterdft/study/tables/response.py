"""Dipole moments and polarizabilities of the lowest isomers."""

from clusterdft.basis.sets import orbital_set
from clusterdft.study.tables.rows import picked, reason, row
from clusterdft.surfaces.kohn_sham import KohnShamSpec

D = 2  # angular momentum
NO_D = (
    "the basis {basis} has no d functions: with such sets polarizabilities of sodium clusters come out "
    "28 to 50 % too small; take opt-4s3p1d or even-6s5p3d"
)


def response(series):
    """One row a cluster."""
    return [_row(series, entry) for entry in series.clusters()]


def _row(series, entry):
    values = picked(series.given(entry, "dipole"), ("dipole_length_electron_bohr",))
    found = series.given(entry, "polarizability")
    values |= picked(found, ("mean_polarizability_bohr3", "anisotropy_bohr3"))
    mean = values["mean_polarizability_bohr3"]
    values["polarizability_per_atom_bohr3"] = None if mean is None else mean / entry.natom
    small = "" if found is None else _too_small(series.spec, entry.symbols)
    return row(entry, values, reason(series, entry, "dipole"), reason(series, entry, "polarizability"), small)


def _too_small(spec, symbols):
    """What is wrong with a polarizability in a basis without d functions; empty where it has some."""
    if not isinstance(spec, KohnShamSpec):
        return ""
    basis = spec.method.basis
    lacks = any(max(momentum for momentum, _ in orbital_set(symbol, basis)) < D for symbol in set(symbols))
    return NO_D.format(basis=basis) if lacks else ""
