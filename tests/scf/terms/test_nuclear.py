"""Repulsion of the ions: by hand, and its gradient against differences."""

import numpy as np
import pytest
from differences import displaced, slope

from clusterdft.cluster import Cluster
from clusterdft.method import Method
from clusterdft.scf.resolve import resolve
from clusterdft.scf.setup import build_setup
from clusterdft.scf.terms import nuclear

CLUSTER = Cluster(symbols=("Mg", "Na", "Al"), positions=[[0, 0, 0], [6.0, 0.5, 0], [1.0, 5.0, 2.0]])
RESOLVED = resolve(Method(), CLUSTER.symbols)


def test_energy_of_unlike_charges():
    x = CLUSTER.positions
    r = [np.linalg.norm(x[i] - x[j]) for i, j in ((0, 1), (0, 2), (1, 2))]
    assert nuclear.energy(build_setup(CLUSTER, RESOLVED)) == pytest.approx(2 / r[0] + 6 / r[1] + 3 / r[2])


def test_gradient_is_the_derivative_of_the_energy():
    gradient = nuclear.gradient(build_setup(CLUSTER, RESOLVED))
    for atom in range(3):
        for axis in range(3):

            def energy(h, atom=atom, axis=axis):
                return nuclear.energy(build_setup(displaced(CLUSTER, atom, axis, h), RESOLVED))

            assert gradient[atom, axis] == pytest.approx(slope(energy, 1e-2), abs=1e-9)
    assert gradient.sum(axis=0) == pytest.approx(0.0, abs=1e-12)
