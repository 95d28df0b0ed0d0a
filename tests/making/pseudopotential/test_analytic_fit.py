"""The fit to the analytic form."""

import numpy as np
import pytest

from clusterdft.atom import logarithmic_mesh
from clusterdft.making.pseudopotential.analytic_fit import exponents_at, fit_channel, gaussians

MESH = logarithmic_mesh(11)
ORBITAL = MESH.r * np.exp(-MESH.r / 2)


def test_gaussians_of_the_form_are_found_again():
    exponent = exponents_at((32, 45, 60))
    coefficient = np.array([-20.0, 3.0, 30.0, 2.0, 9.0, 4.0])
    target = gaussians(MESH.r, exponent) @ coefficient
    fit = fit_channel(MESH, target, ORBITAL, cutoff_radius=1.8)
    np.testing.assert_allclose(fit.exponent, exponent, rtol=0.06)  # the residual is flat
    assert fit.rms < 1e-4
    assert fit.largest_outside < 2e-4


def test_first_order_shift_of_the_eigenvalue_vanishes():
    rough = np.exp(-((MESH.r / 1.8) ** 5)) * np.cos(3 * MESH.r)  # not of the form
    fit = fit_channel(MESH, rough, ORBITAL, cutoff_radius=1.8)
    error = gaussians(MESH.r, fit.exponent) @ np.concatenate([fit.a, fit.b]) - rough
    assert fit.rms > 1e-3
    assert abs(MESH.integrate(ORBITAL**2 * error)) / MESH.integrate(ORBITAL**2) < 2e-5


def test_more_gaussians_fit_better():
    rough = np.exp(-((MESH.r / 1.8) ** 3.5))
    three, four = (fit_channel(MESH, rough, ORBITAL, cutoff_radius=1.8, n_gaussians=n) for n in (3, 4))
    assert four.rms < 0.7 * three.rms


def test_exponents_stay_apart(sodium):
    for channel in sodium.pseudopotential.channels:
        assert np.all(channel.exponent[1:] / channel.exponent[:-1] > 1.47)
        assert np.abs([channel.a, channel.b]).max() < 1e3


def test_rounding_noise_does_not_change_the_result():
    rng = np.random.default_rng(1)
    target = np.exp(-((MESH.r / 1.8) ** 3.5))
    noisy = target * (1 + 1e-12 * rng.standard_normal(len(target)))
    one, other = (fit_channel(MESH, t, ORBITAL, cutoff_radius=1.8) for t in (target, noisy))
    np.testing.assert_array_equal(one.exponent, other.exponent)
    np.testing.assert_allclose(one.a, other.a, atol=1e-10)
    assert pytest.approx(other.rms, rel=1e-6) == one.rms
