"""The limited-memory relaxer and the compiled potentials: published minima, and the recursion itself."""

from itertools import product

import numpy as np
import pytest

from clusterdft.cluster import Cluster
from clusterdft.generate import GENERATORS
from clusterdft.relaxation.limited_memory import MAX_PAIRS, InverseHessian
from clusterdft.relaxation.relax import relax
from clusterdft.surfaces.classical import Gupta, LennardJones

REDUCED = LennardJones(epsilon=1.0, sigma=6.0)


def ring(height, angle=0.0, radius=0.85):
    """Five points around the z axis."""
    phi = angle + 2 * np.pi * np.arange(5) / 5
    return np.column_stack([radius * np.cos(phi), radius * np.sin(phi), np.full(5, height)])


def on_axis(*heights):
    return np.array([[0, 0, height] for height in heights])


def truncated_octahedron():
    """The 38 points of a face-centred cubic lattice around an octahedral hole."""
    grid = np.array(list(product(range(-4, 5), repeat=3)))
    grid = grid[grid.sum(axis=1) % 2 == 0] + [1, 0, 0]
    return grid[np.argsort(np.sum(grid**2, axis=1))[:38]] / np.sqrt(2)


STRUCTURES = {
    7: np.concatenate([ring(0.0), on_axis(-0.55, 0.55)]),
    13: np.concatenate([on_axis(0, 0.97, -0.97), ring(0.45), ring(-0.45, np.pi / 5)]),
    19: np.concatenate([on_axis(-1.4, -0.5, 0.5, 1.4), ring(0.0, np.pi / 5), ring(0.95), ring(-0.95)]),
    38: truncated_octahedron(),
}
PUBLISHED = {
    7: -16.505384,
    13: -44.326801,
    19: -72.659782,
    38: -173.928427,
}  # in well depths; Cambridge tables


@pytest.mark.parametrize("natom", STRUCTURES)
def test_published_minima_of_lennard_jones(natom):
    rng = np.random.default_rng(natom)
    positions = STRUCTURES[natom] * 6.7 + 0.1 * rng.normal(size=(natom, 3))
    cluster = Cluster(symbols=("Na",) * natom, positions=positions)
    end = relax(cluster, REDUCED, relaxer="limited-memory", fmax=1e-7, max_calls=1000)
    assert end.relaxed, end.reason
    assert end.energy == pytest.approx(PUBLISHED[natom], abs=1e-6)


def test_random_starts_reach_the_published_minimum():
    starts = [GENERATORS["random-cube"](("Na",) * 7, seed=1, index=index) for index in range(40)]
    ends = [relax(start, REDUCED, relaxer="limited-memory", fmax=1e-6, max_calls=1000) for start in starts]
    assert all(end.relaxed for end in ends)
    assert min(end.energy for end in ends) == pytest.approx(PUBLISHED[7], abs=1e-6)


def test_large_starts_relax_within_the_default_calls():
    for index in range(10):
        start = GENERATORS["random-cube"](("Na",) * 25, seed=2, index=index)
        assert relax(start, Gupta(), relaxer="limited-memory").relaxed


@pytest.mark.parametrize("count", [0, 1, 5, MAX_PAIRS + 8])
def test_recursion_is_the_product_of_bfgs_updates(count):
    """The inverse Hessian written out, from the last pairs alone."""
    rng, natom = np.random.default_rng(count), 4
    hessian = np.diag(rng.uniform(0.5, 2.0, 12))
    memory, pairs = InverseHessian(natom), []
    for _ in range(count):
        s = rng.normal(size=12)
        pairs.append((s, hessian @ s))
        memory.learn(s.reshape(natom, 3), pairs[-1][1].reshape(natom, 3))
    pairs = pairs[-MAX_PAIRS:]
    inverse = np.eye(12) * (pairs[-1][0] @ pairs[-1][1] / (pairs[-1][1] @ pairs[-1][1]) if pairs else 20.0)
    for s, y in pairs:
        project = np.eye(12) - np.outer(s, y) / (s @ y)
        inverse = project @ inverse @ project.T + np.outer(s, s) / (s @ y)
    forces = rng.normal(size=(natom, 3))
    assert memory.newton_step(forces).ravel() == pytest.approx(inverse @ forces.ravel(), abs=1e-10)


def test_pairs_that_curve_down_are_forgotten():
    memory, s = InverseHessian(2), np.ones((2, 3))
    memory.learn(s, -s)
    assert memory.newton_step(s) == pytest.approx(s / 0.05)


def test_compiled_potentials_follow_their_equations():
    """Energies of a random cluster, summed as the docstrings say."""
    cluster = GENERATORS["random-cube"](("Na",) * 9, seed=3, index=0)
    r = np.linalg.norm(cluster.positions[:, None] - cluster.positions, axis=2) + np.diag(np.full(9, np.inf))
    s = LennardJones(epsilon=0.3, sigma=5.0)
    pairs = np.sum(0.5 * 4 * 0.3 * ((5.0 / r) ** 12 - (5.0 / r) ** 6))
    assert s.point(cluster).energy == pytest.approx(pairs, rel=1e-12)
    g = Gupta()
    repulsion = np.sum(g.repulsion * np.exp(-g.p * (r / g.r0 - 1)))
    band = np.sqrt(np.sum(g.hopping**2 * np.exp(-2 * g.q * (r / g.r0 - 1)), axis=1))
    assert g.point(cluster).energy == pytest.approx(repulsion - np.sum(band), rel=1e-12)


def test_atoms_that_are_far_from_all_others_feel_no_force():
    cluster = Cluster(symbols=("Na",) * 2, positions=[[0, 0, 0], [0, 0, 1e5]])
    assert np.array_equal(Gupta().point(cluster).forces, np.zeros((2, 3)))
