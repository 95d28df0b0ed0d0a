"""Infrared intensities in the double-harmonic approximation."""

from dataclasses import dataclass

import numpy as np

from clusterdft.arrays import Floats, frozen_array
from clusterdft.errors import InputError
from clusterdft.properties.vibrations import Vibrations


@dataclass(frozen=True, kw_only=True, eq=False)
class Infrared:
    """How strongly each vibration absorbs.

    Attributes
    ----------
    vibrations : Vibrations
        Whose modes these are.
    slopes : (nmode, 3) elementary charge / sqrt(electron mass)
        dd/dQ_k, its sign as arbitrary as the mode's.
    strengths : (nmode,) squared elementary charge / electron mass
        |dd/dQ_k|^2; times `units.INFRARED_KM_PER_MOL` the integrated absorption of a mole.
    shift_residual : float, elementary charge
        Rms of sum_A dd/dR_A - Q 1, zero for exact dipoles: what an element of the sum over atoms is wrong by.
    """

    vibrations: Vibrations
    slopes: Floats
    strengths: Floats
    shift_residual: float


def infrared(vibrations: Vibrations, dipole_gradient: Floats | None = None) -> Infrared:
    """Infrared intensities of normal modes.

        A_k = N_A pi / (3 c^2) (1 / 4 pi eps_0) |dd/dQ_k|^2,   dd/dQ_k = sum_A (dd/dR_A) e_kA / sqrt(m_A)

    Parameters
    ----------
    vibrations : Vibrations
    dipole_gradient : (3, 3 natom) elementary charge
        Another one than that of the vibrations, such as that of `polarizability`.

    Returns
    -------
    Infrared
        One strength for each mode; those of a degenerate pair add up to its absorption.

    Raises
    ------
    InputError
        The surface of the vibrations has no dipoles.

    Notes
    -----
    The modes leave the centre of mass at rest, so that the intensities of a charged cluster do not
    depend on the origin of its moment. The dipoles are those of the points that the Hessian was measured
    at; with the default tolerance and step a strong absorption is good to a percent, and
    `polarizability` has a gradient without either error. Absorption by translations and rotations is
    no part of it.

    References
    ----------
    Wilson, Decius, Cross, Molecular Vibrations (1955), ch. 7
    """
    cluster = vibrations.cluster
    if cluster.natom == 1:
        return Infrared(
            vibrations=vibrations,
            slopes=frozen_array([], (0, 3)),
            strengths=frozen_array([]),
            shift_residual=0.0,
        )
    gradient = vibrations.dipole_gradient if dipole_gradient is None else dipole_gradient
    if gradient is None:
        raise InputError("the surface of these vibrations has no dipoles; take that of a Method")
    by_atom = np.reshape(gradient, (3, cluster.natom, 3))
    slopes = np.einsum("dix,kix->kd", by_atom, vibrations.modes / np.sqrt(vibrations.masses)[:, None])
    excess = by_atom.sum(axis=1) - cluster.charge * np.eye(3)
    return Infrared(
        vibrations=vibrations,
        slopes=frozen_array(slopes),
        strengths=frozen_array(np.sum(slopes**2, axis=1)),
        shift_residual=float(np.sqrt(np.mean(excess**2))),
    )
