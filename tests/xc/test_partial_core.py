"""Partial cores: energies against a brute-force sum, derivatives against finite differences."""

import numpy as np
import pytest

from clusterdft.basis.shells import FitShells, fit_shells, orbital_shells
from clusterdft.grid import build_grid
from clusterdft.pseudo import Pseudopotential
from clusterdft.xc import get_functional
from clusterdft.xc.fitted_density import density_on_grid, fitted_density, xc_energy_and_potential, xc_gradient
from clusterdft.xc.partial_core import OrbitalCoreQuadrature, core_pull, core_sum_gradient, core_sums

SYMBOLS = ("Na", "K", "Na")
POSITIONS = np.array([[0.1, -0.2, 0.3], [6.4, 0.4, -0.5], [2.2, 5.0, 0.6]])
CORES = (
    ([0.506473, 1.082433], [0.017913, 0.396823]),
    ([0.2824, 0.5723], [0.01294, 0.28527]),
    ([0.9], [0.3]),
)
FIT = fit_shells(SYMBOLS, {"Na": [(2, 0.16), (1, 0.4)], "K": [(2, 0.13), (0, 0.3)]})


def pseudopotential(symbol, core):
    return Pseudopotential(
        symbol=symbol,
        z_valence=1,
        name="test",
        source="a test",
        core_alpha=[1.0],
        core_c=[1.0],
        partial_core_exponent=core[0],
        partial_core_coefficient=core[1],
    )


IONS = tuple(pseudopotential(symbol, core) for symbol, core in zip(SYMBOLS, CORES, strict=True))


def coefficients(nspin, seed=0):
    """One electron an atom; with two spins, two thirds of them up."""
    x = np.random.default_rng(seed).normal(size=(1, FIT.naux)) * 0.02
    x[:, FIT.offset[:-1]] = 0.5
    return x if nspin == 1 else np.array([[0.66], [0.34]]) * x


def sums(functional, positions=POSITIONS, level="coarse", ions=IONS):
    symbols = [ion.symbol for ion in ions]
    functional = get_functional(functional)
    return core_sums(functional, build_grid(symbols, positions, level), ions, positions, level)


def energy(parts, x, positions=POSITIONS, fit=FIT):
    return sum(xc_energy_and_potential(part.functional(), part.grid, fit, positions, x)[0] for part in parts)


def potential(parts, x):
    return sum(xc_energy_and_potential(part.functional(), part.grid, FIT, POSITIONS, x)[1] for part in parts)


def gradient(parts, x):
    return sum(core_sum_gradient(part, FIT, POSITIONS, x) for part in parts)


def fourth_order(function, step):
    return (8 * (function(1) - function(-1)) - (function(2) - function(-2))) / (12 * step)


def brute_force(functional, x, cores=POSITIONS):
    """The energy on a cubic lattice of points, spacing 0.3 bohr, valence and core added by hand."""
    spacing = 0.3
    axes = [np.arange(low, high, spacing) for low, high in ((-9, 16), (-9, 14), (-9, 9))]
    functional, total, slabs = get_functional(functional), 0.0, np.array_split(axes[0], 8)
    for slab in slabs:
        points = np.stack(np.meshgrid(slab, *axes[1:], indexing="ij"), axis=-1).reshape(-1, 3)
        rho, slope = fitted_density(FIT, POSITIONS, x, points, gradient=True)
        for position, ion in zip(cores, IONS, strict=True):
            away = points - position
            square = np.sum(away**2, axis=1)
            for a, c in zip(ion.partial_core_exponent, ion.partial_core_coefficient, strict=True):
                density = c * np.exp(-a * square)
                rho += density / len(x)
                slope += -2 * a * (away * density[:, None]).T / len(x)
        total += spacing**3 * functional.evaluate(rho, slope)[0].sum()
    return total


@pytest.mark.parametrize("functional", ["lda-pw", "pbe"])
@pytest.mark.parametrize("nspin", [1, 2])
def test_energy_against_a_brute_force_sum(functional, nspin):
    x = coefficients(nspin)
    expected = brute_force(functional, x)
    assert energy(sums(functional, level="ultra"), x) == pytest.approx(expected, abs=3e-6)
    assert energy(sums(functional, level="fine"), x) == pytest.approx(expected, abs=2e-5)


@pytest.mark.parametrize("functional", ["lda-pz", "pbe"])
@pytest.mark.parametrize("nspin", [1, 2])
def test_derivatives_are_exact_for_the_quadrature(functional, nspin):
    x, parts = coefficients(nspin), sums(functional)
    direction = np.random.default_rng(5).normal(size=x.shape) * 1e-2
    slope = fourth_order(lambda k: energy(parts, x + 1e-2 * k * direction), 1e-2)
    assert np.sum(potential(parts, x) * direction) == pytest.approx(slope, abs=1e-8)
    forces = gradient(parts, x)
    assert forces.sum(axis=0) == pytest.approx(0.0, abs=1e-11)
    for atom, axis in ((0, 0), (1, 2), (2, 1)):
        step = np.zeros((3, 3))
        step[atom, axis] = 1e-3

        def moved(k, step=step):
            positions = POSITIONS + k * step
            return energy(sums(functional, positions), x, positions)

        assert forces[atom, axis] == pytest.approx(fourth_order(moved, 1e-3), abs=1e-8)


@pytest.mark.parametrize("functional", ["lda-pz", "pbe"])
@pytest.mark.parametrize("nspin", [1, 2])
def test_orbital_densities(functional, nspin):
    shells = orbital_shells(SYMBOLS, {"Na": [(0, 0.06), (1, 0.1)], "K": [(0, 0.05), (0, 0.3)]})
    c = np.random.default_rng(3).normal(size=(nspin, shells.nao, 2)) * 0.4
    dm = np.einsum("sai,sbi->sab", c, c)

    def at(positions):
        return [OrbitalCoreQuadrature(part, shells, positions) for part in sums(functional, positions)]

    def total(quadratures, dm):
        return sum(part.energy_and_matrix(dm)[0] for part in quadratures)

    here = at(POSITIONS)
    matrix = sum(part.energy_and_matrix(dm)[1] for part in here)
    change = np.random.default_rng(2).normal(size=dm.shape)
    change = 1e-2 * (change + change.transpose(0, 2, 1))
    slope = fourth_order(lambda k: total(here, dm + 1e-2 * k * change), 1e-2)
    assert np.sum(matrix * change) == pytest.approx(slope, abs=1e-8)
    forces = sum(part.gradient(dm) for part in here)
    for atom, axis in ((0, 0), (1, 2)):
        step = np.zeros((3, 3))
        step[atom, axis] = 1e-3
        slope = fourth_order(lambda k, step=step: total(at(POSITIONS + k * step), dm), 1e-3)
        assert forces[atom, axis] == pytest.approx(slope, abs=1e-8)


@pytest.mark.parametrize("functional", ["lda-pz", "pbe"])
@pytest.mark.parametrize("nspin", [1, 2])
def test_explicit_gradient_is_that_at_fixed_valence_densities(functional, nspin):
    x, parts = coefficients(nspin), sums(functional)
    densities = [density_on_grid(part.base, part.grid, FIT, POSITIONS, x) for part in parts]

    def total(positions):
        there = sums(functional, positions)
        energies = (
            part.grid.weights @ part.functional().evaluate(*held)[0]
            for part, held in zip(there, densities, strict=True)
        )
        return sum(energies)

    gradient = sum(
        part.explicit_gradient(POSITIONS, *held) for part, held in zip(parts, densities, strict=True)
    )
    for atom, axis in ((0, 0), (1, 2), (2, 1)):
        step = np.zeros((3, 3))
        step[atom, axis] = 1e-3
        slope = fourth_order(lambda k, step=step: total(POSITIONS + k * step), 1e-3)
        assert gradient[atom, axis] == pytest.approx(slope, abs=1e-8)


def test_weight_gradient_of_the_quadrature_around_the_cores():
    around = sums("lda-pz")[1].grid
    f = np.random.default_rng(7).normal(size=len(around.weights))
    gradient = around.weight_gradient(POSITIONS, f)
    assert gradient.sum(axis=0) == pytest.approx(0.0, abs=1e-9)
    for atom, axis in ((0, 1), (2, 0)):
        step = np.zeros((3, 3))
        step[atom, axis] = 1e-3
        slope = fourth_order(
            lambda k, step=step: f @ sums("lda-pz", POSITIONS + k * step)[1].grid.weights, 1e-3
        )
        assert gradient[atom, axis] == pytest.approx(slope, rel=1e-7, abs=1e-8)


@pytest.mark.parametrize(
    ("functional", "nspin", "atom", "axis"), [("lda-pz", 1, 0, 0), ("lda-pz", 2, 0, 2), ("pbe", 1, 1, 1)]
)
def test_core_pull_is_what_moving_the_cores_alone_does(functional, nspin, atom, axis):
    x, around = coefficients(nspin), sums(functional, level="ultra")[1]
    pull = core_pull(around, POSITIONS, *density_on_grid(around.base, around.grid, FIT, POSITIONS, x))
    step = np.zeros((3, 3))
    step[atom, axis] = 0.02
    ends = [brute_force(functional, x, POSITIONS + sign * step) for sign in (1, -1)]
    assert pull[atom, axis] == pytest.approx((ends[0] - ends[1]) / 0.04, abs=1e-5)


def test_closed_shell_is_two_equal_spins():
    x, parts = coefficients(1), sums("lda-pz")
    halves = np.repeat(x / 2, 2, axis=0)
    assert energy(parts, x) == pytest.approx(energy(parts, halves), rel=1e-13)
    assert potential(parts, halves) == pytest.approx(np.repeat(potential(parts, x), 2, axis=0), abs=1e-13)


def test_no_core_has_no_sums_and_a_faint_one_changes_nothing():
    assert sums("lda-pz", ions=tuple(pseudopotential(s, ([], [])) for s in SYMBOLS)) == ()
    x = coefficients(2)
    faint = sums("lda-pz", ions=tuple(pseudopotential(s, ([0.5, 1.1], [1e-13, 1e-13])) for s in SYMBOLS))
    functional, grid = get_functional("lda-pz"), build_grid(SYMBOLS, POSITIONS, "coarse")
    bare, v = xc_energy_and_potential(functional, grid, FIT, POSITIONS, x)
    assert energy(faint, x) == pytest.approx(bare, abs=1e-11)
    assert potential(faint, x) == pytest.approx(v, abs=1e-9)
    assert gradient(faint, x) == pytest.approx(xc_gradient(functional, grid, FIT, POSITIONS, x), abs=1e-9)


def test_only_some_atoms_with_a_core():
    x = coefficients(1)
    ions = (IONS[0], pseudopotential("K", ([], [])), pseudopotential("Na", ([0.9], [1e-13])))
    alone = (IONS[0], pseudopotential("K", ([], [])), pseudopotential("Na", ([], [])))
    assert energy(sums("lda-pz", ions=ions), x) == pytest.approx(
        energy(sums("lda-pz", ions=alone), x), abs=1e-11
    )


def test_translation_and_permutation():
    x = coefficients(2)
    expected = energy(sums("lda-pz"), x)
    shifted = POSITIONS + np.array([3.0, -20.0, 1.0])
    assert energy(sums("lda-pz", shifted), x, shifted) == pytest.approx(expected, abs=1e-11)
    order = np.array([2, 0, 1])
    fit = FitShells(atom=np.argsort(order)[FIT.atom], lmax=FIT.lmax, exponent=FIT.exponent)
    permuted = sums("lda-pz", POSITIONS[order], ions=tuple(IONS[k] for k in order))
    assert energy(permuted, x, POSITIONS[order], fit) == pytest.approx(expected, abs=1e-11)


def test_far_atoms_are_single_atoms():
    fit = fit_shells(("Na", "Na"), {"Na": [(0, 0.1)]})
    one = FitShells(atom=fit.atom[:1], lmax=fit.lmax[:1], exponent=fit.exponent[:1])
    x, far = np.full((1, 2), 0.9), np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 60.0]])
    alone = sums("lda-pz", far[:1], ions=IONS[:1])
    pair = sums("lda-pz", far, ions=(IONS[0], IONS[0]))
    single = energy(alone, x[:, :1], far[:1], one)
    assert energy(pair, x, far, fit) == pytest.approx(2 * single, abs=1e-11)


def test_the_potential_of_an_empty_spin_hardly_depends_on_the_grid():
    """A gradient functional's diverges without density; where there is a core there is none of that."""
    x = coefficients(1)[[0, 0]] * np.array([[1.0], [0.0]])
    tight = FIT.offset[:-1][FIT.exponent >= 0.3]
    coarse, fine = (potential(sums("pbe", level=level), x)[1, tight] for level in ("default", "ultra"))
    assert coarse == pytest.approx(fine, abs=2e-3)
