"""Sodium clusters for the tests of the electronic structure."""

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.generate.random_cube import random_cube

SHAPES = {
    1: [[0, 0, 0]],
    2: [[0, 0, 0], [0, 0, 5.5]],
    3: [[0, 0, 0], [5.75, 0, 0], [0.9, 5.68, 0]],
    4: [[2.73, 0, 0], [-2.73, 0, 0], [0, 5.6, 0], [0, -5.6, 0]],
}


def shape(n, **state):
    """A cluster near its known geometry."""
    return Cluster(symbols=("Na",) * n, positions=np.array(SHAPES[n], float), **state)


def random_sodium(n, index, **state):
    """A random start geometry of n atoms, without any symmetry."""
    return random_cube(("Na",) * n, seed=7, index=index, **state)


def rotation(seed):
    """A random proper rotation."""
    matrix, upper = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    matrix = matrix * np.sign(np.diag(upper))
    return matrix * np.linalg.det(matrix)
