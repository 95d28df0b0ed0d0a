"""Finite groups that stand for continuous ones, and the names of representations in both."""

import numpy as np
import pytest
from reference_geometries import moved, reference_geometries

from clusterdft.electronic_symmetry.finite_action import continuous_label, finite_action, level_label
from clusterdft.symmetry.point_group import find_point_group

REFERENCE = reference_geometries()
NAMES = ["atom", "dimer", "chain of 3", "mixed chain", "equilateral triangle", "octahedron", "made S4"]


@pytest.mark.parametrize("name", NAMES)
def test_operations_permute_the_atoms(name):
    cluster = moved(REFERENCE[name][1], np.random.default_rng(0))
    group = find_point_group(cluster)
    action = finite_action(group)
    x = cluster.positions - group.centre
    for matrix, permutation in zip(action.operations, action.permutations, strict=True):
        assert x @ matrix.T == pytest.approx(x[permutation], abs=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_projections_add_up_to_everything(name):
    action = finite_action(find_point_group(REFERENCE[name][1]))
    natom = action.permutations.shape[1]
    projectors = np.zeros((len(action.labels), natom, natom))
    for k, permutation in enumerate(action.permutations):
        projectors[:, permutation, np.arange(natom)] += action.projection[:, k, None]
    assert projectors.sum(axis=0) == pytest.approx(np.eye(natom), abs=1e-12)
    for projector in projectors:
        assert projector @ projector == pytest.approx(projector, abs=1e-12)


@pytest.mark.parametrize(
    ("group", "finite", "label"),
    [
        ("Cinfv", "A1", "Sigma+"),
        ("Cinfv", "A2", "Sigma-"),
        ("Cinfv", "E1", "Pi"),
        ("Cinfv", "E2", "Delta"),
        ("Cinfv", "E5", "M=5"),
        ("Dinfh", "A1g", "Sigmag+"),
        ("Dinfh", "A2u", "Sigmau+"),
        ("Dinfh", "A1u", "Sigmau-"),
        ("Dinfh", "E1u", "Piu"),
        ("Kh", "T1u", "Pu"),
        ("Kh", "Hg", "Dg"),
        ("D3h", "E'", "E'"),
    ],
)
def test_labels_of_continuous_groups(group, finite, label):
    assert continuous_label(group, finite) == label


def test_labels_of_levels():
    named = {"A1'": "a1'", "T1u": "t1u", "Sigmag+": "sigmag", "Sigmau-": "sigmau-", "Piu": "piu", "Pu": "p"}
    assert {label: level_label(label) for label in named} == named


def test_small_shares_are_left_out():
    action = finite_action(find_point_group(REFERENCE["equilateral triangle"][1]))
    shares = np.zeros(len(action.labels))
    shares[0], shares[2], shares[3] = 0.75, 0.25, 1e-9
    assert action.shares_by_label(shares) == {action.labels[0]: 0.75, action.labels[2]: 0.25}
