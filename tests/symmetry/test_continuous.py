"""Atoms on a line, and one atom."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from clusterdft.symmetry.continuous import atom_fit, is_linear, linear_fit

HEIGHTS = np.array([-9.0, -3.0, 3.0, 9.0])


def line(seed, heights=HEIGHTS, noise=0.0):
    rng = np.random.default_rng(seed)
    x = np.outer(heights, Rotation.random(random_state=rng).as_matrix()[2])
    x = x + rng.uniform(-noise, noise, x.shape)
    return x - x.mean(axis=0)


def test_a_bent_line_is_none_beyond_the_tolerance():
    x = line(0)
    bent = x + np.array([1, -1, -1, 1])[:, None] * 0.1 * np.linalg.svd(x)[2][1]
    assert is_linear(x, 1e-9)
    assert is_linear(bent, 0.21)
    assert not is_linear(bent, 0.19)


@pytest.mark.parametrize("seed", range(3))
def test_equal_ends_make_the_group_of_the_dimer(seed):
    x = line(seed, noise=0.02)
    name, frame, fit = linear_fit(x, np.array([0, 1, 1, 0]), 0.25)
    assert (name, len(fit.matrices)) == ("Dinfh", 16)
    assert abs(frame[2] @ (x[3] - x[0])) == pytest.approx(np.linalg.norm(x[3] - x[0]), abs=1e-3)
    assert np.linalg.det(frame) == pytest.approx(1)
    assert fit.deviations.max() < 0.25
    assert np.linalg.matrix_rank(fit.symmetric, tol=1e-9) == 1


def test_unlike_ends_have_no_inversion():
    for labels, heights in (([0, 0, 0, 1], HEIGHTS), ([0, 0, 0, 0], [-9.0, -3.0, 2.0, 9.0])):
        x = line(1, np.array(heights))
        name, _, fit = linear_fit(x, np.array(labels), 0.25)
        assert (name, len(fit.matrices)) == ("Cinfv", 8)
        assert (fit.permutations == np.arange(4)).all()


def test_one_atom_has_every_operation():
    name, frame, fit = atom_fit(np.zeros((1, 3)))
    assert (name, len(fit.matrices)) == ("Kh", 48)
    assert np.array_equal(frame, np.eye(3))
    assert not fit.deviations.any()
