"""Spectroscopic constants of the dimers."""

from typing import Any

import numpy as np

from clusterdft.errors import InputError
from clusterdft.making.quality.dimer_curve import dimer_constants
from clusterdft.study.quantities.rows_and_curves import Row, picked, reason, row_of
from clusterdft.study.series import Series
from clusterdft.study.target import SPIN_TOLERANCE, Target
from clusterdft.units import HARTREE_CM1, HARTREE_EV

DIMER_COLUMNS = ("bond_length_bohr", "dissociation_energy_ev", "frequency_cm1")


def dimer_curve_of(target: Target) -> dict[str, Any]:
    """Bond length, dissociation energy and frequency from a fitted curve, see `dimer_constants`.

    Raises
    ------
    InputError
        Not a dimer of one element, or the curve is not that of the isomer's spin.
    """
    cluster = target.cluster
    if cluster.natom != 2 or len(set(cluster.symbols)) != 1:
        raise InputError("not a dimer of one element")
    length = float(np.linalg.norm(cluster.positions[1] - cluster.positions[0]))
    constants = dimer_constants(
        cluster.symbols[0],
        target.method,
        charge=cluster.charge,
        n_unpaired=cluster.n_unpaired,
        start=length,
    )
    spin = abs(target.isomer.n_unpaired or 0.0)
    if abs(constants.n_unpaired - spin) > SPIN_TOLERANCE:
        raise InputError(
            f"the energy curve has {constants.n_unpaired:.2f} unpaired electrons, the isomer {spin:.2f}; "
            "search this cluster with its spin fixed"
        )
    return {
        "bond_length_bohr": constants.re,
        "dissociation_energy_ev": constants.de * HARTREE_EV,
        "frequency_cm1": constants.we * HARTREE_CM1,
        "n_unpaired": constants.n_unpaired,
    }


def dimer_rows(series: Series) -> list[Row]:
    """One row a dimer of one element."""
    rows = []
    for entry in series.clusters():
        if entry.natom == 2 and entry.element:
            values = picked(series.computed_value(entry, "dimer-curve"), DIMER_COLUMNS)
            rows.append(row_of(entry, values, reason(series, entry, "dimer-curve")))
    return rows
