"""Constants of dimers: a Morse curve with known ones, and sodium."""

from types import SimpleNamespace

import numpy as np
import pytest

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.making.quality import dimer_curve
from clusterdft.making.quality.dimer_curve import (
    adiabatic_ionization_energy,
    atomic_ionization_energy,
    dimer_constants,
    dimer_test,
    reference_dimers,
)
from clusterdft.method import Method
from clusterdft.scf.solve_scf import solve_scf
from clusterdft.surfaces.surface import SurfaceSpec
from clusterdft.units import DALTON_ELECTRON_MASS, HARTREE_CM1, HARTREE_EV

DEPTH, SLOPE, BOND = 0.03, 0.45, 6.1  # hartree, 1/bohr, bohr
ATOM = -0.2  # hartree


class MorseMethod(SurfaceSpec):
    """Stands for a Method whose atoms have a known energy."""

    basis = key = "none"
    description = {"surface": "morse"}  # noqa: RUF012

    def build(self):
        raise NotImplementedError("dimers ask for the energies of atoms alone")

    def atom_energy(self, symbol, charge=0):
        return ATOM + 0.19 * charge


def morse(calls):
    """A stand-in for solve_scf: a Morse curve that dissociates into X and X or X+."""

    def solve(cluster, method, *, restart=None):
        calls.append(restart)
        r = cluster.positions[1, 2] - cluster.positions[0, 2]
        rise = 1 - np.exp(-SLOPE * (r - BOND))
        slope = 2 * DEPTH * SLOPE * rise * (1 - rise)
        return SimpleNamespace(
            energy=2 * ATOM + 0.19 * cluster.charge + DEPTH * (rise**2 - 1),
            forces=np.array([[0, 0, slope], [0, 0, -slope]]),
            fit_coefficients=np.array([[r]]),
            n_unpaired=float(cluster.charge),
        )

    return solve


@pytest.mark.parametrize("start", [4.6, 6.1, 8.5])
@pytest.mark.parametrize("charge", [0, 1])
def test_constants_of_a_morse_curve(monkeypatch, start, charge):
    calls = []
    monkeypatch.setattr(dimer_curve, "solve_scf", morse(calls))
    found = dimer_constants("K", MorseMethod(), charge=charge, start=start, mass=39.0)
    reduced_mass = 39.0 / 2 * DALTON_ELECTRON_MASS
    assert found.re == pytest.approx(BOND, abs=2e-4)
    assert found.de == pytest.approx(DEPTH, abs=2e-7)
    assert found.we == pytest.approx(SLOPE * np.sqrt(2 * DEPTH / reduced_mass), rel=2e-3)
    assert found.n_unpaired == charge
    assert calls[0] is None
    assert all(restart is not None for restart in calls[1:])


def test_standard_atomic_weight_is_the_default_mass(monkeypatch):
    monkeypatch.setattr(dimer_curve, "solve_scf", morse([]))
    given = dimer_constants("K", MorseMethod(), mass=39.0983)
    assert dimer_constants("K", MorseMethod()).we == pytest.approx(given.we, rel=1e-6)


@pytest.mark.parametrize("spin", [None, 2])
def test_all_points_have_the_spin_that_is_asked_for(monkeypatch, spin):
    asked, solve = [], morse([])

    def remembered(cluster, method, *, restart=None):
        asked.append(cluster.n_unpaired)
        return solve(cluster, method, restart=restart)

    monkeypatch.setattr(dimer_curve, "solve_scf", remembered)
    dimer_constants("K", MorseMethod(), n_unpaired=spin)
    assert len(asked) > 7
    assert set(asked) == {spin}


def test_an_unbound_dimer_is_told(monkeypatch):
    def repulsive(cluster, method, *, restart=None):
        r = cluster.positions[1, 2] - cluster.positions[0, 2]
        force = np.array([[0, 0, -np.exp(-r)], [0, 0, np.exp(-r)]])
        return SimpleNamespace(
            energy=np.exp(-r), forces=force, fit_coefficients=np.zeros((1, 1)), n_unpaired=0.0
        )

    monkeypatch.setattr(dimer_curve, "solve_scf", repulsive)
    with pytest.raises(InputError, match="no minimum"):
        dimer_constants("K", MorseMethod())


@pytest.mark.parametrize(
    ("symbol", "options", "message"),
    [
        ("Na", {"charge": 2}, "give 0 or 1"),
        ("Na", {"start": 0.2}, "between 1 and 30"),
        ("Xx", {}, "unknown element"),
    ],
)
def test_impossible_input(symbol, options, message):
    with pytest.raises(InputError, match=message):
        dimer_constants(symbol, Method(), **options)


def test_sodium_with_the_basis_of_the_paper():
    """The numbers that the shipped file prints, and a point computed by itself."""
    neutral = dimer_constants("Na", Method())
    cation = dimer_constants("Na", Method(), charge=1, start=6.4)
    assert neutral.re == pytest.approx(5.503, abs=0.01)
    assert neutral.de * HARTREE_EV == pytest.approx(0.875, abs=0.005)
    assert neutral.we * HARTREE_CM1 == pytest.approx(169.9, abs=1.0)
    assert cation.re == pytest.approx(6.420, abs=0.01)
    assert cation.de * HARTREE_EV == pytest.approx(0.994, abs=0.005)
    assert cation.we * HARTREE_CM1 == pytest.approx(122.1, abs=1.5)
    at_minimum = Cluster(symbols=("Na",) * 2, positions=[[0, 0, 0], [0, 0, neutral.re]])
    alone = solve_scf(at_minimum, Method())
    assert neutral.energy == pytest.approx(alone.energy, abs=2e-7)
    assert abs(alone.forces[0, 2]) < 2e-5
    # X2 -> X + X+ costs the same through X2+ and through X + X
    through_cation = adiabatic_ionization_energy(neutral, cation) + cation.de
    assert through_cation == pytest.approx(neutral.de + atomic_ionization_energy("Na", Method()), abs=1e-10)


def test_the_triplet_of_sodium_is_a_curve_of_its_own():
    found = dimer_constants("Na", Method(), n_unpaired=2, start=7.5)
    at_minimum = Cluster(symbols=("Na",) * 2, positions=[[0, 0, 0], [0, 0, found.re]], n_unpaired=2)
    alone = solve_scf(at_minimum, Method())
    assert found.n_unpaired == pytest.approx(2)
    assert found.energy == pytest.approx(alone.energy, abs=2e-7)
    assert abs(alone.forces[0, 2]) < 2e-5
    assert found.re > 7
    assert 0 < found.de * HARTREE_EV < 0.1


def test_reference_file_is_found_or_empty(monkeypatch, tmp_path):
    assert isinstance(reference_dimers(), dict)
    monkeypatch.setattr(dimer_curve, "files", lambda package: tmp_path)
    assert reference_dimers() == {}
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "dimers.toml").write_text("[experiment.K2]\nde_ev = 0.5\n", encoding="utf-8")
    assert reference_dimers() == {"experiment": {"K2": {"de_ev": 0.5}}}


def test_only_the_element_s_own_species_are_kept(monkeypatch):
    monkeypatch.setattr(dimer_curve, "solve_scf", morse([]))
    table = {
        "all-electron": {"non-relativistic": {"K": {"ip_ev": 4.5}, "Na2": {"de_ev": 0.9}}},
        "experiment": {"K2+": {"de_ev": 0.8}, "KNa": {"de_ev": 0.6}},
    }
    monkeypatch.setattr(dimer_curve, "reference_dimers", lambda: table)
    test = dimer_test("K", MorseMethod(), relativity="none")
    assert test.all_electron == {"K": {"ip_ev": 4.5}}
    assert test.experiment == {"K2+": {"de_ev": 0.8}}
    assert test.ionization_energy == pytest.approx(0.19, abs=1e-6)


def test_reference_of_an_element_without_relativity_says_so(monkeypatch):
    monkeypatch.setattr(dimer_curve, "solve_scf", morse([]))
    table = {
        "all-electron": {
            "non-relativistic": {"Li": {"ip_ev": 5.47}, "K": {"ip_ev": 4.53}},
            "scalar-relativistic": {"K": {"ip_ev": 4.55}},
        }
    }
    monkeypatch.setattr(dimer_curve, "reference_dimers", lambda: table)
    lithium, potassium = dimer_test("Li", MorseMethod()), dimer_test("K", MorseMethod())
    assert (lithium.hamiltonian, lithium.all_electron["Li"]["ip_ev"]) == ("non-relativistic", 5.47)
    assert (potassium.hamiltonian, potassium.all_electron["K"]["ip_ev"]) == ("scalar-relativistic", 4.55)


def test_frequencies_are_those_of_the_isotopes_of_the_reference(monkeypatch):
    monkeypatch.setattr(dimer_curve, "solve_scf", morse([]))
    test, natural = dimer_test("Li", MorseMethod()), dimer_constants("Li", MorseMethod())
    assert test.neutral.we / natural.we == pytest.approx(np.sqrt(6.94 / 7.016), rel=1e-4)


@pytest.mark.slow
def test_partial_core_brings_sodium_to_the_all_electron_values():
    """All-electron LSD without relativity: 5.669 bohr, 0.893 eV, 163.1 cm^-1; 6.726, 1.060, 109.2."""
    method = Method(pseudopotential="bhs-core", basis="even-6s5p3d")
    test = dimer_test("Na", method)
    assert test.neutral.re == pytest.approx(5.66, abs=0.03)
    assert test.neutral.de * HARTREE_EV == pytest.approx(0.893, abs=0.01)
    assert test.neutral.we * HARTREE_CM1 == pytest.approx(163, abs=2)
    assert test.cation.re == pytest.approx(6.72, abs=0.03)
    assert test.cation.de * HARTREE_EV == pytest.approx(1.06, abs=0.02)
    assert test.cation.we * HARTREE_CM1 == pytest.approx(109, abs=2.5)
