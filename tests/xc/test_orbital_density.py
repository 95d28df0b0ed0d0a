"""Exchange and correlation of orbital densities."""

import numpy as np
import pytest

from clusterdft.basis.shells import fit_shells, orbital_shells
from clusterdft.grid import build_grid
from clusterdft.xc import get_functional
from clusterdft.xc import orbital_density as module
from clusterdft.xc.fitted_density import fitted_density
from clusterdft.xc.orbital_density import OrbitalQuadrature, orbital_density

SYMBOLS = ("Na", "K", "Na")
POSITIONS = np.array([[0.0, 0.0, 0.0], [5.5, 0.3, 0.2], [1.0, 5.0, 0.7]])
SHELLS = orbital_shells(SYMBOLS, {"Na": [(0, 0.03), (0, 0.09)], "K": [(0, 0.05), (0, 0.3)]})


def s_functions(shells, positions, points, deriv=0):
    """Values, first and second derivatives of normalised s Gaussians, written out."""
    r = points[None, :, None, :] - positions[shells.atom]
    a = shells.exponent
    value = (2 * a / np.pi) ** 0.75 * np.exp(-a * np.sum(r**2, axis=-1))
    rows = [value[0]]
    if deriv > 0:
        rows += [(-2 * a * r[..., axis] * value)[0] for axis in range(3)]
    if deriv > 1:
        for i in range(3):
            for j in range(i, 3):
                rows.append(((4 * a**2 * r[..., i] * r[..., j] - 2 * a * (i == j)) * value)[0])
    return np.array(rows)


@pytest.fixture(autouse=True)
def written_out(monkeypatch):
    monkeypatch.setattr(module, "ao_values", s_functions)
    monkeypatch.setattr(module, "MOST_POINTS", 500)


def density_matrices(nspin, seed=0):
    c = np.random.default_rng(seed).normal(size=(nspin, SHELLS.nao, 3)) * 0.4
    return np.einsum("sai,sbi->sab", c, c)


def quadrature(functional, positions=POSITIONS):
    grid = build_grid(SYMBOLS, positions, "coarse")
    return OrbitalQuadrature(get_functional(functional), grid, SHELLS, positions)


def fourth_order(function, step):
    return (8 * (function(1) - function(-1)) - (function(2) - function(-2))) / (12 * step)


def test_density_is_that_of_the_fit_when_the_fit_is_exact():
    points = np.random.default_rng(1).uniform(-5, 9, (200, 3))
    shells = orbital_shells(("Na",), {"Na": [(0, 0.1)]})
    fit = fit_shells(("Na",), {"Na": [(0, 0.2)]})
    ao = s_functions(shells, POSITIONS[:1], points, 1)
    rho, gradient = orbital_density(ao, np.full((1, 1, 1), 2.0))
    expected = fitted_density(fit, POSITIONS[:1], np.array([[2.0]]), points, gradient=True)
    assert rho == pytest.approx(expected[0], abs=1e-14)
    assert gradient == pytest.approx(expected[1], abs=1e-14)


@pytest.mark.parametrize("functional", ["lda-pz", "pbe"])
@pytest.mark.parametrize("nspin", [1, 2])
def test_matrix_is_the_derivative_of_the_energy(functional, nspin):
    here, dm = quadrature(functional), density_matrices(nspin)
    _, matrix = here.energy_and_matrix(dm)
    assert matrix == pytest.approx(matrix.transpose(0, 2, 1), abs=1e-14)
    change = np.random.default_rng(2).normal(size=dm.shape)
    change = 1e-2 * (change + change.transpose(0, 2, 1))
    slope = fourth_order(lambda k: here.energy_and_matrix(dm + 1e-2 * k * change)[0], 1e-2)
    assert np.sum(matrix * change) == pytest.approx(slope, abs=1e-8)


@pytest.mark.parametrize("functional", ["lda-pz", "pbe"])
@pytest.mark.parametrize("nspin", [1, 2])
def test_gradient_is_exact_for_the_quadrature(functional, nspin):
    dm = density_matrices(nspin, seed=3)
    gradient = quadrature(functional).gradient(dm)
    assert gradient.sum(axis=0) == pytest.approx(0.0, abs=1e-11)
    for atom, axis in ((0, 0), (1, 2), (2, 1)):
        step = np.zeros((3, 3))
        step[atom, axis] = 1e-3
        slope = fourth_order(
            lambda k, step=step: quadrature(functional, POSITIONS + k * step).energy_and_matrix(dm)[0], 1e-3
        )
        assert gradient[atom, axis] == pytest.approx(slope, abs=1e-8)
