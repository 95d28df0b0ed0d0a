"""Properties that every move, crossover and growth step keeps."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.generate import GENERATORS, MOVES
from clusterdft.generate.crossover import cut_and_splice
from clusterdft.generate.moves import (
    displace_all,
    flatten,
    mirror_half,
    move_core_to_surface,
    move_to_surface,
    rattle_worst,
    strain,
    swap_species,
    twist,
)
from clusterdft.generate.physical import is_physical, repair, scaled_distances
from clusterdft.generate.resize import adapt, add_atom, remove_atom
from clusterdft.generate.sites import binding, surface_sites

PURE = st.integers(1, 40).map(lambda n: ("Na",) * n)
MIXED = st.lists(st.sampled_from(["Na", "K", "Al", "Cs"]), min_size=1, max_size=25).map(tuple)
COMPOSITION = st.one_of(PURE, MIXED)
SEED = st.integers(0, 2**32)


def start(symbols, seed=0, index=0):
    return GENERATORS["random-cube"](symbols, seed=seed, index=index, charge=1, n_unpaired=3)


def octahedron_with_a_lid():
    x = 6.2 * np.vstack([np.eye(3), -np.eye(3), [np.ones(3)]]) / np.sqrt(2)
    return Cluster(symbols=("Na",) * 7, positions=x)


@pytest.mark.parametrize("name", MOVES)
@settings(max_examples=25, deadline=None)
@given(symbols=COMPOSITION, seed=SEED)
def test_moves_keep_the_composition_are_physical_and_follow_the_seed(name, symbols, seed):
    one = start(symbols, seed)
    moved = MOVES[name](one, np.random.default_rng(seed))
    assert moved.symbols == one.symbols
    assert (moved.charge, moved.n_unpaired) == (1, 3)
    assert is_physical(moved)
    assert np.abs(moved.positions.mean(axis=0)).max() < 1e-9
    assert np.array_equal(moved.positions, MOVES[name](one, np.random.default_rng(seed)).positions)


@pytest.mark.parametrize("name", MOVES)
def test_moves_move(name):
    one = start(("Na", "K") * 4)
    moved = MOVES[name](one, np.random.default_rng(1))
    there, here = (np.sort(scaled_distances(one.symbols, c.positions), axis=None) for c in (moved, one))
    assert np.nanmax(np.abs(there[:-8] - here[:-8])) > 0.02


@settings(max_examples=40, deadline=None)
@given(symbols=COMPOSITION, seed=SEED, data=st.data())
def test_children_keep_the_composition_in_the_order_of_the_first_parent(symbols, seed, data):
    a = start(symbols, seed)
    b = start(tuple(data.draw(st.permutations(symbols))), seed, 1)
    child = cut_and_splice(a, b, np.random.default_rng(seed))
    assert child.symbols == a.symbols
    assert (child.charge, child.n_unpaired) == (1, 3)
    assert is_physical(child)
    assert np.array_equal(child.positions, cut_and_splice(a, b, np.random.default_rng(seed)).positions)


def test_children_have_a_part_of_each_parent_as_it_was():
    """Distances within the part of a parent are known to all digits; those between the parts are new."""
    a, b = start(("Na",) * 12, 3), start(("Na",) * 12, 4)

    def shared(one, other):
        r, known = (scaled_distances(c.symbols, c.positions)[np.triu_indices(12, 1)] for c in (one, other))
        return int(np.sum(np.abs(r[:, None] - known).min(axis=1) < 1e-9))

    children = [cut_and_splice(a, b, np.random.default_rng(i)) for i in range(30)]
    whole = [shared(child, a) + shared(child, b) for child in children]
    sizes = {tuple(sorted((n * (n - 1) // 2, (12 - n) * (11 - n) // 2))) for n in range(3, 10)}
    found = [tuple(sorted((shared(child, a), shared(child, b)))) for child in children]
    assert sum(pair in sizes for pair in found) >= 25
    assert max(whole) < 66
    assert shared(a, b) == 0


def test_parents_of_other_composition_are_refused():
    with pytest.raises(InputError, match="differ in composition"):
        cut_and_splice(start(("Na",) * 3), start(("Na", "Na", "K")), np.random.default_rng(0))


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


def test_a_planar_cluster_can_grow_in_its_plane_and_out_of_it():
    one = Cluster(symbols=("Na",) * 3, positions=6.2 * np.array([[0, 0, 0], [1, 0, 0], [0.5, 0.75**0.5, 0]]))
    heights = []
    for i in range(60):
        grown = add_atom(one, "Na", np.random.default_rng(i)).positions
        heights.append(abs(grown[3, 2] - grown[0, 2]) / 6.2)
    assert min(heights) < 0.3
    assert max(heights) > 0.75


def test_the_least_bound_atom_moves_most_often_but_not_always():
    """And where it does, the others stay as they are."""
    one, lids = octahedron_with_a_lid(), 0
    assert np.argmin(binding(one)) == 6
    for i in range(100):
        moved = move_to_surface(one, np.random.default_rng(i)).positions
        moved = moved - moved[:6].mean(axis=0)
        lids += (
            np.allclose(moved[:6], one.positions[:6]) and np.linalg.norm(moved[6] - one.positions[6]) > 1.0
        )
    assert 60 <= lids <= 97


def test_the_centre_of_a_cage_leaves_it():
    x = 6.2 * np.vstack([np.zeros(3), np.eye(3), -np.eye(3)])
    moved = move_core_to_surface(Cluster(symbols=("Na",) * 7, positions=x), np.random.default_rng(0))
    assert np.linalg.norm(moved.positions[0] - moved.positions[1:].mean(axis=0)) > 6.2


def test_twisted_and_mirrored_parts_keep_their_inner_distances():
    one = start(("Na",) * 10, 2)
    for move in (twist, mirror_half):
        moved = move(one, np.random.default_rng(4))
        new, old = (scaled_distances(c.symbols, c.positions)[np.triu_indices(10, 1)] for c in (moved, one))
        assert np.sum(np.abs(new[:, None] - old).min(axis=1) < 1e-6) >= 10


def test_swaps_only_exchange_atoms():
    one = start(("Na", "K", "K", "Na"))
    moved = swap_species(one, np.random.default_rng(0))
    same = np.array([np.linalg.norm(one.positions - p, axis=1).min() for p in moved.positions])
    changed = np.flatnonzero(np.linalg.norm(moved.positions - one.positions, axis=1) > 1e-6)
    assert same.max() < 0.5
    assert sorted(one.symbols[i] for i in changed) == ["K", "Na"]


def test_strain_keeps_the_volume():
    one = start(("Na",) * 12)
    wide = one.at(1.3 * one.positions)  # with room, so that nothing has to be repaired
    moved = strain(wide, np.random.default_rng(0))
    change = np.linalg.lstsq(wide.positions, moved.positions, rcond=None)[0]
    assert np.allclose(wide.positions @ change, moved.positions)
    assert np.isclose(np.linalg.det(change), 1.0)
    assert np.abs(change - np.eye(3)).max() > 0.05


def test_flattened_clusters_are_flatter():
    ratio = []
    for i in range(20):
        one = start(("Na",) * 12, i)
        moved = flatten(one, np.random.default_rng(i))
        thin, before = (np.linalg.eigvalsh(np.cov(c.positions.T)) for c in (moved, one))
        ratio.append(np.sqrt(thin[0] / thin[2]) / np.sqrt(before[0] / before[2]))
    assert np.median(ratio) < 0.8


def test_rattling_leaves_the_other_atoms():
    """The octahedron stays as it is unless its lid was pushed into it, or one of its own atoms was taken."""
    one, kept = octahedron_with_a_lid(), 0
    for i in range(20):
        moved = rattle_worst(one, np.random.default_rng(i), fraction=1 / 7).positions
        moved = moved - moved[:6].mean(axis=0)
        kept += np.allclose(moved[:6], one.positions[:6], atol=1e-9)
        assert np.abs(np.sort(_from(moved, 6)) - np.sort(_from(one.positions, 6))).max() > 0.1
    assert 6 <= kept < 20


def test_a_mirrored_cluster_has_two_halves_of_one_shape():
    one = start(("Na",) * 10, 2)
    moved = mirror_half(one, np.random.default_rng(4)).positions
    kept = [
        i
        for i in range(10)
        if np.sum(np.isclose(_from(moved, i)[:, None], _from(one.positions, i)).any(0)) > 4
    ]
    new = [i for i in range(10) if i not in kept]
    assert len(kept) == len(new) == 5
    halves = [np.sort(np.linalg.norm(moved[h][:, None] - moved[h], axis=2), axis=None) for h in (kept, new)]
    assert np.allclose(*halves, atol=1e-6)


def _from(x, i):
    return np.linalg.norm(x - x[i], axis=1)


def test_displacements_are_as_large_as_asked_for():
    one = start(("Na",) * 20)
    moved = displace_all(one, np.random.default_rng(0), amplitude=0.1)
    step = np.abs(moved.positions - one.positions)
    assert 0.08 < step.max() < 0.12


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
def test_physical_means_neither_overlapping_nor_apart(x, physical):
    """For sodium: between 4.39 and 11.29 bohr."""
    assert is_physical(Cluster(symbols=("Na",) * 2, positions=[[0, 0, 0], [x, 0, 0]])) is physical
