"""Clusters of one atom more or less, and seeds made into a wanted composition."""

from collections import Counter

import numpy as np
import pytest
from generating import COMPOSITION, SEED, is_physical, octahedron_with_a_lid, start
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.generate.physical import scaled_distances
from clusterdft.generate.resize import adapt, add_atom, remove_atom


@settings(max_examples=40, deadline=None)
@given(symbols=COMPOSITION, wanted=COMPOSITION, seed=SEED)
def test_any_seed_is_adapted_to_any_composition(symbols, wanted, seed):
    made = adapt(start(symbols, seed), wanted, -1, None, np.random.default_rng(seed))
    assert made.symbols == wanted
    assert (made.charge, made.n_unpaired) == (-1, None)
    assert is_physical(made)
    again = adapt(start(symbols, seed), wanted, -1, None, np.random.default_rng(seed))
    assert np.array_equal(made.positions, again.positions)


def test_a_seed_of_the_same_composition_only_changes_its_order_and_charge():
    seed = start(("Na", "Na", "K", "K"))
    made = adapt(seed, ("K", "Na", "K", "Na"), 0, 1, np.random.default_rng(0))
    assert np.allclose(made.positions, seed.positions[[2, 0, 3, 1]])
    assert (made.charge, made.n_unpaired) == (0, 1)


def test_a_seed_of_another_element_is_scaled_by_the_covalent_radii():
    seed = start(("Na",) * 5)
    made = adapt(seed, ("K",) * 5, 0, None, np.random.default_rng(0))
    assert np.allclose(made.positions, seed.positions * 2.03 / 1.66)


@settings(max_examples=40, deadline=None)
@given(symbols=COMPOSITION, seed=SEED, symbol=st.sampled_from(["Na", "K"]))
def test_growth_adds_one_touching_atom_and_leaves_the_others(symbols, seed, symbol):
    one = start(symbols, seed)
    grown = add_atom(one, symbol, np.random.default_rng(seed))
    assert grown.symbols == (*one.symbols, symbol)
    assert (grown.charge, grown.n_unpaired) == (1, None)
    assert is_physical(grown)
    assert scaled_distances(grown.symbols, grown.positions)[-1].min() < 1.0 + 1e-9
    kept = grown.positions[:-1] - grown.positions[:-1].mean(axis=0)
    assert np.allclose(kept, one.positions, atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(symbols=COMPOSITION.filter(lambda s: len(s) > 1), seed=SEED)
def test_shrinking_takes_one_atom_of_the_species(symbols, seed):
    smaller = remove_atom(start(symbols, seed), np.random.default_rng(seed), symbols[0])
    assert Counter(symbols) - Counter(smaller.symbols) == Counter(symbols[:1])
    assert is_physical(smaller)


def test_shrinking_takes_low_coordinated_atoms_most_often():
    one = octahedron_with_a_lid()
    lid = [remove_atom(one, np.random.default_rng(i)) for i in range(200)]
    kept = [np.allclose(np.ptp(c.positions, axis=0), 6.2 * np.sqrt(2)) for c in lid]
    left = sum(kept)
    assert left > 200 / 7 * 1.5


def test_the_last_atom_and_absent_species_are_not_removed():
    with pytest.raises(InputError, match="no atom can be removed"):
        remove_atom(start(("Na",)), np.random.default_rng(0))
    with pytest.raises(InputError, match="no K can be removed"):
        remove_atom(start(("Na",) * 3), np.random.default_rng(0), "K")


def test_a_planar_cluster_can_grow_in_its_plane_and_out_of_it():
    one = Cluster(symbols=("Na",) * 3, positions=6.2 * np.array([[0, 0, 0], [1, 0, 0], [0.5, 0.75**0.5, 0]]))
    heights = []
    for i in range(60):
        grown = add_atom(one, "Na", np.random.default_rng(i)).positions
        heights.append(abs(grown[3, 2] - grown[0, 2]) / 6.2)
    assert min(heights) < 0.3
    assert max(heights) > 0.75
