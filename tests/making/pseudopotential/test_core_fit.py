"""The partial core's fit."""

import numpy as np
import pytest

from clusterdft.atom import logarithmic_mesh
from clusterdft.errors import InputError
from clusterdft.making.pseudopotential.core_fit import fit_partial_core, matching_radius, significant_digits

MESH = logarithmic_mesh(11)
VALENCE = 0.003 * np.exp(-0.2 * MESH.r**2)


def test_gaussians_are_found_again():
    alpha, c = np.array([0.5, 1.1]), np.array([0.02, 0.4])
    core = np.exp(-np.outer(MESH.r**2, alpha)) @ c
    exponent, coefficient = fit_partial_core(MESH, core, VALENCE)
    np.testing.assert_allclose(exponent, alpha, rtol=1e-3)
    np.testing.assert_allclose(coefficient, c, rtol=5e-3)


def test_outside_the_matching_radius_the_core_is_true(sodium):
    mesh, core = sodium.mesh, sodium.pseudopotential.partial_core(sodium.mesh.r)
    meeting = (mesh.r > sodium.core_radius) & (mesh.r < sodium.core_radius + 1)
    np.testing.assert_allclose(core[meeting], sodium.core_density[meeting], rtol=0.03)


def test_partial_core_is_positive_and_smooth(sodium):
    pseudo = sodium.pseudopotential
    assert np.all(pseudo.partial_core_coefficient > 0)
    assert pseudo.partial_core(np.array([0.0]))[0] < 0.01 * sodium.core_density[0]


def test_sodium_core_agrees_with_an_independent_fit(sodium):
    """0.017866 exp(-0.506132 r^2) + 0.395566 exp(-1.082077 r^2): by another program."""
    r = np.linspace(2.0, 3.5, 16)
    other = 0.017866 * np.exp(-0.506132 * r**2) + 0.395566 * np.exp(-1.082077 * r**2)
    np.testing.assert_allclose(sodium.pseudopotential.partial_core(r), other, rtol=0.02)


def test_matching_radius_is_where_the_ratio_is_reached(sodium):
    mesh = sodium.mesh
    radius = matching_radius(mesh, sodium.core_density, sodium.valence_density, 2.0)
    core, valence = (np.interp(radius, mesh.r, n) for n in (sodium.core_density, sodium.valence_density))
    assert core / valence == pytest.approx(2.0, rel=0.04)  # it is a mesh point
    assert radius == pytest.approx(2.07, abs=0.02)


def test_no_crossing_is_refused():
    with pytest.raises(InputError, match="never falls"):
        matching_radius(MESH, 0.1 * VALENCE, VALENCE, 2.0)


def test_rounding_keeps_significant_digits():
    np.testing.assert_array_equal(significant_digits([1.23456, 0.000123456], 3), [1.23, 0.000123])
