"""Functionals: against libxc, finite differences and exact limits."""

import numpy as np
import pytest
from pyscf.dft import libxc

from clusterdft.errors import InputError
from clusterdft.xc import FUNCTIONALS, get_functional

NAMES = [*FUNCTIONALS, "LDA_X,LDA_C_PZ", "gga_x_b88,gga_c_p86"]


def densities(nspin, ngrid=200, seed=0):
    """Spin densities over the range of a cluster, and gradients."""
    rng = np.random.default_rng(seed)
    rho = np.exp(rng.uniform(np.log(1e-4), np.log(0.5), (nspin, ngrid)))
    return rho, rho[:, None, :] * rng.normal(size=(nspin, 3, ngrid))


@pytest.mark.parametrize("nspin", [1, 2])
def test_perdew_zunger_is_that_of_libxc(nspin):
    rng = np.random.default_rng(1)
    # nearly full polarisation is left out: libxc loses digits of 1 - zeta there
    rho = np.exp(rng.uniform(np.log(1e-9), np.log(10.0), 1000)) * rng.uniform(0.05, 1.0, (nspin, 1000))
    packed = rho[0] if nspin == 1 else (rho[0], rho[1])
    per_electron, (v, *_) = libxc.eval_xc("LDA_X,LDA_C_PZ", packed, spin=nspin - 1, deriv=1)[:2]
    ours, v_ours, v_gradient = get_functional("lda-pz").evaluate(rho, None)
    assert v_gradient is None
    assert ours == pytest.approx(per_electron * rho.sum(axis=0), rel=2e-13)
    assert v_ours == pytest.approx(v.reshape(-1, nspin).T, abs=2e-13)


@pytest.mark.parametrize("name", NAMES)
def test_two_equal_spins_are_a_closed_shell(name):
    functional = get_functional(name)
    rho, gradient = densities(1)
    if not functional.needs_gradient:
        gradient = None
    half = None if gradient is None else np.repeat(gradient / 2, 2, axis=0)
    energy, v, v_gradient = functional.evaluate(rho, gradient)
    energies, vs, v_gradients = functional.evaluate(np.repeat(rho / 2, 2, axis=0), half)
    assert energies == pytest.approx(energy, rel=1e-11)
    assert vs == pytest.approx(np.repeat(v, 2, axis=0), rel=1e-9)
    if gradient is not None:
        assert v_gradients == pytest.approx(np.repeat(v_gradient, 2, axis=0), rel=1e-8, abs=1e-11)


@pytest.mark.parametrize("nspin", [1, 2])
@pytest.mark.parametrize("name", NAMES)
def test_potentials_are_derivatives(name, nspin):
    functional = get_functional(name)
    rho, gradient = densities(nspin, seed=2)
    if not functional.needs_gradient:
        gradient = None
    _, v, v_gradient = functional.evaluate(rho, gradient)
    for s in range(nspin):
        step = np.zeros_like(rho)
        step[s] = 1e-4 * rho[s]
        change = functional.evaluate(rho + step, gradient)[0] - functional.evaluate(rho - step, gradient)[0]
        assert change / (2 * step[s]) == pytest.approx(v[s], rel=1e-5, abs=1e-7)
        for axis in range(3) if gradient is not None else ():
            step = np.zeros_like(gradient)
            step[s, axis] = 1e-4 * rho[s]
            change = (
                functional.evaluate(rho, gradient + step)[0] - functional.evaluate(rho, gradient - step)[0]
            )
            assert change / (2 * step[s, axis]) == pytest.approx(v_gradient[s, axis], rel=1e-5, abs=1e-7)


def test_empty_spin_feels_the_limit_of_full_polarisation():
    evaluate = get_functional("lda-pz").evaluate
    for total in (1e-3, 0.5):  # r_s above and below one
        _, empty, _ = evaluate(np.array([[total], [0.0]]))
        _, nearly, _ = evaluate(np.array([[total], [1e-26]]))
        assert empty[1, 0] < -0.01
        assert empty == pytest.approx(nearly, abs=1e-7)
        swapped = evaluate(np.array([[0.0], [total]]))[1]
        assert swapped[::-1] == pytest.approx(empty, abs=1e-15)


@pytest.mark.parametrize("name", ["lda-pz", "pbe", "blyp"])
def test_no_density_no_energy(name):
    functional = get_functional(name)
    rho = np.array([[0.0, -1e-3, 1e-30], [0.0, -1e-5, 0.0]])
    gradient = np.full((2, 3, 3), 0.1) if functional.needs_gradient else None
    for values in functional.evaluate(rho, gradient):
        assert values is None or np.all(values == 0.0)


@pytest.mark.parametrize("name", ["lda-pz", "lda-pw"])
def test_a_negative_spin_density_counts_as_none(name):
    evaluate = get_functional(name).evaluate
    energy, v, _ = evaluate(np.array([[2e-3, -1e-4], [-1e-4, 2e-3]]))
    empty_energy, empty_v, _ = evaluate(np.array([[2e-3, 0.0], [0.0, 2e-3]]))
    assert energy == pytest.approx(empty_energy, rel=1e-14)
    assert v == pytest.approx(empty_v * np.eye(2), rel=1e-14)  # the energy does not depend on how negative


def test_high_density_limit_is_slater_exchange():
    energy, _, _ = get_functional("lda-pz").evaluate(np.array([[1e9]]))
    assert energy[0] == pytest.approx(-0.75 * (3 / np.pi) ** (1 / 3) * 1e12, rel=1e-3)


@pytest.mark.parametrize("name", ["b3lyp", "tpss", "scan", "pbe0", "wb97x_v"])
def test_hybrids_and_meta_gradients_are_refused(name):
    with pytest.raises(InputError, match=r"allowed|unknown"):
        get_functional(name)


def test_unknown_name_lists_the_nearest():
    with pytest.raises(InputError, match="pbe"):
        get_functional("pbee")
