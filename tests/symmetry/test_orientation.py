"""The standard frame of groups in any orientation."""

import numpy as np
import pytest
from point_group_names import EVERY
from scipy.spatial.transform import Rotation

from clusterdft.groups.group_matrices import group_matrices
from clusterdft.symmetry.orientation import standard_frame

NAMES = [name for name in EVERY if name not in ("C30", "D30h")]


def geometry(name, rng):
    """Atoms of the group in any orientation, and its operations there, in any order."""
    standard = group_matrices(name)
    points = np.concatenate([standard @ p for p in rng.normal(scale=5, size=(2, 3))])
    frame = Rotation.random(random_state=rng).as_matrix()
    return points @ frame, frame.T @ standard[rng.permutation(len(standard))] @ frame


@pytest.mark.parametrize("name", NAMES)
def test_operations_are_those_of_the_standard_orientation(name):
    x, matrices = geometry(name, np.random.default_rng(0))
    frame, order = standard_frame(name, matrices, x)
    assert np.linalg.det(frame) == pytest.approx(1)
    assert frame @ matrices[order] @ frame.T == pytest.approx(group_matrices(name), abs=1e-9)


@pytest.mark.parametrize("name", ["D2", "D2h", "D3", "D3h", "D5h", "D4h"])
def test_the_frame_goes_with_the_geometry(name):
    """Turned and listed in another order, it is the same up to operations of the group."""
    rng = np.random.default_rng(1)
    x, matrices = geometry(name, rng)
    turn = Rotation.random(random_state=rng).as_matrix()
    frame, _ = standard_frame(name, matrices, x)
    other, _ = standard_frame(name, (turn @ matrices @ turn.T)[::-1], x @ turn.T)
    here, there = x @ frame.T, x @ turn.T @ other.T
    apart = np.linalg.norm(here[:, None] - there, axis=2)
    assert apart.min(axis=1).max() < 1e-8


@pytest.mark.parametrize("flat", [0, 1])
def test_a_plane_of_atoms_is_yz_in_c2v(flat):
    corners = np.array([[2.0, 0, 0], [-2.0, 0, 0], [0, 0, 1.5], [1.0, 0, -2.0], [-1.0, 0, -2.0]])
    x = corners if flat == 0 else corners[:, [1, 0, 2]]
    frame, _ = standard_frame("C2v", group_matrices("C2v"), x)
    assert np.abs((x @ frame.T)[:, 0]).max() < 1e-12


def test_operations_of_another_group():
    x, matrices = geometry("C4v", np.random.default_rng(2))
    with pytest.raises(ValueError, match="not those of D4"):
        standard_frame("D4", matrices, x)
