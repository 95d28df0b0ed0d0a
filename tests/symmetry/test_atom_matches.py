"""Permutations that orthogonal matrices nearly make."""

import numpy as np
import pytest
from reference_geometries import moved, reference_geometries

from clusterdft.groups.closure import product_table
from clusterdft.groups.group_matrices import group_matrices
from clusterdft.symmetry.atom_matches import find_matches

REFERENCE = reference_geometries()
SHAPES = [
    "equilateral triangle",
    "square",
    "tetrahedron",
    "octahedron",
    "cube",
    "icosahedron",
    "made S4",
    "made D3",
]


def centred(name, seed=0, noise=0.0):
    x = moved(REFERENCE[name][1], np.random.default_rng(seed), noise).positions
    return x - x.mean(axis=0)


@pytest.mark.parametrize("noise", [0.0, 0.04])
@pytest.mark.parametrize("name", SHAPES)
def test_every_operation_is_found(name, noise):
    x = centred(name, noise=noise)
    matches = find_matches(x, np.zeros(len(x), dtype=int), 0.25)
    order = len(group_matrices(REFERENCE[name][0]))
    assert len(matches.matrices) == order
    hands = np.sign(np.linalg.det(matches.matrices))
    assert (product_table(matches.permutations, hands) >= 0).all()
    for matrix, permutation, deviation in zip(
        matches.matrices, matches.permutations, matches.deviations, strict=True
    ):
        assert np.linalg.norm(x @ matrix.T - x[permutation], axis=1).max() == pytest.approx(
            deviation, abs=1e-12
        )
        assert matrix @ matrix.T == pytest.approx(np.eye(3), abs=1e-12)


def test_the_identity_comes_first_and_the_rest_by_deviation():
    x = centred("octahedron", noise=0.04)
    matches = find_matches(x, np.zeros(6, dtype=int), 0.25)
    assert np.array_equal(matches.matrices[0], np.eye(3))
    assert np.array_equal(matches.permutations[0], np.arange(6))
    assert (np.diff(matches.deviations) >= 0).all()
    some = matches.take(np.array([0, 3]))
    assert np.array_equal(some.permutations, matches.permutations[[0, 3]])


def test_labels_are_not_exchanged():
    x = centred("octahedron")
    labels = np.array([1, 0, 0, 0, 0, 0])
    matches = find_matches(x, labels, 0.1)
    assert len(matches.matrices) == 8  # C4v
    assert (labels[matches.permutations] == labels).all()


def test_the_reach_bounds_the_deviations():
    x = centred("square", noise=0.1)
    wide, narrow = (find_matches(x, np.zeros(4, dtype=int), reach) for reach in (0.5, 0.12))
    assert len(narrow.matrices) < len(wide.matrices)
    assert narrow.deviations.max() <= 0.12 < wide.deviations.max() <= 0.5
