"""Minima and saddle points that are known, and where kicks lead from the latter."""

from dataclasses import replace

import numpy as np
import pytest
from ase.cluster import Icosahedron, Octahedron

from clusterdft.cluster import Cluster
from clusterdft.errors import ScfNotConverged
from clusterdft.isomer_search.minimum_check import (
    KICK_GAIN,
    MAX_KICK,
    check_minimum,
    check_task,
    kick,
    run_check,
)
from clusterdft.method import Method
from clusterdft.relaxation.relax import FMAX, relax
from clusterdft.report.search_run import search
from clusterdft.surfaces.classical import ClassicalSurface, Gupta, LennardJones
from clusterdft.surfaces.surface import Surface, SurfacePoint

LJ, GUPTA = LennardJones(), Gupta()
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


def followed(cluster, surface, **how):
    """The search that begins with one geometry, and ends with what its check calls for."""
    name = f"{cluster.symbols[0]}{cluster.natom}"
    how = {"strategy": "random-starts", "starts": 1, "max_calls": 300, **how}
    return search(name, surface, charge=cluster.charge, seeds=[cluster], **how)


def kicks_of(result):
    return [outcome for outcome in result.outcomes if outcome.origin.startswith("kick")]


def isomer_of(result, number):
    """The isomer that a start ended in."""
    (found,) = (isomer for isomer in result.isomers if number in isomer.starts)
    return found


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
    result = followed(cluster, surface, check_within=1.0)
    found = isomer_of(result, 0)
    assert found.verdict == "saddle"
    assert "down" in found.verdict_reason
    assert len(found.frequencies) == len(verdict.vibrations.frequencies)
    assert all(outcome.relaxed and outcome.parents for outcome in kicks_of(result))
    assert result.isomers[0].energy / 0.01 <= down_to + 0.01
    assert result.isomers[0].verdict == "minimum"
    calls = sum(check.n_force_calls for check in result.checks)
    assert result.n_force_calls == calls + sum(outcome.n_force_calls for outcome in result.outcomes)
    assert calls >= verdict.vibrations.n_force_calls


@pytest.mark.parametrize("surface", [LJ, GUPTA])
@pytest.mark.parametrize("shape", [TETRAHEDRON, ICOSAHEDRON], ids=["tetrahedron", "icosahedron"])
def test_minima_are_seen_and_not_kicked(shape, surface):
    cluster = relax(Cluster(symbols=("Na",) * len(shape), positions=shape), surface).cluster
    result = followed(cluster, surface)
    (found,) = result.isomers
    assert (found.verdict, found.verdict_reason, kicks_of(result)) == ("minimum", "", [])
    assert min(found.frequencies) > 0


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
        assert LJ.point(side).energy - here == pytest.approx(-KICK_GAIN, rel=0.1)
    again = kick(cluster, verdict.vibrations, np.random.default_rng(1))[0]
    assert again.positions == pytest.approx(one.positions, abs=0)


def test_kick_along_a_flat_mode_is_not_too_long():
    cluster = stationary(RHOMBUS, LJ)
    vibrations = check_minimum(cluster, LJ).vibrations
    flat = replace(vibrations, hessian=1e-9 * vibrations.hessian)
    for side in kick(cluster, flat, np.random.default_rng(2)):
        assert np.linalg.norm(side.positions - cluster.positions, axis=1).max() < MAX_KICK + 0.1


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


class Soft(ClassicalSurface):
    """Lennard-Jones without any scale: every frequency is below the error of the forces."""

    key = "soft"
    description = {"surface": "soft"}  # noqa: RUF012
    surface = LennardJones(epsilon=2e-5)

    def point(self, cluster, restart=None):
        return self.surface.point(cluster)


def test_kicks_that_come_back_make_a_minimum_of_an_uncertain_one():
    soft = Soft()
    cluster = relax(Cluster(symbols=("Na",) * 4, positions=TETRAHEDRON), soft.surface, fmax=4e-7).cluster
    assert check_minimum(cluster, soft).kind == "uncertain"
    result = followed(cluster, soft, fmax=4e-7)
    (found,) = result.isomers
    assert found.verdict == "minimum"
    assert "come back" in found.verdict_reason
    assert len(kicks_of(result)) == 2


def test_a_state_that_jumps_is_uncertain():
    class Jumps(Surface):
        def point(self, cluster, restart=None):
            point = LJ.point(cluster)
            return replace(point, n_unpaired=2.0 * (np.ptp(cluster.positions) > 4.26))

    cluster = relax(Cluster(symbols=("Na",) * 4, positions=TETRAHEDRON), LJ, fmax=1e-8).cluster
    verdict = check_minimum(cluster, Jumps())
    assert verdict.kind == "uncertain"
    assert "electronic state" in verdict.reason


def test_a_failed_scf_is_an_uncertain_check():
    class Fails(Surface):
        def point(self, cluster, restart=None):
            raise ScfNotConverged("the density oscillates")

    found = run_check(check_task(stationary(SQUARE, LJ), LJ.key, FMAX), Fails())
    assert (found.kind, found.reason, found.kicked) == ("uncertain", "the density oscillates", ())


def test_only_isomers_near_the_lowest_are_checked():
    low, high = stationary(TETRAHEDRON, LJ), stationary(SQUARE, LJ)
    gap = LJ.point(high).energy - LJ.point(low).energy
    for within, verdicts in (
        (0.9 * gap, ["minimum", ""]),
        (1.1 * gap, ["minimum", "saddle"]),
        (None, ["", ""]),
    ):
        result = search("Na4", LJ, strategy="random-starts", starts=2, seeds=[low, high], check_within=within)
        assert [isomer.verdict for isomer in result.isomers] == verdicts


class Shallow(ClassicalSurface):
    """A double well along the bend of a chain, 3e-5 hartree deep: one isomer, as merging sees it."""

    key = "shallow"
    description = {"surface": "shallow"}  # noqa: RUF012

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


def test_the_well_beside_a_saddle_is_the_minimum_of_an_isomer():
    """The chain and its bent wells merge; the wells are lower, are checked in turn, and count."""
    result = followed(Cluster(symbols=("Na",) * 3, positions=CHAIN), Shallow())
    (found,) = result.isomers
    assert found.energy == pytest.approx(-3e-5, abs=2e-6)
    assert found.verdict == "minimum"
    assert [check.kind for check in result.checks] == ["saddle", "minimum"]


@pytest.mark.parametrize(
    ("charge", "drop", "state", "shells"),
    [(0, 0.0022, "2B2", {"1s": 2.0, "1p": 1.0}), (1, 0.0260, "1A1'", {"1s": 2.0})],
)
def test_linear_sodium_trimers_are_saddle_points(charge, drop, state, shells):
    """Na3 bends to an obtuse triangle, Na3+ to an equilateral one."""
    method = Method()
    chain = relax(Cluster(symbols=("Na",) * 3, positions=CHAIN, charge=charge), method)
    assert np.abs(chain.cluster.positions[:, :2]).max() < 1e-3
    result = followed(chain.cluster, method, check_within=1.0)
    found = isomer_of(result, 0)
    assert found.verdict == "saddle"
    assert len(found.frequencies) == 4
    assert sum(frequency < 0 for frequency in found.frequencies) == 2
    assert found.energy - result.isomers[0].energy == pytest.approx(drop, abs=2e-4)
    assert result.isomers[0].verdict == "minimum"
    assert result.isomers[0].electrons["state"] == state
    assert result.isomers[0].electrons["shells"] == shells


@pytest.mark.slow
def test_sodium_tetramer_rhombus_is_a_minimum_and_the_square_is_not():
    method = Method()
    rhombus = relax(Cluster(symbols=("Na",) * 4, positions=RHOMBUS), method)
    assert check_minimum(rhombus.cluster, method).kind == "minimum"
    square = relax(Cluster(symbols=("Na",) * 4, positions=1.1 * SQUARE), method)
    assert check_minimum(square.cluster, method).kind == "saddle"
