"""The logarithmic radial mesh: integrals, running integrals and derivatives of high order."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from clusterdft.arrays import Floats, frozen_array
from clusterdft.errors import InputError

STENCIL = 10  # points of the interpolating polynomial in ln r, of degree 9
INNER_SPACING = 60  # mesh points between the three radii that continue a function to r = 0
FEWEST_RADII = 4 * INNER_SPACING


@dataclass(frozen=True, kw_only=True, eq=False)
class RadialMesh:
    """Radii that are evenly spaced in ln r.

        r_i = r_0 exp(i step),   int_0^r_max f dr = sum_i weights_i f(r_i)

    Attributes
    ----------
    r : (n,) bohr
    weights : (n,) bohr
    step : float
        Spacing of ln r.

    Notes
    -----
    Polynomials of degree 9 in ln r between the points; one of degree 2 in r from 0 to r_0.
    """

    r: Floats
    weights: Floats
    step: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "r", frozen_array(self.r, -1))
        object.__setattr__(self, "weights", frozen_array(self.weights, -1))

    def integrate(self, f: ArrayLike) -> Any:
        """int_0^r_max f dr.

        Parameters
        ----------
        f : (..., n)

        Returns
        -------
        (...)
            A float of one function, an array of several.
        """
        return np.asarray(f) @ self.weights

    def cumulative(self, f: ArrayLike) -> Floats:
        """The running integral int_0^r_i f dr.

        Parameters
        ----------
        f : (n,)

        Returns
        -------
        (n,)
            At every r_i.
        """
        values = np.asarray(f, dtype=float)
        pieces = np.empty(len(self.r))
        pieces[0] = _inner_weights(self.r) @ values[: 2 * INNER_SPACING + 1 : INNER_SPACING]
        pieces[1:] = self.step * _sliding(segment_weights(), values * self.r)
        return np.cumsum(pieces)

    def derivative(self, f: ArrayLike) -> Floats:
        """The derivative df/dr.

        Parameters
        ----------
        f : (n,)

        Returns
        -------
        (n,)
            At every r_i.
        """
        return _sliding(_slope_weights(), np.asarray(f, dtype=float)) / (self.step * self.r)

    def interpolate(self, f: ArrayLike, radius: float) -> float:
        """The value of a function at any radius.

        Parameters
        ----------
        f : (n,)
        radius : bohr

        Returns
        -------
        float

        Raises
        ------
        InputError
            The radius is off the mesh.
        """
        position = np.log(radius / self.r[0]) / self.step
        if not 0 <= position <= len(self.r) - 1 + 1e-9:
            raise InputError(
                f"radius {radius} bohr is off the radial mesh; "
                f"give one from {self.r[0]:.1e} to {self.r[-1]:.1f}"
            )
        start = int(np.clip(np.floor(position) - STENCIL // 2 + 1, 0, len(self.r) - STENCIL))
        return float(lagrange_values(STENCIL, position - start) @ np.asarray(f)[start : start + STENCIL])


def logarithmic_mesh(z: float, *, r_max: float = 100.0, n: int = 4001) -> RadialMesh:
    """The mesh of an atom or pseudo-atom.

    Parameters
    ----------
    z : float
        Nuclear charge; it sets the first radius, 1e-6/(9 + z) bohr.
    r_max : bohr
        Last radius.
    n : int
        Number of radii.

    Returns
    -------
    RadialMesh

    Raises
    ------
    InputError
        A mesh that is too small or too coarse to be of use.

    Notes
    -----
    The defaults hold any occupied shell of a neutral atom or cation to Rn to 1e-9 hartree.
    """
    if not (z >= 0 and r_max >= 1 and n >= FEWEST_RADII):
        raise InputError(
            f"a radial mesh of z = {z}, r_max = {r_max} bohr and {n} points is of no use; "
            f"give z >= 0, r_max >= 1 and at least {FEWEST_RADII} points"
        )
    r_min = 1e-6 / (9 + z)
    step = np.log(r_max / r_min) / (n - 1)
    r = r_min * np.exp(step * np.arange(n))
    table = segment_weights()
    weights = np.zeros(n)
    for segment in range(n - 1):
        start, row = _window(segment, n - 1, len(table))
        weights[start : start + STENCIL] += table[row]
    weights *= step * r
    weights[: 2 * INNER_SPACING + 1 : INNER_SPACING] += _inner_weights(r)
    return RadialMesh(r=r, weights=weights, step=float(step))


@lru_cache(maxsize=8)
def lagrange_integrals(points: int) -> Floats:
    """Integrals from 0 to j of the Lagrange polynomials of the nodes 0, 1, ..., points - 1.

    Returns
    -------
    (points, points)
        Row j, column m: int_0^j L_m(t) dt.
    """
    nodes, weights = np.polynomial.legendre.leggauss(points)
    rows = np.zeros((points, points))
    for j in range(points):
        for t, weight in zip(nodes, weights, strict=True):
            rows[j] += 0.5 * j * weight * lagrange_values(points, 0.5 * j * (1 + t))
    return frozen_array(rows)


def lagrange_values(points: int, t: float) -> Floats:
    """The Lagrange polynomials of the nodes 0, 1, ..., points - 1.

    Parameters
    ----------
    points : int
    t : float

    Returns
    -------
    (points,)
        At t.
    """
    nodes = np.arange(points)
    return np.array([np.prod((t - np.delete(nodes, m)) / (m - np.delete(nodes, m))) for m in nodes])


@lru_cache(maxsize=1)
def segment_weights() -> Floats:
    """Row j: int_j^(j+1) of the polynomial through nodes 0 to STENCIL - 1.

    Returns
    -------
    (STENCIL - 1, STENCIL)
    """
    return frozen_array(np.diff(lagrange_integrals(STENCIL), axis=0))


@lru_cache(maxsize=1)
def _slope_weights() -> Floats:
    """Row j: derivative at the node j of the polynomial of nodes 0 to STENCIL, (STENCIL + 1, STENCIL + 1)."""
    nodes = np.arange(STENCIL + 1.0)
    gaps = nodes[:, None] - nodes
    np.fill_diagonal(gaps, 1.0)
    barycentric = 1.0 / np.prod(gaps, axis=1)
    slopes = barycentric / barycentric[:, None] / gaps
    np.fill_diagonal(slopes, 0.0)
    np.fill_diagonal(slopes, -slopes.sum(axis=1))
    return frozen_array(slopes)


def _inner_weights(r: Floats) -> Floats:
    """Weights of int_0^r_0 f dr on f at the inner radii, exact for 1, r and r^2."""
    a = r[: 2 * INNER_SPACING + 1 : INNER_SPACING] / r[0]
    weights: Floats = r[0] * np.linalg.solve(np.vander(a, increasing=True).T, 1.0 / np.arange(1, 4))
    return weights


def _window(item: int, count: int, rows: int) -> tuple[int, int]:
    """First node of an item's window, centred where it can be, and its row of the table."""
    middle = rows // 2
    start = min(max(item - middle, 0), count - rows)
    return start, item - start


def _sliding(table: Floats, f: Floats) -> Floats:
    """Every row of the table at its place: the middle row inside, the others at the ends."""
    rows, width = table.shape
    middle = rows // 2
    tail = rows - 1 - middle
    inside = np.convolve(f, table[middle][::-1], mode="valid")
    first = table[:middle] @ f[:width]
    last = table[middle + 1 :] @ f[-width:] if tail else np.zeros(0)
    return np.concatenate([first, inside, last])
