"""Ionization potentials and electron affinities, and the electrostatic model of a metal sphere."""

from collections.abc import Mapping
from dataclasses import dataclass

from clusterdft.errors import InputError

# e^2/R, what a sphere costs beyond the flat surface: by the image force, and as a classical charged sphere
IMAGE_FORCE, CLASSICAL = 3 / 8, 1 / 2


@dataclass(frozen=True, kw_only=True)
class Ionization:
    """What it costs to take or give an electron, hartree; None where an energy is missing.

    Attributes
    ----------
    n : int
        Atoms.
    charge : int
        Of the cluster that loses or takes up the electron.
    adiabatic_ip : E(n, q + 1) - E(n, q), each in its own lowest geometry
    vertical_ip : the same with both in the geometry of q
    vertical_ip_from_ion : the same with both in the geometry of q + 1: what recombination gives back
    adiabatic_ea : E(n, q) - E(n, q - 1), each in its own lowest geometry
    vertical_ea : the same with both in the geometry of q
    vertical_detachment : the same with both in the geometry of q - 1
    missing : dict
        {name of a field: why it is None}.
    """

    n: int
    charge: int
    adiabatic_ip: float | None
    vertical_ip: float | None
    vertical_ip_from_ion: float | None
    adiabatic_ea: float | None
    vertical_ea: float | None
    vertical_detachment: float | None
    missing: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class SphereModel:
    """The electrostatic model of a neutral metal sphere, hartree.

    Attributes
    ----------
    radius : bohr
    ip_image_force, ip_classical : W + (3/8) e^2/R and W + (1/2) e^2/R
    ea_image_force, ea_classical : W - (5/8) e^2/R and W - (1/2) e^2/R
    """

    radius: float
    ip_image_force: float
    ip_classical: float
    ea_image_force: float
    ea_classical: float


def ionization(
    n: int,
    relaxed: Mapping[tuple[int, int], float],
    vertical: Mapping[tuple[int, int, int], float] | None = None,
    *,
    charge: int = 0,
) -> Ionization:
    """Ionization potentials and electron affinities of clusters of n atoms.

        IP = E(q + 1) - E(q),   EA = E(q) - E(q - 1)

    Parameters
    ----------
    n : int
        Atoms.
    relaxed : {(n, charge): hartree}
        The lowest isomer of each charge, each searched on its own.
    vertical : {(n, charge, charge of whose lowest geometry it is): hartree}
        None for none.
    charge : int
        q.

    Returns
    -------
    Ionization
    """
    energies = {(size, q, q): energy for (size, q), energy in relaxed.items()} | dict(vertical or {})
    ends = {
        "adiabatic_ip": ((charge + 1, charge + 1), (charge, charge)),
        "vertical_ip": ((charge + 1, charge), (charge, charge)),
        "vertical_ip_from_ion": ((charge + 1, charge + 1), (charge, charge + 1)),
        "adiabatic_ea": ((charge, charge), (charge - 1, charge - 1)),
        "vertical_ea": ((charge, charge), (charge - 1, charge)),
        "vertical_detachment": ((charge, charge - 1), (charge - 1, charge - 1)),
    }
    values: dict[str, float | None] = dict.fromkeys(ends)
    missing = {}
    for name, (high, low) in ends.items():
        absent = [end for end in (high, low) if (n, *end) not in energies]
        if not absent:
            values[name] = energies[n, *high] - energies[n, *low]
        else:
            missing[name] = "no energy of " + " and ".join(_state(*end) for end in absent)
    return Ionization(n=n, charge=charge, missing=missing, **values)


def sphere_model(
    n: int, *, work_function: float, radius_per_electron: float = 4.0, valence: int = 1
) -> SphereModel:
    """The electrostatic model of the ionization potential and electron affinity.

        IP = W + c e^2/R,  EA = W - (1 - c) e^2/R,  R = r_s (n Z)^(1/3),  c = 3/8 or 1/2

    Parameters
    ----------
    n : int
        Atoms.
    work_function : float, hartree
        W of the flat surface.
    radius_per_electron : float, bohr
        r_s.
    valence : int
        Z, electrons of an atom.

    Returns
    -------
    SphereModel

    Raises
    ------
    InputError
        No atoms, or a radius that is not positive.

    Notes
    -----
    1/2 is the energy of a charged classical sphere; 3/8 comes from the image force, with what
    diverges at the flat surface taken off.

    References
    ----------
    Wood, Phys. Rev. Lett. 46, 749 (1981)
    """
    if not (n >= 1 and radius_per_electron > 0 and valence > 0):
        raise InputError(
            f"a sphere of {n} atoms with {valence} electrons each and r_s = {radius_per_electron} bohr; "
            "give at least one atom, and positive numbers"
        )
    radius = radius_per_electron * (n * valence) ** (1 / 3)
    return SphereModel(
        radius=radius,
        ip_image_force=work_function + IMAGE_FORCE / radius,
        ip_classical=work_function + CLASSICAL / radius,
        ea_image_force=work_function - (1 - IMAGE_FORCE) / radius,
        ea_classical=work_function - (1 - CLASSICAL) / radius,
    )


def _state(charge: int, geometry: int) -> str:
    at = "" if charge == geometry else f" in the geometry of charge {geometry:+d}"
    return f"charge {charge:+d}{at}"
