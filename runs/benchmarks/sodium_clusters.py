"""Sodium clusters to measure on, the same for every program."""

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.generate.random_cube import random_cube
from clusterdft.relaxation.relax import relax
from clusterdft.surfaces.classical import Gupta


def compact(n, seed=1):
    """(n, 3) bohr: a random start relaxed on the classical Gupta surface, so that it is a compact cluster."""
    start = random_cube(("Na",) * n, seed=seed, index=0)
    outcome = relax(start, Gupta(), fmax=1e-3, max_calls=500)
    return np.array(outcome.cluster.positions)


def displaced(positions, count, sigma, seed=0):
    """`count` copies with Gaussian noise of width sigma (bohr) on every coordinate."""
    rng = np.random.default_rng(seed)
    return [positions + rng.normal(0.0, sigma, positions.shape) for _ in range(count)]


def sodium(positions, **state):
    """Cluster of sodium atoms at positions (n, 3) bohr."""
    return Cluster(symbols=("Na",) * len(positions), positions=positions, **state)
