"""Real solid harmonics, and angular factors of orbitals seen from another centre: polynomials both."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from clusterdft.arrays import Floats, Ints

Polynomial: TypeAlias = dict[tuple[int, int, int], float]  # {(i, j, k): factor of x^i y^j z^k}
_State: TypeAlias = dict[int, Polynomial]  # {n: polynomial that multiplies F^(n)}

# Real solid harmonics, orthonormal on the sphere, in libcint's order, of l = 0 to 3
_P, _D, _F = (np.sqrt(n / (4 * np.pi)) for n in (3, 15, 35 / 2))
SOLID_HARMONICS: tuple[tuple[Polynomial, ...], ...] = (
    ({(0, 0, 0): np.sqrt(1 / (4 * np.pi))},),
    ({(1, 0, 0): _P}, {(0, 1, 0): _P}, {(0, 0, 1): _P}),
    (
        {(1, 1, 0): _D},
        {(0, 1, 1): _D},
        {(0, 0, 2): _D / np.sqrt(3), (2, 0, 0): -_D / np.sqrt(12), (0, 2, 0): -_D / np.sqrt(12)},
        {(1, 0, 1): _D},
        {(2, 0, 0): _D / 2, (0, 2, 0): -_D / 2},
    ),
    (
        {(2, 1, 0): 3 * _F / 2, (0, 3, 0): -_F / 2},
        {(1, 1, 1): _F * np.sqrt(6)},
        {(0, 1, 2): _F * np.sqrt(2.4), (2, 1, 0): -_F * np.sqrt(0.15), (0, 3, 0): -_F * np.sqrt(0.15)},
        {(0, 0, 3): _F * np.sqrt(0.4), (2, 0, 1): -_F * np.sqrt(0.9), (0, 2, 1): -_F * np.sqrt(0.9)},
        {(1, 0, 2): _F * np.sqrt(2.4), (3, 0, 0): -_F * np.sqrt(0.15), (1, 2, 0): -_F * np.sqrt(0.15)},
        {(2, 0, 1): _F * np.sqrt(1.5), (0, 2, 1): -_F * np.sqrt(1.5)},
        {(3, 0, 0): _F / 2, (1, 2, 0): -3 * _F / 2},
    ),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class AngularTable:
    """Polynomials of one channel for all orbital angular momenta up to lmax, as columns over monomials.

    Attributes
    ----------
    monomial : (nmonomial, 3) int
        Powers of x, y, z.
    coefficient : (nmonomial, nfactor)
    start : (lmax + 1,) int
        First factor of each orbital l.
    """

    monomial: Ints
    coefficient: Floats
    start: Ints

    def evaluate(self, vectors: Floats) -> Floats:
        """Values of the polynomials.

        Parameters
        ----------
        vectors : (..., 3) bohr

        Returns
        -------
        (..., nfactor)
        """
        powers = vectors[..., None] ** np.arange(self.monomial.max() + 1)
        x, y, z = (powers[..., axis, :][..., self.monomial[:, axis]] for axis in range(3))
        return np.ascontiguousarray((x * y * z) @ self.coefficient)


@lru_cache(maxsize=64)
def angular_table(channel_l: int, lmax: int, *, gradient: bool) -> AngularTable:
    """Angular factors A_n of the orbitals' projections onto |Y_LM>, or of their gradients.

        S_lm(d/dD) [F(D^2) S_LM(D)] = sum_n F^(n)(D^2) A_n(D),      dF/dD_k = D_k F^(1)

    (Hobson's theorem: S_lm(r - A) exp(-a |r - A|^2) = (2a)^-l S_lm(d/dA) exp(-a |r - A|^2).)

    Parameters
    ----------
    channel_l : int
        L, 0 to 3.
    lmax : int
        Highest l of the orbitals, 0 to 2.
    gradient : bool
        Whether factors of d/dD_k of the above are wanted instead.

    Returns
    -------
    AngularTable
        Factors of orbital l in the order (n, M, m), n = 0..l; or (n, k, M, m), n = 0..l+1.
    """
    factors: list[Polynomial] = []
    start: list[int] = []
    for orbital_l in range(lmax + 1):
        start.append(len(factors))
        states = [
            [_apply_harmonic(m, {0: big}) for m in SOLID_HARMONICS[orbital_l]]
            for big in SOLID_HARMONICS[channel_l]
        ]
        if not gradient:
            factors += [s.get(n, {}) for n in range(orbital_l + 1) for row in states for s in row]
            continue
        slopes = [[[_differentiate_state(s, k) for s in row] for row in states] for k in range(3)]
        factors += [
            s.get(n, {}) for n in range(orbital_l + 2) for k in range(3) for row in slopes[k] for s in row
        ]
    return _as_table(factors, start)


def _as_table(factors: list[Polynomial], start: list[int]) -> AngularTable:
    monomials = sorted({powers for factor in factors for powers in factor})
    coefficient = np.array([[factor.get(powers, 0.0) for factor in factors] for powers in monomials])
    return AngularTable(
        monomial=np.array(monomials, np.int64), coefficient=coefficient, start=np.array(start, np.int64)
    )


def _apply_harmonic(harmonic: Polynomial, state: _State) -> _State:
    """S(d/dD) on a state."""
    total: _State = {}
    for powers, coefficient in harmonic.items():
        term = state
        for axis in range(3):
            for _ in range(powers[axis]):
                term = _differentiate_state(term, axis)
        for n, polynomial in term.items():
            _add(total.setdefault(n, {}), polynomial, coefficient)
    return total


def _differentiate_state(state: _State, axis: int) -> _State:
    """d/dD_axis of sum_n F^(n) p_n = sum_n F^(n+1) D_axis p_n + F^(n) dp_n/dD_axis."""
    result: _State = {}
    for n, polynomial in state.items():
        raised = {_shift(powers, axis, 1): c for powers, c in polynomial.items()}
        slope = {
            _shift(powers, axis, -1): c * powers[axis] for powers, c in polynomial.items() if powers[axis]
        }
        _add(result.setdefault(n + 1, {}), raised, 1.0)
        _add(result.setdefault(n, {}), slope, 1.0)
    return result


def _shift(powers: tuple[int, int, int], axis: int, step: int) -> tuple[int, int, int]:
    x, y, z = (p + step * (i == axis) for i, p in enumerate(powers))
    return x, y, z


def _add(total: Polynomial, polynomial: Polynomial, factor: float) -> None:
    for powers, c in polynomial.items():
        total[powers] = total.get(powers, 0.0) + factor * c
