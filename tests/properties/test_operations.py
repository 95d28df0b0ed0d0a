"""Point operations: as many as the point group has, and each maps the geometry on itself."""

import numpy as np
import pytest
from ase.cluster import Icosahedron
from scipy.spatial.transform import Rotation

from clusterdft.cluster import Cluster
from clusterdft.properties.operations import identity, operations

TETRAHEDRON = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]])
SQUARE = np.array([[1, 1, 0], [-1, 1, 0], [-1, -1, 0], [1, -1, 0]])
OCTAHEDRON = np.array([[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]])
BENT = np.array([[0, 0, 0], [1, 0.3, 0], [-1, 0.3, 0]])
CROOKED = np.array([[0, 0, 0], [1.2, 0, 0], [0, 1.5, 0], [0.2, 0.3, 1.9]])
CHAIN = np.array([[0, 0, -1.1], [0, 0, 0], [0, 0, 1.1]])


def turned(shape, symbols=None, seed=3):
    x = 4.0 * np.asarray(shape) @ Rotation.random(random_state=seed).as_matrix() + [1.0, -2.0, 0.5]
    return Cluster(symbols=symbols or ("Na",) * len(x), positions=x)


@pytest.mark.parametrize(
    ("shape", "symbols", "order"),
    [
        (TETRAHEDRON, None, 24),
        (SQUARE, None, 16),
        (OCTAHEDRON, None, 48),
        (Icosahedron("Na", 2).positions / 4, None, 120),
        (BENT, None, 4),
        (CROOKED, None, 1),
        (CHAIN, None, 8),  # quarter turns and the end over end
        (CHAIN, ("K", "Na", "Na"), 4),
        (TETRAHEDRON, ("K", "Na", "Na", "Na"), 6),
        (CHAIN[[0, 2]], None, 8),
    ],
)
def test_order_of_the_group(shape, symbols, order):
    cluster = turned(shape, symbols)
    found = operations(cluster, 1e-3)
    assert len(found) == order
    x = cluster.positions - cluster.positions.mean(axis=0)
    for g in found:
        assert g.matrix @ g.matrix.T == pytest.approx(np.eye(3), abs=1e-12)
        assert g.turn(x) == pytest.approx(x, abs=1e-9)
        assert [cluster.symbols[i] for i in g.permutation] == list(cluster.symbols)


def test_tolerance_decides():
    shape = TETRAHEDRON + np.random.default_rng(0).normal(scale=0.002, size=(4, 3))
    assert len(operations(turned(shape), 1e-3)) == 1
    assert len(operations(turned(shape), 0.1)) == 24


def test_turn_carries_vectors_with_the_atoms():
    cluster = turned(BENT)
    for g in operations(cluster, 1e-3):
        field = np.random.default_rng(1).normal(size=(3, 3))
        image = g.turn(field)
        for i in range(3):
            assert image[g.permutation[i]] == pytest.approx(g.matrix @ field[i])
    assert identity(3).turn(field) == pytest.approx(field)
