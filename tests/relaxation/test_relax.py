"""Relaxation: what a relaxer must do on any surface, and how a relaxation may end."""

from itertools import pairwise

import numpy as np
import pytest

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.generate import GENERATORS
from clusterdft.relaxation import RELAXERS
from clusterdft.relaxation.relax import relax
from clusterdft.surfaces.classical import Gupta, LennardJones
from clusterdft.surfaces.surface import Surface, SurfacePoint

GUPTA = Gupta()


def start(natom, index=0, seed=11):
    return GENERATORS["random-cube"](("Na",) * natom, seed=seed, index=index)


class Watched(Surface):
    """A surface that notes its calls, hands out restarts and fails where it is told to."""

    def __init__(self, surface, fail=lambda call: False):
        self.surface, self.fail = surface, fail
        self.restarts, self.energies = [], []

    def point(self, cluster, restart=None):
        self.restarts.append(restart)
        if self.fail(len(self.restarts)):
            raise ScfNotConverged("the density oscillates")
        point = self.surface.point(cluster)
        self.energies.append(point.energy)
        return SurfacePoint(energy=point.energy, forces=point.forces, restart=point.energy)


@pytest.mark.parametrize("surface", [LennardJones(), GUPTA], ids=["lennard-jones", "gupta"])
@pytest.mark.parametrize("relaxer", RELAXERS)
def test_relaxes_random_starts_to_minima(relaxer, surface):
    for index in range(3):
        end = relax(start(5, index), surface, relaxer=relaxer, max_calls=400)
        assert end.relaxed, end.reason
        assert end.reason == ""
        assert np.linalg.norm(end.forces, axis=1).max() <= 0.01 / 51.4220675
        assert surface.point(end.cluster).energy == end.energy == end.point.energy
        assert end.n_force_calls == len(end.energies)
        assert end.energy <= end.energies[0]


@pytest.mark.parametrize("relaxer", RELAXERS)
def test_finds_the_dimer(relaxer):
    dimer = Cluster(symbols=("Na", "Na"), positions=[[0, 0, 0], [1.0, 2.0, 7.0]])
    end = relax(dimer, LennardJones(), relaxer=relaxer, fmax=1e-7)
    assert np.linalg.norm(end.cluster.positions[0] - end.cluster.positions[1]) == pytest.approx(6.0, abs=1e-4)


def test_quasi_newton_needs_few_calls():
    """Na8 on the metallic model potential: BFGS from the best multiple of the unit matrix needs 34."""
    calls = [relax(start(8, index), GUPTA).n_force_calls for index in range(20)]
    assert np.median(calls) <= 20


def test_quasi_newton_leaves_a_saddle_point():
    """A square, hardly distorted, is drawn to the square's saddle first and must not stay there."""
    x = np.array([[3.2, 3.2, 0.03], [-3.2, 3.2, -0.03], [-3.2, -3.2, 0.03], [3.2, -3.2, -0.03]])
    end = relax(Cluster(symbols=("Na",) * 4, positions=x), LennardJones())
    assert end.relaxed
    assert end.energy == pytest.approx(-0.06, abs=1e-4)  # the tetrahedron's six bonds


def test_small_forces_near_a_saddle_point_do_not_end_a_relaxation():
    """Ends are minima: relaxed to a hundredth of the force, the energy falls by 0.1 meV an atom at most."""
    for index in range(12):
        end = relax(start(6, index), GUPTA)
        tight = relax(end.cluster, GUPTA, fmax=2e-6, max_calls=400)
        assert end.energy - tight.energy < 6 * 4e-6


def test_relaxation_whose_forces_are_small_enough_is_relaxed_whatever_stops_it():
    full = relax(start(6, 1), GUPTA, fmax=1e-6)
    first = next(n for n in range(1, full.n_force_calls) if relax(start(6, 1), GUPTA, max_calls=n).relaxed)
    surface = Watched(GUPTA, fail=lambda call: call > first)
    end = relax(start(6, 1), surface)
    assert end.relaxed
    assert end.reason == ""


def test_steepest_descent_never_goes_up():
    kept = []
    relax(
        start(6), GUPTA, relaxer="steepest-descent", callback=lambda s: kept.append(s) if s.accepted else None
    )
    energies = [step.point.energy for step in kept]
    assert len(energies) > 5
    assert all(new <= old + 2e-6 for old, new in pairwise(energies))


def test_steepest_descent_takes_the_paper_s_step():
    cluster = Cluster(symbols=("Na", "Na"), positions=[[0, 0, 0], [0, 0, 6.6]])
    steps = []
    relax(cluster, LennardJones(), relaxer="steepest-descent", max_calls=2, callback=steps.append)
    expected = cluster.positions + steps[0].point.forces / 0.0196
    assert steps[1].cluster.positions == pytest.approx(expected, abs=1e-12)


def test_single_atom_is_relaxed_at_once():
    end = relax(Cluster(symbols=("Na",), positions=[[0, 0, 0]]), GUPTA)
    assert (end.relaxed, end.n_force_calls) == (True, 1)


@pytest.mark.parametrize("relaxer", RELAXERS)
def test_density_of_the_last_kept_point_carries_over(relaxer):
    surface, kept = Watched(GUPTA), []
    relax(start(4), surface, relaxer=relaxer, callback=kept.append)
    last, expected = None, [None]
    for step in kept[:-1]:
        last = step.point.energy if step.accepted else last
        expected.append(last)
    assert surface.restarts == expected


def test_outcome_keeps_no_density():
    assert relax(start(3), Watched(GUPTA)).point.restart is None


def test_start_that_does_not_converge_is_kept_with_its_reason():
    cluster = start(4)
    end = relax(cluster, Watched(GUPTA, fail=lambda call: True))
    assert not end.relaxed
    assert end.reason == "the density oscillates"
    assert end.cluster is cluster
    assert (end.energy, end.forces, end.n_unpaired, end.n_force_calls) == (None, None, None, 0)


@pytest.mark.parametrize("relaxer", RELAXERS)
def test_one_failed_trial_is_stepped_around(relaxer):
    end = relax(start(4), Watched(GUPTA, fail=lambda call: call == 3), relaxer=relaxer, max_calls=400)
    assert end.relaxed


@pytest.mark.parametrize("relaxer", RELAXERS)
def test_failing_for_good_keeps_the_last_good_geometry(relaxer):
    surface = Watched(GUPTA, fail=lambda call: call > 3)
    end = relax(start(4), surface, relaxer=relaxer)
    assert not end.relaxed
    assert end.reason == "the density oscillates"
    assert end.energy in surface.energies
    assert len(surface.restarts) == 6


def test_calls_run_out():
    end = relax(start(8), GUPTA, max_calls=4)
    assert not end.relaxed
    assert "4 force calls" in end.reason
    assert end.n_force_calls == 4


class Repelling(Surface):
    """Two ions that drive each other apart."""

    def point(self, cluster, restart=None):
        vector = cluster.positions[1] - cluster.positions[0]
        r = np.linalg.norm(vector)
        return SurfacePoint(energy=1 / r, forces=np.array([-vector, vector]) / r**3)


@pytest.mark.parametrize("relaxer", RELAXERS)
def test_falling_apart_is_noticed_on_the_way(relaxer):
    dimer = Cluster(symbols=("Na", "Na"), positions=[[0, 0, 0], [0, 0, 6.0]], charge=2)
    end = relax(dimer, Repelling(), relaxer=relaxer)
    assert not end.relaxed
    assert end.reason == "fell apart into fragments of 1 and 1 atoms"
    assert end.n_force_calls < 20


class Skewed(Surface):
    """A surface whose forces vanish elsewhere than its energy's minimum, as Hellmann-Feynman forces do."""

    def __init__(self, shift):
        self.shift = shift

    def point(self, cluster, restart=None):
        true = LennardJones().point(cluster)
        scaled = LennardJones(sigma=LennardJones().sigma * self.shift).point(cluster)
        return SurfacePoint(energy=true.energy, forces=scaled.forces)


@pytest.mark.parametrize("relaxer", RELAXERS)
def test_forces_that_are_not_the_gradient_are_followed_to_their_zero(relaxer):
    dimer = Cluster(symbols=("Na", "Na"), positions=[[0, 0, 0], [0, 0, 7.0]])
    end = relax(dimer, Skewed(0.96), relaxer=relaxer)
    assert end.relaxed, end.reason
    assert np.linalg.norm(end.cluster.positions[0] - end.cluster.positions[1]) == pytest.approx(
        5.76, abs=0.02
    )


def test_bad_limits_and_names_are_refused():
    with pytest.raises(InputError, match="quasi-newton"):
        relax(start(2), GUPTA, relaxer="quasi-newtn")
    with pytest.raises(InputError, match="positive"):
        relax(start(2), GUPTA, fmax=0.0)
    with pytest.raises(InputError, match="at least 1"):
        relax(start(2), GUPTA, max_calls=0)
