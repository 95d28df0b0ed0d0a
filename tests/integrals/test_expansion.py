import numpy as np
import pytest
from scipy.integrate import quad

from clusterdft.basis.shells import hermite_powers
from clusterdft.integrals.expansion import axis_coefficients, product_expansion
from clusterdft.integrals.solid_harmonics import SOLID_HARMONICS

PAIRS = pytest.mark.parametrize(("la", "lb"), [(la, lb) for la in range(3) for lb in range(la + 1)])


def solid_harmonic(momentum, m, xyz):
    return sum(
        c * xyz[..., 0] ** i * xyz[..., 1] ** j * xyz[..., 2] ** k
        for (i, j, k), c in SOLID_HARMONICS[momentum][m].items()
    )


def hermite_gaussians(lmax, p, xyz):
    values = []
    for power in hermite_powers(lmax):
        value = (p / np.pi) ** 1.5
        for axis, t in enumerate(power):
            basis = np.polynomial.hermite.Hermite.basis(t)
            value = value * p ** (t / 2) * basis(np.sqrt(p) * xyz[:, axis]) * np.exp(-p * xyz[:, axis] ** 2)
        values.append(value)
    return np.array(values)


@PAIRS
def test_expansion_reproduces_the_product_at_points(la, lb):
    rng = np.random.default_rng(3 * la + lb)
    centre_a, centre_b, points = rng.normal(size=3), rng.normal(size=3), rng.normal(size=(20, 3))
    a, b = np.array([0.3]), np.array([0.7])
    coefficients, _ = axis_coefficients(la, lb, a, b, (centre_a - centre_b)[None])
    expansion = product_expansion(la, lb, a, b, *coefficients)[0]
    centre = (0.3 * centre_a + 0.7 * centre_b) / 1.0
    values = expansion @ hermite_gaussians(la + lb, 1.0, points - centre)
    one, other = points - centre_a, points - centre_b
    norm = [radial_norm(la, 0.3), radial_norm(lb, 0.7)]
    radial = norm[0] * norm[1] * np.exp(-0.3 * (one**2).sum(1) - 0.7 * (other**2).sum(1))
    row = 0
    for m in range(2 * la + 1):
        for n in range(2 * lb + 1):
            exact = solid_harmonic(la, m, one) * solid_harmonic(lb, n, other) * radial
            np.testing.assert_allclose(values[row], exact, atol=1e-14)
            row += 1


def radial_norm(momentum, a):
    square, _ = quad(
        lambda r: r ** (2 * momentum + 2) * np.exp(-2 * a * r * r), 0, 30, epsabs=0, epsrel=1e-13
    )
    return 1 / np.sqrt(square)


@PAIRS
def test_derivative_by_the_separation(la, lb):
    a, b, r, h = np.array([0.2, 1.1]), np.array([0.9, 0.1]), np.array([[1.0, -0.3, 0.4], [0, 0.8, -2]]), 1e-4
    _, derivative = axis_coefficients(la, lb, a, b, r)
    high, low = (axis_coefficients(la, lb, a, b, r + s)[0] for s in (h, -h))
    np.testing.assert_allclose(derivative, (high - low) / (2 * h), atol=1e-7)
