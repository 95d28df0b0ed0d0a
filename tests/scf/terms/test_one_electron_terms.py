"""Each term that is linear in the density matrix: its gradient against differences of its own energy."""

import numpy as np
import pytest
from differences import displaced, slope
from sodium import random_sodium

from clusterdft.method import Method
from clusterdft.scf.resolve import resolve
from clusterdft.scf.setup import build_setup
from clusterdft.scf.terms import IN_A_FIELD, ONE_ELECTRON

FIELD = np.array([0.002, -0.003, 0.001])
TERMS = ONE_ELECTRON | IN_A_FIELD
# pseudopotentials with semilocal channels and with local Gaussians and projectors; d functions
METHODS = {
    "bhs": Method(),
    "gth": Method(pseudopotential="gth-pade-q1"),
    "d functions": Method(basis="opt-4s3p1d"),
}
CASES = [(term, method) for term in TERMS for method in METHODS if (term, method) != ("local", "bhs")]
CASES.remove(("local", "d functions"))  # these pseudopotentials have no local Gaussians, see below


def setup_at(cluster, method):
    return build_setup(cluster, resolve(method, cluster.symbols), FIELD)


def density_matrix(setup, atoms):
    """Any symmetric matrix over the functions of some atoms."""
    owner = np.repeat(setup.shells.atom, 2 * setup.shells.l + 1)
    dm = np.random.default_rng(4).normal(size=2 * (setup.shells.nao,)) * np.isin(owner, atoms)
    dm *= np.isin(owner, atoms)[:, None]
    return dm + dm.T


@pytest.fixture
def cluster():
    return random_sodium(4, 3, charge=1)


@pytest.mark.parametrize(("name", "method"), CASES)
def test_gradient_is_the_derivative_of_the_energy(cluster, name, method):
    term, method = TERMS[name], METHODS[method]
    setup = setup_at(cluster, method)
    dm = density_matrix(setup, atoms=range(cluster.natom))
    gradient = sum(term.gradient(setup, dm))
    assert np.abs(gradient).max() > 1e-3
    for atom, axis in ((0, 0), (1, 1), (2, 2), (3, 0)):

        def energy(h, atom=atom, axis=axis):
            return np.vdot(dm, term.matrix(setup_at(displaced(cluster, atom, axis, h), method)))

        assert gradient[atom, axis] == pytest.approx(slope(energy, 1e-2), abs=3e-8)


@pytest.mark.parametrize(("name", "method"), CASES)
def test_the_operator_moves_with_an_atom_that_has_no_part_in_the_density(cluster, name, method):
    """The two parts of a gradient apart: without functions on an atom, only its operator is left."""
    term, method, alone = TERMS[name], METHODS[method], 3
    setup = setup_at(cluster, method)
    dm = density_matrix(setup, atoms=[atom for atom in range(cluster.natom) if atom != alone])
    orbitals, operator = term.gradient(setup, dm)
    assert orbitals[alone] == pytest.approx(0.0, abs=1e-12)

    def energy(h):
        return np.vdot(dm, term.matrix(setup_at(displaced(cluster, alone, 1, h), method)))

    assert operator[alone, 1] == pytest.approx(slope(energy, 1e-2), abs=3e-8)


@pytest.mark.parametrize("name", TERMS)
def test_a_shift_of_the_whole_cluster_changes_nothing(cluster, name):
    setup = setup_at(cluster, METHODS["gth"])
    gradient = sum(TERMS[name].gradient(setup, density_matrix(setup, atoms=range(cluster.natom))))
    assert gradient.sum(axis=0) == pytest.approx(0.0, abs=1e-9)


def test_no_local_gaussians_no_energy(cluster):
    setup = setup_at(cluster, METHODS["bhs"])
    dm = density_matrix(setup, atoms=range(cluster.natom))
    assert not ONE_ELECTRON["local"].matrix(setup).any()
    assert not np.any(ONE_ELECTRON["local"].gradient(setup, dm))
