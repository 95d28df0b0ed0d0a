"""Properties that hold for every random start."""

import numpy as np
import pytest
from ase.data import atomic_numbers, covalent_radii
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterdft.errors import InputError
from clusterdft.generate import GENERATORS
from clusterdft.generate.random_cube import FARTHEST, NEAREST
from clusterdft.units import BOHR_ANGSTROM

COMPOSITION = st.lists(st.sampled_from(["Na", "K", "Ag", "Al"]), min_size=1, max_size=15)


@pytest.mark.parametrize("name", GENERATORS)
@settings(max_examples=40, deadline=None)
@given(symbols=COMPOSITION, seed=st.integers(0, 2**40), index=st.integers(0, 10_000))
def test_starts_are_reproducible_centred_and_complete(name, symbols, seed, index):
    generate = GENERATORS[name]
    one = generate(symbols, seed=seed, index=index, charge=1, n_unpaired=3)
    assert np.array_equal(one.positions, generate(symbols, seed=seed, index=index).positions)
    assert one.symbols == tuple(symbols)
    assert (one.charge, one.n_unpaired) == (1, 3)
    assert np.abs(one.positions.mean(axis=0)).max() < 1e-9


@settings(max_examples=40, deadline=None)
@given(symbols=COMPOSITION, index=st.integers(0, 10_000))
def test_no_atom_is_too_near_and_none_is_alone(symbols, index):
    cluster = GENERATORS["random-cube"](symbols, seed=0, index=index)
    radii = covalent_radii[[atomic_numbers[symbol] for symbol in symbols]] / BOHR_ANGSTROM
    scaled = np.linalg.norm(cluster.positions[:, None] - cluster.positions[None], axis=2)
    scaled = scaled / (radii[:, None] + radii) + np.diag(np.full(len(symbols), np.inf))
    for n in range(1, len(symbols)):
        assert NEAREST <= scaled[n, :n].min() <= FARTHEST


def test_sodium_atoms_stand_five_to_seven_and_a_half_bohr_apart():
    shortest = []
    for index in range(200):
        x = GENERATORS["random-cube"](("Na",) * 2, seed=0, index=index).positions
        shortest.append(np.linalg.norm(x[0] - x[1]))
    assert 5.0 <= min(shortest) < 5.3
    assert 7.2 < max(shortest) <= 7.6


def test_seeds_and_indices_give_different_starts():
    generate = GENERATORS["random-cube"]
    starts = [generate(("Na",) * 4, seed=s, index=i).positions for s in range(5) for i in range(5)]
    assert len({start.tobytes() for start in starts}) == 25


def test_starts_are_not_all_of_one_shape():
    """Flat and round ones both turn up: ratio of the smallest to the largest radius of gyration."""
    ratios = []
    for index in range(100):
        moments = np.linalg.eigvalsh(
            np.cov(GENERATORS["random-cube"](("Na",) * 6, seed=0, index=index).positions.T)
        )
        ratios.append(np.sqrt(moments[0] / moments[-1]))
    assert min(ratios) < 0.25
    assert max(ratios) > 0.6


@pytest.mark.parametrize("name", GENERATORS)
@pytest.mark.parametrize("wrong", [{"seed": -1, "index": 0}, {"seed": 0, "index": -1}])
def test_negative_seed_or_index_is_refused(name, wrong):
    with pytest.raises(InputError, match="at least 0"):
        GENERATORS[name](("Na",), **wrong)


def test_limits_without_room_are_refused():
    with pytest.raises(InputError, match="nearest < farthest"):
        GENERATORS["random-cube"](("Na",) * 2, seed=0, index=0, nearest=1.5, farthest=1.2)
    with pytest.raises(InputError, match="no room"):
        GENERATORS["random-cube"](("Na",) * 4, seed=0, index=0, nearest=1.0, farthest=1.0 + 1e-9)
