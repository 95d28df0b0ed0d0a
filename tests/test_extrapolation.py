"""Extrapolation of fixed-point iterations: linear problems take as many steps as they have unknowns."""

import numpy as np
import pytest

from clusterdft.extrapolation import PulayExtrapolation, next_input

SIZE = 5


@pytest.fixture
def problem():
    """A linear fixed point that plain iteration runs away from: x = A x + b, and its solution."""
    rng = np.random.default_rng(3)
    matrix, constant = rng.normal(size=(SIZE, SIZE)), rng.normal(size=SIZE)
    assert np.abs(np.linalg.eigvals(matrix)).max() > 1.2
    return matrix, constant, np.linalg.solve(np.eye(SIZE) - matrix, constant)


@pytest.mark.parametrize("damping", [0.3, 1.0])
def test_mixing_solves_a_linear_problem(problem, damping):
    matrix, constant, solution = problem
    inputs, residuals = [np.zeros(SIZE)], []
    for _ in range(SIZE + 1):
        residuals.append(matrix @ inputs[-1] + constant - inputs[-1])
        inputs.append(next_input(inputs, residuals, np.ones(SIZE), damping))
    assert inputs[-1] == pytest.approx(solution, abs=1e-10)


def test_a_weight_decides_what_is_least_on_the_way(problem):
    """Two iterations cannot make all residuals vanish; those of large weight are made smaller."""
    matrix, constant, _ = problem

    def residual(x):
        return matrix @ x + constant - x

    inputs = [np.zeros(SIZE), constant]
    residuals = [residual(x) for x in inputs]
    heavy = np.array([1e4, 1, 1, 1, 1])
    plain, weighted = (residual(next_input(inputs, residuals, w, 0.0)) for w in (np.ones(SIZE), heavy))
    assert abs(weighted[0]) < 1e-6 < abs(plain[0])


def test_pulay_combines_what_goes_with_the_residuals(problem):
    """Both vectors of an iteration get the same weights, whatever the residual is of."""
    matrix, constant, solution = problem
    extrapolation, x = PulayExtrapolation(), np.zeros(SIZE)
    for _ in range(SIZE + 1):
        residual = matrix @ x + constant - x
        x, doubled = extrapolation.next((x + 0.3 * residual, 2 * (x + 0.3 * residual)), residual)
        assert doubled == pytest.approx(2 * x, abs=1e-9)
    assert x == pytest.approx(solution, abs=1e-7)


def test_pulay_forgets_and_takes_a_solution_as_it_is():
    extrapolation = PulayExtrapolation(depth=2)
    for k in (1.0, 2.0, 3.0):
        extrapolation.next((np.array([k]),), np.array([k]))
    assert len(extrapolation.vectors) == 2
    assert extrapolation.next((np.array([7.0]),), np.array([0.0]))[0].tolist() == [7.0]
