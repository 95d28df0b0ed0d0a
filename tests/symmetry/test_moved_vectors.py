"""Vectors on the atoms go with the atoms, and operations act one after the other."""

import numpy as np
import pytest

from clusterdft.cluster import Cluster
from clusterdft.symmetry.moved_vectors import act, moved
from clusterdft.symmetry.point_group import find_point_group

TETRAHEDRON = 4.0 * np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]])


def test_images_carry_vectors_with_the_atoms():
    group = find_point_group(Cluster(symbols=("Na",) * 4, positions=TETRAHEDRON), tolerance=1e-3)
    fields = np.random.default_rng(1).normal(size=(2, 4, 3))
    images = act(group.operations, group.permutations, fields)
    assert images.shape == (24, 2, 4, 3)
    for g, permutation, image in zip(group.operations, group.permutations, images, strict=True):
        for i in range(4):
            assert image[0, permutation[i]] == pytest.approx(g @ fields[0, i])
        assert image == pytest.approx(moved(g, permutation, fields))
        assert moved(g, permutation, TETRAHEDRON) == pytest.approx(TETRAHEDRON)
    g, h = 5, 17
    twice = moved(group.operations[g], group.permutations[g], images[h])
    both = moved(
        group.operations[g] @ group.operations[h], group.permutations[g][group.permutations[h]], fields
    )
    assert twice == pytest.approx(both)
