"""Fitted densities, their projection and their derivatives."""

import numpy as np
import pytest

from clusterdft.basis.shells import fit_shells
from clusterdft.grid import build_grid
from clusterdft.xc import get_functional
from clusterdft.xc.fitted_density import (
    fitted_density,
    fitted_density_gradient,
    project_potential,
    shift_gradient,
    xc_energy_and_potential,
    xc_gradient,
)

SYMBOLS = ("Na", "K", "Li")
POSITIONS = np.array([[0.1, -0.2, 0.3], [6.1, 0.4, -0.5], [2.9, 5.2, 1.0]])
SETS = {
    "ladder of ratio two": {symbol: [(2, 0.05 * 2**k) for k in range(5)] for symbol in SYMBOLS},
    "mixed": {"Na": [(2, 0.3), (0, 0.07), (3, 0.16), (1, 0.3)], "K": [(1, 0.1)], "Li": [(0, 0.2), (0, 0.5)]},
    "s only": {symbol: [(0, 0.08)] for symbol in SYMBOLS},
}


def hermite_gaussian(powers, exponent, r):
    """(d/dR)^(t, u, v) of (a/pi)^(3/2) exp(-a |r - R|^2), written out in one dimension at a time."""
    polynomial = {
        0: lambda x: np.ones_like(x),
        1: lambda x: 2 * exponent * x,
        2: lambda x: 4 * exponent**2 * x**2 - 2 * exponent,
        3: lambda x: 8 * exponent**3 * x**3 - 12 * exponent**2 * x,
    }
    gauss = (exponent / np.pi) ** 1.5 * np.exp(-exponent * np.sum(r**2, axis=-1))
    return gauss * np.prod([polynomial[n](r[..., axis]) for axis, n in enumerate(powers)], axis=0)


def reference_density(fit, coefficients, points):
    rho, k = np.zeros((len(coefficients), len(points))), 0
    for atom, lmax, exponent in zip(fit.atom, fit.lmax, fit.exponent, strict=True):
        for d in range(lmax + 1):
            for t in range(d, -1, -1):
                for u in range(d - t, -1, -1):
                    value = hermite_gaussian((t, u, d - t - u), exponent, points - POSITIONS[atom])
                    rho += coefficients[:, k : k + 1] * value
                    k += 1
    return rho


def coefficients_of(fit, nspin, seed=0):
    """A positive density: s functions dominate."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(nspin, fit.naux)) * 0.01
    x[:, fit.offset[:-1]] = rng.uniform(0.1, 0.4, (nspin, len(fit.atom)))
    return x


def fourth_order(function, step):
    return (8 * (function(1) - function(-1)) - (function(2) - function(-2))) / (12 * step)


@pytest.mark.parametrize("name", list(SETS))
@pytest.mark.parametrize("nspin", [1, 2])
def test_density_against_the_definition(name, nspin):
    fit = fit_shells(SYMBOLS, SETS[name])
    x = coefficients_of(fit, nspin)
    points = np.random.default_rng(1).uniform(-8, 12, (333, 3))
    rho, _ = fitted_density(fit, POSITIONS, x, points)
    assert rho == pytest.approx(reference_density(fit, x, points), rel=1e-11, abs=1e-14)


@pytest.mark.parametrize("name", list(SETS))
def test_density_gradient_on_the_grid(name):
    fit = fit_shells(SYMBOLS, SETS[name])
    x = coefficients_of(fit, 2)
    points = np.random.default_rng(2).uniform(-4, 8, (70, 3))
    rho, gradient = fitted_density(fit, POSITIONS, x, points, gradient=True)
    assert rho == pytest.approx(fitted_density(fit, POSITIONS, x, points)[0], rel=1e-12)
    for axis in range(3):
        step = 1e-3 * np.eye(3)[axis]
        slope = fourth_order(
            lambda k, step=step: fitted_density(fit, POSITIONS, x, points + k * step)[0], 1e-3
        )
        assert gradient[:, axis] == pytest.approx(slope, abs=1e-11)


@pytest.mark.parametrize("name", list(SETS))
@pytest.mark.parametrize("with_gradient", [False, True])
def test_projection_is_the_transpose(name, with_gradient):
    fit = fit_shells(SYMBOLS, SETS[name])
    rng = np.random.default_rng(3)
    points = rng.uniform(-8, 12, (150, 3))
    x, v, g = rng.normal(size=(2, fit.naux)), rng.normal(size=(2, 150)), rng.normal(size=(2, 3, 150))
    if with_gradient:
        rho, gradient = fitted_density(fit, POSITIONS, x, points, gradient=True)
        total = np.sum(v * rho) + np.sum(g * gradient)
        projected = project_potential(fit, POSITIONS, points, v, g)
    else:
        total = np.sum(v * fitted_density(fit, POSITIONS, x, points)[0])
        projected = project_potential(fit, POSITIONS, points, v)
    assert projected.shape == (2, fit.naux)
    assert np.sum(projected * x) == pytest.approx(total, rel=1e-11)


@pytest.mark.parametrize("with_gradient", [False, True])
def test_derivative_of_a_weighted_density(with_gradient):
    fit = fit_shells(SYMBOLS, SETS["mixed"])
    x = coefficients_of(fit, 2)
    grid = build_grid(SYMBOLS, POSITIONS, "coarse")
    rng = np.random.default_rng(4)
    v, g = rng.normal(size=(2, len(grid.weights))), rng.normal(size=(2, 3, len(grid.weights)))

    def total(positions):
        points = grid.points + (positions - POSITIONS)[grid.owner]
        if not with_gradient:
            return np.sum(v * fitted_density(fit, positions, x, points)[0])
        rho, gradient = fitted_density(fit, positions, x, points, gradient=True)
        return np.sum(v * rho) + np.sum(g * gradient)

    gradient = fitted_density_gradient(fit, POSITIONS, x, grid, v, g if with_gradient else None)
    assert gradient.sum(axis=0) == pytest.approx(0.0, abs=1e-12)
    for atom, axis in ((0, 0), (1, 1), (2, 2)):
        step = np.zeros((3, 3))
        step[atom, axis] = 1e-3
        change = fourth_order(lambda k, step=step: total(POSITIONS + k * step), 1e-3)
        assert gradient[atom, axis] == pytest.approx(change, abs=1e-10)


@pytest.mark.parametrize("with_gradient", [False, True])
def test_shift_of_the_points_is_opposite_to_that_of_the_centres(with_gradient):
    fit = fit_shells(SYMBOLS, SETS["mixed"])
    x, rng = coefficients_of(fit, 2), np.random.default_rng(6)
    points = rng.uniform(-4, 8, (90, 3))
    v, g = rng.normal(size=(2, 90)), rng.normal(size=(2, 3, 90)) if with_gradient else None
    gradient = shift_gradient(fit, POSITIONS, x, points, v, g)

    def total(positions):
        rho, slope = fitted_density(fit, positions, x, points, gradient=with_gradient)
        return np.sum(v * rho) + (np.sum(g * slope) if with_gradient else 0.0)

    for atom, axis in ((0, 0), (1, 1), (2, 2)):
        step = np.zeros((3, 3))
        step[atom, axis] = 1e-3
        change = fourth_order(lambda k, step=step: total(POSITIONS + k * step), 1e-3)
        assert gradient[atom, axis] == pytest.approx(-change, abs=1e-10)


@pytest.mark.parametrize("functional", ["lda-pz", "pbe"])
@pytest.mark.parametrize("nspin", [1, 2])
@pytest.mark.parametrize("name", ["ladder of ratio two", "mixed"])
def test_energy_derivatives_are_exact_for_the_quadrature(functional, nspin, name):
    functional = get_functional(functional)
    fit = fit_shells(SYMBOLS, SETS[name])
    x = coefficients_of(fit, nspin)

    def energy(positions, x):
        grid = build_grid(SYMBOLS, positions, "coarse")
        return xc_energy_and_potential(functional, grid, fit, positions, x)[0]

    grid = build_grid(SYMBOLS, POSITIONS, "coarse")
    _, v = xc_energy_and_potential(functional, grid, fit, POSITIONS, x)
    direction = np.random.default_rng(5).normal(size=x.shape) * 1e-2
    slope = fourth_order(lambda k: energy(POSITIONS, x + 1e-2 * k * direction), 1e-2)
    assert np.sum(v * direction) == pytest.approx(slope, abs=1e-8)
    gradient = xc_gradient(functional, grid, fit, POSITIONS, x)
    assert gradient.sum(axis=0) == pytest.approx(0.0, abs=1e-12)
    for atom, axis in ((0, 0), (1, 2), (2, 1)):
        step = np.zeros((3, 3))
        step[atom, axis] = 1e-3
        change = fourth_order(lambda k, step=step: energy(POSITIONS + k * step, x), 1e-3)
        assert gradient[atom, axis] == pytest.approx(change, abs=1e-8)


def test_closed_shell_is_two_equal_spins():
    fit = fit_shells(SYMBOLS, SETS["ladder of ratio two"])
    x = coefficients_of(fit, 1)
    grid = build_grid(SYMBOLS, POSITIONS, "coarse")
    functional = get_functional("lda-pz")
    one, v = xc_energy_and_potential(functional, grid, fit, POSITIONS, x)
    two, vs = xc_energy_and_potential(functional, grid, fit, POSITIONS, np.repeat(x / 2, 2, axis=0))
    assert one == pytest.approx(two, rel=1e-13)
    assert vs == pytest.approx(np.repeat(v, 2, axis=0), abs=1e-13)
