"""The approximate Hessian and its update."""

import numpy as np
import pytest

from clusterdft.generate import GENERATORS
from clusterdft.relaxation.spring_model import SPRINGLESS_STIFFNESS, bofill_update, spring_hessian


def cluster(natom=5):
    return GENERATORS["random-cube"](("Na",) * natom, seed=2, index=0)


def test_spring_hessian_is_symmetric_and_positive():
    hessian = spring_hessian(cluster())
    assert hessian == pytest.approx(hessian.T, abs=1e-15)
    assert np.linalg.eigvalsh(hessian).min() == pytest.approx(SPRINGLESS_STIFFNESS, rel=1e-6)


def test_rigid_motions_stretch_no_spring():
    here = cluster()
    hessian = spring_hessian(here)
    rigid = [np.tile(axis, (5, 1)) for axis in np.eye(3)] + [
        np.cross(axis, here.positions) for axis in np.eye(3)
    ]
    for motion in rigid:
        assert hessian @ motion.ravel() == pytest.approx(SPRINGLESS_STIFFNESS * motion.ravel(), abs=1e-12)


def test_update_maps_the_step_to_the_change():
    rng = np.random.default_rng(3)
    hessian = spring_hessian(cluster())
    for _ in range(5):
        step, change = rng.normal(size=(2, 15))
        hessian = bofill_update(hessian, step, change)
        assert hessian @ step == pytest.approx(change, abs=1e-9)
        assert hessian == pytest.approx(hessian.T, abs=1e-12)


def test_update_without_news_changes_nothing():
    hessian = spring_hessian(cluster())
    step = np.ones(15)
    assert bofill_update(hessian, step, hessian @ step) == pytest.approx(hessian, abs=1e-12)
    assert bofill_update(hessian, np.zeros(15), np.zeros(15)) is hessian
