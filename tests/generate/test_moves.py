"""What every move keeps, and what each one does."""

import numpy as np
import pytest
from generating import COMPOSITION, SEED, distances_from, is_physical, octahedron_with_a_lid, start
from hypothesis import given, settings

from clusterdft.cluster import Cluster
from clusterdft.generate.moves import (
    displace_all,
    move_core_to_surface,
    move_to_surface,
    rattle_worst,
    strain,
    swap_species,
    twist,
)
from clusterdft.generate.physical import scaled_distances
from clusterdft.generate.sites import binding

MOVES = [
    displace_all,
    rattle_worst,
    move_to_surface,
    move_core_to_surface,
    twist,
    strain,
    swap_species,
]


@pytest.mark.parametrize("move", MOVES)
@settings(max_examples=25, deadline=None)
@given(symbols=COMPOSITION, seed=SEED)
def test_moves_keep_the_composition_are_physical_and_follow_the_seed(move, symbols, seed):
    one = start(symbols, seed)
    moved = move(one, np.random.default_rng(seed))
    assert moved.symbols == one.symbols
    assert (moved.charge, moved.n_unpaired) == (1, 3)
    assert is_physical(moved)
    assert np.abs(moved.positions.mean(axis=0)).max() < 1e-9
    assert np.array_equal(moved.positions, move(one, np.random.default_rng(seed)).positions)


@pytest.mark.parametrize("move", MOVES)
def test_moves_move(move):
    one = start(("Na", "K") * 4)
    moved = move(one, np.random.default_rng(1))
    there, here = (np.sort(scaled_distances(one.symbols, c.positions), axis=None) for c in (moved, one))
    assert np.nanmax(np.abs(there[:-8] - here[:-8])) > 0.02


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


def test_twisted_parts_keep_their_inner_distances():
    one = start(("Na",) * 10, 2)
    moved = twist(one, np.random.default_rng(4))
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


def test_rattling_leaves_the_other_atoms():
    """The octahedron stays as it is unless its lid was pushed into it, or one of its own atoms was taken."""
    one, kept = octahedron_with_a_lid(), 0
    for i in range(20):
        moved = rattle_worst(one, np.random.default_rng(i), fraction=1 / 7).positions
        moved = moved - moved[:6].mean(axis=0)
        kept += np.allclose(moved[:6], one.positions[:6], atol=1e-9)
        before, after = (np.sort(distances_from(x, 6)) for x in (one.positions, moved))
        assert np.abs(after - before).max() > 0.1
    assert 6 <= kept < 20


def test_displacements_are_as_large_as_asked_for():
    one = start(("Na",) * 20)
    moved = displace_all(one, np.random.default_rng(0), amplitude=0.1)
    step = np.abs(moved.positions - one.positions)
    assert 0.08 < step.max() < 0.12
