"""The ASE calculator and the way from Atoms to Cluster and back."""

import copy
import pickle

import numpy as np
import pytest
from ase import Atoms
from ase.calculators.calculator import CalculationFailed
from ase.optimize import BFGS

from clusterdft import Cluster, ClusterDFT, InputError, Method, solve_scf, to_atoms, to_cluster
from clusterdft.units import BOHR_ANGSTROM, HARTREE_EV

TRIMER = [[0.0, 0.0, 0.0], [0.0, 0.0, 3.3], [0.0, 3.0, 1.5]]  # angstrom


def trimer(**keywords):
    atoms = Atoms("Na3", TRIMER)
    atoms.calc = ClusterDFT(**keywords)
    return atoms


def test_there_and_back():
    cluster = Cluster(symbols=("Na", "K"), positions=[[0, 0, 0], [0, 1, 6]], charge=1, n_unpaired=1)
    atoms = to_atoms(cluster)
    assert atoms.get_distance(0, 1) == pytest.approx(np.sqrt(37) * BOHR_ANGSTROM)
    back = to_cluster(atoms, charge=1, n_unpaired=1)
    assert back.symbols == cluster.symbols
    assert back.positions == pytest.approx(cluster.positions, abs=1e-14)
    assert (atoms.info["charge"], atoms.info["n_unpaired"]) == (1, 1)


def test_energy_is_in_electronvolt_and_is_the_integral_of_the_forces():
    atoms = trimer()
    scf = solve_scf(to_cluster(atoms), Method())
    assert atoms.get_potential_energy() == pytest.approx(scf.energy * HARTREE_EV, abs=1e-5)
    force, h = atoms.get_forces()[1, 2], 0.005
    energies = []
    for step in (h, -h):
        atoms.positions[1, 2] = TRIMER[1][2] + step
        energies.append(atoms.get_potential_energy(force_consistent=True))
    assert (energies[1] - energies[0]) / (2 * h) == pytest.approx(force, abs=2e-3)


def test_forces_belong_to_the_free_energy():
    atoms = trimer(occupation="fermi", width=0.01)
    free, zero = atoms.get_potential_energy(force_consistent=True), atoms.get_potential_energy()
    scf = atoms.calc.scf
    assert (free, zero) == (scf.energy * HARTREE_EV, scf.zero_width_energy * HARTREE_EV)
    assert free < zero


def test_hellmann_feynman_forces_are_a_choice():
    total, chosen = trimer(), trimer(forces="hellmann-feynman")
    ratio = chosen.get_forces() / chosen.calc.scf.hellmann_feynman_forces
    assert np.ptp(ratio[np.isfinite(ratio)]) < 1e-6
    assert np.abs(chosen.get_forces() - total.get_forces()).max() > 0.01


def test_optimiser_of_ase_finds_the_trimer():
    atoms = trimer()
    assert BFGS(atoms, logfile=None).run(fmax=0.02, steps=40)
    sides = np.sort(atoms.get_all_distances()[np.triu_indices(3, 1)]) / BOHR_ANGSTROM
    apex = np.degrees(2 * np.arcsin(sides[2] / (sides[0] + sides[1])))
    assert apex == pytest.approx(81, abs=3)
    assert sides[1] == pytest.approx(sides[0], abs=0.05)
    assert atoms.get_magnetic_moment() == pytest.approx(1.0, abs=1e-6)


def test_charge_and_spin_are_explicit():
    neutral, cation, quartet = trimer(), trimer(charge=1), trimer(unpaired=3)
    assert 3.0 < cation.get_potential_energy() - neutral.get_potential_energy() < 6.0
    assert cation.get_magnetic_moment() == pytest.approx(0.0, abs=1e-6)
    assert quartet.get_magnetic_moment() == pytest.approx(3.0, abs=1e-6)


def test_contradictions_on_the_atoms_are_refused():
    atoms = trimer(charge=1, unpaired=0)
    atoms.set_initial_charges([-1, 0, 0])
    with pytest.raises(InputError, match="initial charges of -1"):
        atoms.get_potential_energy()
    atoms.set_initial_charges([0.5, 0.5, 0])
    assert atoms.get_potential_energy() < 0
    atoms.set_initial_magnetic_moments([1, 1, 0])
    with pytest.raises(InputError, match="magnetic moments of 2"):
        atoms.get_potential_energy()


def test_periodic_atoms_are_refused():
    atoms = trimer()
    atoms.set_cell([20, 20, 20])
    atoms.pbc = (True, False, False)
    with pytest.raises(InputError, match="periodic"):
        atoms.get_forces()


def test_other_atoms_start_from_their_own_density():
    atoms = trimer()
    atoms.get_potential_energy()
    pair = Atoms("Na2", TRIMER[:2], calculator=atoms.calc)
    expected = solve_scf(to_cluster(pair), Method()).energy * HARTREE_EV
    assert pair.get_potential_energy() == pytest.approx(expected, abs=1e-5)
    assert atoms.calc.scf.cluster.natom == 2


def test_copies_and_pickles_keep_what_was_computed():
    atoms = trimer(charge=1)
    energy = atoms.get_potential_energy()
    for calculator in (copy.deepcopy(atoms.calc), pickle.loads(pickle.dumps(atoms.calc))):
        again = atoms.copy()
        again.calc = calculator
        assert not calculator.calculation_required(again, ["energy", "forces"])
        assert (again.get_potential_energy(), calculator.charge) == (energy, 1)


@pytest.mark.parametrize(
    ("keywords", "told"),
    [
        ({"basiss": "paper-3s2p"}, "did you mean 'basis'"),
        ({"basis": "paper-3s2"}, "did you mean 'paper-3s2p'"),
        ({"charge": 0.5}, "charge is 0.5; give a whole number"),
        ({"charge": "one"}, "charge is 'one'"),
        ({"unpaired": 1.5}, "unpaired is 1.5; give 'auto' or"),
        ({"unpaired": "all"}, "unpaired is 'all'"),
        ({"method": "bhs"}, "give a Method"),
        ({"method": Method(), "grid": "fine"}, "both given"),
    ],
    ids=str,
)
def test_bad_keywords_are_refused_at_once(keywords, told):
    with pytest.raises(InputError, match=told):
        ClusterDFT(**keywords)


def test_impossible_charge_and_spin_are_refused():
    with pytest.raises(InputError, match="at most \\+2"):
        trimer(charge=3).get_potential_energy()
    with pytest.raises(InputError, match="allowed: 1, 3"):
        trimer(unpaired=2).get_potential_energy()


def test_inputs_cannot_be_changed_behind_the_results():
    calculator = ClusterDFT(charge=1)
    with pytest.raises(InputError, match="make a new"):
        calculator.set(charge=0)
    with pytest.raises(AttributeError):
        calculator.charge = 0
    told = calculator.todict()
    assert (told["charge"], told["unpaired"], told["basis"]) == (1, "auto", "paper-3s2p")


def test_optimiser_stops_where_the_density_does_not_converge():
    atoms = trimer(max_iterations=2)
    with pytest.raises(CalculationFailed, match="did not converge"):
        BFGS(atoms, logfile=None).run(fmax=0.02, steps=5)
    assert atoms.calc.results == {}
    assert atoms.positions == pytest.approx(np.array(TRIMER))


def test_without_atoms_there_is_nothing_to_calculate():
    with pytest.raises(InputError, match="no atoms to calculate"):
        ClusterDFT().calculate()
