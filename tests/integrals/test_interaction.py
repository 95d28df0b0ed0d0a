import numpy as np
import pytest
from scipy.special import erf

from clusterdft.basis.shells import n_hermite
from clusterdft.errors import InputError
from clusterdft.integrals import interaction
from clusterdft.integrals.hermite import hermite_powers
from clusterdft.integrals.interaction import hermite_force, hermite_matrix, hermite_potential

OPERATORS = pytest.mark.parametrize("operator", interaction.OPERATORS)


def gaussians(seed, n, lmax, spread=2.0):
    rng = np.random.default_rng(seed)
    return np.exp(rng.uniform(-3, 1, n)), rng.normal(size=(n, 3)) * spread, lmax


def test_two_unit_charges():
    (q, a, _), (p, b, _) = one, other = gaussians(0, 40, 0, spread=5.0), gaussians(1, 7, 0, spread=5.0)
    r = np.linalg.norm(b[:, None] - a[None], axis=2)
    root = np.sqrt(p[:, None] * q / (p[:, None] + q))
    coulomb, overlap = (hermite_matrix(one, other, op)[:, 0, :, 0] for op in interaction.OPERATORS)
    np.testing.assert_allclose(coulomb, erf(root * r) / r, rtol=1e-13)
    np.testing.assert_allclose(
        overlap, (root**2 / np.pi) ** 1.5 * np.exp(-((root * r) ** 2)), rtol=1e-12, atol=1e-16
    )


def test_coincident_charges():
    one = (np.array([0.8]), np.zeros((1, 3)), 0)
    np.testing.assert_allclose(hermite_matrix(one, one, "coulomb"), 2 * np.sqrt(0.4 / np.pi), rtol=1e-14)


@OPERATORS
@pytest.mark.parametrize("lmax", [1, 3, 5])
def test_higher_functions_are_derivatives_by_the_centre(operator, lmax):
    q, centre, _ = gaussians(2, 5, lmax)
    source = gaussians(3, 4, 2)
    step = 1e-3
    values = hermite_matrix((q, centre, lmax), source, operator)
    lower = hermite_powers(lmax - 1)
    for axis in range(3):
        shifted = [
            hermite_matrix((q, centre + s * step * np.eye(3)[axis], lmax - 1), source, operator)
            for s in (-2, -1, 1, 2)
        ]
        difference = (shifted[0] - 8 * shifted[1] + 8 * shifted[2] - shifted[3]) / (12 * step)
        higher = [hermite_powers(lmax).tolist().index(list(p + np.eye(3, dtype=int)[axis])) for p in lower]
        scale = np.abs(values).max()
        np.testing.assert_allclose(difference, values[..., higher], atol=2e-9 * scale)


@OPERATORS
def test_permutation(operator):
    one, other = gaussians(4, 21, 3), gaussians(5, 18, 1)
    forward, back = hermite_matrix(one, other, operator), hermite_matrix(other, one, operator)
    np.testing.assert_allclose(forward, back.transpose(2, 3, 0, 1), rtol=1e-10, atol=1e-13)


@OPERATORS
@pytest.mark.parametrize("ntarget", [1, 16, 37])
def test_potential_sums_the_matrix(operator, ntarget):
    target, source = gaussians(6, ntarget, 2), gaussians(7, 9, 1)
    density = np.random.default_rng(8).normal(size=(2, 9, n_hermite(1)))
    start = np.random.default_rng(9).normal(size=(2, ntarget, n_hermite(2)))
    out = start.copy()
    hermite_potential(target, source, density, operator, out)
    expected = np.einsum("jkit,sjk->sit", hermite_matrix(target, source, operator), density)
    np.testing.assert_allclose(out - start, expected, rtol=1e-10, atol=1e-12)


@OPERATORS
def test_force_on_the_sources(operator):
    (q, centre, _), (p, place, lmax) = gaussians(10, 23, 2), gaussians(11, 6, 1)
    rng = np.random.default_rng(12)
    density, own = rng.normal(size=(2, 6, n_hermite(lmax))), rng.normal(size=(2, 23, n_hermite(1)))

    def energy(moved):
        out = np.zeros((2, 23, n_hermite(1)))
        hermite_potential((q, centre, 1), (p, moved, lmax), density, operator, out)
        return np.sum(own * out)

    out = np.zeros((2, 23, n_hermite(2)))
    force = hermite_force((q, centre, 2), (p, place, lmax), density, own, operator, out)
    for j, axis in [(0, 0), (3, 1), (5, 2)]:
        h = np.zeros_like(place)
        h[j, axis] = 1e-3
        e = [energy(place + k * h) for k in (-2, -1, 1, 2)]
        assert force[j, axis] == pytest.approx((e[0] - 8 * e[1] + 8 * e[2] - e[3]) / 12e-3, abs=1e-9)


def test_far_apart_multipoles():
    far = (np.array([1.0]), np.array([[0.0, 0.0, 30.0]]), 1)
    near = (np.array([1.0]), np.zeros((1, 3)), 1)
    matrix = hermite_matrix(far, near, "coulomb")[0, :, 0, :]
    expected = np.zeros((4, 4))
    expected[0, 0], expected[0, 3], expected[3, 0] = 1 / 30, -1 / 900, 1 / 900
    expected[1, 1] = expected[2, 2] = 1 / 30**3
    expected[3, 3] = -2 / 30**3
    np.testing.assert_allclose(matrix, expected, rtol=1e-13, atol=1e-16)


def test_empty_source_adds_nothing():
    out = np.ones((1, 3, 1))
    none = (np.zeros(0), np.zeros((0, 3)), 0)
    hermite_potential(gaussians(13, 3, 0), none, np.zeros((1, 0, 1)), "coulomb", out)
    assert (out == 1).all()


def test_unknown_operator():
    with pytest.raises(InputError, match="coulomb, overlap"):
        hermite_matrix(gaussians(14, 2, 0), gaussians(15, 2, 0), "yukawa")


def test_positions_that_are_not_numbers_are_refused():
    bad = (np.ones(1), np.array([[0.0, np.nan, 0.0]]), 0)
    with pytest.raises(InputError, match="not a finite number"):
        hermite_matrix(gaussians(16, 2, 0), bad, "coulomb")
