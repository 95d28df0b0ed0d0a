"""Turned, shifted and renumbered copies of a cluster."""

import numpy as np
from scipy.spatial.transform import Rotation

from clusterdft.cluster import Cluster


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
