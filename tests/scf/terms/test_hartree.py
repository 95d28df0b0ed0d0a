"""Hartree energy of the fitted density: matrix and gradient against differences of the energy."""

import numpy as np
import pytest
from differences import displaced, slope
from sodium import random_sodium

from clusterdft.integrals.coulomb import fit_gradient, fit_metric, fit_moments, fit_potential
from clusterdft.method import Method
from clusterdft.scf.resolve import resolve
from clusterdft.scf.setup import build_setup
from clusterdft.scf.terms import hartree

CLUSTER = random_sodium(3, 3)
RESOLVED = resolve(Method(), CLUSTER.symbols)


def density_matrix(setup):
    dm = np.random.default_rng(4).normal(size=2 * (setup.shells.nao,))
    return (dm + dm.T)[None]


def energy_of(cluster, dm):
    """E_H of a density matrix, its fit following the geometry."""
    setup = build_setup(cluster, RESOLVED)
    moments = fit_moments(setup.pairs, dm, setup.fit, setup.positions)
    return hartree.energy(setup.solve_metric(moments)[0], moments[0])


@pytest.fixture
def setup():
    return build_setup(CLUSTER, RESOLVED)


def test_metric_part_is_the_derivative_at_a_fixed_fit(setup):
    """Of -x.A.x / 2, the term's own part of the gradient."""
    x = np.random.default_rng(5).normal(size=setup.fit.naux)
    gradient = hartree.metric_part_of_gradient(setup, x)
    assert np.abs(gradient).max() > 1e-2
    for atom, axis in ((0, 0), (1, 1), (2, 2)):

        def energy(h, atom=atom, axis=axis):
            return -0.5 * x @ fit_metric(setup.fit, displaced(CLUSTER, atom, axis, h).positions) @ x

        assert gradient[atom, axis] == pytest.approx(slope(energy, 1e-2), rel=1e-6, abs=1e-8)


def test_gradient_is_the_derivative_at_a_fixed_density_matrix(setup):
    """With the part of the moments; the change of the fit does not count, for it is variational."""
    dm = density_matrix(setup)
    x = setup.solve_metric(fit_moments(setup.pairs, dm, setup.fit, setup.positions))
    gradient = sum(fit_gradient(setup.pairs, dm, x, setup.fit, setup.positions))
    gradient += hartree.metric_part_of_gradient(setup, x[0])
    for atom, axis in ((0, 0), (1, 1), (2, 2)):

        def energy(h, atom=atom, axis=axis):
            return energy_of(displaced(CLUSTER, atom, axis, h), dm)

        assert gradient[atom, axis] == pytest.approx(slope(energy, 1e-2), rel=1e-6, abs=1e-7)


def test_matrix_is_the_derivative_by_the_density_matrix(setup):
    dm = density_matrix(setup)
    x = setup.solve_metric(fit_moments(setup.pairs, dm, setup.fit, setup.positions))
    matrix = fit_potential(setup.pairs, x, setup.fit, setup.positions)
    change = np.random.default_rng(6).normal(size=dm.shape)
    change = change + change.transpose(0, 2, 1)
    numerical = slope(lambda h: energy_of(CLUSTER, dm + h * change), 0.1)
    assert np.vdot(matrix, change) == pytest.approx(numerical, rel=1e-9)
