"""Solid harmonics, and the angular factors of orbitals seen from another centre."""

import numpy as np
import pytest
from scipy.integrate import lebedev_rule

from clusterdft.integrals.solid_harmonics import SOLID_HARMONICS, angular_table

DECAY = 0.23  # bohr^-2
CASES = pytest.mark.parametrize(
    ("channel_l", "orbital_l"), [(big, small) for big in range(4) for small in range(3)]
)


def solid(momentum, vectors):
    """S_lm at vectors (..., 3), (..., 2l+1)."""
    return np.stack(
        [
            sum(c * np.prod(vectors ** np.array(powers), axis=-1) for powers, c in harmonic.items())
            for harmonic in SOLID_HARMONICS[momentum]
        ],
        axis=-1,
    )


def derivatives(n):
    """F^(n) of F = exp(-a D^2), dF^(n)/dD_k = D_k F^(n+1): (-2a)^n F."""
    return lambda vectors: (-2 * DECAY) ** n * np.exp(-DECAY * np.sum(vectors**2, axis=-1))


def projections(channel_l, orbital_l, vectors):
    """(..., 2L+1, 2l+1) sum_n F^(n) A_n from the table."""
    table = angular_table(channel_l, orbital_l, gradient=False)
    start, shape = table.start[orbital_l], (2 * channel_l + 1, 2 * orbital_l + 1)
    count = (orbital_l + 1) * shape[0] * shape[1]
    factors = table.evaluate(vectors)[..., start : start + count].reshape(*vectors.shape[:-1], -1, *shape)
    return sum(derivatives(n)(vectors)[..., None, None] * factors[..., n, :, :] for n in range(orbital_l + 1))


def test_harmonics_are_orthonormal_on_the_sphere():
    directions, weights = lebedev_rule(13)
    values = np.concatenate([solid(momentum, directions.T) for momentum in range(4)], axis=-1)
    np.testing.assert_allclose((values * weights[:, None]).T @ values, np.eye(16), atol=1e-13)


def test_harmonics_have_no_laplacian():
    point, step = np.array([0.3, -0.8, 1.1]), 1e-2
    for momentum in range(4):
        ends = [solid(momentum, point + sign * step * axis) for sign in (1, -1) for axis in np.eye(3)]
        laplacian = (sum(ends) - 6 * solid(momentum, point)) / step**2
        np.testing.assert_allclose(laplacian, 0.0, atol=1e-9)


@CASES
def test_factors_are_those_of_the_derivative_operator(channel_l, orbital_l):
    """S_lm(d/dD) [F S_LM] of a Gaussian F, by central differences of the polynomials of d/dD."""
    vectors = np.random.default_rng(1).normal(size=(4, 3))
    step = 2e-2

    def product(at):
        return derivatives(0)(at)[..., None] * solid(channel_l, at)

    def differentiated(powers, at):
        for axis, power in enumerate(powers):
            if power:
                rest = tuple(p - (k == axis) for k, p in enumerate(powers))
                h = step * np.eye(3)[axis]
                ends = [differentiated(rest, at + k * h) for k in (-2, -1, 1, 2)]
                return (ends[0] - 8 * ends[1] + 8 * ends[2] - ends[3]) / (12 * step)
        return product(at)

    expected = np.stack(
        [
            sum(c * differentiated(powers, vectors) for powers, c in harmonic.items())
            for harmonic in SOLID_HARMONICS[orbital_l]
        ],
        axis=-1,
    )
    np.testing.assert_allclose(projections(channel_l, orbital_l, vectors), expected, atol=3e-6)


@CASES
def test_gradient_factors_are_derivatives_of_the_others(channel_l, orbital_l):
    vectors, step = np.random.default_rng(2).normal(size=(5, 3)), 1e-3
    table = angular_table(channel_l, orbital_l, gradient=True)
    start, shape = table.start[orbital_l], (3, 2 * channel_l + 1, 2 * orbital_l + 1)
    count = (orbital_l + 2) * int(np.prod(shape))
    factors = table.evaluate(vectors)[:, start : start + count].reshape(len(vectors), -1, *shape)
    slopes = sum(derivatives(n)(vectors)[:, None, None, None] * factors[:, n] for n in range(orbital_l + 2))
    for axis in range(3):
        h = step * np.eye(3)[axis]
        ends = [projections(channel_l, orbital_l, vectors + k * h) for k in (-2, -1, 1, 2)]
        difference = (ends[0] - 8 * ends[1] + 8 * ends[2] - ends[3]) / (12 * step)
        np.testing.assert_allclose(slopes[:, axis], difference, atol=1e-10)
