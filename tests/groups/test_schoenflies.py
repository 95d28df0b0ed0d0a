"""Symbols of groups in any orientation."""

import numpy as np
import pytest
from point_group_names import EVERY
from scipy.spatial.transform import Rotation

from clusterdft.groups.group_matrices import group_matrices
from clusterdft.groups.operations import determinants
from clusterdft.groups.schoenflies import is_chiral, schoenflies


@pytest.mark.parametrize("name", EVERY)
def test_symbols_of_turned_and_shuffled_groups(name):
    rng = np.random.default_rng(4)
    frame = Rotation.random(random_state=rng).as_matrix()
    group = frame @ rng.permutation(group_matrices(name)) @ frame.T
    assert schoenflies(group) == name


@pytest.mark.parametrize("name", EVERY)
def test_chiral_groups_are_those_of_rotations(name):
    assert is_chiral(name) == bool((determinants(group_matrices(name)) > 0).all())


def test_continuous_groups_are_not_chiral():
    assert not any(is_chiral(name) for name in ("Cinfv", "Dinfh", "Kh"))
