"""Free sites on a cluster, and how well its atoms are bound."""

from collections import Counter

import numpy as np
import pytest
from generating import COMPOSITION, SEED, start
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterdft.cluster import Cluster
from clusterdft.generate.sites import binding, random_direction, random_site, surface_sites
from clusterdft.geometry.distances import covalent_radii


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


@settings(max_examples=30, deadline=None)
@given(symbols=COMPOSITION, seed=SEED, symbol=st.sampled_from(["Na", "K"]))
def test_sites_are_free_and_touch_what_they_sit_on(symbols, seed, symbol):
    one = start(symbols, seed)
    sites, coordination = surface_sites(one, symbol, np.random.default_rng(seed))
    assert len(sites) == len(coordination) >= 1
    bonds = covalent_radii(one.symbols) + covalent_radii([symbol])
    scaled = np.linalg.norm(sites[:, None] - one.positions, axis=2) / bonds
    assert scaled.min(axis=1) == pytest.approx(1, abs=0.1 + 1e-9)
    assert (coordination >= 1).all()
    site = random_site(one, symbol, np.random.default_rng(seed))
    assert (np.linalg.norm(site - one.positions, axis=1) / bonds).min() >= 0.9 - 1e-9


def test_well_coordinated_atoms_are_bound_strongest():
    x = 6.2 * np.vstack([np.zeros(3), np.eye(3), -np.eye(3), [[2.0, 0, 0]]])
    strength = binding(Cluster(symbols=("Na",) * 8, positions=x))
    assert np.argmax(strength) == 0
    assert np.argmin(strength) == 7


def test_directions_are_spread_evenly():
    rng = np.random.default_rng(0)
    directions = np.stack([random_direction(rng) for _ in range(4000)])
    assert np.linalg.norm(directions, axis=1) == pytest.approx(1)
    assert np.abs(directions.mean(axis=0)).max() < 0.05
    assert np.abs(directions.T @ directions / 4000 - np.eye(3) / 3).max() < 0.03
