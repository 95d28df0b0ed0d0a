"""Ionization potentials and electron affinities, with the electrostatic sphere beside them."""

from clusterdft.properties.ionization import ionization as properties_of
from clusterdft.properties.ionization import sphere_model
from clusterdft.study.references import bulk_of
from clusterdft.study.tables.rows import row
from clusterdft.units import HARTREE_EV

POTENTIALS = ("adiabatic_ip", "vertical_ip", "vertical_ip_from_ion")
AFFINITIES = ("adiabatic_ea", "vertical_ea", "vertical_detachment")
SPHERE = ("ip_image_force", "ip_classical", "ea_image_force", "ea_classical")


def ionization(series):
    """One row a cluster or atom that is neutral, or whose next charge was searched."""
    charges = {entry.charge for entry in series.entries}
    affinities = any(charge < 0 for charge in charges)
    return [
        _row(series, entry, (*POTENTIALS, *(AFFINITIES if affinities else ())))
        for entry in series.clusters(atoms=True)
        if entry.charge == 0 or (entry.natom > 1 and entry.charge + 1 in charges)
    ]


def _row(series, entry, names):
    found = properties_of(
        entry.natom,
        series.energies_of_formula(entry.formula),
        _vertical(series, entry.formula),
        charge=entry.charge,
    )
    values = {}
    for name in names:
        energy = getattr(found, name)
        values[f"{name}_ev"] = None if energy is None else energy * HARTREE_EV
        if name == "adiabatic_ip":
            values["adiabatic_ip_minus_atom_ev"] = _minus_atom(series, entry, energy)
    values |= _sphere(entry)
    missing = (f"{name}: {found.missing[name]}" for name in names if name in found.missing)
    return row(entry, values, entry.reason, *missing)


def _vertical(series, formula):
    """{(atoms, charge, charge of whose geometry it is): hartree} of a composition."""
    energies = {}
    for entry in series.entries:
        if entry.formula != formula:
            continue
        for name in ("vertical-ionization", "vertical-attachment"):
            value = series.given(entry, name)
            if value is not None:
                energies[entry.natom, value["charge"], entry.charge] = value["energy_hartree"]
        if entry.natom == 1 and entry.isomers:  # an atom has no geometry to relax
            for charge in series.charges_of_formula(formula):
                energies[1, entry.charge, charge] = entry.energy
    return energies


def _minus_atom(series, entry, energy):
    """IP(n) - IP(1), eV, of neutral clusters of one element, or None."""
    if energy is None or not entry.element or entry.charge:
        return None
    atom = series.energies_of_element(entry.element)
    if (1, 0) not in atom or (1, 1) not in atom:
        return None
    return (energy - (atom[1, 1] - atom[1, 0])) * HARTREE_EV


def _sphere(entry):
    """The sphere model's columns, eV; none where the bulk of the element is not known."""
    bulk = bulk_of(entry.element) if entry.element else None
    if bulk is None or entry.charge:
        return {}
    sphere = sphere_model(
        entry.natom,
        work_function=bulk["work_function_ev"] / HARTREE_EV,
        radius_per_electron=bulk["radius_per_electron_bohr"],
    )
    return {f"sphere_{name}_ev": getattr(sphere, name) * HARTREE_EV for name in SPHERE}
