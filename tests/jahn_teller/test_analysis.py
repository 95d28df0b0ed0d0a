"""Sodium: Na3 as the paper's example, Na4 from a square, equal shares, couplings against energies."""

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from test_open_shells import SHAPES

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.jahn_teller.analysis import JahnTellerPlan, jahn_teller
from clusterdft.jahn_teller.couplings import linear_stabilisation
from clusterdft.jahn_teller.degenerate_modes import directions
from clusterdft.jahn_teller.dynamics import Measurement
from clusterdft.jahn_teller.level_filling import EqualOccupationSurface
from clusterdft.jahn_teller.report import jahn_teller_lines, jahn_teller_values
from clusterdft.jahn_teller.symmetric_state import symmetric_state
from clusterdft.method import Method
from clusterdft.relaxation.relax import relax
from clusterdft.units import ATOMIC_TIME_SECONDS, HARTREE_EV

MEV = 1e-3 / HARTREE_EV


def sodium(shape, seed=None, order=None, **more):
    x = SHAPES[shape] if seed is None else SHAPES[shape] @ Rotation.random(random_state=seed).as_matrix()
    x = x if order is None else x[order]
    return Cluster(symbols=("Na",) * len(x), positions=x, **more)


@cache
def trimer(seed=None, order=None):
    return jahn_teller(sodium("D3h", seed, None if order is None else list(order)), Method())


def test_equal_shares_are_equal_and_symmetric():
    for shape, spin, shares in (("D3h", 1, (0.5, 0.5)), ("Td", 0, (2 / 3,) * 3), ("Td", 2, (2 / 3,) * 3)):
        point = EqualOccupationSurface(method=Method()).point(sodium(shape, 3, n_unpaired=spin))
        occupation = point.details["occupation"][0]
        assert occupation[1 : 1 + len(shares)] == pytest.approx(shares, abs=1e-6)
        radial = np.linalg.norm(point.forces, axis=1)
        assert np.ptp(radial) < 2e-5


def test_trimer_is_the_papers_example():
    found = trimer()
    assert (found.state.group.name, found.state.problem) == ("D3h", "E' x e'")
    low, high = found.points
    sides = np.sort(np.linalg.norm(low.cluster.positions - low.cluster.positions[[1, 2, 0]], axis=1))
    apex = np.degrees(2 * np.arcsin(sides[2] / (sides[0] + sides[1])))
    assert apex == pytest.approx(78, abs=5)  # Fig. 1
    assert (low.kind, high.kind, high.n_imaginary, high.leads_to) == ("minimum", "saddle", 1, (0, 0))
    assert found.path.barrier == pytest.approx(30 * MEV, abs=12 * MEV)  # "of the order of 0.03 eV"
    assert found.dynamics.kind == "dynamic"
    assert found.dynamics.amplitude == pytest.approx(0.2, abs=0.03)  # "typical ... ~0.2 a.u."


def test_linear_model_of_the_trimer_lies_between_minimum_and_saddle_point():
    found = trimer()
    assert (
        found.saddles[0].stabilisation < linear_stabilisation(found.couplings) < found.minima[0].stabilisation
    )
    for one in found.couplings:
        assert one.force == pytest.approx(one.force_of_levels, rel=0.03)


def test_report_in_any_orientation_and_order():
    one, other = trimer(), trimer(7, (2, 0, 1))
    assert other.state.point.energy == pytest.approx(one.state.point.energy, abs=2e-6)
    assert [p.kind for p in other.points] == [p.kind for p in one.points]
    assert other.path.barrier == pytest.approx(one.path.barrier, abs=1 * MEV)
    assert other.dynamics.kind == one.dynamics.kind


def test_report_of_the_trimer():
    values = json.loads(json.dumps(jahn_teller_values(trimer()), allow_nan=False))
    assert [one["point_group"] for one in values["minima"] + values["saddles"]] == ["C2v", "C2v"]
    assert values["barrier_over"] == "C2v"
    assert values["barrier_hartree"] == pytest.approx(trimer().path.barrier)
    assert values["verdict"]["kind"] == "dynamic"
    assert values["free_energy_hartree"] == pytest.approx(values["energy_hartree"], abs=5e-5)
    scaled = replace(trimer(), dynamics=replace(trimer().dynamics, time_scale=1 / ATOMIC_TIME_SECONDS))
    assert jahn_teller_values(scaled)["verdict"]["time_scale_seconds"] == pytest.approx(1.0)
    text = "\n".join(jahn_teller_lines(values))
    for words in (
        "D3h is allowed where A2''",
        "open level 1e' (spin up): 1 of 2",
        "saddle ",
        "verdict: dynamic",
    ):
        assert words in text


def test_forces_of_a_chosen_filling_are_slopes_of_its_energy():
    state = symmetric_state(sodium("Td"), Method())
    surface = EqualOccupationSurface(method=Method())
    modes = next(one for one in state.active_modes if one.irrep == "E")
    (d2d,) = (d for d in directions(state.group, modes, np.random.default_rng(0)) if d.unique)
    points = []
    for h in (0.02, 0.04, 0.06):
        x = state.cluster.positions - h * d2d.vector
        equal = surface.point(state.cluster.at(x), state.point.restart)
        which = 1 if equal.details["mo_energy"][0][1] < equal.details["mo_energy"][0][2] - 1e-4 else -1
        points.append(surface.filled(equal, state.levels, which))
    slope = (points[2].energy - points[0].energy) / 0.04
    assert slope == pytest.approx(np.sum(points[1].forces * d2d.vector), rel=0.01)


def test_square_of_four_leads_to_the_rhombus():
    found = jahn_teller(sodium("D4h"), Method(), JahnTellerPlan(n_verified=1, high_spin=False))
    assert found.state.problem == "Eu x (b1g + b2g)"
    rhombus = Cluster(
        symbols=("Na",) * 4, positions=[[2.7, 0, 0], [-2.7, 0, 0], [0, 5.6, 0], [0, -5.6, 0]], n_unpaired=0
    )
    end = relax(rhombus, Method(), fmax=4e-5)
    low = found.minima[0]
    assert low.point_group == "D2h"
    assert low.energy == pytest.approx(end.energy, abs=3e-5)
    assert found.dynamics.kind == "static"


def test_triplet_of_the_tetrahedron():
    found = jahn_teller(
        sodium("Td"), Method(), JahnTellerPlan(descend=False), measurement=Measurement(time_scale=5.0)
    )
    high = symmetric_state(sodium("Td", n_unpaired=2), Method())
    assert (found.state.cluster.n_unpaired, found.high_spin.cluster.n_unpaired) == (0, 2)
    assert found.high_spin.point.energy == pytest.approx(high.point.energy, abs=1e-7)
    values = jahn_teller_values(found)
    assert values["high_spin"]["stabilisation_hartree"] == pytest.approx(
        found.state.point.energy - high.point.energy, abs=1e-7
    )
    assert (found.dynamics.kind, found.dynamics.time_scale) == ("none", 5.0)


@pytest.mark.parametrize("more", [{"occupation": "fermi", "width": 0.002}, {"forces": "hellmann-feynman"}])
def test_two_functionals_are_not_mixed(more, tmp_path):
    with pytest.raises(InputError, match="give occupation 'aufbau' or 'equal' and forces 'total'"):
        jahn_teller(sodium("D3h"), Method(**more), store=tmp_path / "folder" / "store.sqlite")
    assert not any(tmp_path.iterdir())


def test_nothing_open_in_the_cation():
    found = jahn_teller(sodium("D3h", charge=1), Method())
    assert (found.state.levels, found.state.problem, found.points, found.couplings) == ((), "", (), ())
    assert found.dynamics.kind == "none"


@pytest.mark.parametrize(
    ("positions", "words"), [([[0, 0, 0]], "single atom"), ([[0, 0, 0], [0, 0, 6.0]], "on a line")]
)
def test_what_the_theorem_is_not_about(positions, words):
    with pytest.raises(InputError, match=words):
        symmetric_state(Cluster(symbols=("Na",) * len(positions), positions=positions), Method())
