"""A static electric field: its energy, dipole and forces against differences and PySCF."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from differences import displaced, slope
from pyscf import dft
from pyscf_oracle import molecule
from sodium import random_sodium, rotation, shape

from clusterdft.errors import InputError
from clusterdft.method import Method
from clusterdft.scf.dipole import dipole_moment
from clusterdft.scf.solve_scf import solve_scf

FIELD = np.array([0.002, -0.003, 0.001])
TIGHT = Method(tolerance=1e-9)
ORBITAL = Method(density="orbital", grid="coarse", tolerance=1e-8)
FERMI = Method(occupation="fermi", width=0.01, tolerance=1e-10)
CORES = replace(ORBITAL, pseudopotential="bhs-core", basis="opt-4s3p1d")
CASES = {
    "neutral": (TIGHT, 3, {}),
    "cation": (TIGHT, 3, {"charge": 1}),
    "anion": (TIGHT, 2, {"charge": -1}),
    "orbital density": (ORBITAL, 2, {}),
    "fermi": (FERMI, 4, {}),
    "partial cores and d functions": (CORES, 2, {}),
}


@pytest.mark.parametrize("name", CASES)
def test_forces_and_dipole_are_derivatives_of_the_energy(name):
    method, n, state = CASES[name]
    cluster = random_sodium(n, 3, **state)
    result = solve_scf(cluster, method, field=FIELD)

    def moved(shift, atom, axis):
        there = displaced(cluster, atom, axis, shift)
        return solve_scf(there, method, field=FIELD, restart=result.fit_coefficients).energy

    def stronger(change):
        field = FIELD + change * np.array([0.6, 0.0, 0.8])
        return solve_scf(cluster, method, field=field, restart=result.fit_coefficients).energy

    for atom, axis in ((0, 0), (n - 1, 2)):
        numerical = -slope(partial(moved, atom=atom, axis=axis), 2e-3)
        assert result.forces[atom, axis] == pytest.approx(numerical, abs=1e-6)
    along = dipole_moment(result) @ [0.6, 0.0, 0.8]
    assert along == pytest.approx(-slope(stronger, 2e-4), abs=1e-6)


def test_energy_of_the_term():
    """E - F.d, with the moment about the centre of the ionic charges."""
    for charge in (0, 1):
        result = solve_scf(random_sodium(3, 3, charge=charge), TIGHT, field=FIELD)
        assert result.energies["field"] == pytest.approx(-FIELD @ dipole_moment(result), abs=1e-9)
        assert np.array_equal(result.field, FIELD)


@pytest.mark.parametrize("field", [None, [0.0, 0.0, 0.0]])
def test_no_field_changes_nothing(field):
    cluster = random_sodium(3, 3)
    plain, zero = solve_scf(cluster, Method()), solve_scf(cluster, Method(), field=field)
    assert zero.field is None
    assert zero.energies == plain.energies
    assert np.array_equal(zero.forces, plain.forces)
    assert "field" not in plain.energies


@pytest.mark.parametrize(("n", "state"), [(2, {}), (3, {}), (3, {"charge": 1})])
def test_against_pyscf(n, state):
    method = Method(
        pseudopotential="gth-pade-q1", density="orbital", fitting="large", grid="fine", tolerance=1e-8
    )
    cluster = shape(n, n_unpaired=(n - state.get("charge", 0)) % 2, **state)
    field = 2 * FIELD
    ours = solve_scf(cluster, method, field=field)
    mol = molecule(cluster, cluster.n_unpaired, method.basis)
    with mol.with_common_origin(cluster.positions.mean(axis=0)):
        moments = mol.intor("int1e_r", comp=3)
    theirs = dft.UKS(mol)
    theirs.xc, theirs.grids.level, theirs.conv_tol = "lda,pz", 4, 1e-11
    bare = theirs.get_hcore()
    theirs.get_hcore = lambda *_: bare + np.einsum("x,xab->ab", field, moments)
    theirs.kernel()
    assert theirs.converged
    assert ours.energy == pytest.approx(theirs.e_tot, abs=1e-5)
    electrons = np.einsum("xab,sab->x", moments, theirs.make_rdm1())
    assert dipole_moment(ours) == pytest.approx(-electrons, abs=2e-4)


def test_positive_charges_are_pulled_along_the_field():
    plain, pulled = (solve_scf(shape(2), TIGHT, field=f) for f in (None, [0, 0, 0.002]))
    assert pulled.energy < plain.energy - 1e-4
    assert dipole_moment(pulled)[2] > 0.1


def test_no_net_force_and_covariance():
    for charge in (0, 1):
        cluster = random_sodium(3, 3, charge=charge)
        method = replace(TIGHT, grid="fine")
        result = solve_scf(cluster, method, field=FIELD)
        assert np.max(np.abs(result.forces.sum(axis=0))) < 1e-9
        turn = rotation(3)
        moved = solve_scf(cluster.at(cluster.positions @ turn.T + [3, -7, 1]), method, field=turn @ FIELD)
        assert moved.energy == pytest.approx(result.energy, abs=1e-6)
        assert moved.forces == pytest.approx(result.forces @ turn.T, abs=2e-5)


def test_torque_of_the_field():
    """Turning cluster and field together costs nothing, so the torque on the ions is d x F."""
    result = solve_scf(random_sodium(3, 3), replace(TIGHT, grid="fine"), field=FIELD)
    torque = np.cross(result.cluster.positions, result.forces).sum(axis=0)
    assert torque == pytest.approx(np.cross(dipole_moment(result), FIELD), abs=1e-4)


@pytest.mark.parametrize("field", [0.001, [0, 0], [0, 0, np.nan], "x", [1, 0, 0]])
def test_impossible_fields(field):
    with pytest.raises(InputError, match="give"):
        solve_scf(shape(2), Method(), field=field)
