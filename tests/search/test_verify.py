"""Minima and saddle points that are known, and where kicks lead from the latter."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
from ase.cluster import Icosahedron, Octahedron

from clusterdft.cluster import Cluster
from clusterdft.errors import ScfNotConverged
from clusterdft.method import Method
from clusterdft.relax import relax
from clusterdft.relax.gupta import Gupta
from clusterdft.relax.relaxation import FMAX
from clusterdft.relax.surface import LennardJones, SurfacePoint
from clusterdft.search.outcome import Outcome
from clusterdft.search.pool import merge
from clusterdft.search.verify import (
    DROP,
    LONGEST_KICK,
    check_minimum,
    kick,
    run_pickled_verification,
    run_verification,
    verification_tasks,
    verified,
)

LJ, GUPTA = LennardJones(), Gupta()
RELAXATION = {"relaxer": "quasi-newton", "fmax": FMAX, "max_calls": 300}
ANGLES = np.pi * np.arange(6) / 3
SQUARE = 3.0 * np.array([[1, 1, 0], [-1, 1, 0], [-1, -1, 0], [1, -1, 0]])
RHOMBUS = np.array([[3.0, 0, 0], [-3.0, 0, 0], [0, 5.2, 0], [0, -5.2, 0]])
HEXAGON = 6.0 * np.array([[0, 0, 0]] + [[np.cos(t), np.sin(t), 0] for t in ANGLES])
CHAIN = np.array([[0, 0, -6.0], [0, 0, 0], [0, 0, 6.0]])
TETRAHEDRON = 2.1 * np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]])
CUBOCTAHEDRON = Octahedron("Na", length=3, cutoff=1, latticeconstant=6.0 * np.sqrt(2)).positions
ICOSAHEDRON = Icosahedron("Na", 2).positions * 1.55


def stationary(positions, surface):
    """The stationary point of the shape's symmetry: quasi-Newton keeps what symmetry the start has."""
    cluster = Cluster(symbols=("Na",) * len(positions), positions=positions)
    for _ in range(200):
        force = surface.point(cluster).forces
        if np.abs(force).max() < 1e-8:
            return cluster
        cluster = cluster.at(cluster.positions + 8.0 * force)
    raise AssertionError("the shape does not relax")


def outcome_of(index, cluster, energy):
    return Outcome(
        index=index, key="", relaxed=True, reason="", cluster=cluster, energy=energy, n_unpaired=0.0
    )


def isomers_of(cluster, surface):
    energy = surface.point(cluster).energy
    return merge(
        [Outcome(index=0, key="", relaxed=True, reason="", cluster=cluster, energy=energy, n_unpaired=0)]
    )


@pytest.mark.parametrize(
    ("shape", "surface", "n_imaginary", "down_to"),
    [
        (CHAIN, LJ, 2, -3.0),
        (SQUARE, LJ, 2, -6.0),
        (RHOMBUS, LJ, 1, -6.0),
        (HEXAGON, LJ, None, -15.5),
        (CUBOCTAHEDRON, LJ, None, -44.32),
    ],
    ids=["chain", "square", "rhombus", "hexagon", "cuboctahedron"],
)
def test_saddle_points_are_seen_and_left(shape, surface, n_imaginary, down_to):
    cluster = stationary(shape, surface)
    verdict = check_minimum(cluster, surface)
    assert verdict.kind == "saddle"
    assert n_imaginary in (None, len(verdict.imaginary))
    assert np.all(verdict.vibrations.frequencies[list(verdict.imaginary)] < 0)
    (found,) = verified(isomers_of(cluster, surface), surface, RELAXATION)
    assert found.kind == "saddle"
    assert "down" in found.reason
    lowest = min(outcome.energy for outcome in found.kicked)
    assert all(outcome.relaxed for outcome in found.kicked)
    assert lowest / 0.01 <= down_to + 0.01
    calls = verdict.vibrations.n_force_calls + sum(outcome.n_force_calls for outcome in found.kicked)
    assert found.n_force_calls == calls


@pytest.mark.parametrize("surface", [LJ, GUPTA])
@pytest.mark.parametrize("shape", [TETRAHEDRON, ICOSAHEDRON], ids=["tetrahedron", "icosahedron"])
def test_minima_are_seen_and_not_kicked(shape, surface):
    cluster = relax(Cluster(symbols=("Na",) * len(shape), positions=shape), surface).cluster
    (found,) = verified(isomers_of(cluster, surface), surface, RELAXATION)
    assert (found.kind, found.reason, found.kicked) == ("minimum", "", ())
    assert found.verdict.kind == "minimum"


def test_gupta_square_is_no_minimum():
    verdict = check_minimum(stationary(SQUARE, GUPTA), GUPTA)
    assert verdict.kind == "saddle"


def test_kick_goes_to_both_sides_and_lowers_the_energy():
    cluster = stationary(SQUARE, LJ)
    verdict = check_minimum(cluster, LJ)
    one, other = kick(cluster, verdict.vibrations, np.random.default_rng(1))
    here = LJ.point(cluster).energy
    moved = [one.positions - cluster.positions, other.positions - cluster.positions]
    assert np.sum(moved[0] * moved[1]) < -0.99 * np.linalg.norm(moved[0]) * np.linalg.norm(moved[1])
    for side in (one, other):
        assert LJ.point(side).energy - here == pytest.approx(-DROP, rel=0.1)
    again = kick(cluster, verdict.vibrations, np.random.default_rng(1))[0]
    assert again.positions == pytest.approx(one.positions, abs=0)


def test_kick_along_a_flat_mode_is_not_too_long():
    cluster = stationary(RHOMBUS, LJ)
    vibrations = check_minimum(cluster, LJ).vibrations
    flat = replace(vibrations, hessian=1e-9 * vibrations.hessian)
    for side in kick(cluster, flat, np.random.default_rng(2)):
        assert np.linalg.norm(side.positions - cluster.positions, axis=1).max() < LONGEST_KICK + 0.1


def test_a_moving_geometry_is_uncertain():
    cluster = Cluster(symbols=("Na",) * 4, positions=1.1 * TETRAHEDRON)
    verdict = check_minimum(cluster, LJ)
    assert verdict.kind == "uncertain"
    assert "not stationary" in verdict.reason


def test_single_atom_is_a_minimum():
    assert check_minimum(Cluster(symbols=("Na",), positions=np.zeros((1, 3))), LJ).kind == "minimum"


def test_within_its_error_a_frequency_is_uncertain_and_kicks_come_back():
    """The same tetrahedron on forces that are said to be very wrong."""
    cluster = relax(Cluster(symbols=("Na",) * 4, positions=TETRAHEDRON), LJ).cluster
    assert check_minimum(cluster, LJ, force_error=1e-2).kind == "uncertain"
    assert check_minimum(stationary(SQUARE, LJ), LJ, force_error=1e-2).kind == "uncertain"


class Soft:
    """Lennard-Jones without any scale: every frequency is below the error of the forces."""

    key = "soft"
    surface = LennardJones(epsilon=2e-5)

    def build(self):
        return self

    def point(self, cluster, restart=None):
        return self.surface.point(cluster)


def test_kicks_that_come_back_make_a_minimum_of_an_uncertain_one():
    soft = Soft()
    cluster = relax(Cluster(symbols=("Na",) * 4, positions=TETRAHEDRON), soft.surface, fmax=4e-7).cluster
    assert check_minimum(cluster, soft).kind == "uncertain"
    (found,) = verified(isomers_of(cluster, soft), soft, RELAXATION | {"fmax": 4e-7})
    assert found.kind == "minimum"
    assert "come back" in found.reason
    assert len(found.kicked) == 2


def test_a_state_that_jumps_is_uncertain():
    class Jumps:
        def point(self, cluster, restart=None):
            point = LJ.point(cluster)
            return replace(point, n_unpaired=2.0 * (np.ptp(cluster.positions) > 4.26))

    cluster = relax(Cluster(symbols=("Na",) * 4, positions=TETRAHEDRON), LJ, fmax=1e-8).cluster
    verdict = check_minimum(cluster, Jumps())
    assert verdict.kind == "uncertain"
    assert "electronic state" in verdict.reason


def test_a_failed_scf_is_an_uncertain_verification():
    class Fails:
        def point(self, cluster, restart=None):
            raise ScfNotConverged("the density oscillates")

    cluster = stationary(SQUARE, LJ)
    (task,) = verification_tasks(isomers_of(cluster, LJ), LJ, RELAXATION)
    found = run_verification(task, Fails(), RELAXATION)
    assert (found.kind, found.reason, found.verdict) == ("uncertain", "the density oscillates", None)


def test_only_isomers_near_the_lowest_are_verified():
    low, high = stationary(TETRAHEDRON, LJ), stationary(SQUARE, LJ)
    energies = [LJ.point(c).energy for c in (low, high)]
    isomers = merge(outcome_of(i, c, e) for i, (c, e) in enumerate(zip((low, high), energies, strict=True)))
    gap = energies[1] - energies[0]
    assert len(verification_tasks(isomers, LJ, RELAXATION, within=0.9 * gap)) == 1
    assert len(verification_tasks(isomers, LJ, RELAXATION, within=1.1 * gap)) == 2


def test_a_task_is_the_same_in_every_process():
    cluster = stationary(SQUARE, LJ)
    (task,) = verification_tasks(isomers_of(cluster, LJ), LJ, RELAXATION, seed=4)
    (again,) = verification_tasks(isomers_of(cluster, LJ), LJ, RELAXATION, seed=4)
    (other,) = verification_tasks(isomers_of(cluster, LJ), LJ, RELAXATION, seed=5)
    assert task.key == again.key != other.key
    here = run_verification(task, LJ, RELAXATION)
    there = run_pickled_verification(pickle.loads(pickle.dumps(task)), pickle.dumps(LJ), RELAXATION)
    for a, b in zip(here.kicked, there.kicked, strict=True):
        assert a.cluster.positions.tolist() == b.cluster.positions.tolist()
    pickle.loads(pickle.dumps(there))


class Shallow:
    """A double well along the bend of a chain, 3e-5 hartree deep: one isomer, as merging sees it."""

    key = "shallow"

    def build(self):
        return self

    def point(self, cluster, restart=None):
        x = cluster.positions
        bonds = [x[1] - x[0], x[2] - x[1]]
        bend = x[0] + x[2] - 2 * x[1]
        a, b, k = 1e-3, 0.25 * 1e-6 / 3e-5, 0.02
        q = bend @ bend
        energy, slope = -0.5 * a * q + 0.25 * b * q**2, -a + b * q
        forces = -slope * bend[None] * np.array([[1.0], [-2.0], [1.0]])
        for i, bond in enumerate(bonds):
            r = np.linalg.norm(bond)
            energy += 0.5 * k * (r - 6.0) ** 2
            forces[i] += k * (r - 6.0) * bond / r
            forces[i + 1] -= k * (r - 6.0) * bond / r
        return SurfacePoint(energy=float(energy), forces=forces)


def test_a_saddle_between_two_wells_of_one_isomer_stays_a_saddle_and_the_well_is_the_minimum():
    cluster, shallow = Cluster(symbols=("Na",) * 3, positions=CHAIN), Shallow()
    first = isomers_of(cluster, shallow)
    (found,) = verified(first, shallow, RELAXATION)
    assert found.kind == "saddle"
    assert "come back" in found.reason
    merged = merge([outcome_of(9, cluster, first[0].energy), *found.kicked])
    assert len(merged) == 1
    assert merged[0].energy == pytest.approx(-3e-5, abs=2e-6)
    (well,) = verified(merged, shallow, RELAXATION)
    assert well.kind == "minimum"


@pytest.mark.parametrize(("charge", "drop"), [(0, 0.0022), (1, 0.0260)])
def test_linear_sodium_trimers_are_saddle_points(charge, drop):
    """Na3 bends to an obtuse triangle, Na3+ to an equilateral one."""
    method = Method()
    chain = relax(Cluster(symbols=("Na",) * 3, positions=CHAIN, charge=charge), method)
    assert np.abs(chain.cluster.positions[:, :2]).max() < 1e-3
    (found,) = verified(isomers_of(chain.cluster, method.surface_spec().build()), method, RELAXATION)
    assert found.kind == "saddle"
    assert found.verdict.imaginary == (0, 1)
    assert found.verdict.vibrations.n_zero == 5
    assert chain.energy - min(outcome.energy for outcome in found.kicked) == pytest.approx(drop, abs=2e-4)


@pytest.mark.slow
def test_sodium_tetramer_rhombus_is_a_minimum_and_the_square_is_not():
    method = Method()
    rhombus = relax(Cluster(symbols=("Na",) * 4, positions=RHOMBUS), method)
    assert check_minimum(rhombus.cluster, method).kind == "minimum"
    square = relax(Cluster(symbols=("Na",) * 4, positions=1.1 * SQUARE), method)
    assert check_minimum(square.cluster, method).kind == "saddle"
