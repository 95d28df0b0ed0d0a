"""Levels, scattering solutions and logarithmic derivatives against exact ones."""

# ruff: noqa: E741 - the angular momentum is called l

import numpy as np
import pytest
from scipy.special import spherical_jn

from clusterdft.atom import bound_state, logarithmic_derivative, logarithmic_mesh, solve_outward
from clusterdft.errors import InputError
from clusterdft.units import SPEED_OF_LIGHT

SHELLS = [(n, l) for n in range(1, 7) for l in range(min(n, 4))]


def bare_mesh(z):
    return logarithmic_mesh(z, r_max=max(100.0, 250.0 / z))


def dirac_s(z, n):
    """Energy of an ns level of the point nucleus, hartree, the rest mass taken off."""
    gamma = np.sqrt(1 - (z / SPEED_OF_LIGHT) ** 2)
    ratio = (z / SPEED_OF_LIGHT / (n - 1 + gamma)) ** 2
    return -(SPEED_OF_LIGHT**2) * ratio / (np.sqrt(1 + ratio) * (1 + np.sqrt(1 + ratio)))


@pytest.mark.parametrize("z", [1, 2, 11, 37, 55, 86])
def test_hydrogen_like_ions(z):
    mesh = bare_mesh(z)
    for n, l in SHELLS:
        state = bound_state(mesh, -z / mesh.r, l=l, nodes=n - l - 1)
        assert state.energy == pytest.approx(-0.5 * (z / n) ** 2, abs=1e-9)
        assert mesh.integrate(state.orbital**2) == pytest.approx(1, abs=1e-13)


def test_hydrogen_orbital():
    mesh = bare_mesh(1)
    state = bound_state(mesh, -1 / mesh.r, l=0, nodes=1)
    exact = mesh.r * (1 - mesh.r / 2) * np.exp(-mesh.r / 2) / np.sqrt(2)
    np.testing.assert_allclose(state.orbital, exact, atol=1e-11)


@pytest.mark.parametrize("z", [1, 11, 30, 55, 86])
def test_relativistic_s_levels_are_those_of_dirac(z):
    """No spin-orbit coupling, so nothing is averaged: Koelling and Harmon's equation is Dirac's."""
    mesh = bare_mesh(z)
    for n in (1, 2, 3, 4):
        state = bound_state(mesh, -z / mesh.r, l=0, nodes=n - 1, relativity="scalar")
        assert state.energy == pytest.approx(dirac_s(z, n), rel=1e-13, abs=1e-10)
        assert mesh.integrate(state.radial_density) == pytest.approx(1, abs=1e-13)


@pytest.mark.parametrize(("n", "l"), [(2, 1), (3, 2), (4, 3), (4, 1)])
def test_relativistic_levels_to_second_order_in_alpha(n, l):
    """The mass-velocity shift; spin-orbit coupling is left out, and there is no Darwin term for l > 0."""
    z = 4
    mesh = bare_mesh(z)
    shift = [
        bound_state(mesh, -z / mesh.r, l=l, nodes=n - l - 1, relativity=kind).energy
        for kind in ("none", "scalar")
    ]
    expected = -(z**4) / (2 * SPEED_OF_LIGHT**2 * n**4) * (n / (l + 0.5) - 0.75)
    assert shift[1] - shift[0] == pytest.approx(expected, rel=1e-4)


def test_relativistic_density_is_the_derivative_of_the_energy():
    mesh = logarithmic_mesh(55)
    bump = np.exp(-((mesh.r - 0.05) ** 2) / 0.001)
    for l in (0, 1, 2):
        state = bound_state(mesh, -55 / mesh.r, l=l, nodes=1, relativity="scalar")
        plus, minus = (
            bound_state(mesh, -55 / mesh.r + sign * 1e-3 * bump, l=l, nodes=1, relativity="scalar").energy
            for sign in (1, -1)
        )
        expected = mesh.integrate(state.radial_density * bump)
        assert (plus - minus) / 2e-3 == pytest.approx(expected, abs=1e-8)


def test_harmonic_oscillator_cut_off_has_its_levels():
    """V = r^2/2 - 40, zero where it would be positive: the low levels are those of the oscillator."""
    mesh = logarithmic_mesh(0)
    potential = np.minimum(0.5 * mesh.r**2 - 40, 0.0)
    for nodes, l in ((0, 0), (1, 0), (0, 1), (2, 2), (0, 3)):
        state = bound_state(mesh, potential, l=l, nodes=nodes)
        assert state.energy == pytest.approx(2 * nodes + l + 1.5 - 40, abs=1e-10)


def test_no_bound_level_is_said():
    mesh = logarithmic_mesh(1)
    with pytest.raises(InputError, match="binds no level with l = 1 and 0 nodes"):
        bound_state(mesh, -0.2 * np.exp(-(mesh.r**2)), l=1, nodes=0)
    with pytest.raises(InputError, match="binds no level"):
        bound_state(mesh, 1 / mesh.r, l=0, nodes=0)
    with pytest.raises(InputError, match="relativity"):
        bound_state(mesh, -1 / mesh.r, l=0, nodes=0, relativity="full")


@pytest.mark.parametrize("l", [0, 1, 2, 3])
def test_free_electrons_are_spherical_bessel_functions(l):
    mesh = logarithmic_mesh(0)
    energy, near = 0.7, mesh.r < 12
    k = np.sqrt(2 * energy)
    p = solve_outward(mesh, np.zeros_like(mesh.r), l=l, energy=energy)
    exact = mesh.r * spherical_jn(l, k * mesh.r)
    scale = exact[2500] / p[2500]
    np.testing.assert_allclose(p[near] * scale, exact[near], atol=2e-10)
    short = solve_outward(mesh, np.zeros_like(mesh.r), l=l, energy=energy, radius=4.0)
    assert np.array_equal(short[mesh.r < 4], p[mesh.r < 4])
    assert not short[-1]


@pytest.mark.parametrize("l", [0, 1, 2])
def test_logarithmic_derivatives_of_free_electrons(l):
    mesh = logarithmic_mesh(0)
    energies = np.array([0.05, 0.4, 1.3])
    k = np.sqrt(2 * energies)
    found = logarithmic_derivative(mesh, np.zeros_like(mesh.r), l=l, energies=energies, radius=2.87)
    exact = k * spherical_jn(l, 2.87 * k, derivative=True) / spherical_jn(l, 2.87 * k)
    np.testing.assert_allclose(found, exact, rtol=1e-11)


def test_the_slope_of_the_logarithmic_derivative_is_the_norm_inside():
    """d/dE (d ln R/dr) = -2 int_0^R P^2 dr / P(R)^2, the identity behind norm conservation."""
    mesh = logarithmic_mesh(11)
    potential, radius, energy = -11 / mesh.r * np.exp(-mesh.r) - 1 / mesh.r, 3.1, -0.1
    ends = logarithmic_derivative(
        mesh, potential, l=0, energies=[energy - 1e-4, energy + 1e-4], radius=radius
    )
    p = solve_outward(mesh, potential, l=0, energy=energy)
    inside = mesh.interpolate(mesh.cumulative(p**2), radius) / mesh.interpolate(p, radius) ** 2
    assert (ends[1] - ends[0]) / 2e-4 == pytest.approx(-2 * inside, rel=1e-6)
