"""Repulsion of the ions: E = sum_(A<B) Z_A Z_B / |R_A - R_B| (the cores do not overlap)."""

import numpy as np


def energy(frame):
    """Hartree."""
    i, j, _, distance = _pairs(frame)
    return float(np.sum(frame.z_valence[i] * frame.z_valence[j] / distance))


def gradient(frame):
    """(natom, 3) derivative of the energy."""
    i, j, vector, distance = _pairs(frame)
    pull = -(frame.z_valence[i] * frame.z_valence[j] / distance**3)[:, None] * vector
    total = np.zeros((frame.cluster.natom, 3))
    np.add.at(total, i, pull)
    np.add.at(total, j, -pull)
    return total


def _pairs(frame):
    i, j = np.triu_indices(frame.cluster.natom, 1)
    vector = frame.positions[i] - frame.positions[j]
    return i, j, vector, np.sqrt(np.sum(vector**2, axis=1))
