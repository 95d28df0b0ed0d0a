import numpy as np
import pytest

from clusterdft.basis.shells import orbital_shells
from clusterdft.errors import InputError
from clusterdft.integrals.one_electron import (
    ao_values,
    dipole,
    dipole_gradient,
    kinetic,
    kinetic_gradient,
    overlap,
    overlap_gradient,
)

SYMBOLS = ["Na", "K", "Na"]
SETS = {"Na": [(0, 0.05), (0, 0.3), (1, 0.09), (2, 0.25)], "K": [(0, 0.2), (1, 0.6)]}
SHELLS = orbital_shells(SYMBOLS, SETS)
POSITIONS = np.random.default_rng(0).normal(size=(3, 3)) * 2


@pytest.fixture(scope="module")
def molecule():
    """The same basis as PySCF builds it itself."""
    from pyscf import gto

    labels = [f"X-{symbol}{k}" for k, symbol in enumerate(SYMBOLS)]
    basis = {
        label: [[momentum, [a, 1.0]] for momentum, a in SETS[symbol]]
        for label, symbol in zip(labels, SYMBOLS, strict=True)
    }
    return gto.M(atom=list(zip(labels, POSITIONS, strict=True)), basis=basis, unit="bohr", verbose=0)


def test_matrices_against_a_molecule(molecule):
    np.testing.assert_allclose(overlap(SHELLS, POSITIONS), molecule.intor("int1e_ovlp"), atol=1e-14)
    np.testing.assert_allclose(kinetic(SHELLS, POSITIONS), molecule.intor("int1e_kin"), atol=1e-14)
    np.testing.assert_allclose(dipole(SHELLS, POSITIONS), molecule.intor("int1e_r"), atol=1e-14)


def test_basis_is_normalised():
    np.testing.assert_allclose(np.diag(overlap(SHELLS, POSITIONS)), 1, atol=1e-14)


def test_dipole_of_a_shifted_molecule():
    shift = np.array([0.3, -1.0, 2.0])
    moved = dipole(SHELLS, POSITIONS + shift)
    expected = dipole(SHELLS, POSITIONS) + shift[:, None, None] * overlap(SHELLS, POSITIONS)
    np.testing.assert_allclose(moved, expected, atol=1e-13)


@pytest.mark.parametrize(("matrix", "gradient"), [(overlap, overlap_gradient), (kinetic, kinetic_gradient)])
def test_gradients_by_finite_differences(matrix, gradient):
    w = np.random.default_rng(1).normal(size=(SHELLS.nao, SHELLS.nao))
    analytic = gradient(SHELLS, POSITIONS, w)
    for place in np.ndindex(3, 3):
        h = np.zeros((3, 3))
        h[place] = 1e-3
        e = [np.sum(w * matrix(SHELLS, POSITIONS + k * h)) for k in (-2, -1, 1, 2)]
        assert analytic[place] == pytest.approx((e[0] - 8 * e[1] + 8 * e[2] - e[3]) / 12e-3, abs=1e-9)
    np.testing.assert_allclose(analytic.sum(axis=0), 0, atol=1e-12)


def test_dipole_gradient_by_finite_differences():
    rng = np.random.default_rng(2)
    w, direction = rng.normal(size=(SHELLS.nao, SHELLS.nao)), rng.normal(size=3)
    w = w + w.T
    analytic = dipole_gradient(SHELLS, POSITIONS, direction, w)
    for place in np.ndindex(3, 3):
        h = np.zeros((3, 3))
        h[place] = 1e-3
        e = [np.einsum("x,xab,ab", direction, dipole(SHELLS, POSITIONS + k * h), w) for k in (-2, -1, 1, 2)]
        assert analytic[place] == pytest.approx((e[0] - 8 * e[1] + 8 * e[2] - e[3]) / 12e-3, abs=1e-9)
    np.testing.assert_allclose(analytic.sum(axis=0), direction * np.vdot(w, overlap(SHELLS, POSITIONS)))


def test_orbitals_at_points(molecule):
    points = np.random.default_rng(2).normal(size=(70, 3)) * 3
    values = ao_values(SHELLS, POSITIONS, points, deriv=1)
    assert values.shape == (4, 70, SHELLS.nao)
    np.testing.assert_allclose(values[0], molecule.eval_gto("GTOval", points), atol=1e-14)
    np.testing.assert_allclose(ao_values(SHELLS, POSITIONS, points)[0], values[0], atol=1e-15)
    for axis in range(3):
        h = 1e-4 * np.eye(3)[axis]
        high, low = (ao_values(SHELLS, POSITIONS, points + k * h)[0] for k in (1, -1))
        np.testing.assert_allclose(values[1 + axis], (high - low) / 2e-4, atol=1e-8)


def test_second_derivatives_at_points():
    points = np.random.default_rng(4).normal(size=(20, 3)) * 3
    values = ao_values(SHELLS, POSITIONS, points, deriv=2)
    assert values.shape == (10, 20, SHELLS.nao)
    for axis, rows in enumerate([(4, 5, 6), (5, 7, 8), (6, 8, 9)]):
        h = 1e-4 * np.eye(3)[axis]
        high, low = (ao_values(SHELLS, POSITIONS, points + k * h, deriv=1)[1:] for k in (1, -1))
        np.testing.assert_allclose(values[list(rows)], (high - low) / 2e-4, atol=1e-8)


def test_refuses_higher_derivatives():
    with pytest.raises(InputError, match="allowed: 0"):
        ao_values(SHELLS, POSITIONS, np.zeros((1, 3)), deriv=3)
