"""The fit of a numerical ionic potential to the analytic form of Bachelet, Hamann and Schlueter."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations, product
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from clusterdft.arrays import Floats
from clusterdft.atom import RadialMesh
from clusterdft.making.pseudopotential.core_fit import significant_digits

RIDGE_WEIGHT = 1e-5  # keeps the coefficients small where the data do not decide
STATE_WEIGHT = 300.0  # of the first-order energy of the reference orbital, against the potential itself
LOWEST_EXPONENT = 0.1  # bohr^-2, where the ladder of allowed exponents begins
STEPS_PER_OCTAVE = 16  # of the ladder from an exponent to its double
NEAREST_STEPS = (
    9  # steps between neighbouring exponents, a ratio of 1.48; closer ones give coefficients of 1e4
)
START_EXPONENTS = np.array([1.0, 1.7, 2.7, 4.0])  # of the most diffuse Gaussian, in units of 1 / cutoff^2
INNERMOST, OUTERMOST = 1e-3, 12.0  # bohr, of the radii that are fitted
EXPONENT_DIGITS, COEFFICIENT_DECIMALS = 4, 5

_Places: TypeAlias = tuple[int, ...]  # of the exponents on the ladder


@dataclass(frozen=True, kw_only=True, eq=False)
class ChannelFit:
    """Gaussians of one angular momentum, and how well they follow the numerical potential.

    Attributes
    ----------
    exponent : (n,) bohr^-2
    a : (n,) hartree
    b : (n,) hartree bohr^-2
    rms : hartree
        Weighted by the reference orbital's density.
    largest_outside : hartree
        The largest deviation beyond 1.2 cutoff radii.
    """

    exponent: Floats
    a: Floats
    b: Floats
    rms: float
    largest_outside: float


def fit_channel(
    mesh: RadialMesh, difference: Floats, orbital: Floats, *, cutoff_radius: float, n_gaussians: int = 3
) -> ChannelFit:
    """Gaussians times (1, r^2) for the part of a potential that the erf core leaves.

        int W(r) [dV - sum_i (a_i + b_i r^2) exp(-alpha_i r^2)]^2 dr = min,   alpha_(i+1) >= 1.48 alpha_i
        W = P^2 / max P^2 + 0.02 min(r, 1)^2 exp(-(r/5)^2)

    The orbital's density puts the weight on the tail at 2 to 4 bohr, where bonds are; a further row asks that
    the first-order change of the eigenvalue, int P^2 (fit - dV) dr, vanishes.

    Parameters
    ----------
    mesh : RadialMesh
    difference : (n,) hartree
        dV, ionic potential minus erf core.
    orbital : (n,)
        P of the reference state.
    cutoff_radius : bohr
    n_gaussians : int
        Number of exponents.

    Returns
    -------
    ChannelFit

    Notes
    -----
    Exponents are searched on a ladder of 16 steps to an octave, with the coefficients eliminated: the
    residual is so flat that nothing is lost, and rounding errors cannot change the result.
    """
    used = (mesh.r > INNERMOST) & (mesh.r < OUTERMOST)
    r, weights = mesh.r[used], mesh.weights[used]
    density = orbital[used] ** 2
    weight = density / density.max() + 0.02 * np.minimum(r, 1) ** 2 * np.exp(-((r / 5) ** 2))
    problem = _Linear(r, np.sqrt(weight * weights), STATE_WEIGHT * weights * density, difference[used])
    places = _best_places(problem, cutoff_radius, n_gaussians)
    exponent = exponents_at(places)
    coefficient = np.round(problem.solve(exponent)[0], COEFFICIENT_DECIMALS)
    a, b = np.split(coefficient, 2)
    error = difference - gaussians(mesh.r, exponent) @ coefficient
    outside = (mesh.r > 1.2 * cutoff_radius) & used
    return ChannelFit(
        exponent=exponent,
        a=a,
        b=b,
        rms=float(np.sqrt(mesh.integrate(orbital**2 * error**2))),
        largest_outside=float(np.abs(error[outside]).max()),
    )


def gaussians(r: Floats, exponent: Floats) -> Floats:
    """Columns exp(-alpha_i r^2), then r^2 exp(-alpha_i r^2).

    Parameters
    ----------
    r : (n,) bohr
    exponent : (nexponent,) bohr^-2

    Returns
    -------
    (n, 2 nexponent)
    """
    plain = np.exp(-np.outer(r**2, exponent))
    return np.concatenate([plain, plain * (r**2)[:, None]], axis=1)


class _Linear:
    """The least-squares problem for the coefficients at given exponents."""

    def __init__(self, r: Floats, weight: Floats, state_row: Floats, target: Floats) -> None:
        self.r, self.weight, self.state_row = r, weight, state_row
        self.target = np.concatenate([target * weight, [state_row @ target]])

    def solve(self, exponent: Floats) -> tuple[Floats, Floats]:
        """Coefficients (2n,), and all weighted residuals."""
        functions = gaussians(self.r, exponent)
        n = functions.shape[1]
        rows = np.vstack(
            [functions * self.weight[:, None], self.state_row @ functions, RIDGE_WEIGHT * np.eye(n)]
        )
        target = np.concatenate([self.target, np.zeros(n)])
        coefficient: Floats = np.linalg.lstsq(rows, target, rcond=None)[0]
        return coefficient, rows @ coefficient - target


def exponents_at(places: ArrayLike) -> Floats:
    """Exponents at whole places of a geometric ladder, with four digits.

    Parameters
    ----------
    places : (n,) int

    Returns
    -------
    (n,) bohr^-2
    """
    return significant_digits(
        LOWEST_EXPONENT * 2.0 ** (np.asarray(places) / STEPS_PER_OCTAVE), EXPONENT_DIGITS
    )


def _best_places(problem: _Linear, cutoff_radius: float, n_gaussians: int) -> _Places:
    """Places of the exponents with the smallest residual: descents by single steps from several starts."""
    costs: dict[_Places, float] = {}

    def cost(places: _Places) -> float:
        if places[0] < 0 or min(np.diff(places), default=NEAREST_STEPS) < NEAREST_STEPS:
            return np.inf
        if places not in costs:
            residual = problem.solve(exponents_at(places))[1]
            costs[places] = float(residual @ residual)
        return costs[places]

    ends = []
    for first in START_EXPONENTS / cutoff_radius**2:
        for gap in (NEAREST_STEPS, 2 * NEAREST_STEPS):
            lowest = max(0, round(STEPS_PER_OCTAVE * np.log2(first / LOWEST_EXPONENT)))
            ends.append(_descend(cost, tuple(lowest + gap * k for k in range(n_gaussians))))
    return min(ends, key=lambda places: (cost(places), places))


def _descend(cost: Callable[[_Places], float], places: _Places) -> _Places:
    """The local minimum under moves of each pair of exponents by up to two steps, and of one by four."""
    n = len(places)
    moves = [np.eye(n, dtype=int)[k] * step for k in range(n) for step in (-4, 4)]
    for first, last in combinations(range(n), 2):
        for steps in product(range(-2, 3), repeat=2):
            move = np.zeros(n, dtype=int)
            move[[first, last]] = steps
            moves.append(move)
    while True:
        around = [tuple(int(place) for place in places + move) for move in moves]
        best = min([places, *around], key=cost)
        if best == places:
            return places
        places = best
