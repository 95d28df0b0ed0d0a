"""Which atoms hang together."""

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import pdist

from clusterdft.cluster import Cluster
from clusterdft.generate import GENERATORS
from clusterdft.geometry.distances import covalent_radii
from clusterdft.geometry.fragments import fragments


def test_largest_fragment_comes_first():
    z = [0.0, 30.0, 36.0, 80.0, 86.0, 92.0]
    cluster = Cluster(symbols=("Na",) * 6, positions=[[0, 0, value] for value in z])
    assert fragments(cluster) == [[3, 4, 5], [1, 2], [0]]


def test_limit_scales_with_the_radii():
    def pair(symbol, r):
        return Cluster(symbols=(symbol,) * 2, positions=[[0, 0, 0], [0, 0, r]])

    assert len(fragments(pair("Na", 10.5))) == 1
    assert len(fragments(pair("Na", 12.0))) == 2
    assert len(fragments(pair("H", 10.5))) == 2


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 12), st.integers(0, 1000), st.floats(25.0, 100.0))
def test_two_far_clusters_are_two_fragments(natom, index, shift):
    one = GENERATORS["random-cube"](("Na",) * natom, seed=1, index=index)
    span = 2 * np.linalg.norm(one.positions, axis=1).max()
    both = np.concatenate([one.positions, one.positions + [0, 0, span + shift]])
    cluster = Cluster(symbols=("Na",) * 2 * natom, positions=both)
    assert fragments(one) == [list(range(natom))]
    assert sorted(fragments(cluster)) == [list(range(natom)), list(range(natom, 2 * natom))]


@settings(max_examples=40, deadline=None)
@given(
    symbols=st.lists(st.sampled_from(["Na", "K", "H"]), min_size=1, max_size=14),
    seed=st.integers(0, 1000),
    limit=st.floats(0.5, 2.5),
)
def test_fragments_are_the_connected_components_of_the_bonds(symbols, seed, limit):
    x = np.random.default_rng(seed).uniform(0, 30, (len(symbols), 3))
    assume(len(x) == 1 or pdist(x).min() > 0.6)
    bonds = np.add.outer(covalent_radii(symbols), covalent_radii(symbols))
    near = np.linalg.norm(x[:, None] - x, axis=2) < limit * bonds
    count, label = connected_components(near, directed=False)
    expected = {tuple(np.flatnonzero(label == k).tolist()) for k in range(count)}
    found = fragments(Cluster(symbols=symbols, positions=x), limit)
    assert {tuple(atoms) for atoms in found} == expected
    assert found == sorted(found, key=lambda atoms: (-len(atoms), atoms))
