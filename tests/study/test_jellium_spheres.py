"""The jellium sphere beside a cluster: its electrons and its density."""

import pytest
from studying import entry, rows_of, series

from clusterdft.errors import InputError
from clusterdft.method import Method
from clusterdft.properties.jellium import solve_jellium
from clusterdft.study import TABLES
from clusterdft.study.quantities.jellium_spheres import jellium_of, radius_per_electron
from clusterdft.study.series import Series
from clusterdft.study.solving import target_of
from clusterdft.surfaces.kohn_sham import KohnShamSpec


def jellium(formula, charge=0):
    """The property of a cluster."""
    one = entry(formula, charge, -0.4)
    return jellium_of(target_of(one, Series(entries=(one,), spec=KohnShamSpec(Method()))))


def test_a_cation_lacks_an_electron_and_the_sphere_stays_neutral():
    found = jellium("Na3", 1)
    alone = solve_jellium(2, radius_per_electron=3.93)
    assert found["electrons"] == 2
    assert found["energy_hartree"] == pytest.approx(alone.energy, abs=1e-9)
    assert [level["electrons"] for level in found["levels"] if level["electrons"]] == [2]


def test_the_density_is_that_of_the_bulk_metal():
    sodium, potassium = jellium("Na2"), jellium("K2")
    assert sodium["radius_per_electron_bohr"] == pytest.approx(3.93)
    assert potassium["radius_per_electron_bohr"] == pytest.approx(4.86)
    alone = solve_jellium(2, radius_per_electron=4.86)
    assert potassium["energy_hartree"] == pytest.approx(alone.energy, abs=1e-9)
    assert abs(potassium["energy_hartree"] - sodium["energy_hartree"]) > 1e-4


def test_a_mixture_has_the_volume_of_its_parts():
    volume = (2 * 3.93**3 + 4.86**3) / 3
    assert radius_per_electron(("Na", "K", "Na")) == pytest.approx(volume ** (1 / 3))


def test_without_a_bulk_density_there_is_no_sphere():
    with pytest.raises(InputError, match="bulk Xe is not known"):
        radius_per_electron(("Na", "Xe"))


def test_the_table_tells_the_radius():
    known = {"radius_per_electron_bohr": 3.93, "electrons": 2, "energy_hartree": -0.1, "gap_ev": 2.0}
    solved = {("Na2", "jellium"): {**known, "levels": []}}
    rows = rows_of(TABLES["jellium"](series(entry("Na2", 0, -0.4), entry("K2", 0, -0.3), solved=solved)))
    assert rows["Na2"]["r_s_bohr"] == 3.93
    assert rows["K2"]["r_s_bohr"] is None
    assert rows["K2"]["remark"] == "jellium was not asked for"
