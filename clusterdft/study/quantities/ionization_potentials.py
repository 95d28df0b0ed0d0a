"""Ionization potentials and electron affinities, with the electrostatic sphere beside them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from clusterdft.errors import InputError
from clusterdft.properties.ionization import ionization, sphere_model
from clusterdft.report.series_figures import draw_ionization
from clusterdft.study.quantities.rows_and_curves import Row, curves, row_of
from clusterdft.study.references import Reference, bulk_of
from clusterdft.study.series import Entry, Series
from clusterdft.study.target import Target, with_charge
from clusterdft.surfaces.choose import surface_of
from clusterdft.units import HARTREE_EV

POTENTIALS = ("adiabatic_ip", "vertical_ip", "vertical_ip_from_ion")
AFFINITIES = ("adiabatic_ea", "vertical_ea", "vertical_detachment")
SPHERE_COLUMNS = ("ip_image_force", "ip_classical", "ea_image_force", "ea_classical")


def vertical_ionization_of(target: Target) -> dict[str, Any]:
    """Energy with one electron less, at the same geometry.

        E(n, q + 1 | geometry of q)

    Raises
    ------
    InputError
        The ion would be charged twice, and no such cluster was searched.
    """
    charge = target.cluster.charge + 1
    if charge > 1 and charge not in target.charges:
        raise InputError(f"charge {charge:+d} was not searched")
    return _vertical_energy(target, charge)


def vertical_attachment_of(target: Target) -> dict[str, Any]:
    """Energy with one electron more, at the same geometry.

        E(n, q - 1 | geometry of q)

    Raises
    ------
    InputError
        No cluster of that charge was searched.
    """
    charge = target.cluster.charge - 1
    if charge not in target.charges:
        raise InputError(f"charge {charge:+d} was not searched")
    return _vertical_energy(target, charge)


def ionization_rows(series: Series) -> list[Row]:
    """One row a cluster or atom that is neutral, or whose next charge was searched."""
    charges = {entry.charge for entry in series.entries}
    affinities = any(charge < 0 for charge in charges)
    return [
        _row(series, entry, (*POTENTIALS, *(AFFINITIES if affinities else ())))
        for entry in series.clusters(atoms=True)
        if entry.charge == 0 or (entry.natom > 1 and entry.charge + 1 in charges)
    ]


def ionization_figure(
    series: Series, tables: Mapping[str, Sequence[Row]], references: Sequence[Reference], path: Path
) -> None:
    """Draw adiabatic potentials of neutral clusters, with the sphere model of their element.

    As figure 6 of the 1985 paper.
    """
    names = {entry.name for entry in series.entries if entry.charge == 0}
    rows = [row for row in tables["ionization"] if row["cluster"] in names]
    elements = {entry.element for entry in series.entries}
    element = elements.pop() if len(elements) == 1 else None
    bulk = None if element is None else bulk_of(element)
    adiabatic = curves(series, rows, "adiabatic_ip_ev", references, one_charge=True)
    if bulk is None:
        draw_ionization(adiabatic, path)
    else:
        draw_ionization(
            adiabatic,
            path,
            work_function_ev=bulk["work_function_ev"],
            radius_per_electron=bulk["radius_per_electron_bohr"],
        )


def _vertical_energy(target: Target, charge: int) -> dict[str, Any]:
    cluster = with_charge(target.cluster, charge)
    target.spec.check(cluster)
    point = surface_of(target.spec).point(cluster)
    return {
        "charge": charge,
        "energy_hartree": float(point.energy),
        "n_unpaired": abs(float(point.n_unpaired)),
    }


def _row(series: Series, entry: Entry, names: Sequence[str]) -> Row:
    energies = ionization(
        entry.natom,
        series.energies_of_formula(entry.formula),
        _vertical_energies(series, entry.formula),
        charge=entry.charge,
    )
    values = {}
    for name in names:
        energy = getattr(energies, name)
        values[f"{name}_ev"] = None if energy is None else energy * HARTREE_EV
        if name == "adiabatic_ip":
            values["adiabatic_ip_minus_atom_ev"] = _minus_atom(series, entry, energy)
    values |= _sphere(entry)
    missing = (f"{name}: {energies.missing[name]}" for name in names if name in energies.missing)
    return row_of(entry, values, entry.reason, *missing)


def _vertical_energies(series: Series, formula: str) -> dict[tuple[int, int, int], float]:
    """{(atoms, charge, charge of whose geometry it is): hartree} of a composition."""
    energies = {}
    for entry in series.entries:
        if entry.formula != formula:
            continue
        for name in ("vertical-ionization", "vertical-attachment"):
            value = series.computed_value(entry, name)
            if value is not None:
                energies[entry.natom, value["charge"], entry.charge] = value["energy_hartree"]
        if entry.natom == 1 and entry.energy is not None:  # an atom has no geometry to relax
            for charge in series.charges_of_formula(formula):
                energies[1, entry.charge, charge] = entry.energy
    return energies


def _minus_atom(series: Series, entry: Entry, energy: float | None) -> float | None:
    """IP(n) - IP(1), eV, of neutral clusters of one element, or None."""
    if energy is None or not entry.element or entry.charge:
        return None
    atom = series.energies_of_element(entry.element)
    if (1, 0) not in atom or (1, 1) not in atom:
        return None
    return (energy - (atom[1, 1] - atom[1, 0])) * HARTREE_EV


def _sphere(entry: Entry) -> dict[str, float]:
    """The sphere model's columns, eV; none where the bulk of the element is not known."""
    bulk = bulk_of(entry.element) if entry.element else None
    if bulk is None or entry.charge:
        return {}
    sphere = sphere_model(
        entry.natom,
        work_function=bulk["work_function_ev"] / HARTREE_EV,
        radius_per_electron=bulk["radius_per_electron_bohr"],
    )
    return {f"sphere_{name}_ev": getattr(sphere, name) * HARTREE_EV for name in SPHERE_COLUMNS}
