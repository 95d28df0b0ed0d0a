"""Harmonic vibrations, and whether the geometry is a minimum."""

import numpy as np

from clusterdft.errors import InputError
from clusterdft.search.verify import check_minimum
from clusterdft.units import HARTREE_CM1, HARTREE_EV


def vibrations_of(target):
    """Frequencies and zero-point energy, from the search's check of its minimum or else from `check_minimum`.

    E0 = 1/2 sum_k omega_k   of a minimum
    """
    if target.cluster.natom == 1:
        raise InputError("an atom does not vibrate")
    kind, reason, frequencies = _checked(target)
    zero_point = None
    if kind == "minimum":
        zero_point = 0.5 * float(np.sum(np.maximum(frequencies, 0.0))) / HARTREE_CM1 * HARTREE_EV
    return {
        "kind": kind,
        "reason": reason,
        "frequencies_cm1": [float(frequency) for frequency in frequencies],
        "zero_point_energy_ev": zero_point,
    }


def _checked(target):
    """(verdict, reason, frequencies in cm^-1)."""
    isomer = target.isomer
    if isomer.frequencies_cm1 is not None:
        return isomer.verdict, isomer.verdict_reason, isomer.frequencies_cm1
    verdict = check_minimum(target.cluster, target.spec)
    return verdict.kind, verdict.reason, verdict.vibrations.frequencies * HARTREE_CM1
