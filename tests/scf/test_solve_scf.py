"""The self-consistent field: convergence, restarts, spin outcomes, refusals."""

import pickle

import numpy as np
import pytest
from sodium import random_sodium, shape

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.method import Method
from clusterdft.scf.resolve import resolve
from clusterdft.scf.setup import build_setup
from clusterdft.scf.solve_scf import solve_scf

DEFAULT = Method()


def test_shipped_sodium_atom():
    """-0.193125 hartree: measured with exact Coulomb integrals and a fine grid in the paper's basis."""
    atom = Cluster(symbols=("Na",), positions=np.zeros((1, 3)))
    exact = Method(density="orbital", fitting="large", grid="fine")
    assert solve_scf(atom, exact).energy == pytest.approx(-0.193125, abs=2e-5)


@pytest.mark.parametrize("method", [Method(), Method(occupation="fermi", width=0.005)])
def test_energies_sum_up_and_electrons_are_kept(method):
    result = solve_scf(random_sodium(4, 0, charge=1), method)
    assert sum(result.energies.values()) == pytest.approx(result.energy, abs=1e-12)
    assert result.occupation.sum() == pytest.approx(3, abs=1e-10)
    overlap_weighted = np.trace(result.dm.sum(axis=0) @ _overlap(result.cluster))
    assert overlap_weighted == pytest.approx(3, abs=1e-10)


def test_a_result_is_small_and_survives_a_pickle():
    """Between processes and into stores: the numbers, and not what the method's names mean."""
    result = solve_scf(random_sodium(4, 0), DEFAULT)
    pickled = pickle.dumps(result)
    again = pickle.loads(pickled)
    assert np.array_equal(again.dm, result.dm)
    assert np.array_equal(again.shells.exponent, result.shells.exponent)
    assert again.z_valence.tolist() == [1.0] * 4
    assert len(pickled) < 2 * (result.mo_coeff.nbytes + result.fit_coefficients.nbytes) + 10_000


def _overlap(cluster):
    return build_setup(cluster, resolve(DEFAULT, cluster.symbols)).overlap


def test_free_spin_finds_the_ground_spin():
    assert solve_scf(shape(4), DEFAULT).n_unpaired == pytest.approx(0, abs=1e-8)
    assert solve_scf(shape(3), DEFAULT).n_unpaired == pytest.approx(1, abs=1e-8)
    tetrahedron = Cluster(
        symbols=("Na",) * 4, positions=3.2 * np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]])
    )
    free = solve_scf(tetrahedron, DEFAULT)
    fixed = {
        n: solve_scf(
            Cluster(symbols=("Na",) * 4, positions=tetrahedron.positions, n_unpaired=n), DEFAULT
        ).energy
        for n in (0, 2, 4)
    }
    assert free.energy == pytest.approx(min(fixed.values()), abs=1e-6)
    assert free.n_unpaired == pytest.approx(min(fixed, key=fixed.get), abs=1e-6)


def test_stretched_bond_breaks_the_symmetry_of_the_spins():
    """No unpaired electron, but one spin on each side: two polarised atoms."""
    atom = Cluster(symbols=("Na",), positions=np.zeros((1, 3)))
    pair = Cluster(symbols=("Na",) * 2, positions=[[0, 0, 0], [40.0, 0, 0]], n_unpaired=0)
    result = solve_scf(pair, DEFAULT)
    assert result.energy == pytest.approx(2 * solve_scf(atom, DEFAULT).energy, abs=1e-5)
    assert result.mo_energy.shape[0] == 2


def test_fixed_spin_is_kept():
    result = solve_scf(shape(4, n_unpaired=2), DEFAULT)
    assert result.occupation.sum(axis=1) == pytest.approx([3, 1])


def test_restart_gives_the_same_energy_in_fewer_iterations():
    cluster = random_sodium(6, 4)
    first = solve_scf(cluster, DEFAULT)
    near = cluster.at(cluster.positions + 0.02 * np.random.default_rng(0).normal(size=(6, 3)))
    fresh, restarted = solve_scf(near, DEFAULT), solve_scf(near, DEFAULT, restart=first.fit_coefficients)
    assert restarted.energy == pytest.approx(fresh.energy, abs=1e-8)
    assert restarted.n_iterations < 0.7 * fresh.n_iterations


def test_restart_of_other_atoms_is_refused():
    with pytest.raises(InputError, match="same atoms in the same method"):
        solve_scf(shape(4), DEFAULT, restart=solve_scf(shape(3), DEFAULT).fit_coefficients)


def test_bad_restart_falls_back_on_atoms():
    cluster = shape(4)
    good = solve_scf(cluster, DEFAULT)
    nonsense = np.random.default_rng(1).normal(size=good.fit_coefficients.shape)
    assert solve_scf(cluster, DEFAULT, restart=nonsense).energy == pytest.approx(good.energy, abs=1e-7)


def test_zero_width_extrapolation():
    """(E + free energy)/2 of a smeared gap-less cluster moves less with the width than the free energy."""
    cluster = shape(3, charge=0, n_unpaired=1)
    widths = (0.004, 0.012)
    results = [solve_scf(cluster, Method(occupation="fermi", width=w)) for w in widths]
    free = abs(results[0].energy - results[1].energy)
    assert abs(results[0].zero_width_energy - results[1].zero_width_energy) < free


def test_equal_fractions_keep_the_symmetry():
    """Three electrons in the trigonal trimer: the half-filled pair of levels stays degenerate."""
    triangle = Cluster(
        symbols=("Na",) * 3,
        positions=[[0, 0, 0], [6.1, 0, 0], [3.05, 6.1 * np.sqrt(0.75), 0]],
        n_unpaired=1,
    )
    result = solve_scf(triangle, Method(occupation="equal"))
    pair = result.mo_energy[0][1:3]
    assert pair[0] == pytest.approx(pair[1], abs=2e-4)
    radial = np.linalg.norm(result.forces, axis=1)
    assert radial == pytest.approx(np.full(3, radial[0]), abs=5e-5)


@pytest.mark.parametrize("index", range(8))
def test_random_starts_converge(index):
    """Stretched, irregular clusters with small gaps: the chain of methods must hold."""
    n = 7 + index % 4
    result = solve_scf(random_sodium(n, index, charge=(-1, 0, 1)[index % 3]), DEFAULT)
    assert result.residual < DEFAULT.tolerance


SYMMETRIC = {
    "tetrahedron": 3.2 * np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]),
    "square": np.array([[3, 3, 0], [3, -3, 0], [-3, 3, 0], [-3, -3, 0]]),
    "octahedron": 4.4 * np.vstack([np.eye(3), -np.eye(3)]),
}


@pytest.mark.parametrize("name", SYMMETRIC)
def test_degenerate_levels_share_electrons_at_zero_temperature(name):
    """A partly filled degenerate level: fractions, and the internal energy of a small width."""
    positions = SYMMETRIC[name]
    cluster = Cluster(symbols=("Na",) * len(positions), positions=positions, n_unpaired=0)
    result = solve_scf(cluster, Method(stability=False))
    filled = result.occupation[0]
    open_levels = result.mo_energy[0][(filled > 1e-3) & (filled < 1.999)]
    assert len(open_levels) in (2, 3)
    assert np.ptp(open_levels) < 2e-4
    smeared = solve_scf(cluster, Method(occupation="fermi", width=0.001, stability=False))
    internal = smeared.energy - smeared.energies["entropy"]
    assert result.energy == pytest.approx(internal, abs=2e-5)


def test_projected_gradient_finds_what_diis_finds(monkeypatch):
    from clusterdft.scf import self_consistency as steps

    cluster = random_sodium(6, 9, n_unpaired=0)
    method = Method(stability=False)
    usual = solve_scf(cluster, method)
    monkeypatch.setattr(steps, "DIIS_STEPS", 1)
    seen = []
    other = solve_scf(cluster, method, callback=seen.append)
    assert {step.stage for step in seen[1:]} == {"projected gradient"}
    assert other.energy == pytest.approx(usual.energy, abs=1e-8)


def test_unconverged_is_an_exception_with_the_last_step():
    with pytest.raises(ScfNotConverged, match="did not converge in") as caught:
        solve_scf(shape(4), Method(max_iterations=2))
    assert caught.value.last_step.iteration == 2
    assert not caught.value.last_step.converged


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"charge": 4}, "leaves 0 valence electrons"),
        ({"n_unpaired": 1}, "allowed: 0, 2, 4, or auto"),
        ({"n_unpaired": 6}, "allowed"),
        ({"n_unpaired": -2}, "allowed"),
    ],
)
def test_impossible_states_are_refused(state, message):
    with pytest.raises(InputError, match=message):
        solve_scf(shape(4, **state), DEFAULT)
