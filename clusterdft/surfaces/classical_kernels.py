"""Loops over pairs of atoms: energy and forces of the classical surfaces."""

import numpy as np
from numba import njit

from clusterdft.arrays import Floats


@njit(cache=True, nogil=True)
def lennard_jones(positions: Floats, epsilon: float, sigma: float) -> tuple[float, Floats]:
    """Energy and forces of the Lennard-Jones potential.

    Parameters
    ----------
    positions : (natom, 3) bohr
    epsilon, sigma : hartree, bohr

    Returns
    -------
    tuple
        Energy, hartree, and forces, (natom, 3) hartree/bohr.
    """
    natom = positions.shape[0]
    forces, energy = np.zeros((natom, 3)), 0.0
    for i in range(natom):
        for j in range(i):
            x = positions[i, 0] - positions[j, 0]
            y = positions[i, 1] - positions[j, 1]
            z = positions[i, 2] - positions[j, 2]
            inverse = 1.0 / (x * x + y * y + z * z)
            s2 = sigma * sigma * inverse
            s6 = s2 * s2 * s2
            energy += s6 * s6 - s6
            pull = 24.0 * epsilon * (2.0 * s6 * s6 - s6) * inverse
            forces[i, 0] += pull * x
            forces[i, 1] += pull * y
            forces[i, 2] += pull * z
            forces[j, 0] -= pull * x
            forces[j, 1] -= pull * y
            forces[j, 2] -= pull * z
    return 4.0 * epsilon * energy, forces


@njit(cache=True, nogil=True)
def gupta(
    positions: Floats, repulsion: float, hopping: float, p: float, q: float, r0: float
) -> tuple[float, Floats]:
    """Energy and forces of the second-moment potential.

    Parameters
    ----------
    positions : (natom, 3) bohr
    repulsion, hopping : hartree
        A and xi.
    p, q : float
        Decays.
    r0 : bohr
        The distance at which both exponentials are one.

    Returns
    -------
    tuple
        Energy, hartree, and forces, (natom, 3) hartree/bohr.

    Notes
    -----
    A first pass sums each atom's band energy, a second takes the forces that depend on them.
    """
    natom = positions.shape[0]
    distance, overlap, repel = np.empty((natom, natom)), np.empty((natom, natom)), np.empty((natom, natom))
    band, forces, energy = np.zeros(natom), np.zeros((natom, 3)), 0.0
    for i in range(natom):
        for j in range(i):
            x = positions[i, 0] - positions[j, 0]
            y = positions[i, 1] - positions[j, 1]
            z = positions[i, 2] - positions[j, 2]
            r = np.sqrt(x * x + y * y + z * z)
            distance[i, j] = r
            repel[i, j] = repulsion * np.exp(-p * (r / r0 - 1.0))
            overlap[i, j] = hopping * hopping * np.exp(-2.0 * q * (r / r0 - 1.0))
            energy += 2.0 * repel[i, j]
            band[i] += overlap[i, j]
            band[j] += overlap[i, j]
    for i in range(natom):
        band[i] = np.sqrt(band[i])
        energy -= band[i]
    for i in range(natom):
        for j in range(i):
            # an atom so far from all others that its band underflows has no bond to soften
            bond = overlap[i, j] * (1.0 / band[i] + 1.0 / band[j]) if band[i] * band[j] > 0.0 else 0.0
            pull = (2.0 * p * repel[i, j] - q * bond) / (r0 * distance[i, j])
            for axis in range(3):
                force = pull * (positions[i, axis] - positions[j, axis])
                forces[i, axis] += force
                forces[j, axis] -= force
    return energy, forces
