"""Clusters to start from, and what makes a geometry one that could be a cluster."""

import numpy as np
from hypothesis import strategies as st

from clusterdft.cluster import Cluster
from clusterdft.generate.physical import scaled_distances
from clusterdft.generate.random_cube import random_cube
from clusterdft.geometry.fragments import fragments

PURE = st.integers(1, 40).map(lambda n: ("Na",) * n)
MIXED = st.lists(st.sampled_from(["Na", "K", "Al", "Cs"]), min_size=1, max_size=25).map(tuple)
COMPOSITION = st.one_of(PURE, MIXED)
SEED = st.integers(0, 2**32)


def is_physical(cluster):
    """Whether no two atoms are nearer than 0.7 covalent bond lengths and all atoms are of one fragment."""
    nearest = float(scaled_distances(cluster.symbols, cluster.positions).min())
    return nearest >= 0.7 and len(fragments(cluster)) == 1


def start(symbols, seed=0, index=0):
    """A random cation with three unpaired electrons."""
    return random_cube(symbols, seed=seed, index=index, charge=1, n_unpaired=3)


def octahedron_with_a_lid():
    """Six atoms of sodium and one over a face."""
    x = 6.2 * np.vstack([np.eye(3), -np.eye(3), [np.ones(3)]]) / np.sqrt(2)
    return Cluster(symbols=("Na",) * 7, positions=x)


def distances_from(x, i):
    """Distances of all points from one of them."""
    return np.linalg.norm(x - x[i], axis=1)
