"""Vectors on the atoms go with the atoms, and operations act one after the other."""

import numpy as np
import pytest

from clusterdft.cluster import Cluster
from clusterdft.symmetry.actions import image_of_vectors, images_of_vectors
from clusterdft.symmetry.point_group import find_point_group

TETRAHEDRON = 4.0 * np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]])


def test_images_carry_vectors_with_the_atoms():
    group = find_point_group(Cluster(symbols=("Na",) * 4, positions=TETRAHEDRON), tolerance=1e-3)
    fields = np.random.default_rng(1).normal(size=(2, 4, 3))
    images = images_of_vectors(group.operations, group.permutations, fields)
    assert images.shape == (24, 2, 4, 3)
    for g, permutation, image in zip(group.operations, group.permutations, images, strict=True):
        for i in range(4):
            assert image[0, permutation[i]] == pytest.approx(g @ fields[0, i])
        assert image == pytest.approx(image_of_vectors(g, permutation, fields))
        assert image_of_vectors(g, permutation, TETRAHEDRON) == pytest.approx(TETRAHEDRON)
    g, h = 5, 17
    twice = image_of_vectors(group.operations[g], group.permutations[g], images[h])
    both = image_of_vectors(
        group.operations[g] @ group.operations[h], group.permutations[g][group.permutations[h]], fields
    )
    assert twice == pytest.approx(both)
