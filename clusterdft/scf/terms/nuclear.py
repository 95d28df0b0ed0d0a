"""Repulsion of the ions: E = sum_(A<B) Z_A Z_B / |R_A - R_B| (the cores do not overlap)."""

import numpy as np

from clusterdft.arrays import Floats, Ints
from clusterdft.scf.setup import ScfSetup


def energy(setup: ScfSetup) -> float:
    """Hartree."""
    i, j, _, distance = _pairs(setup)
    return float(np.sum(setup.z_valence[i] * setup.z_valence[j] / distance))


def gradient(setup: ScfSetup) -> Floats:
    """(natom, 3) derivative of the energy."""
    i, j, vector, distance = _pairs(setup)
    pull = -(setup.z_valence[i] * setup.z_valence[j] / distance**3)[:, None] * vector
    total = np.zeros((setup.cluster.natom, 3))
    np.add.at(total, i, pull)
    np.add.at(total, j, -pull)
    return total


def _pairs(setup: ScfSetup) -> tuple[Ints, Ints, Floats, Floats]:
    i, j = np.triu_indices(setup.cluster.natom, 1)
    vector = setup.positions[i] - setup.positions[j]
    return i, j, vector, np.sqrt(np.sum(vector**2, axis=1))
