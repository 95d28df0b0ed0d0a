"""Exchange and correlation of the fitted and of the orbital density: derivatives against differences."""

from dataclasses import replace

import numpy as np
import pytest
from differences import displaced, slope
from sodium import random_sodium

from clusterdft.integrals.coulomb import fit_gradient, fit_moments, fit_potential
from clusterdft.method import Method
from clusterdft.scf.resolve import resolve
from clusterdft.scf.setup import build_setup
from clusterdft.scf.solve_scf import solve_scf
from clusterdft.scf.start_densities import atomic_start
from clusterdft.scf.terms.exchange_correlation import EXCHANGE_CORRELATION

PLAIN = Method(grid="coarse")
METHODS = {
    "lda": PLAIN,
    "gradient functional": replace(PLAIN, functional="pbe"),
    "partial cores": replace(PLAIN, pseudopotential="bhs-core"),
    "partial cores, gradient functional": replace(PLAIN, pseudopotential="bhs-core", functional="pbe"),
}
CLUSTER = random_sodium(3, 3, n_unpaired=1)


@pytest.fixture(params=METHODS)
def method(request):
    return METHODS[request.param]


@pytest.fixture(scope="module")
def dm():
    """Density matrices of a doublet, so that densities are positive; they stay as they are."""
    return solve_scf(CLUSTER, PLAIN).dm


def setup_at(cluster, method):
    return build_setup(cluster, resolve(method, cluster.symbols))


def fit_of(setup, dm):
    """(nspin, naux) x of density matrices."""
    return setup.solve_metric(fit_moments(setup.pairs, dm, setup.fit, setup.positions))


@pytest.mark.parametrize("density", EXCHANGE_CORRELATION)
def test_gradient_is_the_derivative_at_fixed_density_matrices(dm, method, density):
    """With the part of the moments, for at fixed moments a moved fit has no positive density."""
    setup = setup_at(CLUSTER, method)
    term, x = EXCHANGE_CORRELATION[density](setup), fit_of(setup, dm)
    z = term.evaluate(dm, x).fit_potential
    gradient = term.gradient(dm, x, z) + sum(fit_gradient(setup.pairs, dm, z, setup.fit, setup.positions))
    for atom, axis in ((0, 0), (1, 1), (2, 2)):

        def energy(h, atom=atom, axis=axis):
            there = setup_at(displaced(CLUSTER, atom, axis, h), method)
            return EXCHANGE_CORRELATION[density](there).evaluate(dm, fit_of(there, dm)).energy

        assert gradient[atom, axis] == pytest.approx(slope(energy, 2e-3), abs=1e-8)


@pytest.mark.parametrize("density", EXCHANGE_CORRELATION)
def test_matrix_is_the_derivative_by_the_density_matrices(dm, method, density):
    setup = setup_at(CLUSTER, method)
    term = EXCHANGE_CORRELATION[density](setup)

    def evaluate(dm):
        return term.evaluate(dm, fit_of(setup, dm))

    part = evaluate(dm)
    matrix = part.matrix
    if matrix is None:
        matrix = fit_potential(setup.pairs, part.fit_potential, setup.fit, setup.positions)
    change = dm * np.random.default_rng(6).uniform(0.5, 1.0, size=dm.shape)
    change = change + change.transpose(0, 2, 1)
    numerical = slope(lambda h: evaluate(dm + h * change).energy, 1e-3)
    assert np.vdot(matrix, change) == pytest.approx(numerical, abs=1e-8)


@pytest.mark.parametrize("density", EXCHANGE_CORRELATION)
@pytest.mark.parametrize(("functional", "error"), [("lda-pz", 2e-6), ("pbe", 1e-5)])
def test_core_gradient_is_the_derivative_when_a_core_alone_moves(dm, density, functional, error):
    """That of an atom without functions in density and fit; the grid moves too, so it is a fine one."""
    method = replace(PLAIN, pseudopotential="bhs-core", functional=functional, grid="ultra")
    setup, alone = setup_at(CLUSTER, method), 2
    owner = np.repeat(setup.shells.atom, 2 * setup.shells.l + 1)
    dm = dm * (owner != alone) * (owner != alone)[:, None]
    x = atomic_start(setup, 1, 2) * (np.repeat(setup.fit.atom, np.diff(setup.fit.offset)) != alone)
    gradient = EXCHANGE_CORRELATION[density](setup).core_gradient(dm, x)
    for axis in range(3):

        def energy(h, axis=axis):
            there = setup_at(displaced(CLUSTER, alone, axis, h), method)
            return EXCHANGE_CORRELATION[density](there).evaluate(dm, x).energy

        assert gradient[alone, axis] == pytest.approx(slope(energy, 1e-2), abs=error)
    assert np.abs(gradient[alone]).max() > 1e-4


def test_without_cores_there_is_no_core_gradient(dm):
    setup = setup_at(CLUSTER, PLAIN)
    for term in EXCHANGE_CORRELATION.values():
        assert not term(setup).core_gradient(dm, fit_of(setup, dm)).any()
