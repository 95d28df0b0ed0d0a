"""Geometries made symmetric."""

import numpy as np
import pytest

from clusterdft.cluster import Cluster
from clusterdft.generate.symmetrised import symmetrised
from clusterdft.relaxation.relax import relax
from clusterdft.surfaces.classical import LennardJones
from clusterdft.symmetry.point_group import find_point_group

OCTAHEDRON = 4.2 * np.array(
    [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], dtype=float
)


def sodium(positions):
    return Cluster(symbols=("Na",) * len(positions), positions=positions)


def bipyramid():
    """Pentagonal bipyramid, D5h."""
    angles = 2 * np.pi * np.arange(5) / 5
    ring = np.stack([5.1 * np.cos(angles), 5.1 * np.sin(angles), np.zeros(5)], axis=1)
    return sodium(np.concatenate([ring, [[0, 0, 3.1], [0, 0, -3.1]]]))


def group_of(cluster):
    return find_point_group(cluster, tolerance=1e-6).name


def distances(cluster):
    r = np.linalg.norm(cluster.positions[:, None] - cluster.positions[None], axis=2)
    return np.sort(r[np.triu_indices(cluster.natom, 1)])


@pytest.mark.parametrize("shape", [sodium(OCTAHEDRON), bipyramid()])
def test_a_shaken_shape_comes_back(shape):
    rng = np.random.default_rng(0)
    shaken = shape.at(shape.positions + rng.normal(scale=0.15, size=shape.positions.shape))
    found = symmetrised(shaken)
    assert distances(found) == pytest.approx(distances(shape), abs=0.3)
    assert group_of(found) == group_of(shape) != "C1"


def test_what_is_symmetric_stays_as_it_is():
    assert distances(symmetrised(bipyramid())) == pytest.approx(distances(bipyramid()), abs=1e-9)


def test_species_are_not_exchanged():
    mixed = Cluster(symbols=("K",) + ("Na",) * 5, positions=OCTAHEDRON)
    shaken = mixed.at(mixed.positions + np.random.default_rng(1).normal(scale=0.1, size=(6, 3)))
    found = symmetrised(shaken)
    assert found.symbols == mixed.symbols
    assert group_of(found) == "C4v"


def test_nothing_to_symmetrise():
    rng = np.random.default_rng(2)
    assert symmetrised(sodium(8.0 * rng.normal(size=(7, 3))), 1e-3) is None
    assert symmetrised(sodium([[0, 0, 0], [0, 0, 6.0], [0, 0, 12.0]])) is None
    assert symmetrised(sodium([[0, 0, 0]])) is None


def test_flat_clusters_stay_flat():
    rng = np.random.default_rng(3)
    square = np.array([[3, 3, 0], [3, -3, 0], [-3, -3, 0], [-3, 3, 0]], dtype=float)
    found = symmetrised(sodium(square + rng.normal(scale=0.1, size=(4, 3)) * [1, 1, 0]))
    assert np.linalg.matrix_rank(found.positions, tol=1e-6) == 2
    assert distances(found)[:4] == pytest.approx(distances(found)[0], abs=1e-9)


def test_a_symmetrised_start_relaxes_at_once():
    rng = np.random.default_rng(4)
    end = relax(sodium(OCTAHEDRON + 0.3 * rng.normal(size=(6, 3))), LennardJones(), max_calls=6)
    whole = relax(symmetrised(end.cluster), LennardJones())
    assert whole.energy == pytest.approx(-0.12712062, abs=1e-5)
