"""Partial cores in the self-consistent field: sodium with the core that its 2s and 2p electrons leave."""

from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest
from differences import displaced, force_difference, numerical_force, slope
from pyscf import dft
from pyscf_oracle import molecule
from scipy.integrate import quad
from scipy.spatial.transform import Rotation
from sodium import random_sodium, shape

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.method import Method
from clusterdft.pseudo import load_pseudopotential
from clusterdft.scf.energy_functional import EnergyFunctional
from clusterdft.scf.forces import forces
from clusterdft.scf.resolve import resolve
from clusterdft.scf.self_consistency import SelfConsistency
from clusterdft.scf.setup import build_setup
from clusterdft.scf.solve_scf import solve_scf
from clusterdft.scf.start_densities import atomic_start
from clusterdft.surfaces.kohn_sham import KohnShamSpec
from clusterdft.xc import get_functional

PARTIAL_CORE = "\n[partial_core]\nalpha = [0.506473, 1.082433]\nc = [0.017913, 0.396823]\n"
POTASSIUM = {"partial_core_exponent": [0.2824, 0.5723], "partial_core_coefficient": [0.01294, 0.28527]}


@pytest.fixture(scope="module")
def sodium(tmp_path_factory):
    """The shipped sodium potential with a partial core, as a method's pseudopotential."""
    path = tmp_path_factory.mktemp("pseudopotential") / "Na-core.toml"
    shipped = (files("clusterdft_pseudopotentials") / "bhs/lda/Na-q1.toml").read_text()
    path.write_text(shipped + PARTIAL_CORE)
    return str(path)


def core_energy(path, functional):
    """E_xc of the core alone, by radial quadrature."""
    core, e = load_pseudopotential("Na", path).partial_core, get_functional(functional).evaluate
    alpha = load_pseudopotential("Na", path).partial_core_exponent
    c = load_pseudopotential("Na", path).partial_core_coefficient

    def integrand(r):
        slope = np.sum(-2 * alpha * r * c * np.exp(-alpha * r * r))
        gradient = np.array([[[slope], [0.0], [0.0]]])
        return 4 * np.pi * r * r * e(np.array([[core(r)]]), gradient)[0][0]

    pieces = ((0, 0.67), (0.67, 2), (2, 9))  # Perdew and Zunger's fit has a step near 0.67, at r_s = 1
    return sum(quad(integrand, *piece, epsabs=1e-11, limit=200)[0] for piece in pieces)


STATES = {
    "free spin": (3, {}, {}),
    "cation": (2, {"charge": 1}, {}),
    "closed shell": (4, {"n_unpaired": 0}, {}),
    "quartet": (3, {"n_unpaired": 3}, {}),
    "fermi": (4, {}, {"occupation": "fermi", "width": 0.01}),
    "orbital density": (3, {}, {"density": "orbital", "grid": "coarse"}),
    "gradient functional": (3, {}, {"functional": "pbe", "grid": "coarse"}),
    "closed shell, gradient functional": (2, {}, {"functional": "pbe", "grid": "coarse"}),
    "orbital density, gradient functional": (
        2,
        {"charge": 1},
        {"functional": "pbe", "density": "orbital", "grid": "coarse"},
    ),
    "bare ions": (2, {"charge": 2}, {}),
}


@pytest.mark.parametrize("name", STATES)
def test_force_equals_finite_difference(sodium, name):
    n, state, options = STATES[name]
    method = Method(pseudopotential=sodium, tolerance=1e-8, **options)
    cluster = random_sodium(n, 3, **state)
    result = solve_scf(cluster, method)
    assert result.forces.sum(axis=0) == pytest.approx(0.0, abs=1e-9)
    for atom, axis in ((0, 0), (n - 1, 2)):
        numerical = numerical_force(cluster, method, atom, axis, result.fit_coefficients)
        assert result.forces[atom, axis] == pytest.approx(numerical, abs=1e-7)


@pytest.mark.parametrize("functional", ["lda-pz", "pbe"])
@pytest.mark.parametrize("density", ["fitted", "orbital"])
def test_force_on_unlike_cores(sodium, density, functional):
    method = Method(
        pseudopotential=sodium, density=density, functional=functional, grid="coarse", tolerance=1e-8
    )
    cluster = random_sodium(3, 5, n_unpaired=1)
    plain = load_pseudopotential("Na", sodium)
    ions = (plain, replace(plain, **POTASSIUM), load_pseudopotential("Na", "bhs"))

    def solved(shift):
        there = displaced(cluster, 1, 0, shift)
        setup = replace(build_setup(there, resolve(method, cluster.symbols)), pseudopotentials=ions)
        functional = EnergyFunctional(setup)
        *_, step = SelfConsistency(functional, 1).steps(atomic_start(setup, 1, 2))
        assert step.converged
        return step.energy, functional, step.evaluation

    numerical = -slope(lambda shift: solved(shift)[0], 2e-3)
    _, here, evaluation = solved(0.0)
    assert forces(here, evaluation)[0][1, 0] == pytest.approx(numerical, abs=1e-7)


def _density_matrix(result):
    """(nspin, nao, nao) of a result."""
    c = result.mo_coeff
    return (c * result.occupation[:, None, :]) @ c.transpose(0, 2, 1)


@pytest.mark.parametrize(
    ("functional", "grid", "tolerance"),
    [
        ("lda-pw", "default", 2e-6),
        ("lda-pw", "fine", 1e-7),
        ("pbe", "fine", 5e-7),
        ("lda-pz", "default", 2e-5),
    ],
)
def test_sodium_ion_has_the_energy_of_its_core(sodium, functional, grid, tolerance):
    """Perdew and Zunger's step at r_s = 1 is what their tolerance is for."""
    method = Method(pseudopotential=sodium, functional=functional, grid=grid)
    ion = solve_scf(Cluster(symbols=("Na",), positions=np.ones((1, 3)), charge=1), method)
    assert ion.energy == pytest.approx(core_energy(sodium, functional), abs=tolerance)
    assert ion.energy < -0.5
    assert np.max(np.abs(ion.forces)) < 1e-9
    assert ion.occupation.sum() == 0.0
    assert KohnShamSpec(method).atom_energy("Na", 1) == pytest.approx(ion.energy, abs=1e-9)


def test_without_a_core_a_bare_ion_has_no_energy_and_is_refused():
    assert KohnShamSpec(Method()).atom_energy("Na", 1) == 0.0
    with pytest.raises(InputError, match="leaves 0 valence electrons"):
        solve_scf(shape(1, charge=1), Method())


def test_too_few_electrons_are_refused(sodium):
    with pytest.raises(InputError, match=r"leaves -1 valence electrons.*at most \+1"):
        solve_scf(shape(1, charge=2), Method(pseudopotential=sodium))


def test_far_atoms_add_up(sodium):
    method = Method(pseudopotential=sodium, tolerance=1e-7)
    far = Cluster(symbols=("Na", "Na"), positions=[[0, 0, 0], [0, 0, 60.0]], n_unpaired=2)
    assert solve_scf(far, method).energy == pytest.approx(2 * solve_scf(shape(1), method).energy, abs=1e-6)


def test_turned_and_shifted_clusters(sodium):
    method, cluster = Method(pseudopotential=sodium), shape(4)
    turns = Rotation.random(3, rng=np.random.default_rng(1)).as_matrix()
    energies = [solve_scf(cluster.at(cluster.positions @ turn.T + 7.0), method).energy for turn in turns]
    assert np.ptp(energies) / 4 < 1e-5


@pytest.mark.parametrize("functional", ["lda-pz", "pbe"])
@pytest.mark.parametrize("cluster", [shape(2), shape(2, charge=1), shape(3)], ids=["Na2", "Na2+", "Na3"])
def test_default_grid(sodium, functional, cluster):
    def binding(level):
        method = Method(pseudopotential=sodium, grid=level, functional=functional)
        result = solve_scf(cluster, method)
        return result.energy / cluster.natom - solve_scf(shape(1), method).energy, result.forces

    (energy, force), (reference, best) = binding("default"), binding("fine")
    assert energy == pytest.approx(reference, abs=6e-6)
    assert force == pytest.approx(best, abs=5e-5)


@pytest.mark.parametrize("cluster", [shape(2), shape(2, charge=1)], ids=["Na2", "Na2+"])
def test_fitted_density_binds_like_the_orbital_density(sodium, cluster):
    def binding(density):
        method = Method(pseudopotential=sodium, density=density)
        return solve_scf(cluster, method).energy / 2 - solve_scf(shape(1), method).energy

    assert binding("fitted") == pytest.approx(binding("orbital"), abs=1e-5)  # 1 meV is 4e-5


def test_an_empty_spin_does_not_upset_a_gradient_functional(sodium):
    result = solve_scf(shape(2, charge=1), Method(pseudopotential=sodium, functional="pbe"))
    assert result.n_unpaired == pytest.approx(1.0)
    assert result.mo_energy[1, 0] == pytest.approx(-0.300, abs=2e-3)  # the same on every grid


def test_restart_and_hellmann_feynman_forces(sodium):
    method = Method(pseudopotential=sodium, forces="hellmann-feynman")
    first = solve_scf(shape(3), method)
    again = solve_scf(shape(3), method, restart=first.fit_coefficients)
    assert again.energy == pytest.approx(first.energy, abs=1e-7)
    assert again.n_iterations < first.n_iterations
    assert 1e-5 < force_difference(first) < 3e-3


def test_hellmann_feynman_force_approaches_the_total_one_in_a_larger_basis(sodium):
    def gap(basis):
        result = solve_scf(shape(2, charge=1), Method(pseudopotential=sodium, basis=basis))
        return force_difference(result)

    assert gap("even-6s5p3d") < 0.3 * gap("paper-3s2p")


@pytest.mark.parametrize(("functional", "code"), [("lda-pz", "lda,pz"), ("pbe", "pbe")])
@pytest.mark.parametrize(
    ("cluster", "unpaired"), [(shape(2), 0), (shape(3), 1)], ids=["closed shell", "doublet"]
)
def test_energy_against_pyscf(sodium, functional, code, cluster, unpaired):
    """PySCF's quadrature of our orbitals' density and the core, on its own all-electron grid."""
    method = Method(pseudopotential=sodium, functional=functional, density="orbital", grid="fine")
    result = solve_scf(replace(cluster, n_unpaired=unpaired), method)
    dm = _density_matrix(result)
    dm = dm if len(dm) == 2 else np.repeat(dm / 2, 2, axis=0)
    mol = molecule(cluster, unpaired, "paper-3s2p")
    grids = dft.gen_grid.Grids(mol)
    grids.level = 6
    grids.build()
    numint = dft.numint.NumInt()
    ao = numint.eval_ao(mol, grids.coords, deriv=1)
    rho = np.array([numint.eval_rho(mol, ao, one, xctype="GGA") for one in dm])
    ion = load_pseudopotential("Na", sodium)
    for position in cluster.positions:
        away = grids.coords - position
        r2 = np.sum(away**2, axis=1)[:, None]
        terms = ion.partial_core_coefficient * np.exp(-ion.partial_core_exponent * r2)
        rho[:, 0] += terms.sum(axis=1) / 2
        rho[:, 1:] -= (away * (terms @ ion.partial_core_exponent)[:, None]).T
    rho = rho[:, 0] if code == "lda,pz" else rho
    per_electron = dft.libxc.eval_xc(code, rho, spin=1)[0]
    density = rho.sum(axis=0) if rho.ndim == 2 else rho[:, 0].sum(axis=0)
    expected = grids.weights @ (per_electron * density)
    assert result.energies["exchange_correlation"] == pytest.approx(expected, abs=2e-5 * cluster.natom)
