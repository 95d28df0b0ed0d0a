"""The polarizability against PySCF, symmetry, second differences of the energy and one-electron cases."""

from dataclasses import replace

import numpy as np
import pytest
from clusters import rearranged
from pyscf import dft
from solved import MIXED, RHOMBUS, TRIMER, molecule

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.method import Method
from clusterdft.properties.polarizability import polarizability
from clusterdft.scf.dipole import dipole_moment
from clusterdft.scf.solve_scf import solve_scf
from clusterdft.units import BOHR_ANGSTROM

FINE = Method(grid="fine")
TRIANGLE = Cluster(
    symbols=("Na",) * 3, positions=[[0, 0, 0], [6.2, 0, 0], [3.1, 3.1 * np.sqrt(3), 0]], charge=1
)
DIMER = Cluster(symbols=("Na",) * 2, positions=[[0, 0, 0], [2.0, -1.0, 5.1]], n_unpaired=0)


def pyscf_polarizability(cluster, field, method):
    """Central differences of the dipole, exact Coulomb integrals."""
    mol = molecule(solve_scf(cluster, method))
    moments = mol.intor("int1e_r", comp=3)

    def electrons(vector):
        mf = dft.RKS(mol)
        mf.xc, mf.grids.level, mf.conv_tol, mf.conv_tol_grad = "lda,pz", 4, 1e-12, 1e-7
        bare = mf.get_hcore()
        mf.get_hcore = lambda *_: bare + np.einsum("x,xab->ab", vector, moments)
        mf.kernel()
        assert mf.converged
        return -np.einsum("xab,ab->x", moments, mf.make_rdm1())

    return np.array([(electrons(field * e) - electrons(-field * e)) / (2 * field) for e in np.eye(3)])


def test_against_pyscf():
    method = Method(pseudopotential="gth-pade-q1", density="orbital", fitting="large", grid="fine")
    theirs = pyscf_polarizability(DIMER, 5e-4, method)
    ours = polarizability(DIMER, method)
    assert ours.tensor == pytest.approx(theirs, abs=0.2)  # of 100 to 290 bohr^3
    assert ours.tensor == pytest.approx(theirs, rel=2e-3, abs=0.05)


def test_second_derivative_of_the_energy():
    method = replace(FINE, tolerance=1e-9)
    found = polarizability(TRIMER, method)
    direction, h = np.array([0.6, 0.0, 0.8]), 4e-4
    plain = solve_scf(TRIMER, method)

    def energy(k):
        return solve_scf(TRIMER, method, field=k * h * direction, restart=plain.fit_coefficients).energy

    near, far = energy(1) + energy(-1) - 2 * plain.energy, energy(2) + energy(-2) - 2 * plain.energy
    assert -(16 * near - far) / (12 * h**2) == pytest.approx(direction @ found.tensor @ direction, rel=1e-3)


def test_tensor_is_symmetric_where_nothing_makes_it_so():
    found = polarizability(TRIMER, FINE)
    assert found.asymmetry < 1e-4 * found.mean
    assert found.error < 0.01 * found.mean
    assert np.all(np.linalg.eigvalsh(found.tensor) > 0)


def test_rotation_covariance():
    turned, _, turn = rearranged(TRIMER)
    first, second = polarizability(TRIMER, FINE), polarizability(turned, FINE)
    assert second.tensor == pytest.approx(turn @ first.tensor @ turn.T, rel=1e-3, abs=0.05)
    assert second.mean == pytest.approx(first.mean, rel=1e-4)
    assert second.anisotropy == pytest.approx(first.anisotropy, rel=1e-4)


def test_a_line_has_two_values():
    found = polarizability(DIMER, FINE)
    axis = np.array([2.0, -1.0, 5.1]) / np.linalg.norm([2.0, -1.0, 5.1])
    along = axis @ found.tensor @ axis
    across = (3 * found.mean - along) / 2
    expected = along * np.outer(axis, axis) + across * (np.eye(3) - np.outer(axis, axis))
    assert found.tensor == pytest.approx(expected, abs=0.05)
    assert along > across + 50
    assert found.anisotropy == pytest.approx(along - across, abs=0.1)


def test_a_triangle_is_isotropic_in_its_plane():
    tensor = polarizability(TRIANGLE, FINE).tensor
    assert tensor[0, 0] == pytest.approx(tensor[1, 1], rel=5e-4)
    assert np.diag(tensor)[:2].min() > tensor[2, 2] + 50
    assert tensor - np.diag(np.diag(tensor)) == pytest.approx(np.zeros((3, 3)), abs=0.05)


def test_two_fields_agree_within_the_error():
    weak, strong = (polarizability(RHOMBUS, FINE, field=f) for f in (5e-4, 1e-3))
    assert weak.error == pytest.approx(strong.error / 4, rel=0.15)
    assert np.abs(weak.tensor - strong.tensor).max() < 0.1 * strong.error


def test_charge_does_not_depend_on_the_place():
    first = polarizability(TRIANGLE, FINE)
    second = polarizability(TRIANGLE.at(TRIANGLE.positions + [10.0, 0, -5.0]), FINE)
    assert second.tensor == pytest.approx(first.tensor, abs=1e-3)


@pytest.mark.parametrize("cluster", [MIXED, replace(MIXED, charge=1)])
def test_dipole_gradient_is_that_of_displaced_dipoles(cluster):
    """d(force)/d(field) against d(dipole)/d(position), the origin fixed in space."""
    method = Method(density="orbital", grid="coarse", tolerance=1e-9)
    found = polarizability(cluster, method, field=2e-4).dipole_gradient.reshape(3, 3, 3)
    assert found.sum(axis=1) == pytest.approx(cluster.charge * np.eye(3), abs=1e-6)
    start = solve_scf(cluster, method).fit_coefficients
    for atom, axis in ((0, 1), (1, 0)):
        moments = []
        for step in (0.01, -0.01):
            positions = cluster.positions.copy()
            positions[atom, axis] += step
            there = solve_scf(cluster.at(positions), method, restart=start)
            moments.append(dipole_moment(there, np.zeros(3)))
        assert found[:, atom, axis] == pytest.approx((moments[0] - moments[1]) / 0.02, abs=3e-5)


def test_larger_sets_respond_more():
    """The set of 1985 has no functions that a field could mix in across the bond: a quarter is missing."""
    small, medium, large = (
        polarizability(DIMER, Method(basis=name)).mean for name in ("paper-3s2p", "opt-4s3p1d", "even-6s5p3d")
    )
    assert 0.65 < small / large < 0.8
    assert medium == pytest.approx(large, rel=0.02)
    assert large * BOHR_ANGSTROM**3 == pytest.approx(33.7, abs=0.5)


def test_against_all_electrons():
    """PySCF's all-electron Perdew-Zunger with def2-QZVPPD at 5.5 bohr: 44.72 A^3 along, 26.67 across."""
    pair = Cluster(symbols=("Na",) * 2, positions=[[0, 0, 0], [0, 0, 5.5]], n_unpaired=0)
    found = polarizability(pair, Method(pseudopotential="bhs-core", basis="even-6s5p3d"))
    assert np.diag(found.tensor) * BOHR_ANGSTROM**3 == pytest.approx([26.67, 26.67, 44.72], rel=0.01)


def test_half_filled_degenerate_levels_have_no_polarizability():
    triangle = replace(TRIANGLE, charge=0)
    with pytest.raises(InputError, match=r"not linear|unpaired"):
        polarizability(triangle, Method(occupation="aufbau"))


@pytest.mark.parametrize("field", [0.0, -1e-3, np.nan, 1.0])
def test_impossible_fields(field):
    with pytest.raises(InputError, match="give one"):
        polarizability(DIMER, Method(), field=field)
