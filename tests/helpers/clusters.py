"""Turned, shifted and renumbered copies of a cluster, and of a result without solving it again."""

from dataclasses import replace

import numpy as np
from scipy.spatial.transform import Rotation

from clusterdft.cluster import Cluster
from clusterdft.integrals.one_electron import ao_values
from clusterdft.scf.resolve import resolve
from clusterdft.scf.setup import build_setup


def rearranged(cluster, seed=5):
    """The same cluster elsewhere, and the order its atoms were taken in."""
    order = np.random.default_rng(seed).permutation(cluster.natom)
    turn = Rotation.random(random_state=seed).as_matrix()
    moved = Cluster(
        symbols=tuple(cluster.symbols[i] for i in order),
        positions=cluster.positions[order] @ turn.T + [3.0, -7.0, 1.5],
        charge=cluster.charge,
        n_unpaired=cluster.n_unpaired,
    )
    return moved, order, turn


def rearranged_result(result, seed=5):
    """The same orbitals on the rearranged cluster; the order of the atoms; a function that moves points.

    The coefficients follow from the orbitals' values at many points, so that no grid is in between.
    """
    moved, order, turn = rearranged(result.cluster, seed)
    points = np.random.default_rng(seed).uniform(-9, 9, (1500, 3)) + result.cluster.positions.mean(axis=0)
    points = np.vstack([points, *(p + points[:200] / 9 for p in result.cluster.positions)])

    def move(x):
        return x @ turn.T + [3.0, -7.0, 1.5]

    before = ao_values(result.shells, result.cluster.positions, points)[0]
    setup = build_setup(moved, resolve(result.method, moved.symbols))
    there = replace(result, cluster=moved, shells=setup.shells, z_valence=setup.z_valence)
    after = ao_values(setup.shells, moved.positions, move(points))[0]
    transform = np.linalg.lstsq(after, before, rcond=None)[0]
    return replace(there, mo_coeff=np.einsum("ab,sbi->sai", transform, result.mo_coeff)), order, move
