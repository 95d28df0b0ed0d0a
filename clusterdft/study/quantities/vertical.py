"""Energies of other charges at the geometry of the lowest isomer."""

from clusterdft.errors import InputError
from clusterdft.study.target import with_charge
from clusterdft.surfaces.choose import surface_of


def vertical_ionization_of(target):
    """Energy with one electron less, at the same geometry.

    E(n, q + 1 | geometry of q)
    """
    charge = target.cluster.charge + 1
    if charge > 1 and charge not in target.charges:
        raise InputError(f"charge {charge:+d} was not searched")
    return _energy(target, charge)


def vertical_attachment_of(target):
    """Energy with one electron more, at the same geometry.

    E(n, q - 1 | geometry of q)
    """
    charge = target.cluster.charge - 1
    if charge not in target.charges:
        raise InputError(f"charge {charge:+d} was not searched")
    return _energy(target, charge)


def _energy(target, charge):
    cluster = with_charge(target.cluster, charge)
    target.spec.check(cluster)
    point = surface_of(target.spec).point(cluster)
    return {
        "charge": charge,
        "energy_hartree": float(point.energy),
        "n_unpaired": abs(float(point.n_unpaired)),
    }
