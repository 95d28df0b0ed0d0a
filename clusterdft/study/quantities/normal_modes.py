"""Harmonic vibrations of the lowest isomers, their infrared absorption, and whether they are minima."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from clusterdft.errors import InputError
from clusterdft.isomer_search.minimum_check import absorption, check_minimum
from clusterdft.report.vibration_figures import Spectrum, draw_vibrations
from clusterdft.study.quantities.rows_and_curves import Row, picked, reason, row_of
from clusterdft.study.references import Reference
from clusterdft.study.series import Entry, Series
from clusterdft.study.target import Target
from clusterdft.units import HARTREE_CM1, HARTREE_EV

VIBRATION_COLUMNS = ("kind", "zero_point_energy_ev", "frequencies_cm1", "infrared_km_per_mol")
NO_INTENSITIES = "no intensities: the search kept no dipoles of its points, or the surface has none"


def vibrations_of(target: Target) -> dict[str, Any]:
    """Frequencies, intensities and zero-point energy, from the search's check or else from `check_minimum`.

        E0 = 1/2 sum_k omega_k   of a minimum

    The intensities need no further points: the dipoles are those of the points of the Hessian.

    Raises
    ------
    InputError
        An atom.
    """
    if target.cluster.natom == 1:
        raise InputError("an atom does not vibrate")
    kind, reason, frequencies, intensities = _checked(target)
    zero_point = None
    if kind == "minimum":
        zero_point = 0.5 * float(np.sum(np.maximum(frequencies, 0.0))) / HARTREE_CM1 * HARTREE_EV
    return {
        "kind": kind,
        "reason": reason,
        "frequencies_cm1": [float(frequency) for frequency in frequencies],
        "infrared_km_per_mol": None if intensities is None else [float(value) for value in intensities],
        "zero_point_energy_ev": zero_point,
    }


def vibration_rows(series: Series) -> list[Row]:
    """One row a cluster; intensities in the order of the frequencies."""
    return [_row(series, entry) for entry in series.clusters()]


def vibration_figure(
    series: Series, tables: Mapping[str, Sequence[Row]], references: Sequence[Reference], path: Path
) -> None:
    """Draw the vibrational spectra of the lowest isomers, with infrared intensities where all are known."""
    kept = {entry.name: series.computed_value(entry, "vibrations") for entry in series.clusters()}
    modes = {name: value for name, value in kept.items() if value is not None}
    bright = all(value["infrared_km_per_mol"] is not None for value in modes.values())
    spectra = [
        Spectrum(
            name=name,
            frequencies_cm1=value["frequencies_cm1"],
            intensities=value["infrared_km_per_mol"] if bright else None,
        )
        for name, value in modes.items()
    ]
    draw_vibrations(spectra, path)


def _checked(
    target: Target,
) -> tuple[str, str, Sequence[float], Sequence[float] | None]:
    """(verdict, reason, frequencies in cm^-1, intensities in km/mol or None)."""
    isomer = target.isomer
    if isomer.frequencies_cm1 is not None:
        return isomer.verdict, isomer.verdict_reason, isomer.frequencies_cm1, isomer.infrared_km_per_mol
    verdict = check_minimum(target.cluster, target.spec)
    modes = verdict.vibrations
    return verdict.kind, verdict.reason, (modes.frequencies * HARTREE_CM1).tolist(), absorption(modes)


def _row(series: Series, entry: Entry) -> Row:
    kept = series.computed_value(entry, "vibrations")
    values = picked(kept, VIBRATION_COLUMNS)
    dark = NO_INTENSITIES if kept is not None and kept["infrared_km_per_mol"] is None else ""
    remark = "" if kept is None else kept["reason"]
    return row_of(entry, values, reason(series, entry, "vibrations"), remark, dark)
