"""The quadrature: what it integrates, what it is invariant under, and the derivative of its weights."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from clusterdft.errors import InputError
from clusterdft.grid import build_grid
from clusterdft.grid.atomic_rule import GRID_LEVELS, atomic_rule, relative_size

ERROR_PER_ATOM = {"coarse": 2e-5, "default": 4e-6, "fine": 6e-7}  # hartree, exchange of a model density


def cluster(seed, natom=6, edge=6.2):
    """A piece of a distorted cubic lattice."""
    rng = np.random.default_rng(seed)
    sites = np.array([[i, j, k] for i in range(2) for j in range(2) for k in range(2)])[:natom]
    return edge * sites + rng.normal(size=(natom, 3)) * 0.4


def model_density(points, positions):
    """A superposition of soft atoms, one electron each, with a dip at the nucleus as sodium's valence has."""
    square = np.sum((points[:, None, :] - positions) ** 2, axis=-1)
    wide, tight = (0.07 / np.pi) ** 1.5, (0.6 / np.pi) ** 1.5
    return np.sum(1.02 * wide * np.exp(-0.07 * square) - 0.02 * tight * np.exp(-0.6 * square), axis=1)


def exchange(positions, level, symbols=None):
    grid = build_grid(symbols or ["Na"] * len(positions), positions, level)
    return -0.7386 * grid.weights @ model_density(grid.points, positions) ** (4 / 3)


@pytest.mark.parametrize(("level", "tolerance"), [("default", 6e-4), ("fine", 1e-4), ("ultra", 2e-7)])
def test_integral_of_a_gaussian_on_each_atom(level, tolerance):
    positions = cluster(1)
    grid = build_grid(["Na"] * 6, positions, level)
    for exponent in (0.05, 0.2, 0.8):
        square = np.sum((grid.points[:, None, :] - positions) ** 2, axis=-1)
        integrals = (exponent / np.pi) ** 1.5 * grid.weights @ np.exp(-exponent * square)
        assert integrals == pytest.approx(1.0, abs=tolerance)


def test_product_of_gaussians_on_two_atoms():
    positions = np.array([[0.0, 0.0, 0.0], [1.0, 2.0, 5.0]])
    grid = build_grid(["Na", "Na"], positions, "ultra")
    a, b = 0.15, 0.4
    values = [
        np.exp(-x * np.sum((grid.points - position) ** 2, axis=1))
        for x, position in zip((a, b), positions, strict=True)
    ]
    exact = (np.pi / (a + b)) ** 1.5 * np.exp(-a * b / (a + b) * 30.0)
    assert grid.weights @ (values[0] * values[1]) == pytest.approx(exact, rel=1e-8)


@pytest.mark.parametrize("level", list(ERROR_PER_ATOM))
def test_levels_against_the_reference(level):
    errors = [
        (exchange(positions, level) - exchange(positions, "ultra")) / 6
        for positions in (cluster(2), cluster(3, edge=5.2), cluster(4, edge=9.0))
    ]
    assert np.max(np.abs(errors)) < ERROR_PER_ATOM[level]


@pytest.mark.parametrize("level", list(ERROR_PER_ATOM))
def test_orientation_dependence(level):
    positions = cluster(5)
    turns = Rotation.random(8, rng=np.random.default_rng(6)).as_matrix()
    energies = np.array([exchange(positions @ turn.T, level) for turn in turns]) / 6
    assert np.std(energies) < ERROR_PER_ATOM[level] / 2


def test_levels_are_a_ladder_of_points():
    points = [len(atomic_rule(level, "Na")[0]) for level in GRID_LEVELS]
    assert points == sorted(points)
    assert points[1] < 1000


def test_elements_of_another_size():
    positions = cluster(7, natom=4)
    symbols = ["Na", "K", "Li", "Na"]
    assert relative_size("Na") == 1.0 < relative_size("K")
    difference = exchange(positions, "default", symbols) - exchange(positions, "ultra", symbols)
    assert abs(difference) / 4 < 1e-5


def test_translation_and_permutation():
    positions, symbols = cluster(8), np.array(["Na", "K", "Na", "Na", "K", "Na"])
    grid = build_grid(symbols, positions)
    shifted = build_grid(symbols, positions + np.array([1.0, -2.0, 30.0]))
    assert shifted.weights == pytest.approx(grid.weights, rel=1e-12)
    order = np.array([3, 0, 5, 4, 1, 2])
    permuted = build_grid(symbols[order], positions[order])
    for new, old in enumerate(order):
        assert permuted.points[permuted.owner == new] == pytest.approx(grid.points[grid.owner == old])
        assert permuted.weights[permuted.owner == new] == pytest.approx(grid.weights[grid.owner == old])


def test_mirror_planes_of_an_aligned_cluster_are_kept():
    positions = np.array([[0.0, 3.0, 0.0], [0.0, -3.0, 0.0], [5.5, 0.0, 0.0], [-5.5, 0.0, 0.0]])
    grid = build_grid(["Na"] * 4, positions)
    first_moments = grid.points.T @ (grid.weights * model_density(grid.points, positions))
    assert first_moments == pytest.approx(0.0, abs=1e-11)


@pytest.mark.parametrize("level", ["coarse", "default"])
def test_weight_gradient(level):
    symbols, positions = ["Na", "K", "Na", "Li"], cluster(9, natom=4)
    grid = build_grid(symbols, positions, level)
    f = np.random.default_rng(10).normal(size=len(grid.weights))
    gradient = grid.weight_gradient(positions, f)
    assert gradient.sum(axis=0) == pytest.approx(0.0, abs=1e-10)
    for atom, axis in ((0, 0), (1, 2), (3, 1)):
        step = np.zeros((4, 3))
        step[atom, axis] = 1e-3
        one, two = (
            f @ (build_grid(symbols, positions + k * step, level).weights)
            - f @ (build_grid(symbols, positions - k * step, level).weights)
            for k in (1, 2)
        )
        assert gradient[atom, axis] == pytest.approx((8 * one - two) / 0.012, rel=1e-8, abs=1e-8)


def test_far_apart_atoms_are_single_atoms():
    alone = build_grid(["Na"], np.zeros((1, 3)))
    pair = build_grid(["Na", "Na"], np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 500.0]]))
    assert pair.weights[pair.owner == 0] == pytest.approx(alone.weights)


def test_unknown_level():
    with pytest.raises(InputError, match="coarse, default, fine, ultra"):
        build_grid(["Na"], np.zeros((1, 3)), "finest")
