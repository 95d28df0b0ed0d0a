"""The analytic form: radial parts, their Coulomb and Hermite representations."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import erf

from clusterdft.basis.shells import n_hermite
from clusterdft.errors import InputError
from clusterdft.pseudo import Pseudopotential, Semilocal, Separable, load_pseudopotential
from clusterdft.pseudo.potential import hermite_expansion

RADII = np.array([0.0, 1e-6, 1e-3, 0.3, 1.7, 5.0, 40.0])


def lambda_tuv(points, exponent, lmax):
    """Hermite Gaussians about the origin in the order of FitShells, from physicists' Hermite polynomials."""
    root = np.sqrt(exponent)
    rows = []
    for degree in range(lmax + 1):
        for t in range(degree, -1, -1):
            for u in range(degree - t, -1, -1):
                orders = (t, u, degree - t - u)
                value = (exponent / np.pi) ** 1.5 * np.exp(-exponent * np.sum(points**2, axis=1))
                for axis, order in enumerate(orders):
                    unit = np.eye(order + 1)[order]
                    value = value * root**order * np.polynomial.hermite.hermval(root * points[:, axis], unit)
                rows.append(value)
    return np.array(rows)


@pytest.mark.parametrize("coefficient", [[1.3], [0.0, 1.0], [-3.2, 0.7, 0.0], [1.0, -2.0, 0.5, 0.25]])
def test_hermite_expansion_reproduces_the_gaussian_at_points(coefficient):
    exponent, points = 0.83, np.random.default_rng(3).normal(size=(40, 3))
    lmax, e = hermite_expansion(coefficient, exponent)
    assert e.shape == (n_hermite(lmax),)
    r2 = np.sum(points**2, axis=1)
    expected = sum(c * r2**k for k, c in enumerate(coefficient)) * np.exp(-exponent * r2)
    np.testing.assert_allclose(e @ lambda_tuv(points, exponent, lmax), expected, rtol=0, atol=2e-13)


def test_hermite_expansion_of_vanishing_last_coefficients_is_shorter():
    assert hermite_expansion([1.0, 2.0, 0.0, 0.0], 0.5)[0] == 2


def test_core_is_the_coulomb_tail_far_out_and_finite_at_the_ion():
    sodium = load_pseudopotential("Na", "bhs")
    core = sodium.core(RADII)
    assert core[-1] == pytest.approx(-1 / 40.0, rel=1e-12)
    at_origin = -2 / np.sqrt(np.pi) * np.sum(sodium.core_c * np.sqrt(sodium.core_alpha))
    np.testing.assert_allclose(core[:2], at_origin, rtol=1e-10)
    np.testing.assert_allclose(sodium.core(np.array([0.9999e-4, 1.0001e-4])), core[0], rtol=1e-7)


def test_core_charges_have_the_core_as_their_potential():
    sodium = load_pseudopotential("Na", "bhs")
    exponent, charge = sodium.core_charges()
    assert charge.sum() == pytest.approx(-1)
    r = RADII[3:, None]
    np.testing.assert_allclose(
        np.sum(charge * erf(np.sqrt(exponent) * r) / r, axis=1), sodium.core(RADII[3:]), rtol=1e-13
    )


def test_sodium_is_norm_conserving_in_shape():
    """The s channel repels at the core; beyond 5 bohr only the Coulomb tail is left."""
    sodium = load_pseudopotential("Na", "bhs")
    total = [sodium.core(RADII) + channel.potential(RADII) for channel in sodium.channels]
    for potential in total:
        assert potential[-1] == pytest.approx(-1 / 40.0, rel=1e-12)
        assert potential[-2] == pytest.approx(-1 / 5.0, abs=2e-4)
    assert total[0][0] > total[0][4]


def test_semilocal_channel_is_its_sum():
    channel = Semilocal(l=1, exponent=[0.5, 2.0], a=[1.0, -3.0], b=[0.2, 0.4])
    r = 1.3
    expected = (1 + 0.2 * r**2) * np.exp(-0.5 * r**2) + (-3 + 0.4 * r**2) * np.exp(-2 * r**2)
    assert channel.potential(r) == pytest.approx(expected)
    assert channel.potential(RADII).shape == RADII.shape


@pytest.mark.parametrize("momentum", range(4))
def test_projectors_are_normalised(momentum):
    channel = Separable(l=momentum, radius=0.7, h=np.eye(3))
    x, w = np.polynomial.legendre.leggauss(200)
    r, w = 5 * (x + 1), 5 * w
    np.testing.assert_allclose(channel.projectors(r) ** 2 @ (w * r**2), 1.0, rtol=1e-12)


def test_projectors_are_those_of_the_tables():
    """First s and p projector written out, Hartwigsen et al. (1998)."""
    r, radius = 0.8, 0.6
    s = Separable(l=0, radius=radius, h=np.eye(1)).projectors(r)[0]
    p = Separable(l=1, radius=radius, h=np.eye(1)).projectors(r)[0]
    gaussian = np.exp(-0.5 * (r / radius) ** 2)
    assert s == pytest.approx(2 * np.pi**-0.25 * radius**-1.5 * gaussian)
    assert p == pytest.approx(np.sqrt(8 / 3) * np.pi**-0.25 * radius**-2.5 * r * gaussian)


def test_local_gaussians_of_a_table():
    carbon = load_pseudopotential("C", "gth-pade-q4")
    x = RADII / 0.34883045
    expected = np.exp(-0.5 * x**2) * (-8.51377110 + 1.22843203 * x**2)
    np.testing.assert_allclose(carbon.local(RADII), expected, atol=1e-12)
    np.testing.assert_allclose(load_pseudopotential("Na", "bhs").local(RADII), 0.0)


def test_potential_of_an_angular_momentum_is_the_whole_ion():
    sodium = load_pseudopotential("Na", "bhs")
    for momentum in (0, 1):
        expected = sodium.core(RADII) + sodium.channels[momentum].potential(RADII)
        np.testing.assert_allclose(sodium.potential(momentum, RADII), expected, rtol=1e-14)
    np.testing.assert_allclose(sodium.potential(2, RADII), sodium.core(RADII), rtol=1e-14)


def test_local_gaussians_are_part_of_the_potential():
    carbon = load_pseudopotential("C", "gth-pade-q4")
    np.testing.assert_allclose(carbon.potential(3, RADII), carbon.core(RADII) + carbon.local(RADII))


def test_a_separable_channel_is_no_function_of_the_radius():
    with pytest.raises(InputError, match=r"l = 0 .*separable \(GTH\); only semilocal"):
        load_pseudopotential("Na", "gth-pade-q1").potential(0, RADII)


def test_partial_core_is_its_sum_and_zero_by_default():
    sodium = load_pseudopotential("Na", "bhs")
    np.testing.assert_array_equal(sodium.partial_core(RADII), np.zeros_like(RADII))
    assert sodium.partial_core(1.0).shape == ()
    cored = replace(sodium, partial_core_exponent=[0.5, 1.1], partial_core_coefficient=[0.02, 0.4])
    expected = 0.02 * np.exp(-0.5 * RADII**2) + 0.4 * np.exp(-1.1 * RADII**2)
    np.testing.assert_allclose(cored.partial_core(RADII), expected)
    with pytest.raises(ValueError, match="reshape"):
        replace(sodium, partial_core_exponent=[0.5, 1.1], partial_core_coefficient=[0.02])


def test_arrays_are_read_only():
    sodium = load_pseudopotential("Na", "bhs")
    cored = replace(sodium, partial_core_exponent=[1.0], partial_core_coefficient=[1.0])
    partial = (cored.partial_core_exponent, cored.partial_core_coefficient)
    for array in (sodium.core_alpha, sodium.core_c, sodium.channels[0].a, *partial):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0
    assert isinstance(sodium, Pseudopotential)
