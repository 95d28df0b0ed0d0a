"""Axes, angles and symbols of single operations."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from clusterdft.groups.group_matrices import group_matrices
from clusterdft.groups.operations import (
    DIAGONAL,
    INVERSION,
    VERTEX,
    X,
    Y,
    Z,
    determinants,
    has_inversion,
    mirror,
    operation_label,
    rotation_angle,
    rotation_axis,
    rotations_of,
    same_matrix,
    turn,
)


@pytest.mark.parametrize("seed", range(5))
def test_axis_and_angle_of_a_rotation(seed):
    rng = np.random.default_rng(seed)
    axis = rng.normal(size=3)
    axis /= np.linalg.norm(axis)
    angle = rng.uniform(0.1, np.pi - 0.1)
    matrix = Rotation.from_rotvec(angle * axis).as_matrix()
    assert rotation_axis(matrix) == pytest.approx(axis, abs=1e-9)
    assert rotation_angle(matrix) == pytest.approx(angle, abs=1e-9)
    assert rotation_axis(matrix.T) == pytest.approx(-axis, abs=1e-9)
    assert rotation_axis(-matrix) == pytest.approx(axis, abs=1e-9)


def test_half_turns_have_an_axis_of_either_direction():
    for axis in (X, Y, Z, DIAGONAL / np.sqrt(3), VERTEX / np.linalg.norm(VERTEX)):
        assert abs(rotation_axis(turn(2, axis)) @ axis) == pytest.approx(1)
        assert abs(rotation_axis(mirror(axis)) @ axis) == pytest.approx(1)
    assert np.array_equal(rotation_axis(np.eye(3)), Z)
    assert np.array_equal(rotation_axis(INVERSION), Z)


@pytest.mark.parametrize("n", range(2, 8))
def test_n_turns_are_a_whole_one(n):
    assert np.linalg.matrix_power(turn(n, DIAGONAL), n) == pytest.approx(np.eye(3), abs=1e-12)
    assert turn(n) @ X == pytest.approx([np.cos(2 * np.pi / n), np.sin(2 * np.pi / n), 0])


def test_mirrors_turn_their_normal_only():
    normal = np.array([0.6, 0.0, 0.8])
    assert mirror(normal) @ normal == pytest.approx(-normal)
    assert mirror(normal) @ Y == pytest.approx(Y)
    assert mirror(normal) @ mirror(normal) == pytest.approx(np.eye(3))


def test_proper_parts_are_rotations():
    group = group_matrices("Ih")
    signs = determinants(group)
    assert sorted(set(signs.tolist())) == [-1, 1]
    assert (determinants(rotations_of(group)) == 1).all()
    assert rotations_of(group)[signs > 0] == pytest.approx(group[signs > 0])


LABELS = {
    "E": np.eye(3),
    "i": INVERSION,
    "sigma": mirror(Y),
    "C2": turn(2, DIAGONAL),
    "C3": turn(3, DIAGONAL),
    "C5^2": turn(5, VERTEX) @ turn(5, VERTEX),
    "C7^3": np.linalg.matrix_power(turn(7), 3),
    "S4": mirror(Z) @ turn(4),
    "S3": mirror(Z) @ turn(3),
    "S6": INVERSION @ turn(3),
    "S5^3": np.linalg.matrix_power(mirror(Z) @ turn(5), 3),
    "S10": INVERSION @ np.linalg.matrix_power(turn(5), 2),
    "S8^3": np.linalg.matrix_power(mirror(Z) @ turn(8), 3),
}


@pytest.mark.parametrize("label", LABELS)
def test_symbols_in_any_orientation(label):
    frame = Rotation.random(random_state=np.random.default_rng(3)).as_matrix()
    assert operation_label(LABELS[label]) == label
    assert operation_label(frame @ LABELS[label] @ frame.T) == label


def test_angles_of_no_finite_group():
    with pytest.raises(ValueError, match="no finite group"):
        operation_label(Rotation.from_rotvec([0, 0, 2**0.5 / 1000]).as_matrix())


def test_matrices_are_found_among_others():
    group = group_matrices("Oh")
    for k in (0, 7, 40):
        assert same_matrix(group[k] + 1e-4, group) == k
    assert same_matrix(turn(5), group) is None
    assert has_inversion(group)
    assert not has_inversion(group_matrices("Td"))
