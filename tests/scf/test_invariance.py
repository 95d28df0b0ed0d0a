"""The energy does not know where the cluster is, how it is turned, or how its atoms are numbered."""

import numpy as np
import pytest
from sodium import random_sodium, rotation, shape

from clusterdft.cluster import Cluster
from clusterdft.method import Method
from clusterdft.scf.solve_scf import solve_scf

METHOD = Method(tolerance=1e-8)


@pytest.fixture(scope="module")
def solved():
    cluster = random_sodium(5, 2)
    return cluster, solve_scf(cluster, METHOD)


def test_translation(solved):
    cluster, result = solved
    moved = solve_scf(cluster.at(cluster.positions + [3.1, -20.0, 7.7]), METHOD)
    assert moved.energy == pytest.approx(result.energy, abs=1e-8)
    assert moved.forces == pytest.approx(result.forces, abs=1e-7)


def test_permutation(solved):
    cluster, result = solved
    order = np.array([3, 0, 4, 1, 2])
    renumbered = solve_scf(cluster.at(cluster.positions[order]), METHOD)
    assert renumbered.energy == pytest.approx(result.energy, abs=1e-8)
    assert renumbered.forces == pytest.approx(result.forces[order], abs=1e-7)


@pytest.mark.parametrize("seed", range(4))
def test_rotation(solved, seed):
    cluster, result = solved
    turned = solve_scf(cluster.at(cluster.positions @ rotation(seed).T), METHOD)
    assert turned.energy / 5 == pytest.approx(result.energy / 5, abs=1e-5)
    assert turned.forces @ rotation(seed) == pytest.approx(result.forces, abs=1e-4)


def test_far_clusters_do_not_see_each_other():
    one = shape(4, n_unpaired=0)
    two = Cluster(
        symbols=("Na",) * 8,
        positions=np.vstack([one.positions, one.positions + [0, 0, 60.0]]),
        n_unpaired=0,
    )
    assert solve_scf(two, METHOD).energy == pytest.approx(2 * solve_scf(one, METHOD).energy, abs=1e-5)


def test_far_atoms_keep_their_spins():
    """With a free spin the broken bond ends in two polarised atoms, not in half-filled levels."""
    atom = Cluster(symbols=("Na",), positions=np.zeros((1, 3)))
    pair = Cluster(symbols=("Na",) * 2, positions=[[0, 0, 0], [60.0, 0, 0]])
    result = solve_scf(pair, METHOD)
    assert result.energy == pytest.approx(2 * solve_scf(atom, METHOD).energy, abs=1e-5)
    assert result.n_unpaired == pytest.approx(2, abs=1e-6)
