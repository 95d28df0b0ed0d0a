"""Finite differences of energies, and how far the two kinds of force are apart."""

import numpy as np

from clusterdft.scf.solve_scf import solve_scf


def slope(energy, step):
    """Fourth-order central difference at zero."""
    near, far = energy(step) - energy(-step), energy(2 * step) - energy(-2 * step)
    return (8 * near - far) / (12 * step)


def displaced(cluster, atom, axis, shift):
    """The cluster with one coordinate of one atom changed by `shift` bohr."""
    positions = cluster.positions.copy()
    positions[atom, axis] += shift
    return cluster.at(positions)


def numerical_force(cluster, method, atom, axis, restart, step=2e-3):
    """One component of the force from energies, each solved from a neighbour's fitted density."""

    def energy(shift):
        return solve_scf(displaced(cluster, atom, axis, shift), method, restart=restart).energy

    return -slope(energy, step)


def force_difference(result):
    """Largest component of the total minus the Hellmann-Feynman force, hartree/bohr."""
    return np.abs(result.forces - result.hellmann_feynman_forces).max()
