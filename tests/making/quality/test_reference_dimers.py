"""Reference values of alkali dimers: the file that code reads, and the fit behind its numbers."""

import importlib.util
import tomllib
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from clusterdft.units import DALTON_ELECTRON_MASS, HARTREE_CM1

REFERENCE = tomllib.loads((files("clusterdft_pseudopotentials") / "reference" / "dimers.toml").read_text())
HAMILTONIANS = REFERENCE["all-electron"]
WELL = {"re_bohr", "de_ev", "we_per_cm"}
SCRIPT = Path(__file__).parents[3] / "runs" / "alkali-dimers" / "all_electron.py"

ENTRIES = [
    pytest.param(species, values, id=f"{hamiltonian}-{species}")
    for hamiltonian, table in HAMILTONIANS.items()
    for species, values in table.items()
]


def keys_of(species):
    """The keys that an all-electron entry must have: atoms, dimers, cations."""
    if species.endswith("2+"):
        return WELL
    return WELL | {"ip_ev"} if species.endswith("2") else {"ip_ev"}


def test_both_hamiltonians_cover_the_same_species():
    expected = {f"{element}{suffix}" for element in ("Na", "K", "Rb", "Cs") for suffix in ("", "2", "2+")}
    expected |= {"Mg", "Al"}
    assert set(HAMILTONIANS["scalar-relativistic"]) == expected
    assert set(HAMILTONIANS["non-relativistic"]) == expected | {"Li", "Li2", "Li2+"}


@pytest.mark.parametrize(("species", "values"), ENTRIES)
def test_entry_has_its_keys_and_positive_numbers(species, values):
    assert keys_of(species) <= set(values) <= keys_of(species) | {"ip_spherical_ev"}
    assert all(isinstance(value, float) and value > 0 for value in values.values())


@pytest.mark.parametrize(("species", "values"), REFERENCE["experiment"].items())
def test_experiment_names_its_source(species, values):
    numbers = {key: value for key, value in values.items() if key != "source"}
    assert values["source"]
    assert set(numbers) <= WELL | {"ip_ev", "d0_ev"}
    assert numbers
    assert all(value > 0 for value in numbers.values())


@pytest.mark.parametrize("hamiltonian", HAMILTONIANS)
@pytest.mark.parametrize("element", ["Na", "K", "Rb", "Cs"])
def test_energies_of_the_ionization_cycle_close(hamiltonian, element):
    """X2 -> X + X+ costs the same through X2+ and through X + X; the entries are rounded to 1e-4 eV."""
    atom, dimer, cation = (HAMILTONIANS[hamiltonian][element + suffix] for suffix in ("", "2", "2+"))
    through_cation = dimer["ip_ev"] + cation["de_ev"]
    assert through_cation == pytest.approx(dimer["de_ev"] + atom["ip_ev"], abs=3e-4)


def test_sodium_agrees_with_another_basis():
    """Earlier values in 18s11p3d, without f functions: two basis sets, one functional, so one limit."""
    sodium = HAMILTONIANS["non-relativistic"]
    earlier = {"Na2": (5.669, 0.893, 163.1), "Na2+": (6.726, 1.060, 109.2)}
    for species, (bond, energy, frequency) in earlier.items():
        assert sodium[species]["re_bohr"] == pytest.approx(bond, abs=0.02)
        assert sodium[species]["de_ev"] == pytest.approx(energy, abs=0.01)
        assert sodium[species]["we_per_cm"] == pytest.approx(frequency, abs=2.0)
    assert sodium["Na"]["ip_ev"] == pytest.approx(5.365, abs=0.01)
    assert sodium["Na2"]["ip_ev"] == pytest.approx(5.198, abs=0.01)


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("all_electron", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MORSE = {"depth": 0.025, "slope": 0.42, "bond": 7.31}  # like K2: hartree, 1/bohr, bohr


def morse(bonds):
    return MORSE["depth"] * ((1 - np.exp(-MORSE["slope"] * (bonds - MORSE["bond"]))) ** 2 - 1)


def test_fit_recovers_a_morse_curve(script):
    """we = slope sqrt(2 depth / reduced mass); seven points that are not centred on the minimum."""
    bonds = 7.4 + script.SPACING * np.arange(-3, 4)
    bond, energy, frequency = script.constants(bonds, morse(bonds), 38.9637)
    reduced_mass = 38.9637 * DALTON_ELECTRON_MASS / 2
    assert bond == pytest.approx(MORSE["bond"], abs=2e-5)
    assert energy == pytest.approx(-MORSE["depth"], abs=1e-8)
    exact = MORSE["slope"] * np.sqrt(2 * MORSE["depth"] / reduced_mass) * HARTREE_CM1
    assert frequency == pytest.approx(exact, abs=0.02)


def test_fit_refuses_points_without_a_minimum(script):
    bonds = np.linspace(7.5, 8.7, 7)
    with pytest.raises(ValueError, match="0 minima"):
        script.constants(bonds, morse(bonds), 38.9637)


def test_quadrature_integrates_an_off_centre_density(script):
    """Two normalised Gaussians on the nuclei hold two electrons; an atom has no quadrupole."""
    points, weights = script.quadrature(7.0)
    density = sum(np.exp(-((points - [0, 0, z]) ** 2).sum(axis=1)) for z in (3.5, -3.5)) / np.pi**1.5
    assert weights @ density == pytest.approx(2.0, abs=1e-7)
    points, weights = script.quadrature(None)
    quadrupole = 3 * points[:, 2] ** 2 - (points**2).sum(axis=1)
    assert abs(weights @ (quadrupole * np.exp(-((points**2).sum(axis=1))))) < 1e-10
