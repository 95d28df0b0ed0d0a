"""Harmonic vibrations, and whether the geometry is a minimum."""

from clusterdft.errors import InputError
from clusterdft.properties.vibrations import zero_point_energy
from clusterdft.search.verify import check_minimum
from clusterdft.units import HARTREE_CM1, HARTREE_EV


def vibrations_of(target):
    """Frequencies, zero-point energy and the verdict of `search.verify.check_minimum`."""
    if target.cluster.natom == 1:
        raise InputError("an atom does not vibrate")
    verdict = check_minimum(target.cluster, target.spec)
    found = verdict.vibrations
    try:
        zero_point, remark = zero_point_energy(found) * HARTREE_EV, ""
    except InputError as error:
        zero_point, remark = None, str(error)
    return {
        "kind": verdict.kind,
        "reason": verdict.reason,
        "largest_force_hartree_per_bohr": found.largest_force,
        "frequencies_cm1": (found.frequencies * HARTREE_CM1).tolist(),
        "errors_cm1": (found.errors() * HARTREE_CM1).tolist(),
        "zero_point_energy_ev": zero_point,
        "zero_point_remark": remark,
        "displacements": found.displacements.tolist(),
    }
