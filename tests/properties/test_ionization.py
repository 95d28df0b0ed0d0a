"""Ionization potentials from made-up energies, and the metal sphere."""

import pytest

from clusterdft.errors import InputError
from clusterdft.properties.ionization import ionization, sphere_model

RELAXED = {(3, 0): -0.60, (3, 1): -0.46, (3, -1): -0.63}
VERTICAL = {(3, 1, 0): -0.45, (3, 0, 1): -0.58, (3, -1, 0): -0.62, (3, 0, -1): -0.595}


def test_all_six():
    found = ionization(3, RELAXED, VERTICAL)
    assert found.adiabatic_ip == pytest.approx(0.14)
    assert found.vertical_ip == pytest.approx(0.15)
    assert found.vertical_ip_from_ion == pytest.approx(0.12)
    assert found.adiabatic_ea == pytest.approx(0.03)
    assert found.vertical_ea == pytest.approx(0.02)
    assert found.vertical_detachment == pytest.approx(0.035)
    assert found.missing == {}
    assert found.vertical_ip_from_ion < found.adiabatic_ip < found.vertical_ip
    assert found.vertical_ea < found.adiabatic_ea < found.vertical_detachment


def test_affinity_of_the_cation_is_the_potential_of_the_neutral():
    assert ionization(3, RELAXED, charge=1).adiabatic_ea == ionization(3, RELAXED).adiabatic_ip


def test_what_is_missing_is_named():
    found = ionization(3, {(3, 0): -0.6, (4, 1): -1.0})
    assert found.adiabatic_ip is None
    assert found.missing["adiabatic_ip"] == "no energy of charge +1"
    assert found.missing["vertical_ip"] == "no energy of charge +1 in the geometry of charge +0"
    assert "charge -1" in found.missing["adiabatic_ea"]
    assert len(found.missing) == 6


def test_sphere_model():
    eight = sphere_model(8, work_function=0.1, radius_per_electron=4.0)
    assert eight.radius == pytest.approx(8.0)
    assert eight.ip_classical == pytest.approx(0.1 + 1 / 16)
    assert eight.ip_image_force == pytest.approx(0.1 + 3 / 64)
    assert eight.ea_classical == pytest.approx(0.1 - 1 / 16)
    assert eight.ip_image_force - eight.ea_image_force == pytest.approx(1 / 8)  # the capacitance of a sphere
    assert sphere_model(10**12, work_function=0.1).ip_classical == pytest.approx(0.1, abs=1e-4)
    assert sphere_model(4, work_function=0.1, valence=2).radius == pytest.approx(8.0)


def test_no_sphere():
    with pytest.raises(InputError, match="at least one atom"):
        sphere_model(0, work_function=0.1)
