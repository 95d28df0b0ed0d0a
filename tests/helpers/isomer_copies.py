"""Random clusters, and copies of clusters that are the same isomer."""

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.generate import GENERATORS


def random_cluster(symbols, index):
    """A random start that is the same for all tests."""
    return GENERATORS["random-cube"](symbols, seed=17, index=index)


def copy_of(cluster, rng, *, noise=0.0, mirrored=False):
    """The cluster turned, perhaps reflected, shifted, permuted and shaken."""
    rotation, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    rotation *= np.linalg.det(rotation) * (-1 if mirrored else 1)
    order = rng.permutation(cluster.natom)
    shaken = cluster.positions[order] @ rotation + rng.normal(size=3) * 10
    shaken = shaken + noise * rng.normal(size=shaken.shape)
    return Cluster(symbols=tuple(cluster.symbols[i] for i in order), positions=shaken)
