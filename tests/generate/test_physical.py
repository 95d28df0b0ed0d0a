"""Repair of geometries that could be no cluster."""

import numpy as np
import pytest
from generating import COMPOSITION, SEED, is_physical, octahedron_with_a_lid, start
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterdft.cluster import Cluster
from clusterdft.generate.physical import repair, scaled_distances


@settings(max_examples=60, deadline=None)
@given(symbols=COMPOSITION, seed=SEED, size=st.sampled_from([0.0, 1e-3, 1.0, 10.0, 300.0]))
def test_anything_is_repaired(symbols, seed, size):
    """Coincident, crowded and scattered atoms alike."""
    one = start(symbols)
    made = repair(one, np.random.default_rng(seed).normal(size=(len(symbols), 3)) * size)
    assert made.symbols == symbols
    assert is_physical(made)
    assert np.allclose(repair(made).positions, made.positions, atol=1e-9)


def test_repair_turns_and_renames_with_the_geometry():
    one = start(("Na", "K") * 4)
    crowded = one.positions * [0.5, 0.6, 2.0]
    turn, order = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))[0], np.arange(8).reshape(4, 2)
    made = repair(one, crowded).positions
    assert np.allclose(repair(one, crowded @ turn.T).positions, made @ turn.T, atol=1e-8)
    renamed = order[::-1].ravel()
    assert np.allclose(repair(one, crowded[renamed]).positions, made[renamed], atol=1e-8)


def test_fragments_are_joined_at_one_bond_length_without_a_change_of_shape():
    x = np.vstack([octahedron_with_a_lid().positions, [[40.0, 0, 0], [46.0, 0, 0]]])
    made = repair(Cluster(symbols=("Na",) * 9, positions=x))
    gap = scaled_distances(made.symbols, made.positions)[:7, 7:].min()
    assert abs(gap - 1.0) < 1e-9
    assert np.isclose(np.linalg.norm(made.positions[8] - made.positions[7]), 6.0)


@pytest.mark.parametrize(("x", "physical"), [(4.0, False), (4.6, True), (11.0, True), (11.6, False)])
def test_what_neither_overlaps_nor_is_apart_is_only_centred(x, physical):
    """For sodium: between 4.39 and 11.29 bohr."""
    pair = Cluster(symbols=("Na",) * 2, positions=[[0, 0, 0], [x, 0, 0]])
    assert is_physical(pair) is physical
    made = repair(pair)
    assert is_physical(made)
    assert np.allclose(made.positions, [[-x / 2, 0, 0], [x / 2, 0, 0]]) is physical
