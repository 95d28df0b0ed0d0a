"""Descent on the exact E x e surface: three minima, three saddle points, the barrier between them."""

from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from test_couplings import model_couplings
from two_sheets import TwoSheets, triangle

from clusterdft.errors import ScfNotConverged
from clusterdft.jahn_teller.descent import MAX_DISPLACEMENT, Summit, descend, starts_of_couplings
from clusterdft.jahn_teller.stationary_points import StationaryPoint, displacement, n_copies, path_between
from clusterdft.jahn_teller.symmetric_state import DESCENT_FMAX
from clusterdft.symmetry.point_group import find_point_group
from clusterdft.units import DALTON_ELECTRON_MASS
from clusterdft.work.store import open_store
from clusterdft.work.workplace import Workplace


def descended(model, turn=None, *, fmax=2e-6, **more):
    cluster = triangle(turn=turn)
    summit = Summit(cluster=cluster, energy=0.0, group=find_point_group(cluster), spec=model, fmax=fmax)
    couplings = model_couplings(TwoSheets(equal=True, warping=model.warping), turn)
    return cluster, summit.group, descend(summit, starts_of_couplings(summit, couplings), **more)


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
    cluster, group, points = descended(TwoSheets(), n_verified=0)
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
    assert low.kind == "minimum"
    assert low.stabilisation == pytest.approx(TwoSheets().stabilisation(), rel=1e-4)
    assert all(point.kind == "uncertain" and "no answer" in point.reason for point in others)


class Unsolvable(TwoSheets):
    """Without an answer wherever one atom is farther from the centre than the others by half a bohr."""

    def point(self, cluster, restart=None):
        x = cluster.positions - cluster.positions.mean(axis=0)
        if np.ptp(np.linalg.norm(x, axis=1)) > 0.5:
            raise ScfNotConverged("no answer there")
        return super().point(cluster, restart)


def test_starts_without_an_answer_are_left_out():
    lines = []
    assert descended(Unsolvable(), progress=lines.append)[2] == ()
    assert lines == ["E' -> C2v: left out: no answer there"] * 2


class LostChecks(Workplace):
    """Whose worker processes die in checks."""

    def results(self, wanted, on_result=None):
        if any(work.kind == "check" for work in wanted.values()):
            return {name: {"reason": "its worker process died (exit code -9)"} for name in wanted}
        return super().results(wanted, on_result)


def test_points_whose_checks_died_are_uncertain_and_lead_nowhere():
    points = descended(TwoSheets(), workplace=LostChecks())[2]
    assert len(points) == 2
    for point in points:
        assert (point.kind, point.leads_to, point.state) == ("uncertain", (), None)
        assert "died" in point.reason


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


@pytest.mark.parametrize("warping", [0.0003, -0.0003])
def test_weak_warping_keeps_minimum_and_saddle_point_apart(warping):
    """6.4 meV and 0.1 bohr between them, relaxed as usual."""
    model = TwoSheets(linear=0.005, warping=warping)
    cluster, group, points = descended(model, fmax=DESCENT_FMAX)
    assert [point.kind for point in points] == ["minimum", "saddle"]
    path = path_between(cluster, group, points, np.ones(3))
    barrier = model.stabilisation() - model.stabilisation(-1)
    assert (path.over, path.barrier) == (1, pytest.approx(barrier, abs=2e-6))


def test_of_several_modes_the_one_that_gains_most_leads():
    cluster, group, _ = descended(TwoSheets(), n_verified=0)
    weak, *_ = model_couplings(TwoSheets(equal=True))
    strong = replace(weak, force_of_filling=1.3 * weak.force)
    summit = Summit(cluster=cluster, energy=0.0, group=group, spec=TwoSheets())
    for order in ((weak, strong), (strong, weak)):
        (start,) = starts_of_couplings(summit, order)
        moved = np.linalg.norm(start.cluster.positions - cluster.positions)
        assert moved == pytest.approx(min(strong.distortion, MAX_DISPLACEMENT))


def point(cluster, energy, kind, n_equivalent=3, **more):
    return StationaryPoint(
        cluster=cluster,
        energy=energy,
        stabilisation=-energy,
        point_group="C2v",
        origin="",
        distortion=1.0,
        largest=0.7,
        n_equivalent=n_equivalent,
        kind=kind,
        **more,
    )


def test_ways_lead_to_another_copy_over_the_lowest_point_that_has_one():
    symmetric = triangle()
    group = find_point_group(symmetric)
    obtuse = symmetric.positions * [[1.0, 1.2, 1.0], [1.0, 1.2, 1.0], [1.0, 1.0, 1.0]]
    here, there = symmetric.at(obtuse), symmetric.at(obtuse[[1, 2, 0]])
    turned = here.at(here.positions @ Rotation.random(random_state=1).as_matrix() + 2.0)
    home = point(here, -0.004, "minimum")

    def way(*others):
        return path_between(symmetric, group, (home, *others), np.ones(3))

    back = point(symmetric, -0.003, "saddle", n_imaginary=1, leads_to=(0, 0), ends=(here, turned))
    one_side = point(symmetric, -0.0028, "saddle", n_imaginary=1, leads_to=(0,), ends=(here,))
    second = point(symmetric, -0.002, "saddle", n_imaginary=2, leads_to=(0, 0), ends=(here, there))
    doubtful = point(symmetric, -0.001, "uncertain", leads_to=(0, 0), ends=(here, there))
    assert (way(back, one_side, second, doubtful).over, way(doubtful).over) == (3, 1)
    assert way(second).barrier == pytest.approx(0.002)
    assert (way(back).over, way(back).barrier) == (None, 0.004)  # over the symmetric geometry
    alone = point(here, -0.004, "minimum", n_equivalent=1)
    assert path_between(symmetric, group, (alone,), np.ones(3)) is None


@pytest.mark.parametrize("length", [0.02, 0.04, 0.4])
def test_copies_of_a_displacement_however_short(length):
    group = find_point_group(triangle())
    e = np.array([[1.0, 0, 0], [-0.5, -(0.75**0.5), 0], [-0.5, 0.75**0.5, 0]]) / 3**0.5
    assert n_copies(length * e, group) == 3
    assert n_copies(length * triangle().positions / 6, group) == 1
