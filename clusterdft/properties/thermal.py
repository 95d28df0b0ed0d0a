"""Thermal populations of isomers: rigid rotors with harmonic vibrations."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from clusterdft.arrays import Floats
from clusterdft.errors import InputError
from clusterdft.units import BOLTZMANN_HARTREE_PER_KELVIN

LINEAR_MOMENT = 1e-4  # of the largest moment of inertia: a smaller one is that of a line about itself
SPIN_ROUNDING_LIMIT = 0.05  # electrons: unpaired ones farther from a whole number have no multiplicity


def thermal_weights(
    temperatures_kelvin: ArrayLike,
    *,
    energies: Sequence[float],
    frequencies: Sequence[ArrayLike],
    moments_of_inertia: Sequence[ArrayLike],
    symmetry_numbers: Sequence[int],
    multiplicities: Sequence[int],
    mirror_images: Sequence[int] | None = None,
) -> Floats:
    """Equilibrium shares of the isomers of one cluster.

        p_i = z_i exp(-E_i / kT) / sum_j z_j exp(-E_j / kT),   z as in `log_partition`

    Parameters
    ----------
    temperatures_kelvin : number, or (ntemperature,)
        Above 0.
    energies : (nisomer,) hartree
        Of the minima, without zero-point energy.
    frequencies : nisomer arrays of (nmode,) hartree
        All above 0; lengths may differ (linear ones have more).
    moments_of_inertia : (nisomer, 3) electron masses bohr^2
    symmetry_numbers : (nisomer,)
        Proper rotations that map the geometry on itself.
    multiplicities : (nisomer,)
        2 S + 1.
    mirror_images : (nisomer,)
        2 for a chiral geometry, which stands for two, else 1; None for all 1.

    Returns
    -------
    (nisomer,), or (ntemperature, nisomer) for several
        They sum to 1.

    Raises
    ------
    InputError
        Lengths that differ, a frequency or temperature that is not above 0.

    Notes
    -----
    Translations are the same for all isomers and drop out. Isomers must be distinct minima: a saddle
    has no share. Anharmonicity and degenerate electronic states beyond the spin are left out.
    """
    images = [1] * len(energies) if mirror_images is None else mirror_images
    columns = (energies, frequencies, moments_of_inertia, symmetry_numbers, multiplicities, images)
    if len({len(column) for column in columns}) != 1 or len(energies) == 0:
        raise InputError(
            f"{', '.join(str(len(column)) for column in columns)} entries for energies, frequencies, "
            "moments, symmetry numbers, multiplicities, mirror images; give one of each for every isomer"
        )
    temperatures = np.atleast_1d(np.asarray(temperatures_kelvin, float))
    logs = np.array(
        [[_log_weight(t, *isomer) for isomer in zip(*columns, strict=True)] for t in temperatures]
    )
    weights: Floats = np.exp(logs - logs.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    return weights.reshape(-1) if np.ndim(temperatures_kelvin) == 0 else weights


def log_partition(
    temperature_kelvin: float, frequencies: ArrayLike, moments_of_inertia: ArrayLike, symmetry_number: int
) -> float:
    """Logarithm of the rotational and vibrational partition function above the minimum of the energy.

        z = z_rot prod_k exp(-w_k / 2kT) / (1 - exp(-w_k / kT))
        z_rot = sqrt(pi)/sigma prod_a (2 I_a kT)^(1/2),   2 I kT / sigma on a line,   1 for an atom

    Parameters
    ----------
    temperature_kelvin : float
        Above 0.
    frequencies : (nmode,) hartree
        Above 0.
    moments_of_inertia : (3,) electron masses bohr^2
        The least of a linear cluster is zero, all of an atom.
    symmetry_number : int
        sigma.

    Returns
    -------
    float

    Raises
    ------
    InputError
        A frequency, a temperature or a symmetry number that is not above 0.

    Notes
    -----
    Rotations are classical, which at 10 K is good to a percent for a sodium trimer.

    References
    ----------
    McQuarrie, Statistical Mechanics (1976), ch. 8
    """
    kt = BOLTZMANN_HARTREE_PER_KELVIN * temperature_kelvin
    w = np.asarray(frequencies, float)
    if not (0 < kt < np.inf and symmetry_number > 0):
        raise InputError(
            f"temperature {temperature_kelvin} K and symmetry number {symmetry_number}; give both above 0"
        )
    if not np.all(w > 0):
        raise InputError(
            f"{np.sum(~(w > 0))} of the {w.size} frequencies are not above 0: this is no minimum and has no "
            "thermal population; displace the atoms along the imaginary mode and relax first"
        )
    rotation = _log_rotation(kt, np.sort(np.asarray(moments_of_inertia, float)))
    return rotation - float(np.log(symmetry_number)) + _log_vibration(kt, w)


def multiplicity(n_unpaired: float) -> int:
    """2 S + 1 from the number of unpaired electrons, N_up - N_down.

    Parameters
    ----------
    n_unpaired : float
        Within 0.05 of a whole number, of either sign.

    Returns
    -------
    int

    Raises
    ------
    InputError
        Not nearly a whole number.
    """
    whole = round(abs(n_unpaired))
    if abs(abs(n_unpaired) - whole) > SPIN_ROUNDING_LIMIT:
        raise InputError(
            f"{n_unpaired:.2f} unpaired electrons have no multiplicity; fix the spin to a whole number"
        )
    return whole + 1


def _log_weight(
    temperature: float,
    energy: float,
    frequencies: ArrayLike,
    moments: ArrayLike,
    symmetry_number: int,
    multiplicity: int,
    images: int,
) -> float:
    """log(z exp(-E / kT)) with spin and mirror images."""
    if not (multiplicity > 0 and images > 0):
        raise InputError(f"multiplicity {multiplicity} and {images} mirror images; give both above 0")
    z = log_partition(temperature, frequencies, moments, symmetry_number)
    return z + float(np.log(multiplicity * images)) - energy / (BOLTZMANN_HARTREE_PER_KELVIN * temperature)


def _log_rotation(kt: float, moments: Floats) -> float:
    """log(z_rot sigma) from ascending moments of inertia."""
    if moments[2] <= 0:
        return 0.0
    if moments[0] < LINEAR_MOMENT * moments[2]:
        return float(np.log(2 * moments[2] * kt))
    return 0.5 * float(np.log(np.pi) + np.sum(np.log(2 * moments * kt)))


def _log_vibration(kt: float, frequencies: Floats) -> float:
    """Log of the harmonic partition function, from the minimum of the potential."""
    x = frequencies / kt
    return float(np.sum(-0.5 * x - np.log(-np.expm1(-x))))
