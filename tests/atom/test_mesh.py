"""The logarithmic mesh integrates and differentiates analytic functions to rounding."""

import numpy as np
import pytest

from clusterdft.atom import logarithmic_mesh
from clusterdft.errors import InputError

MESH = logarithmic_mesh(11)


@pytest.mark.parametrize(
    ("f", "exact"),
    [
        (lambda r: np.exp(-r), 1.0),
        (lambda r: r**2 * np.exp(-3 * r), 2 / 27),
        (lambda r: np.exp(-(r**2)), np.sqrt(np.pi) / 2),
        (lambda r: (2 * 11**1.5 * r * np.exp(-11 * r)) ** 2, 1.0),
    ],
)
def test_integrals_over_analytic_functions(f, exact):
    assert MESH.integrate(f(MESH.r)) == pytest.approx(exact, rel=1e-13)


def test_weights_are_the_end_of_the_running_integral():
    f = np.exp(-MESH.r) * np.cos(MESH.r)
    assert MESH.cumulative(f)[-1] == pytest.approx(MESH.integrate(f), abs=1e-13)


def test_running_integrals_hold_at_every_radius_also_the_smallest():
    np.testing.assert_allclose(MESH.cumulative(MESH.r**2), MESH.r**3 / 3, rtol=1e-12)
    np.testing.assert_allclose(MESH.cumulative(np.exp(-MESH.r)), 1 - np.exp(-MESH.r), atol=1e-13)


def test_derivative():
    r, slope = MESH.r, MESH.derivative(np.sin(MESH.r))
    near = (r > 1e-3) & (r < 20)
    np.testing.assert_allclose(slope[near], np.cos(r[near]), atol=1e-9)
    np.testing.assert_allclose(MESH.derivative(r**2), 2 * r, rtol=1e-9)


def test_interpolation_between_the_radii():
    for radius in (1e-3, 0.77, 3.3, 20.0):
        assert MESH.interpolate(np.exp(-MESH.r), radius) == pytest.approx(np.exp(-radius), rel=1e-12)
    with pytest.raises(InputError, match="off the radial mesh"):
        MESH.interpolate(MESH.r, 1e4)


def test_a_useless_mesh_is_refused():
    with pytest.raises(InputError, match="points"):
        logarithmic_mesh(11, n=20)
