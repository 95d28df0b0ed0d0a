"""Atomization energies and second differences of the lowest isomers."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from clusterdft.errors import InputError
from clusterdft.geometry.formula import formula_of
from clusterdft.properties.dissociation import atomization_energy, second_differences
from clusterdft.report.series_figures import draw_atomization
from clusterdft.study.quantities.rows_and_curves import Row, curves, row_of
from clusterdft.study.references import Reference
from clusterdft.study.series import Entry, Series
from clusterdft.surfaces.surface import separated_energy
from clusterdft.units import HARTREE_EV


def atomization_rows(series: Series) -> list[Row]:
    """One row a cluster: the energy to take it apart into atoms, and the second difference of the energy."""
    return [_row(series, entry) for entry in series.clusters()]


def atomization_figure(
    series: Series, tables: Mapping[str, Sequence[Row]], references: Sequence[Reference], path: Path
) -> None:
    """Draw atomization energies per atom of all charges against size."""
    draw_atomization(curves(series, tables["atomization"], "atomization_per_atom_ev", references), path)


def _row(series: Series, entry: Entry) -> Row:
    total, remark = _atomization(series, entry)
    second, lacking = _second_difference(series, entry)
    values = {
        "atomization_per_atom_ev": None if total is None else total * HARTREE_EV / entry.natom,
        "atomization_energy_ev": None if total is None else total * HARTREE_EV,
        "second_difference_ev": None if second is None else second * HARTREE_EV,
        "energy_hartree": entry.energy,
    }
    return row_of(entry, values, remark, lacking)


def _atomization(series: Series, entry: Entry) -> tuple[float | None, str]:
    """Energy to take the cluster apart into atoms, hartree, or None with the reason."""
    if entry.energy is None:
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


def _second_difference(series: Series, entry: Entry) -> tuple[float | None, str]:
    """Hartree, or None with the reason."""
    if not entry.isomers:
        return None, entry.reason
    if not entry.element:
        return None, "second differences are told of clusters of one element"
    energies, n = series.energies_of_element(entry.element), entry.natom
    second = second_differences(energies, entry.charge).get(n)
    missing = [size for size in (n - 1, n + 1) if (size, entry.charge) not in energies]
    names = " and ".join(formula_of((entry.element,) * size, entry.charge) for size in missing)
    return second, f"the second difference is not known without {names}" if missing else ""
