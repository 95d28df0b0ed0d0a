"""Atomization energies and second differences of the lowest isomers."""

from clusterdft.errors import InputError
from clusterdft.geometry.formula import formula_of
from clusterdft.properties.dissociation import atomization_energy, second_differences
from clusterdft.study.tables.rows import row
from clusterdft.surfaces.surface import separated_energy
from clusterdft.units import HARTREE_EV


def atomization(series):
    """One row a cluster."""
    return [_row(series, entry) for entry in series.clusters()]


def _row(series, entry):
    total, remark = _atomization(series, entry)
    second, lacking = _second_difference(series, entry)
    values = {
        "atomization_per_atom_ev": None if total is None else total * HARTREE_EV / entry.natom,
        "atomization_energy_ev": None if total is None else total * HARTREE_EV,
        "second_difference_ev": None if second is None else second * HARTREE_EV,
        "energy_hartree": entry.energy,
    }
    return row(entry, values, remark, lacking)


def _atomization(series, entry):
    """Energy to take the cluster apart into atoms, hartree, or None with the reason."""
    if not entry.isomers:
        return None, entry.reason
    if entry.element:
        energies = series.energies_of_element(entry.element)
        try:
            return atomization_energy(energies, entry.natom, entry.charge), ""
        except InputError as error:
            return None, str(error)
    separated = separated_energy(series.spec, entry.symbols, entry.charge)
    if separated is None:
        return None, "the energy of the separated atoms is not known"
    return separated - entry.energy, ""


def _second_difference(series, entry):
    """Hartree, or None with the reason."""
    if not entry.isomers:
        return None, entry.reason
    if not entry.element:
        return None, "second differences are told of clusters of one element"
    energies, n = series.energies_of_element(entry.element), entry.natom
    found = second_differences(energies, entry.charge).get(n)
    missing = [size for size in (n - 1, n + 1) if (size, entry.charge) not in energies]
    names = " and ".join(formula_of((entry.element,) * size, entry.charge) for size in missing)
    return found, f"the second difference is not known without {names}" if missing else ""
