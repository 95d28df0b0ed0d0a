import numpy as np
import pytest

from clusterdft.basis.shells import OrbitalShells, n_hermite, orbital_shells
from clusterdft.errors import InputError
from clusterdft.integrals.one_electron import overlap
from clusterdft.integrals.pairs import make_pairs, pair_density, pair_gradient, pair_matrix

SHELLS = orbital_shells(["Na", "K", "Na"], {"Na": [(0, 0.05), (1, 0.3), (2, 0.2)], "K": [(1, 0.1), (0, 0.4)]})
POSITIONS = np.random.default_rng(0).normal(size=(3, 3)) * 3


def charge_only(pairs):
    """A potential of one everywhere: its matrix is the overlap."""
    lines = [np.tile(np.eye(1, n_hermite(c.la + c.lb))[0], c.exponent.size) for c in pairs.classes]
    return np.concatenate(lines)[None]


def test_constant_potential_gives_the_overlap():
    pairs = make_pairs(SHELLS, POSITIONS)
    np.testing.assert_allclose(
        pair_matrix(pairs, charge_only(pairs))[0], overlap(SHELLS, POSITIONS), atol=1e-14
    )


def test_density_is_the_adjoint_of_the_matrix():
    pairs, rng = make_pairs(SHELLS, POSITIONS), np.random.default_rng(1)
    dm = rng.normal(size=(2, SHELLS.nao, SHELLS.nao))
    density = pair_density(pairs, dm)
    potential = rng.normal(size=density.shape)
    matrix = pair_matrix(pairs, potential)
    assert np.sum(dm * matrix) == pytest.approx(np.sum(density * potential), rel=1e-13)
    np.testing.assert_array_equal(matrix, matrix.transpose(0, 2, 1))


def test_slope_is_the_derivative_of_the_expansion_by_the_separation():
    step, pairs = 1e-3, make_pairs(SHELLS, POSITIONS, cutoff=1e-30)
    for axis in range(3):
        ends = []
        for k in (-2, -1, 1, 2):
            positions = POSITIONS.copy()
            positions[0, axis] += k * step  # changes the separation of the pairs that have atom 0 once
            ends.append(make_pairs(SHELLS, positions, cutoff=1e-30))
        for place, c in enumerate(pairs.classes):
            e = [end.classes[place].expansion for end in ends]
            difference = (e[0] - 8 * e[1] + 8 * e[2] - e[3]) / (12 * step)
            sign = (c.atoms[:, 0] == 0).astype(float) - (c.atoms[:, 1] == 0)
            np.testing.assert_allclose(c.slope[axis] * sign[:, None, None], difference, atol=1e-8)


def test_gradient_by_finite_differences_in_a_harmonic_potential():
    """V = |r|^2/2 about the origin, whose moments with Lambda_tuv(p, P) are known."""

    def moments(distribution):
        """Of all Hermite Gaussians: |P|^2/2 + 3/4p, its first and second derivatives by P, and zero."""
        lines, start = [], 0
        for degree, n in zip(distribution.lmax, distribution.count, strict=True):
            values = np.zeros((n, n_hermite(degree)))
            centre, exponent = (
                distribution.centre[start : start + n],
                distribution.exponent[start : start + n],
            )
            values[:, 0] = 0.5 * np.sum(centre**2, axis=1) + 0.75 / exponent
            if degree > 0:
                values[:, 1:4] = centre
            if degree > 1:
                values[:, [4, 7, 9]] = 1.0
            lines.append(values.ravel())
            start += n
        return np.concatenate(lines)[None]

    dm = np.random.default_rng(5).normal(size=(1, SHELLS.nao, SHELLS.nao))
    pairs = make_pairs(SHELLS, POSITIONS, cutoff=1e-30)
    gradient = pair_gradient(pairs, dm, pair_density(pairs, dm), moments(pairs.distribution.raised()))

    def energy(positions):
        there = make_pairs(SHELLS, positions, cutoff=1e-30)
        return np.sum(dm * pair_matrix(there, moments(there.distribution)))

    for place in np.ndindex(3, 3):
        h = np.zeros((3, 3))
        h[place] = 1e-3
        e = [energy(POSITIONS + k * h) for k in (-2, -1, 1, 2)]
        assert gradient[place] == pytest.approx((e[0] - 8 * e[1] + 8 * e[2] - e[3]) / 12e-3, abs=1e-8)


def test_cutoff_drops_only_what_is_negligible():
    far = POSITIONS * 6
    tight, loose = make_pairs(SHELLS, far), make_pairs(SHELLS, far, cutoff=1e-30)
    count = [sum(c.exponent.size for c in pairs.classes) for pairs in (tight, loose)]
    assert count[0] < count[1]
    matrices = [pair_matrix(pairs, charge_only(pairs)) for pairs in (tight, loose)]
    np.testing.assert_allclose(*matrices, atol=1e-10)


def test_classes_without_any_pair_left_are_absent():
    shells = orbital_shells(["Na", "K"], {"Na": [(0, 1.0)], "K": [(1, 1.0)]})
    pairs = make_pairs(shells, np.array([[0.0, 0, 0], [0, 0, 40.0]]))
    assert [(c.la, c.lb) for c in pairs.classes] == [(0, 0), (1, 1)]
    charges, _ = pairs.distribution.split(pair_density(pairs, np.eye(4)[None]))
    assert charges.sum() == pytest.approx(1.0)


def test_refuses_f_shells():
    shells = OrbitalShells(atom=np.zeros(1, int), l=np.array([3]), exponent=np.ones(1))
    with pytest.raises(InputError, match="l = 3"):
        make_pairs(shells, np.zeros((1, 3)))
