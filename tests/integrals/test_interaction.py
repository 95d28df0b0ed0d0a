from dataclasses import replace

import numpy as np
import pytest
from scipy.special import erf

from clusterdft.basis.shells import hermite_powers
from clusterdft.errors import InputError
from clusterdft.integrals import interaction
from clusterdft.integrals.interaction import (
    Distribution,
    hermite_force,
    hermite_matrix,
    hermite_potential,
    target_gradient,
)

OPERATORS = pytest.mark.parametrize("operator", interaction.OPERATORS)


def gaussians(seed, n, lmax, spread=2.0):
    """Random Gaussians: one group of degree lmax, or several groups of n each."""
    rng = np.random.default_rng(seed)
    groups = (lmax,) if isinstance(lmax, int) else lmax
    n_all = n * len(groups)
    return Distribution(
        lmax=groups,
        count=(n,) * len(groups),
        exponent=np.exp(rng.uniform(-3, 1, n_all)),
        centre=rng.normal(size=(n_all, 3)) * spread,
    )


def single_gaussian(exponent, centre, lmax):
    return Distribution(
        lmax=(lmax,), count=(1,), exponent=np.array([exponent]), centre=np.array([centre], float)
    )


def test_two_unit_charges():
    one, other = gaussians(0, 40, 0, spread=5.0), gaussians(1, 7, 0, spread=5.0)
    q, p = one.exponent, other.exponent
    r = np.linalg.norm(other.centre[:, None] - one.centre[None], axis=2)
    root = np.sqrt(p[:, None] * q / (p[:, None] + q))
    coulomb, overlap = (hermite_matrix(one, other, op) for op in interaction.OPERATORS)
    np.testing.assert_allclose(coulomb, erf(root * r) / r, rtol=1e-13)
    np.testing.assert_allclose(
        overlap, (root**2 / np.pi) ** 1.5 * np.exp(-((root * r) ** 2)), rtol=1e-12, atol=1e-16
    )


def test_coincident_charges():
    one = single_gaussian(0.8, [0, 0, 0], 0)
    np.testing.assert_allclose(hermite_matrix(one, one, "coulomb"), 2 * np.sqrt(0.4 / np.pi), rtol=1e-14)


@OPERATORS
@pytest.mark.parametrize("lmax", [1, 3, 5])
def test_higher_functions_are_derivatives_by_the_centre(operator, lmax):
    target, source = gaussians(2, 5, lmax - 1), gaussians(3, 4, 2)
    step = 1e-3
    values = hermite_matrix(target.raised(), source, operator).reshape(source.nfunction, 5, -1)
    lower = hermite_powers(lmax - 1)
    for axis in range(3):
        shifted = [
            hermite_matrix(
                replace(target, centre=target.centre + s * step * np.eye(3)[axis]), source, operator
            ).reshape(source.nfunction, 5, -1)
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
    np.testing.assert_allclose(forward, back.T, rtol=1e-10, atol=1e-13)


@OPERATORS
@pytest.mark.parametrize("ntarget", [1, 16, 37])
def test_potential_sums_the_matrix(operator, ntarget):
    target, source = gaussians(6, ntarget, (2, 0)), gaussians(7, 9, (1, 2, 0))
    density = np.random.default_rng(8).normal(size=(2, source.nfunction))
    values = hermite_potential(target, source, density, operator)
    expected = density @ hermite_matrix(target, source, operator)
    np.testing.assert_allclose(values, expected, rtol=1e-10, atol=1e-12)


@OPERATORS
def test_groups_are_independent(operator):
    target, source = gaussians(6, 5, (2, 0)), gaussians(7, 3, (1, 3))
    parts = [[hermite_matrix(one, other, operator) for one in alone(target)] for other in alone(source)]
    np.testing.assert_array_equal(hermite_matrix(target, source, operator), np.block(parts))


def alone(distribution):
    """Each group by itself."""
    ends = np.cumsum(distribution.count)
    return [
        Distribution(
            lmax=(lmax,),
            count=(n,),
            exponent=distribution.exponent[end - n : end],
            centre=distribution.centre[end - n : end],
        )
        for lmax, n, end in zip(distribution.lmax, distribution.count, ends, strict=True)
    ]


@OPERATORS
def test_forces_on_sources_and_targets(operator):
    target, source = gaussians(10, 23, (1, 0)), gaussians(11, 6, (1, 2))
    rng = np.random.default_rng(12)
    density, own = rng.normal(size=(2, source.nfunction)), rng.normal(size=(2, target.nfunction))

    def slope(what, j, axis):
        h = np.zeros_like(what.centre)
        h[j, axis] = 1e-3
        e = []
        for k in (-2, -1, 1, 2):
            there = replace(what, centre=what.centre + k * h)
            pair = (there, source) if what is target else (target, there)
            e.append(np.sum(own * hermite_potential(*pair, density, operator)))
        return (e[0] - 8 * e[1] + 8 * e[2] - e[3]) / 12e-3

    potential, force = hermite_force(target, source, density, own, operator)
    parts = zip(target.split(own), target.raised().split(potential), target.lmax, strict=True)
    pull = np.concatenate([target_gradient(*part) for part in parts])
    for j, axis in [(0, 0), (3, 1), (11, 2)]:
        assert force[j, axis] == pytest.approx(slope(source, j, axis), abs=2e-9)
        assert pull[4 * j, axis] == pytest.approx(slope(target, 4 * j, axis), abs=2e-9)


def test_far_apart_multipoles():
    far, near = single_gaussian(1.0, [0, 0, 30], 1), single_gaussian(1.0, [0, 0, 0], 1)
    matrix = hermite_matrix(far, near, "coulomb")
    expected = np.zeros((4, 4))
    expected[0, 0], expected[0, 3], expected[3, 0] = 1 / 30, -1 / 900, 1 / 900
    expected[1, 1] = expected[2, 2] = 1 / 30**3
    expected[3, 3] = -2 / 30**3
    np.testing.assert_allclose(matrix, expected, rtol=1e-13, atol=1e-16)


def test_empty_source_adds_nothing():
    potential = hermite_potential(gaussians(13, 3, 0), gaussians(14, 0, 0), np.zeros((1, 0)), "coulomb")
    np.testing.assert_array_equal(potential, np.zeros((1, 3)))


def test_unknown_operator():
    with pytest.raises(InputError, match="coulomb, overlap"):
        hermite_matrix(gaussians(14, 2, 0), gaussians(15, 2, 0), "yukawa")


def test_positions_that_are_not_numbers_are_refused():
    with pytest.raises(InputError, match="not a finite number"):
        single_gaussian(1.0, [0.0, np.nan, 0.0], 0)
