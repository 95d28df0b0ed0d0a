"""Descent on the exact E x e surface: three minima, three saddle points, the barrier between them."""

from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from test_couplings import model_couplings
from two_sheets import TwoSheets, triangle

from clusterdft.errors import ScfNotConverged
from clusterdft.jahn_teller.descent import Descent
from clusterdft.jahn_teller.stationary_points import displacement, path_between
from clusterdft.store import open_store
from clusterdft.symmetry.point_group import find_point_group
from clusterdft.units import DALTON_ELECTRON_MASS
from clusterdft.working import Workplace


def descended(model, turn=None, limit=None, **more):
    cluster = triangle(turn=turn)
    group = find_point_group(cluster)
    walk = Descent(cluster, 0.0, group, model, **more, fmax=2e-6)
    walk.relax(walk.starts_of_couplings(model_couplings(TwoSheets(equal=True, warping=model.warping), turn)))
    walk.verify(limit)
    return cluster, group, walk.sorted_points()


@pytest.mark.parametrize("warping", [0.0006, -0.0006])
def test_minima_saddle_points_and_barrier(warping):
    model = TwoSheets(warping=warping)
    cluster, group, points = descended(model, Rotation.random(random_state=1).as_matrix())
    low, high = points
    assert (low.kind, low.n_imaginary, low.n_equivalent) == ("minimum", 0, 3)
    assert (high.kind, high.n_imaginary, high.leads_to) == ("saddle", 1, (0, 0))
    assert low.point_group == high.point_group == "C2v"
    assert low.stabilisation == pytest.approx(model.stabilisation(), rel=1e-4)
    assert high.stabilisation == pytest.approx(model.stabilisation(-1), rel=1e-4)
    # bond lengths are not linear in the displacements
    assert low.distortion == pytest.approx(model.radius(), rel=0.08)
    path = path_between(cluster, group, points, np.full(3, 22.98976928 * DALTON_ELECTRON_MASS))
    barrier = model.stabilisation() - model.stabilisation(-1)
    assert (path.over, path.barrier) == (1, pytest.approx(barrier, rel=1e-3))
    # a third of the trough, which is longer than the two chords by little
    arc = (
        2 * np.pi / 3 * 0.5 * (low.distortion + high.distortion) * (22.98976928 * DALTON_ELECTRON_MASS) ** 0.5
    )
    assert 0.85 * arc < path.length < 1.1 * arc


def test_obtuse_or_acute_by_the_sign_of_the_warping():
    sides = []
    for warping in (0.0006, -0.0006):
        x = descended(TwoSheets(warping=warping))[2][0].cluster.positions
        sides.append(np.sort(np.linalg.norm(x[[0, 1, 2]] - x[[1, 2, 0]], axis=1)))
    assert sides[0][2] - sides[0][1] > 1.0  # one long side
    assert sides[1][1] - sides[1][0] > 1.0  # one short side


def test_unmarked_points_are_uncertain_and_make_no_path():
    cluster, group, points = descended(TwoSheets(), limit=0)
    assert {point.kind for point in points} == {"uncertain"}
    assert path_between(cluster, group, points, np.ones(3)) is None


def test_displacement_without_breathing_turning_or_renaming():
    cluster = triangle()
    group = find_point_group(cluster)
    e = np.array([[1.0, 0, 0], [-0.5, -(0.75**0.5), 0], [-0.5, 0.75**0.5, 0]]) / 3**0.5
    moved = (1.02 * cluster.positions + 0.3 * e)[[1, 2, 0]] @ Rotation.random(
        random_state=5
    ).as_matrix() + 3.0
    shift = displacement(cluster, cluster.at(moved), group)
    assert np.linalg.norm(shift) == pytest.approx(0.3, abs=1e-6)


class Unsteady(TwoSheets):
    """Without an answer from a restart, as vibrations ask for, near the saddle points."""

    def point(self, cluster, restart=None):
        found = super().point(cluster, restart)
        if restart is not None and found.energy > -0.0036:
            raise ScfNotConverged("no answer there")
        return replace(found, restart="known")


def test_points_without_vibrations_are_left_by_random_kicks():
    _, _, points = descended(Unsteady())
    low, *others = points
    assert low.kind == "minimum" and low.stabilisation == pytest.approx(TwoSheets().stabilisation(), rel=1e-4)
    assert all(point.kind == "uncertain" and "no answer" in point.reason for point in others)


def shown(points):
    return [(p.energy, p.kind, p.origin, p.leads_to, p.cluster.positions.tolist()) for p in points]


@pytest.mark.parametrize("jobs", [1, 2])
def test_stopped_anywhere_it_goes_on_to_the_same_points(tmp_path, jobs):
    plain = shown(descended(TwoSheets())[2])
    for lines in range(1, 5):
        told = []

        def stop(line, told=told, most=lines):
            told.append(line)
            if len(told) == most:
                raise KeyboardInterrupt

        with suppress(KeyboardInterrupt), open_store(tmp_path / "store.sqlite") as store:
            store.begin({})
            with Workplace(store, jobs=jobs) as workplace:
                descended(TwoSheets(), workplace=workplace, progress=stop)
    told = []
    with open_store(tmp_path / "store.sqlite") as store:
        store.begin({})
        for _ in range(2):
            left = len(told)
            with Workplace(store, jobs=jobs) as workplace:
                assert shown(descended(TwoSheets(), workplace=workplace, progress=told.append)[2]) == plain
    assert len(told) == left  # the last one computed nothing
