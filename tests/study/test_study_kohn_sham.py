"""A study of sodium with electrons: dimers and trimers beside the 1985 paper."""

import json

import pytest
from studying import read_csv

from clusterdft.properties.populations import spin_populations
from clusterdft.study.runner import run_study
from clusterdft.study.study_file import load_study
from clusterdft.study.target import solved

STUDY = """
[study]
element = "Na"
sizes = [2, 3]
charges = [0, 1]
references = ["martins1985", "sodium-experiment"]
properties = ["distances", "shape", "populations", "spin-populations", "levels", "dipole",
    "vertical-ionization", "vertical-attachment", "dimer-curve", "vibrations", "jellium"]
[search]
strategy = "random-starts"
starts = 4
seed = 1
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sodium")
    (folder / "study.toml").write_text(STUDY)
    series = run_study(load_study(folder / "study.toml"), folder / "out")
    return series, folder / "out"


@pytest.mark.slow
def test_against_the_paper_within_the_expected_spread(study):
    page = (study[1] / "comparison.md").read_text()
    compared = [line for line in page.splitlines() if line.startswith("| Na")]
    assert len(compared) > 25
    assert not [line for line in compared if "beyond" in line]
    assert "Order of the ionization potentials: the same as that of the paper" in page


@pytest.mark.slow
def test_infrared_absorption_comes_from_the_searchs_own_check(study):
    """A homonuclear dimer does not absorb, a trimer does; the summary of the search has the same numbers."""
    rows = read_csv(study[1] / "tables" / "vibrations.csv")
    for name in ("Na2", "Na2+"):
        assert float(rows[name]["infrared_km_per_mol"]) == pytest.approx(0, abs=1e-3)
    told = json.loads((study[1] / "Na3" / "summary.json").read_text())["isomers"][0]["infrared_km_per_mol"]
    shown = [float(word) for word in rows["Na3"]["infrared_km_per_mol"].split()]
    assert shown == pytest.approx(told, abs=1e-6)
    assert len(shown) == 3
    assert 0.1 < max(shown) < 100


@pytest.mark.slow
def test_the_tables_agree_with_one_another(study):
    tables = {
        name: read_csv(study[1] / "tables" / f"{name}.csv")
        for name in ("dimers", "atomization", "ionization", "dissociation", "vibrations", "distances")
    }
    for name in ("Na2", "Na2+"):
        energy = float(tables["dimers"][name]["dissociation_energy_ev"])
        assert energy == pytest.approx(
            2 * float(tables["atomization"][name]["atomization_per_atom_ev"]), abs=2e-3
        )
        assert energy == pytest.approx(
            float(tables["dissociation"][name]["dissociation_energy_ev"]), abs=2e-3
        )
        length = float(tables["dimers"][name]["bond_length_bohr"])
        assert length == pytest.approx(float(tables["distances"][name]["shortest_bohr"]), abs=0.02)
        # the search's geometry is some 0.01 bohr off the minimum, and its frequency with it
        curve = float(tables["dimers"][name]["frequency_cm1"])
        assert curve == pytest.approx(float(tables["vibrations"][name]["frequencies_cm1"]), abs=2)
    for name in ("Na2", "Na3"):
        row = {
            key: float(value)
            for key, value in tables["ionization"][name].items()
            if value and key.endswith("ip_ev")
        }
        from_ion = float(tables["ionization"][name]["vertical_ip_from_ion_ev"])
        # both surfaces lie above their own minima
        assert from_ion < row["adiabatic_ip_ev"] < row["vertical_ip_ev"]


@pytest.mark.slow
def test_what_a_cluster_cannot_have_is_left_out_with_the_reason(study):
    rows = read_csv(study[1] / "tables" / "spin_populations.csv")
    assert "singlet" in rows["Na2"]["remark"]
    assert rows["Na2"]["isotropic_1"] == ""
    assert rows["Na3"]["isotropic_1_nuclei"] == "2"
    clusters = {
        one["cluster"]: one for one in json.loads((study[1] / "summary.json").read_text())["clusters"]
    }
    assert "singlet" in clusters["Na2"]["properties"]["spin-populations"]["reason"]
    assert clusters["Na3"]["properties"]["dimer-curve"] == {"reason": "not a dimer of one element"}


@pytest.mark.slow
def test_properties_are_those_of_the_lowest_isomer(study):
    series, _ = study
    entry = series.find("Na3", 0)
    again = spin_populations(solved(entry.isomers[0].cluster, series.spec.method))
    assert series.computed_value(entry, "spin-populations")["isotropic"] == pytest.approx(
        again.values.tolist(), abs=1e-8
    )
    charges = series.computed_value(series.find("Na3", 1), "populations")
    for kind in ("mulliken_charge", "loewdin_charge"):
        assert sum(charges[kind]) == pytest.approx(1.0, abs=1e-8)
    assert series.computed_value(entry, "levels")["shells"] == "1s2 1p1"
    assert series.computed_value(entry, "jellium")["electrons"] == 3
