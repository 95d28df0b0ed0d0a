"""Vectors on the atoms go with the atoms, and operations act one after the other."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from clusterdft.cluster import Cluster
from clusterdft.symmetry.actions import (
    best_rotation,
    deviation,
    image_of_vectors,
    images_of_vectors,
    symmetrized,
)
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


def turned_and_shaken(seed, hand=1.0, shape=(9, 3)):
    rng = np.random.default_rng(seed)
    start = rng.normal(size=shape)
    turn = hand * Rotation.random(random_state=rng).as_matrix()
    return start, start @ turn.T + 0.05 * rng.normal(size=shape), turn


@pytest.mark.parametrize("seed", range(4))
def test_the_best_rotation_is_that_of_scipy(seed):
    start, end, _ = turned_and_shaken(seed)
    expected, _ = Rotation.align_vectors(end, start)
    assert best_rotation(start, end) == pytest.approx(expected.as_matrix(), abs=1e-12)


@pytest.mark.parametrize("hand", [1.0, -1.0])
def test_the_best_rotation_has_the_handedness_asked_for(hand):
    start, end, turn = turned_and_shaken(1, hand)
    found = best_rotation(start, end, hand)
    assert np.linalg.det(found) == pytest.approx(hand)
    assert found == pytest.approx(turn, abs=0.1)
    other = best_rotation(start, end, -hand)
    assert np.linalg.det(other) == pytest.approx(-hand)
    misses = [np.linalg.norm(end - start @ matrix.T) for matrix in (found, other)]
    assert misses[0] < 0.5 < misses[1]
    assert best_rotation(start, end, None) == pytest.approx(found, abs=1e-12)


def test_nothing_near_the_best_rotation_is_better():
    start, end, _ = turned_and_shaken(2)
    best = best_rotation(start, end)
    least = np.linalg.norm(end - start @ best.T)
    for axis in np.eye(3):
        for angle in (1e-3, -1e-3):
            nearby = Rotation.from_rotvec(angle * axis).as_matrix() @ best
            assert np.linalg.norm(end - start @ nearby.T) > least


def test_several_best_rotations_at_once():
    pairs = [turned_and_shaken(seed, hand) for seed, hand in ((0, 1.0), (1, -1.0), (2, 1.0))]
    start, end = (np.stack([pair[k] for pair in pairs]) for k in (0, 1))
    hands = np.array([1.0, -1.0, 1.0])
    together = best_rotation(start, end, hands)
    for k in range(3):
        assert together[k] == pytest.approx(best_rotation(start[k], end[k], hands[k]), abs=1e-12)


def test_symmetrised_geometries_have_no_deviation():
    cluster = Cluster(symbols=("Na",) * 4, positions=TETRAHEDRON)
    group = find_point_group(cluster, tolerance=1e-3)
    shaken = TETRAHEDRON + np.random.default_rng(0).normal(scale=0.1, size=(4, 3))
    assert deviation(group.operations, shaken, group.permutations).max() > 0.1
    symmetric = symmetrized(shaken, group.operations, group.permutations)
    assert deviation(group.operations, symmetric, group.permutations).max() < 1e-12
