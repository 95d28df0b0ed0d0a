"""Vibrations against analytic Hessians, isotopes, linear geometries and a dimer's energy curve."""

from dataclasses import replace

import numpy as np
import pytest
from ase.cluster import Icosahedron

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.generate import GENERATORS
from clusterdft.making.quality.dimer_curve import dimer_constants
from clusterdft.method import Method
from clusterdft.properties.vibrations import vibrations
from clusterdft.relaxation.relax import relax
from clusterdft.surfaces.classical import Gupta, LennardJones
from clusterdft.surfaces.surface import Surface, SurfacePoint
from clusterdft.units import DALTON_ELECTRON_MASS, HARTREE_CM1

LJ, GUPTA = LennardJones(), Gupta()
OCTAHEDRON = 4.2 * np.array([[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]])
CHAIN = np.array([[0, 0, -6.0], [0, 0, 0], [0, 0, 6.0]])


def sodium(positions, symbols=None):
    return Cluster(symbols=symbols or ("Na",) * len(positions), positions=positions)


def minimum(surface, natom, index=0):
    start = GENERATORS["random-cube"](("Na",) * natom, seed=5, index=index)
    return relax(start, surface, fmax=1e-8, max_calls=500).cluster


def pair_hessian(x, first, second):
    """Hessian of sum_pairs v(r) from v'/r and v''."""
    n = len(x)
    h = np.zeros((n, 3, n, 3))
    for i in range(n):
        for j in range(n):
            if i != j:
                d = x[i] - x[j]
                r = np.linalg.norm(d)
                u = np.outer(d, d) / r**2
                block = second(r) * u + first(r) / r * (np.eye(3) - u)
                h[i, :, i] += block
                h[i, :, j] -= block
    return h.reshape(3 * n, 3 * n)


def lennard_jones_hessian(x):
    s, e = LJ.sigma, LJ.epsilon
    return pair_hessian(
        x,
        lambda r: 4 * e * (-12 * s**12 / r**13 + 6 * s**6 / r**7),
        lambda r: 4 * e * (156 * s**12 / r**14 - 42 * s**6 / r**8),
    )


def gupta_hessian(x):
    """Pair part, plus the band energy -sum_i b_i^(1/2) by the chain rule."""
    a, xi, p, q, r0 = GUPTA.repulsion, GUPTA.hopping, GUPTA.p, GUPTA.q, GUPTA.r0
    n, c = len(x), 2 * q / r0

    def repulsion(r):
        return 2 * a * np.exp(-p * (r / r0 - 1))

    h = pair_hessian(x, lambda r: -p / r0 * repulsion(r), lambda r: (p / r0) ** 2 * repulsion(r))
    for i in range(n):
        gradient, second = np.zeros((n, 3)), np.zeros((n, 3, n, 3))
        band = 0.0
        for j in (j for j in range(n) if j != i):
            d = x[i] - x[j]
            r = np.linalg.norm(d)
            t, u = xi**2 * np.exp(-c * (r - r0)), np.outer(d, d) / r**2
            band += t
            gradient[i] -= c * t * d / r
            gradient[j] += c * t * d / r
            block = c**2 * t * u - c * t / r * (np.eye(3) - u)
            for k, sign_k in ((i, 1), (j, -1)):
                for m, sign_m in ((i, 1), (j, -1)):
                    second[k, :, m] += sign_k * sign_m * block
        g = gradient.ravel()
        h -= 0.5 * second.reshape(3 * n, 3 * n) / np.sqrt(band) - 0.25 * np.outer(g, g) / band**1.5
    return h


@pytest.mark.parametrize("natom", [3, 5, 8])
@pytest.mark.parametrize(("surface", "exact"), [(LJ, lennard_jones_hessian), (GUPTA, gupta_hessian)])
def test_hessian_is_the_analytic_one(surface, exact, natom):
    cluster = minimum(surface, natom)
    truth = exact(cluster.positions)
    fine = vibrations(cluster, surface, step=1e-3)
    assert fine.hessian == pytest.approx(truth, abs=1e-5 * np.abs(truth).max())
    error = [np.abs(vibrations(cluster, surface, step=h).hessian - truth).max() for h in (0.05, 0.1)]
    assert error[1] < 0.03 * np.abs(truth).max()
    assert error[1] / error[0] == pytest.approx(4.0, abs=0.5)  # second order in the step


@pytest.mark.parametrize("surface", [LJ, GUPTA])
def test_symmetry_saves_calls_and_changes_nothing(surface):
    octahedron = relax(sodium(OCTAHEDRON), surface, fmax=1e-9).cluster
    few = vibrations(octahedron, surface, step=0.01)
    many = vibrations(octahedron, surface, step=0.01, symmetry_tolerance=0)
    assert (few.n_force_calls, many.n_force_calls) == (3, 37)
    assert few.hessian == pytest.approx(many.hessian, abs=1e-5)
    assert few.frequencies == pytest.approx(many.frequencies, rel=1e-3)
    degenerate = np.round(few.frequencies * HARTREE_CM1, 4)
    assert sorted(np.unique(degenerate, return_counts=True)[1]) == [1, 2, 3, 3, 3]


def test_an_icosahedron_needs_few_calls():
    ball = relax(sodium(Icosahedron("Na", 2).positions * 1.5), LJ, fmax=1e-9).cluster
    found = vibrations(ball, LJ, step=0.01)
    assert found.n_force_calls <= 4
    assert found.hessian == pytest.approx(lennard_jones_hessian(ball.positions), abs=1e-4)


class Broken(Surface):
    """Forces without the symmetry of the geometry, as of an electronic state that has not got it."""

    def point(self, cluster, restart=None):
        point = LJ.point(cluster)
        pull = np.zeros((cluster.natom, 3))
        pull[0, 0], pull[1, 0] = 1e-3, -1e-3
        return SurfacePoint(energy=point.energy, forces=point.forces + pull)


def test_symmetry_that_the_forces_have_not_got_is_not_used():
    octahedron = relax(sodium(OCTAHEDRON), LJ, fmax=1e-9).cluster
    assert vibrations(octahedron, Broken()).n_force_calls > 3


def test_displaced_points_start_from_the_centre():
    restarts = []

    class Watched(Surface):
        def point(self, cluster, restart=None):
            restarts.append(restart)
            point = LJ.point(cluster)
            return SurfacePoint(energy=point.energy, forces=point.forces, restart=len(restarts))

    vibrations(sodium(CHAIN), Watched(), symmetry_tolerance=0)
    assert restarts == [None] + [1] * 18


def test_rigid_motions_are_gone_exactly():
    for cluster, n_zero in ((minimum(GUPTA, 6), 6), (sodium(CHAIN), 5)):
        found = vibrations(cluster, GUPTA)
        assert found.n_zero == n_zero
        assert len(found.frequencies) == len(found.modes) == 3 * cluster.natom - n_zero
        weighted = found.modes * np.sqrt(found.masses)[:, None]
        assert weighted.sum(axis=1) == pytest.approx(0.0, abs=1e-9)
        spin = np.cross(cluster.positions, weighted).sum(axis=1)
        assert spin == pytest.approx(0.0, abs=1e-7)
        overlap = np.einsum("kix,lix->kl", found.modes, found.modes)
        assert overlap == pytest.approx(np.eye(len(overlap)), abs=1e-12)


def test_linear_chain_has_its_bending_pair_and_stretches():
    """Masses at both ends of springs k: stretches k/m and 3k/m, and a degenerate pair that bends."""
    found = vibrations(relax(sodium(CHAIN), LJ, fmax=1e-10).cluster, LJ, step=1e-3)
    frequencies = found.frequencies
    assert len(frequencies) == 4
    assert frequencies[0] == pytest.approx(frequencies[1], rel=1e-4)
    assert frequencies[1] < 0  # three Lennard-Jones atoms want to be a triangle
    assert frequencies[3] / frequencies[2] == pytest.approx(np.sqrt(3), rel=0.01)


def test_isotopes():
    cluster = minimum(LJ, 4)
    light = vibrations(cluster, LJ, masses=[10.0] * 4)
    heavy = vibrations(cluster, LJ, masses=[40.0] * 4)
    assert light.frequencies == pytest.approx(2 * heavy.frequencies, rel=1e-9)
    mixed = vibrations(cluster, LJ, masses=[10.0, 40.0, 40.0, 23.0])
    # heavier atoms lower every frequency (Rayleigh)
    assert np.all(mixed.frequencies < light.frequencies + 1e-12)


def test_dimer_of_two_masses():
    """omega = sqrt(k / mu), k = 72 epsilon / r^2 of Lennard-Jones."""
    dimer = sodium([[0, 0, 0], [0, 0, 6.0]], ("Li", "K"))
    mu = 7.0 * 39.0 / 46.0 * DALTON_ELECTRON_MASS
    found = vibrations(dimer, LJ, step=1e-3, masses=[7.0, 39.0])
    assert found.frequencies == pytest.approx([np.sqrt(72 * 0.01 / 36 / mu)], rel=1e-5)
    assert found.displacements[0, 0, 2] / found.displacements[0, 1, 2] == pytest.approx(-39 / 7)


def test_standard_masses():
    assert vibrations(sodium([[0, 0, 0], [0, 0, 6.0]]), LJ).masses / DALTON_ELECTRON_MASS == pytest.approx(
        22.98977, abs=1e-4
    )


def test_single_atom():
    found = vibrations(sodium([[0, 0, 0]]), LJ)
    assert (found.frequencies.size, found.n_zero, found.n_force_calls) == (0, 3, 0)


class Noisy(Surface):
    """Lennard-Jones with random errors of the forces."""

    def __init__(self, noise, seed):
        self.noise, self.rng = noise, np.random.default_rng(seed)

    def point(self, cluster, restart=None):
        point = LJ.point(cluster)
        return replace(
            point, forces=point.forces + self.rng.normal(scale=self.noise, size=(cluster.natom, 3))
        )


def test_asymmetry_measures_the_noise_and_errors_the_spread_of_frequencies():
    cluster = minimum(LJ, 5)
    exact = vibrations(cluster, LJ, symmetry_tolerance=0, step=0.1)
    runs = [vibrations(cluster, Noisy(2e-5, seed), symmetry_tolerance=0, step=0.1) for seed in range(20)]
    element = 2e-5 / (np.sqrt(2) * 0.1)
    assert np.mean([run.asymmetry for run in runs]) == pytest.approx(element, rel=0.15)
    spread = np.std([run.frequencies - exact.frequencies for run in runs], axis=0)
    predicted = np.mean([run.square_errors() for run in runs], axis=0) / (2 * exact.frequencies)
    assert np.median(spread / predicted) == pytest.approx(1.0, abs=0.4)
    expected = exact.square_errors(element) / (2 * exact.frequencies)
    assert expected == pytest.approx(predicted, rel=0.4)


def test_a_jump_to_another_state_is_seen():
    class TwoStates(Surface):
        def point(self, cluster, restart=None):
            point = LJ.point(cluster)
            jumped = cluster.positions[0, 0] > 1e-6
            return replace(point, energy=point.energy - 1e-3 * jumped, n_unpaired=2.0 * jumped)

    cluster = sodium([[0, 0, 0], [6.0, 0, 0]])
    found = vibrations(cluster, TwoStates(), symmetry_tolerance=0)
    assert found.energy_mismatch == pytest.approx(1e-3, rel=0.1)
    assert found.spin_change == 2.0
    assert vibrations(cluster, LJ, symmetry_tolerance=0).energy_mismatch < 1e-5


@pytest.mark.parametrize("wrong", [{"step": 0.0}, {"step": 1.0}, {"masses": [23.0]}, {"masses": [1.0, -1.0]}])
def test_impossible_inputs(wrong):
    with pytest.raises(InputError, match="give"):
        vibrations(sodium([[0, 0, 0], [0, 0, 6.0]]), LJ, **wrong)


def test_sodium_dimer_has_the_frequency_of_its_energy_curve():
    method = Method()
    curve = dimer_constants("Na", method, mass=22.99)
    axis = np.array([1.0, 2.0, 2.0]) / 3
    found = vibrations(sodium([0 * axis, curve.re * axis]), method, masses=[22.99, 22.99])
    assert found.frequencies * HARTREE_CM1 == pytest.approx([curve.we * HARTREE_CM1], abs=0.5)
    assert found.frequencies * HARTREE_CM1 == pytest.approx([170.0], abs=0.7)
    assert found.n_force_calls <= 5
    assert found.energy_mismatch < 1e-6
