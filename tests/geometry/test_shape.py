"""Moments of figures whose shape is known."""

import numpy as np
import pytest
from clusters import rearranged

from clusterdft.cluster import Cluster
from clusterdft.geometry.shape import hill_wheeler, shape
from clusterdft.units import DALTON_ELECTRON_MASS

SODIUM = 22.98976928 * DALTON_ELECTRON_MASS


def sodium(positions):
    return Cluster(symbols=("Na",) * len(positions), positions=positions)


def ellipsoid(axes, n=4000):
    """Points spread evenly in an ellipsoid (a Halton-like lattice, symmetrised over the octants)."""
    k = np.arange(n) + 0.5
    cosine, angle, radius = 1 - 2 * k / n, np.pi * (1 + np.sqrt(5)) * k, ((k * 0.7548776662) % 1) ** (1 / 3)
    sine = np.sqrt(1 - cosine**2)
    ball = radius[:, None] * np.column_stack([sine * np.cos(angle), sine * np.sin(angle), cosine])
    return ball * axes


def test_dimer():
    found = shape(sodium([[0, 0, 0], [0, 0, 6.0]]))
    assert found.moments_of_inertia == pytest.approx([0, 18 * SODIUM, 18 * SODIUM])
    assert found.beta == pytest.approx(np.sqrt(4 * np.pi / 5))
    assert (found.gamma, found.word) == (pytest.approx(0, abs=1e-8), "prolate")
    assert abs(found.axes[0]) == pytest.approx([0, 0, 1])


def test_inertia_is_about_the_centre_of_mass():
    found = shape(Cluster(symbols=("Na", "K"), positions=[[0, 0, 0], [0, 0, 7.0]]))
    a, b = SODIUM, 39.0983 * DALTON_ELECTRON_MASS
    assert found.moments_of_inertia[1] == pytest.approx(a * b / (a + b) * 49)


@pytest.mark.parametrize(
    ("positions", "word"),
    [
        ([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]], "spherical"),
        ([[1, 1, 0], [-1, 1, 0], [-1, -1, 0], [1, -1, 0]], "oblate"),
        ([[0, 0, -1], [0, 0, 0], [0, 0, 1.0]], "prolate"),
        ([[1.6, 0, 0], [-1.6, 0, 0], [0, 1.0, 0], [0, -1.0, 0], [0, 0, 0.3], [0, 0, -0.3]], "triaxial"),
    ],
)
def test_words(positions, word):
    assert shape(sodium(4.0 * np.array(positions))).word == word


@pytest.mark.parametrize("gamma", [0.0, 0.3, 0.8, np.pi / 3])
def test_hill_wheeler_ellipsoid(gamma):
    """R_k = R_0 [1 + sqrt(5/4pi) beta cos(gamma - 2 pi k / 3)] to first order in beta."""
    beta = 0.02
    axes = 1 + np.sqrt(5 / (4 * np.pi)) * beta * np.cos(gamma - 2 * np.pi * np.arange(1, 4) / 3)
    ball = ellipsoid(np.ones(3))
    even = ball @ np.linalg.inv(np.linalg.cholesky(ball.T @ ball)).T  # equal moments to rounding
    measured = hill_wheeler(np.vstack([even, -even]) * axes)
    assert measured == pytest.approx((beta, gamma), abs=0.03)
    assert measured[0] == pytest.approx(beta, rel=0.03)


def test_invariance():
    cluster = Cluster(
        symbols=("Na",) * 4 + ("K",) * 3, positions=np.random.default_rng(2).normal(size=(7, 3)) * 6
    )
    one, two = shape(cluster), shape(rearranged(cluster)[0])
    assert two.moments_of_inertia == pytest.approx(one.moments_of_inertia, rel=1e-10)
    assert (two.beta, two.gamma) == pytest.approx((one.beta, one.gamma), abs=1e-9)


def test_atom_is_spherical():
    found = shape(sodium([[1.0, 2.0, 3.0]]))
    assert (found.beta, found.gamma, found.word) == (0.0, 0.0, "spherical")
