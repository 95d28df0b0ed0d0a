"""Distances between neighbours of known figures."""

import numpy as np
import pytest
from ase.cluster import Icosahedron
from clusters import rearranged

from clusterdft.cluster import Cluster
from clusterdft.geometry.distances import covalent_radii, distances, neighbour_distances
from clusterdft.units import BOHR_ANGSTROM


def sodium(positions, **state):
    return Cluster(symbols=("Na",) * len(positions), positions=positions, **state)


def test_obtuse_triangle_as_in_the_paper():
    """5.72, 5.72 and 7.2 bohr: 5.7, 6.2 and 0.69 in table III."""
    half = 3.6
    found = distances(sodium([[-half, 0, 0], [half, 0, 0], [0, np.sqrt(5.72**2 - half**2), 0]]))
    assert found.shortest == pytest.approx(5.72)
    assert found.mean == pytest.approx((2 * 5.72 + 7.2) / 3)
    assert found.spread == pytest.approx(np.sqrt(2) / 3 * (7.2 - 5.72))
    assert found.coordination.tolist() == [2, 2, 2]
    assert "1.25 times" in found.rule


def test_icosahedron():
    atoms = Icosahedron("Na", 2)
    found = distances(sodium(atoms.positions / BOHR_ANGSTROM))
    assert sorted(found.coordination.tolist()) == [6] * 12 + [12]
    assert len(found.pairs) == 42
    assert found.lengths.min() == found.shortest


def test_pairs_and_lengths_belong_together():
    cluster = sodium(np.random.default_rng(1).uniform(0, 14, (7, 3)))
    found = distances(cluster)
    i, j = found.pairs.T
    assert np.linalg.norm(cluster.positions[i] - cluster.positions[j], axis=1) == pytest.approx(found.lengths)
    assert np.sort(found.lengths) == pytest.approx(neighbour_distances(cluster))


def test_reach_is_in_units_of_the_covalent_radii():
    mixed = Cluster(symbols=("Na", "K"), positions=[[0, 0, 0], [0, 0, 8.4]])
    far = Cluster(symbols=("Na", "Na", "Na"), positions=[[0, 0, 0], [0, 0, 8.4], [0, 0, 14.0]])
    assert len(distances(mixed, reach=1.25).pairs) == 1
    assert distances(far).pairs.tolist() == [[1, 2]]
    assert len(distances(far, reach=1.4).pairs) == 2


def test_atom_and_far_pair():
    atom = distances(sodium([[0, 0, 0]]))
    assert (atom.shortest, atom.mean, atom.spread) == (None, None, None)
    assert atom.coordination.tolist() == [0]
    assert distances(sodium([[0, 0, 0], [0, 0, 30.0]])).shortest == pytest.approx(30.0)


def test_invariance():
    cluster = sodium(np.random.default_rng(4).uniform(0, 15, (8, 3)))
    moved, order, _ = rearranged(cluster)
    one, two = distances(cluster), distances(moved)
    for name in ("shortest", "mean", "spread"):
        assert getattr(one, name) == pytest.approx(getattr(two, name), abs=1e-10)
    assert two.coordination.tolist() == one.coordination[order].tolist()


def test_covalent_radii():
    """Cordero et al., Dalton Trans. 2832 (2008), in angstrom."""
    radii = covalent_radii(["Na", "K", "Na"])
    assert radii * BOHR_ANGSTROM == pytest.approx([1.66, 2.03, 1.66])
    assert not radii.flags.writeable
