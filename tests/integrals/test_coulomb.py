import numpy as np
import pytest
from libcint_oracle import three_index, two_index

from clusterdft.basis.shells import fit_shells, orbital_shells
from clusterdft.errors import InputError
from clusterdft.integrals.coulomb import (
    fit_gradient,
    fit_metric,
    fit_moments,
    fit_potential,
    metric_gradient,
)
from clusterdft.integrals.interaction_kernel import interaction_kernel
from clusterdft.integrals.pairs import make_pairs

OPERATORS = pytest.mark.parametrize("operator", ["coulomb", "overlap"])
SYMBOLS = ["Na", "K", "Na", "Na"]
POSITIONS = np.random.default_rng(0).normal(size=(4, 3)) * 3
ORBITALS = {
    "sp": {"Na": [(0, 0.03), (0, 0.4), (1, 0.09), (1, 0.63)], "K": [(1, 0.05), (0, 0.2)]},
    "spd": {"Na": [(0, 0.03), (1, 0.3), (2, 0.2)], "K": [(2, 0.6), (0, 0.2)]},
}
FIT = fit_shells(SYMBOLS, {"Na": [(2, 0.1), (0, 0.9), (1, 0.5)], "K": [(3, 0.3), (2, 1.6)]})
BASES = pytest.mark.parametrize("basis", ["sp", "spd"])


def case(basis, nset=2, fit=FIT):
    shells = orbital_shells(SYMBOLS, ORBITALS[basis])
    rng = np.random.default_rng(7)
    dm = rng.normal(size=(nset, shells.nao, shells.nao))
    return shells, dm, rng.normal(size=(nset, fit.naux))


def difference(function, step=2e-3):
    """(natom, 3) fourth-order central differences of function(displacement)."""
    gradient = np.zeros_like(POSITIONS)
    for place in np.ndindex(*POSITIONS.shape):
        h = np.zeros_like(POSITIONS)
        h[place] = step
        e = [function(k * h) for k in (-2, -1, 1, 2)]
        gradient[place] = (e[0] - 8 * e[1] + 8 * e[2] - e[3]) / (12 * step)
    return gradient


@BASES
@pytest.mark.parametrize(("operator", "name"), [("coulomb", "int3c2e"), ("overlap", "int3c1e")])
def test_moments_and_potential_against_libcint(basis, operator, name):
    shells, dm, coefficients = case(basis)
    moved = POSITIONS + 0.3
    integrals = three_index(name, shells, FIT, POSITIONS, moved)
    pairs = make_pairs(shells, POSITIONS, cutoff=1e-20)
    moments = fit_moments(pairs, dm, FIT, moved, operator=operator)
    potential = fit_potential(pairs, coefficients, FIT, moved, operator=operator)
    scale = np.abs(integrals).max()
    np.testing.assert_allclose(
        moments, np.einsum("sab,abk->sk", dm, integrals), rtol=1e-10, atol=1e-12 * scale
    )
    np.testing.assert_allclose(
        potential, np.einsum("sk,abk->sab", coefficients, integrals), rtol=1e-10, atol=1e-12 * scale
    )


def test_sixth_degree_fitting_functions():
    fit = fit_shells(SYMBOLS, {"Na": [(6, 0.8)], "K": [(5, 0.4)]})
    shells, _, coefficients = case("spd", nset=1, fit=fit)
    integrals = three_index("int3c1e", shells, fit, POSITIONS, POSITIONS)
    pairs = make_pairs(shells, POSITIONS, cutoff=1e-20)
    potential = fit_potential(pairs, coefficients, fit, POSITIONS, operator="overlap")
    expected = np.einsum("sk,abk->sab", coefficients, integrals)
    np.testing.assert_allclose(potential, expected, atol=2e-10 * np.abs(expected).max())


def test_error_function_core_against_libcint():
    from pyscf.gto.moleintor import getints

    from clusterdft.integrals.one_electron import libcint_tables

    shells, _, _ = case("spd")
    atm, bas, env = libcint_tables(shells, POSITIONS)
    env[4:7], env[7] = POSITIONS[1], 1.7  # the origin and the exponent of the charge
    core = fit_shells(["Na"], {"Na": [(0, 1.7)]})
    potential = fit_potential(make_pairs(shells, POSITIONS), np.ones((1, 1)), core, POSITIONS[1:2])
    np.testing.assert_allclose(potential[0], getints("int1e_rinv_sph", atm, bas, env), atol=1e-11)


@pytest.mark.parametrize(("operator", "name"), [("coulomb", "int2c2e"), ("overlap", "int1e_ovlp")])
@pytest.mark.parametrize("fit", [FIT, fit_shells(SYMBOLS, {"Na": [(2, 0.1), (2, 0.9)], "K": [(2, 0.3)]})])
def test_metric_against_libcint(operator, name, fit):
    metric = fit_metric(fit, POSITIONS, operator=operator)
    np.testing.assert_allclose(metric, two_index(name, fit, POSITIONS), rtol=1e-9, atol=1e-13)
    np.testing.assert_allclose(metric, metric.T, rtol=1e-11, atol=1e-14)


def test_long_distances_against_libcint():
    shells, _, coefficients = case("sp", nset=1)
    integrals = three_index("int3c2e", shells, FIT, POSITIONS, POSITIONS * 8)
    potential = fit_potential(make_pairs(shells, POSITIONS, cutoff=1e-20), coefficients, FIT, POSITIONS * 8)
    expected = np.einsum("sk,abk->sab", coefficients, integrals)
    np.testing.assert_allclose(potential, expected, atol=1e-12 * np.abs(expected).max())


@OPERATORS
@BASES
def test_gradient_by_finite_differences(basis, operator):
    shells, dm, coefficients = case(basis)

    def energy(positions, fit_positions):
        pairs = make_pairs(shells, positions, cutoff=1e-20)
        return np.sum(dm * fit_potential(pairs, coefficients, FIT, fit_positions, operator=operator))

    pairs = make_pairs(shells, POSITIONS, cutoff=1e-20)
    orbital, fitting = fit_gradient(pairs, dm, coefficients, FIT, POSITIONS, operator=operator)
    np.testing.assert_allclose(orbital, difference(lambda d: energy(POSITIONS + d, POSITIONS)), atol=1e-8)
    np.testing.assert_allclose(fitting, difference(lambda d: energy(POSITIONS, POSITIONS + d)), atol=1e-8)
    np.testing.assert_allclose((orbital + fitting).sum(axis=0), 0, atol=1e-11)


@OPERATORS
def test_metric_gradient_by_finite_differences(operator):
    left, right = np.random.default_rng(3).normal(size=(2, FIT.naux))
    gradient = metric_gradient(FIT, POSITIONS, left, right, operator=operator)
    expected = difference(lambda d: left @ fit_metric(FIT, POSITIONS + d, operator=operator) @ right)
    np.testing.assert_allclose(gradient, expected, atol=1e-8)
    np.testing.assert_allclose(gradient.sum(axis=0), 0, atol=1e-11)


def test_sets_do_not_mix():
    shells, dm, coefficients = case("spd")
    pairs = make_pairs(shells, POSITIONS)
    together = fit_moments(pairs, dm, FIT, POSITIONS), fit_potential(pairs, coefficients, FIT, POSITIONS)
    for s in range(2):
        one = slice(s, s + 1)
        np.testing.assert_allclose(fit_moments(pairs, dm[one], FIT, POSITIONS), together[0][one], rtol=1e-12)
        alone = fit_potential(pairs, coefficients[one], FIT, POSITIONS)
        np.testing.assert_allclose(alone, together[1][one], atol=1e-13)


def test_read_only_input_needs_no_second_compilation():
    shells, dm, coefficients = case("sp")
    positions = POSITIONS.copy()
    for array in (dm, coefficients, positions):
        array.setflags(write=False)
    pairs = make_pairs(shells, positions)
    fit_moments(pairs, dm, FIT, positions)
    fit_potential(pairs, coefficients[:1], FIT, positions)
    fit_gradient(pairs, dm, coefficients, FIT, positions)
    fit_metric(FIT, positions)
    metric_gradient(FIT, positions, coefficients[0], coefficients[1])
    assert len(interaction_kernel.signatures) == 1


def test_unequal_numbers_of_sets_are_refused():
    shells, dm, coefficients = case("sp")
    with pytest.raises(InputError, match="2 density matrices but 1"):
        fit_gradient(make_pairs(shells, POSITIONS), dm, coefficients[:1], FIT, POSITIONS)
