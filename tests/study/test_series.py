"""Series of clusters: their order, what is asked of them, and summaries that they are read from."""

import json

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from studying import entry, series

from clusterdft.errors import InputError
from clusterdft.report.search_files import summary
from clusterdft.report.search_run import search
from clusterdft.study.series import entry_of, in_order, read_summary
from clusterdft.surfaces.classical import LennardJones

ALL = [entry(name, q, -0.2 * k) for k, name in enumerate(("Na", "Na2", "Na3")) for q in (0, 1)]


@pytest.fixture(scope="module")
def found():
    """The summary of a search, as it stands in a file."""
    result = search("Na4", LennardJones(), starts=3, strategy="random-starts", check_within=None)
    return json.loads(json.dumps(summary(result)))


def test_clusters_stand_by_elements_size_and_charge():
    names = ("K2", "Na3", "Na2", "NaK")
    clusters = in_order([entry(name, q, -0.1) for name in names for q in (-1, 1, 0)])
    assert [one.name for one in clusters] == [
        *("K2", "K2+", "K2-"),
        *("NaK", "NaK+", "NaK-"),
        *("Na2", "Na2+", "Na2-", "Na3", "Na3+", "Na3-"),
    ]


def test_atoms_are_given_if_asked_for():
    clusters = series(*ALL)
    assert [one.name for one in clusters.clusters()] == ["Na2", "Na2+", "Na3", "Na3+"]
    assert [one.name for one in clusters.clusters(atoms=True)][:2] == ["Na", "Na+"]


def test_energies_of_an_element_and_of_a_composition():
    clusters = series(*ALL, entry("NaK", 0, -0.3), entry("Na4", 0, None))
    assert clusters.energies_of_element("Na")[3, 1] == -0.4
    assert set(clusters.energies_of_element("Na")) == {(n, q) for n in (1, 2, 3) for q in (0, 1)}
    assert clusters.energies_of_formula("NaK") == {(2, 0): -0.3}
    assert clusters.charges_of_formula("Na2") == (0, 1)
    assert clusters.find("Na2", 1).name == "Na2+"
    assert clusters.find("Na2", 2) is None


def test_names_and_elements():
    mixed, ion = entry("NaK", -1, -0.3), entry("Na3", 1, -0.4)
    assert (mixed.name, mixed.element, mixed.natom) == ("NaK-", None, 2)
    assert (ion.name, ion.formula, ion.element, ion.energy) == ("Na3+", "Na3", "Na", -0.4)
    assert entry("Na3", 0, None).energy is None


def test_properties_that_failed_are_not_given():
    solved = {("Na2", "dipole"): {"reason": "no electrons"}, ("Na3", "dipole"): {"x": 1.0, "reason": ""}}
    clusters = series(*ALL, solved=solved)
    two, three = clusters.find("Na2", 0), clusters.find("Na3", 0)
    assert clusters.computed_value(two, "dipole") is None
    assert clusters.computed_value(three, "dipole") == {"x": 1.0, "reason": ""}
    assert clusters.computed_value(three, "levels") is None


def test_a_summary_becomes_an_entry(found):
    cluster = entry_of(found, "somewhere/Na4")
    lowest, first = found["isomers"][0], cluster.isomers[0]
    assert cluster.name == "Na4"
    assert cluster.folder == "somewhere/Na4"
    assert cluster.energy == lowest["energy_hartree"]
    assert first.point_group == "Td"
    assert first.n_hits == lowest["n_hits"]
    assert first.cluster.n_unpaired is None  # as was asked for
    assert cluster.search["starts_finished"] == 3
    assert cluster.reason == ""


def test_isomers_stand_along_the_axes_of_their_groups(found):
    """However a search has turned it, a tetrahedron stands along its twofold axes."""
    turn = Rotation.random(rng=np.random.default_rng(3))
    turned = json.loads(json.dumps(found))
    for isomer in turned["isomers"]:
        isomer["positions_bohr"] = turn.apply(isomer["positions_bohr"]).tolist()
    a, b = (entry_of(values).isomers[0].cluster for values in (found, turned))
    for cluster in (a, b):
        corner = np.abs(cluster.positions)
        assert corner == pytest.approx(np.full((4, 3), corner[0, 0]), abs=0.02)


def test_searches_that_found_nothing_say_why(found):
    failed = found | {"isomers": [], "failures": [{"reason": "it fell apart"}, {"reason": "lost"}]}
    assert entry_of(failed).reason == "none of 2 starts relaxed: it fell apart"
    assert entry_of(found | {"isomers": [], "failures": []}).reason == "no start was finished"


@pytest.mark.parametrize("name", ["inputs", "isomers", "stopped"])
def test_what_is_no_summary_is_refused(found, name):
    with pytest.raises(InputError, match=f"'{name}'.* is missing"):
        entry_of({key: value for key, value in found.items() if key != name}, "somewhere")


def test_reading_summaries(tmp_path):
    assert read_summary(tmp_path / "summary.json") is None
    (tmp_path / "summary.json").write_text('{"a": 1}')
    assert read_summary(tmp_path / "summary.json") == {"a": 1}
    for text in ("{", "[1]"):
        (tmp_path / "summary.json").write_text(text)
        with pytest.raises(InputError, match="is no summary"):
            read_summary(tmp_path / "summary.json")
