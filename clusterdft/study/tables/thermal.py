"""Shares of the isomers in thermal equilibrium, in the harmonic approximation."""

import numpy as np

from clusterdft.errors import InputError
from clusterdft.properties.shape import shape
from clusterdft.properties.thermal import multiplicity, thermal_weights
from clusterdft.study.tables.rows import row
from clusterdft.symmetry.operations import determinants
from clusterdft.symmetry.point_group import find_point_group
from clusterdft.units import HARTREE_CM1, HARTREE_EV

TEMPERATURES = (50, 100, 200, 300, 500)  # kelvin


def thermal(series):
    """One row an isomer whose vibrations the search has computed and found to be those of a minimum."""
    return [line for entry in series.clusters() for line in _rows(entry)]


def _rows(entry):
    numbered = list(enumerate(entry.isomers, start=1))
    minima = [(number, isomer) for number, isomer in numbered if _is_minimum(isomer)]
    if not minima:
        return [row(entry, {"isomer": None}, entry.reason or "no isomer's vibrations were computed")]
    try:
        weights = _weights([isomer for _, isomer in minima])
    except InputError as error:
        return [row(entry, {"isomer": None}, str(error))]
    left_out = len(numbered) - len(minima)
    remark = f"without {left_out} isomers that were not found to be minima" if left_out else ""
    return [
        row(
            entry,
            {
                "isomer": number,
                "energy_above_lowest_ev": (isomer.energy - entry.energy) * HARTREE_EV,
                **{f"share_{t}_k": float(share) for t, share in zip(TEMPERATURES, shares, strict=True)},
            },
            remark,
        )
        for (number, isomer), shares in zip(minima, weights.T, strict=True)
    ]


def _is_minimum(isomer):
    return isomer.verdict == "minimum" and min(isomer.frequencies_cm1 or (0.0,)) > 0


def _weights(isomers):
    """(ntemperature, nisomer) shares."""
    groups = [find_point_group(isomer.cluster) for isomer in isomers]
    return thermal_weights(
        TEMPERATURES,
        energies=[isomer.energy for isomer in isomers],
        frequencies=[np.array(isomer.frequencies_cm1) / HARTREE_CM1 for isomer in isomers],
        moments_of_inertia=[shape(isomer.cluster).moments_of_inertia for isomer in isomers],
        symmetry_numbers=[group.symmetry_number for group in groups],
        multiplicities=[multiplicity(isomer.n_unpaired) for isomer in isomers],
        mirror_images=[1 if np.any(determinants(group.standard) < 0) else 2 for group in groups],
    )
