"""Densities and orbitals at points against PySCF, and what they integrate to."""

from dataclasses import replace

import numpy as np
import pytest
from clusters import rearranged_result
from pyscf.dft import numint
from solved import ATOM, MIXED, RHOMBUS, TIGHT, TRIMER, molecule, solved

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.method import Method
from clusterdft.properties.density import (
    bonding_density,
    density,
    free_atoms,
    orbital,
    spin_density,
    superposed_density,
)
from clusterdft.properties.sampling import box_around
from clusterdft.scf.solve_scf import solve_scf

D_SHELLS = Method(basis="opt-4s3p1d", pseudopotential="bhs-core", tolerance=1e-8)
POINTS = np.random.default_rng(0).uniform(-8, 10, (7, 11, 3))


@pytest.mark.parametrize(("cluster", "method"), [(TRIMER, TIGHT), (MIXED, D_SHELLS)])
def test_against_pyscf(cluster, method):
    result = solved(cluster, method)
    mol = molecule(result)
    ao = mol.eval_gto("GTOval_sph", POINTS.reshape(-1, 3))
    up, down = (numint.eval_rho(mol, ao, dm).reshape(7, 11) for dm in result.dm)
    assert density(result, POINTS) == pytest.approx(up + down, abs=1e-12)
    assert spin_density(result, POINTS) == pytest.approx(np.sign(result.n_unpaired) * (up - down), abs=1e-12)
    one = (ao @ result.mo_coeff[1][:, 2]).reshape(7, 11)
    assert orbital(result, POINTS, 2, spin=1) == pytest.approx(one, abs=1e-12)


def test_densities_are_sums_of_orbitals():
    result = solved(TRIMER)
    filled = [(s, i) for s in (0, 1) for i in np.flatnonzero(result.occupation[s])]
    total = sum(result.occupation[s, i] * orbital(result, POINTS, i, s) ** 2 for s, i in filled)
    assert density(result, POINTS) == pytest.approx(total, abs=1e-12)


@pytest.mark.parametrize(("cluster", "charge"), [(TRIMER, 0), (RHOMBUS, 0), (TRIMER, 1)])
def test_integrals(cluster, charge):
    result = (
        solved(TRIMER)
        if charge == 0 and cluster is TRIMER
        else solve_scf(replace(cluster, charge=charge), TIGHT)
    )
    box = box_around(cluster)
    points, atoms = box.points, {"Na": solved(ATOM)}
    assert box.integrate(density(result, points)) == pytest.approx(cluster.natom - charge, abs=1e-4)
    assert box.integrate(spin_density(result, points)) == pytest.approx(abs(result.n_unpaired), abs=1e-4)
    assert box.integrate(bonding_density(result, points, atoms)) == pytest.approx(-charge, abs=2e-4)
    assert box.integrate(orbital(result, points, 0) ** 2) == pytest.approx(1, abs=1e-4)


def test_an_atom_has_no_bonds():
    atom = solved(ATOM)
    assert bonding_density(atom, POINTS) == pytest.approx(0 * POINTS[..., 0], abs=1e-9)


def test_bonds_fill_the_middle_of_a_dimer():
    pair = Cluster(symbols=("Na", "Na"), positions=[[0, 0, 0], [0, 0, 5.6]], n_unpaired=0)
    result = solve_scf(pair, TIGHT)
    middle, outside = bonding_density(result, np.array([[0, 0, 2.8], [0, 0, -6.0]]))
    assert middle > 5e-4 > 0 > outside


def test_open_p_shells_are_averaged_over_directions():
    """An aluminium atom's own density has a direction; that of its superposition must not."""
    method = Method(basis="opt-4s3p1d", pseudopotential="bhs-core")
    atom = solve_scf(Cluster(symbols=("Al",), positions=np.zeros((1, 3))), method)
    axes = 2.0 * np.eye(3)
    assert np.ptp(density(atom, axes)) > 1e-3
    assert np.ptp(superposed_density(atom, axes)) < 1e-10
    box = box_around(atom.cluster, spacing=0.4)
    assert box.integrate(superposed_density(atom, box.points, {"Al": atom})) == pytest.approx(3, abs=1e-3)


def test_a_closed_shell_has_no_spin():
    assert not spin_density(solved(RHOMBUS), POINTS).any()


def test_the_majority_is_positive():
    result = solved(TRIMER)
    turned_over = replace(
        result,
        n_unpaired=-result.n_unpaired,
        mo_coeff=result.mo_coeff[::-1],
        occupation=result.occupation[::-1],
    )
    assert spin_density(turned_over, POINTS) == pytest.approx(spin_density(result, POINTS), abs=1e-14)


@pytest.mark.parametrize(("cluster", "method"), [(TRIMER, TIGHT), (MIXED, D_SHELLS)])
def test_invariance(cluster, method):
    result = solved(cluster, method)
    moved, _, move = rearranged_result(result)
    atoms = free_atoms(result)
    for function in (density, spin_density, lambda r, p: bonding_density(r, p, atoms)):
        assert function(moved, move(POINTS)) == pytest.approx(function(result, POINTS), abs=1e-9)


def test_wrong_orbitals():
    with pytest.raises(InputError, match="spin below 1"):
        orbital(solved(RHOMBUS), POINTS, 0, spin=1)
    with pytest.raises(InputError, match="from 0 to"):
        orbital(solved(RHOMBUS), POINTS, -1)
