"""Energies and forces against PySCF's unrestricted Kohn-Sham with exact Coulomb and a fine grid."""

from functools import lru_cache

import numpy as np
import pytest
from pyscf_oracle import forces, unrestricted
from sodium import random_sodium, shape

from clusterdft.cluster import Cluster
from clusterdft.method import Method
from clusterdft.scf.solve_scf import solve_scf
from clusterdft.units import HARTREE_EV

DEFAULT = Method(pseudopotential="gth-pade-q1")
REFERENCE = Method(pseudopotential="gth-pade-q1", density="orbital", fitting="large", grid="fine")
MEV = 1e-3 / HARTREE_EV

CASES = [(1, 0, 0, 1), (2, 0, 0, 0), (3, 1, 0, 1), (3, 2, 1, 0), (4, 3, 0, 2), (4, 4, 1, 1)]
CASES += [pytest.param(5, 5, -1, 0, marks=pytest.mark.slow)]


@lru_cache
def oracle_energy(n, index, charge, unpaired):
    return unrestricted(random_sodium(n, index, charge=charge), unpaired).e_tot


@pytest.mark.parametrize(("n", "index", "charge", "unpaired"), CASES)
def test_reference_mode_agrees(n, index, charge, unpaired):
    ours = solve_scf(random_sodium(n, index, charge=charge, n_unpaired=unpaired), REFERENCE)
    assert ours.energy / n == pytest.approx(oracle_energy(n, index, charge, unpaired) / n, abs=1e-5)


@pytest.mark.parametrize(("n", "index", "charge", "unpaired"), CASES[1:])
def test_default_mode_binding_energies_agree(n, index, charge, unpaired):
    atom = Cluster(symbols=("Na",), positions=np.zeros((1, 3)))
    ours = solve_scf(random_sodium(n, index, charge=charge, n_unpaired=unpaired), DEFAULT).energy / n
    ours -= solve_scf(atom, DEFAULT).energy
    theirs = oracle_energy(n, index, charge, unpaired) / n - unrestricted(atom, 1).e_tot
    assert ours == pytest.approx(theirs, abs=MEV)


def test_default_forces_agree():
    cluster = random_sodium(4, 6, n_unpaired=0)
    ours = solve_scf(cluster, DEFAULT).forces
    assert ours == pytest.approx(forces(unrestricted(cluster, 0)), abs=1e-4)


def test_gradient_functional_agrees():
    cluster = shape(2, n_unpaired=0)
    method = Method(
        pseudopotential="gth-pade-q1", functional="pbe", density="orbital", fitting="large", grid="ultra"
    )
    theirs = unrestricted(cluster, 0, xc="pbe", grid_level=5).e_tot
    assert solve_scf(cluster, method).energy == pytest.approx(theirs, abs=2e-5)


@pytest.mark.slow
@pytest.mark.parametrize("n", range(6, 11))
@pytest.mark.parametrize("charge", [-1, 0, 1])
def test_reference_and_default_mode_agree_on_larger_clusters(n, charge):
    unpaired = (n - charge) % 2
    cluster = random_sodium(n, 10 + charge, charge=charge, n_unpaired=unpaired)
    theirs = unrestricted(cluster, unpaired).e_tot / n
    atom = Cluster(symbols=("Na",), positions=np.zeros((1, 3)))
    assert solve_scf(cluster, REFERENCE).energy / n == pytest.approx(theirs, abs=1e-5)
    ours = solve_scf(cluster, DEFAULT).energy / n - solve_scf(atom, DEFAULT).energy
    assert ours == pytest.approx(theirs - unrestricted(atom, 1).e_tot, abs=MEV)
