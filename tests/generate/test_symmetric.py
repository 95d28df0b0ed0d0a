"""Symmetric starts."""

import numpy as np
import pytest
from generating import is_physical
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterdft.errors import InputError
from clusterdft.generate.physical import scaled_distances
from clusterdft.generate.symmetric import POINT_GROUPS, symmetric, symmetric_start
from clusterdft.groups.group_matrices import group_matrices

COMPOSITION = st.one_of(
    st.integers(1, 30).map(lambda n: ("Na",) * n),
    st.lists(st.sampled_from(["Na", "K"]), min_size=1, max_size=15).map(tuple),
)


def moved_least(group, cluster):
    """Largest distance of an image of an atom to the nearest atom of its species, over all operations."""
    worst = 0.0
    for symbol in set(cluster.symbols):
        x = cluster.positions[[s == symbol for s in cluster.symbols]]
        images = np.einsum("gij,nj->gni", group, x)
        gap = np.linalg.norm(images[:, :, None] - x, axis=3).min(axis=2)
        worst = max(worst, float(gap.max()))
    return worst


@settings(max_examples=30, deadline=None)
@given(symbols=COMPOSITION, seed=st.integers(0, 2**32))
def test_symmetric_starts_are_physical_and_follow_the_seed(symbols, seed):
    one = symmetric_start(symbols, np.random.default_rng(seed), charge=-1, n_unpaired=2)
    assert is_physical(one)
    assert (one.symbols, one.charge, one.n_unpaired) == (symbols, -1, 2)
    assert np.array_equal(one.positions, symmetric_start(symbols, np.random.default_rng(seed)).positions)


@pytest.mark.parametrize("name", [n for n in POINT_GROUPS if n not in ("I", "Ih", "D6d", "D5d")])
def test_unblurred_starts_have_the_operations_of_their_group(name):
    rng = np.random.default_rng(2)
    symbols = ("Na",) * 8
    one = symmetric_start(symbols, rng, group=name, blur=0.0)
    assert moved_least(group_matrices(name), one) < 1e-8
    blurred = symmetric_start(symbols, rng, group=name)
    assert name == "C1" or moved_least(group_matrices(name), blurred) > 1e-3


def test_species_are_symmetric_each():
    one = symmetric_start(
        ("Na", "K", "K", "Na", "K", "Na", "Na"), np.random.default_rng(0), group="C3v", blur=0.0
    )
    assert moved_least(group_matrices("C3v"), one) < 1e-8


def test_thirteen_atoms_with_icosahedral_symmetry_are_the_centred_icosahedron():
    one = symmetric_start(("Na",) * 13, np.random.default_rng(0), group="Ih", blur=0.0)
    r = np.sort(np.linalg.norm(one.positions, axis=1))
    assert r[0] < 1e-9
    assert np.allclose(r[1:], r[1])
    edges = scaled_distances(one.symbols, one.positions)
    assert np.isclose(np.sort(edges.ravel())[24] / np.sort(edges.ravel())[0], 1 / 0.9510565163)


def test_starts_come_from_many_groups():
    groups = {name: group_matrices(name) for name in ("Cs", "C2", "C2v", "C3", "D2d", "D3h", "Td")}
    found = set()
    for index in range(40):
        one = symmetric_start(("Na",) * 8, np.random.default_rng([1, index]), blur=0.0)
        found |= {name for name, group in groups.items() if moved_least(group, one) < 1e-6}
    assert found == set(groups)


def test_groups_that_cannot_hold_the_atoms_are_refused():
    with pytest.raises(InputError, match="not placed with symmetry Ih"):
        symmetric_start(("Na",) * 5, np.random.default_rng(0), group="Ih")
    with pytest.raises(InputError, match="unknown point group 'C7v'"):
        symmetric_start(("Na",) * 5, np.random.default_rng(0), group="C7v")


def test_the_generator_is_these_starts_by_number():
    for index in range(3):
        one = symmetric(("Na",) * 9, seed=5, index=index, charge=1)
        expected = symmetric_start(("Na",) * 9, np.random.default_rng([5, index]))
        assert np.array_equal(one.positions, expected.positions)
        assert one.charge == 1
