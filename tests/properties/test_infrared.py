"""Infrared intensities against fixed charges, sum rules, and dipoles along a mode."""

from dataclasses import replace

import numpy as np
import pytest
from clusters import rearranged
from solved import MIXED, RHOMBUS

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.geometry.shape import inertia_tensor
from clusterdft.method import Method
from clusterdft.properties.infrared import infrared
from clusterdft.properties.polarizability import polarizability
from clusterdft.properties.vibrations import vibrations
from clusterdft.relaxation.relax import relax
from clusterdft.scf.dipole import dipole_moment
from clusterdft.scf.solve_scf import solve_scf
from clusterdft.surfaces.classical import LennardJones
from clusterdft.surfaces.surface import Surface
from clusterdft.units import BOHR_ANGSTROM, DALTON_ELECTRON_MASS, INFRARED_KM_PER_MOL

E_BOHR_DEBYE = 2.541746473  # CODATA 2018
LJ = LennardJones()
CHARGES = np.array([0.7, -0.9, 0.4, 0.3])
TETRAHEDRON = Cluster(
    symbols=("Na",) * 4, positions=[[0, 0, 0], [6, 0, 0], [3, 5.2, 0], [3, 1.7, 4.9]], charge=0
)
ORBITAL = Method(density="orbital", grid="coarse", tolerance=1e-8)


class Charged(Surface):
    """Lennard-Jones atoms with fixed charges: dd/dR_A = q_A."""

    def __init__(self, charges):
        self.charges = np.asarray(charges)

    def point(self, cluster, restart=None):
        point = LJ.point(cluster)
        return replace(point, details={"dipole": self.charges @ cluster.positions})


def test_conversion_factor():
    """42.256 km/mol for 1 (debye/angstrom)^2/dalton."""
    unit = (BOHR_ANGSTROM / E_BOHR_DEBYE) ** 2 / DALTON_ELECTRON_MASS
    assert INFRARED_KM_PER_MOL * unit == pytest.approx(42.2561, abs=1e-4)


def test_fixed_charges():
    cluster = relax(TETRAHEDRON, LJ, fmax=1e-9).cluster
    found = infrared(
        vibrations(cluster, Charged(CHARGES), step=0.01, symmetry_tolerance=0, masses=[20, 30, 40, 50])
    )
    vibration = found.vibrations
    assert vibration.dipole_gradient == pytest.approx(np.kron(CHARGES, np.eye(3)), abs=1e-9)
    moves = vibration.modes / np.sqrt(vibration.masses)[:, None]
    assert found.slopes == pytest.approx(np.einsum("i,kix->kx", CHARGES, moves), abs=1e-9)
    assert found.strengths == pytest.approx(np.sum(found.slopes**2, axis=1))
    assert found.shift_residual == pytest.approx(0.5 / np.sqrt(3), abs=1e-9)  # charges of 0.5 in all, not 0


def test_ions_of_a_pair():
    """A stretch of charges +-q with reduced mass mu absorbs q^2/mu."""
    pair = Cluster(symbols=("Na", "K"), positions=[[0, 0, 0], [0, 0, 6.0]])
    found = infrared(vibrations(pair, Charged([0.8, -0.8]), masses=[23, 39]))
    mu = 23 * 39 / 62 * DALTON_ELECTRON_MASS
    assert found.strengths == pytest.approx([0.64 / mu], rel=1e-6)
    heavier = infrared(vibrations(pair, Charged([0.8, -0.8]), masses=[46, 78]))
    assert heavier.strengths == pytest.approx(found.strengths / 2, rel=1e-9)


def test_charge_does_not_depend_on_the_origin():
    cluster = replace(relax(TETRAHEDRON, LJ, fmax=1e-9).cluster, charge=1)
    charges = np.array([0.1, 0.4, 0.2, 0.3])
    first = infrared(vibrations(cluster, Charged(charges), step=0.01, symmetry_tolerance=0))
    there = cluster.at(cluster.positions + [20.0, 0, -3.0])
    second = infrared(vibrations(there, Charged(charges), step=0.01, symmetry_tolerance=0))
    assert second.vibrations.dipole_gradient == pytest.approx(first.vibrations.dipole_gradient, abs=1e-9)
    assert np.sort(second.strengths) == pytest.approx(np.sort(first.strengths), rel=1e-4)
    assert first.shift_residual == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("charge", [0, 1])
def test_symmetry_changes_nothing(charge):
    """With the operations of the rhombus three times fewer points, and the same dipole gradient."""
    cluster = replace(RHOMBUS, charge=charge, n_unpaired=charge)
    few, many = (vibrations(cluster, ORBITAL, symmetry_tolerance=s) for s in (1e-3, 0))
    assert few.n_force_calls < many.n_force_calls / 3
    assert few.dipole_gradient == pytest.approx(many.dipole_gradient, abs=3e-4)
    total = few.dipole_gradient.reshape(3, 4, 3).sum(axis=1)
    assert total == pytest.approx(charge * np.eye(3), abs=1e-3)


def test_homonuclear_dimer_does_not_absorb():
    pair = Cluster(symbols=("Na",) * 2, positions=[[0, 0, 0], [2.0, -1.0, 5.0]])
    found = infrared(vibrations(pair, Method(), symmetry_tolerance=0))
    assert found.strengths * INFRARED_KM_PER_MOL == pytest.approx([0.0], abs=1e-6)
    assert found.shift_residual < 1e-3


@pytest.fixture(scope="module", params=[0, 1])
def trimer(request):
    """Three atoms of two elements at a relaxed geometry, with vibrations and polarizability."""
    cluster = relax(replace(MIXED, charge=request.param), ORBITAL, fmax=1e-4).cluster
    return vibrations(cluster, ORBITAL), polarizability(cluster, ORBITAL)


def test_sum_rule(trimer):
    """sum_k |dd/dQ_k|^2 + translations + rotations = sum_A |dd/dR_A|^2/m_A (Crawford).

    A rotation by w changes d, about the centre of mass, by w x d.
    """
    vibration, response = trimer
    found, cluster, masses = infrared(vibration), vibration.cluster, vibration.masses
    by_atom = vibration.dipole_gradient.reshape(3, 3, 3)
    whole = np.sum(by_atom**2 / masses[:, None])
    centre = masses @ cluster.positions / masses.sum()
    ions = cluster.positions.mean(axis=0)
    d = response.dipole + cluster.charge * (ions - centre)
    moments, axes = np.linalg.eigh(inertia_tensor(cluster.positions, masses))
    turning = np.sum(np.cross(axes.T, d) ** 2 / moments[:, None])
    shifting = 3 * cluster.charge**2 / masses.sum()
    assert found.strengths.sum() + turning + shifting == pytest.approx(whole, rel=2e-3)
    assert turning > 1e-2 * whole


def test_translations_and_rotations_do_not_absorb(trimer):
    """Moved as a whole, d about the ions' centre stays and turns with the cluster."""
    vibration, response = trimer
    by_atom = vibration.dipole_gradient.reshape(3, 3, 3)
    charge, cluster = vibration.cluster.charge, vibration.cluster
    assert by_atom.sum(axis=1) == pytest.approx(charge * np.eye(3), abs=1e-3)
    x = cluster.positions - cluster.positions.mean(axis=0)
    for axis in np.eye(3):
        turned = np.einsum("dix,ix->d", by_atom, np.cross(axis, x))
        assert turned == pytest.approx(np.cross(axis, response.dipole), abs=0.03)  # the grid


def test_against_forces_in_a_field(trimer):
    vibration, response = trimer
    ours, theirs = infrared(vibration), infrared(vibration, response.dipole_gradient)
    assert theirs.shift_residual < 1e-9
    assert ours.strengths == pytest.approx(theirs.strengths, rel=0.01, abs=2e-3 * ours.strengths.max())


def test_against_dipoles_along_the_strongest_mode(trimer):
    vibration, _ = trimer
    found, cluster = infrared(vibration), vibration.cluster
    k = int(np.argmax(found.strengths))
    moves = vibration.modes[k] / np.sqrt(vibration.masses)[:, None]
    step = 0.02 / np.abs(moves).max()
    start = solve_scf(cluster, ORBITAL).fit_coefficients
    there = [cluster.at(cluster.positions + sign * step * moves) for sign in (1, -1)]
    plus, minus = (dipole_moment(solve_scf(c, ORBITAL, restart=start), np.zeros(3)) for c in there)
    assert found.slopes[k] == pytest.approx((plus - minus) / (2 * step), rel=5e-3, abs=1e-5)


def test_rotation_and_renumbering():
    cluster = relax(MIXED, Method(), fmax=1e-4).cluster
    moved, _, _ = rearranged(cluster)
    first, second = (infrared(vibrations(c, Method(grid="fine"))) for c in (cluster, moved))
    assert second.strengths == pytest.approx(first.strengths, rel=0.02, abs=0.01 * first.strengths.max())


def test_a_single_atom_does_not_vibrate():
    atom = Cluster(symbols=("Na",), positions=np.zeros((1, 3)))
    assert infrared(vibrations(atom, LJ)).strengths.size == 0


def test_no_dipoles_no_intensities():
    with pytest.raises(InputError, match="no dipoles"):
        infrared(vibrations(TETRAHEDRON, LJ))
