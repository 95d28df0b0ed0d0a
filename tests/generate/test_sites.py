"""Free sites on a cluster."""

from collections import Counter

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.generate.sites import surface_sites


def test_sites_of_an_octahedron_are_hollows_bridges_and_tops():
    bond = 2 * 1.66 / 0.529177210544
    x = bond * np.vstack([np.eye(3), -np.eye(3)]) / np.sqrt(2)
    octahedron = Cluster(symbols=("Na",) * 6, positions=x)
    sites, coordination = surface_sites(octahedron, "Na", np.random.default_rng(0))
    assert Counter(coordination.tolist())[3] >= 8
    assert np.linalg.norm(sites[:, None] - x, axis=2).min() > 0.9 * bond
    hollows = sites[:8]
    assert np.allclose(np.abs(hollows), np.abs(hollows[0, 0]))  # over the faces, along (111)
    assert np.allclose(np.sort(np.linalg.norm(hollows[:, None] - x, axis=2))[:, :3], bond)
