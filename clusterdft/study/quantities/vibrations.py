"""Harmonic vibrations, their infrared absorption, and whether the geometry is a minimum."""

import numpy as np

from clusterdft.errors import InputError
from clusterdft.isomer_search.minimum_check import absorption, check_minimum
from clusterdft.units import HARTREE_CM1, HARTREE_EV


def vibrations_of(target):
    """Frequencies, intensities and zero-point energy, from the search's check or else from `check_minimum`.

    E0 = 1/2 sum_k omega_k   of a minimum

    The intensities need no further points: the dipoles are those of the points of the Hessian.
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
        "infrared_km_per_mol": None if intensities is None else [float(one) for one in intensities],
        "zero_point_energy_ev": zero_point,
    }


def _checked(target):
    """(verdict, reason, frequencies in cm^-1, intensities in km/mol or None)."""
    isomer = target.isomer
    if isomer.frequencies_cm1 is not None:
        return isomer.verdict, isomer.verdict_reason, isomer.frequencies_cm1, isomer.infrared_km_per_mol
    verdict = check_minimum(target.cluster, target.spec)
    found = verdict.vibrations
    return verdict.kind, verdict.reason, found.frequencies * HARTREE_CM1, absorption(found)
