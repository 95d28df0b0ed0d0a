"""Study files: what they ask for, and all their mistakes at once."""

import numpy as np
import pytest
from studying import STUDY_FILE

from clusterdft.errors import InputError
from clusterdft.study import PROPERTIES
from clusterdft.study.study_file import load_study
from clusterdft.study.values import sizes


def written(folder, text):
    path = folder / "study.toml"
    path.write_text(text)
    return path


def test_every_size_in_every_charge(tmp_path):
    study = load_study(written(tmp_path, STUDY_FILE))
    assert [plan.name for plan in study.clusters] == ["Na2", "Na2+", "Na3", "Na3+", "Na4", "Na4+"]
    assert all(plan.search["starts"] == 4 for plan in study.clusters)
    assert study.elements == ("Na",)
    assert study.properties == tuple(PROPERTIES)
    assert study.spec.description["surface"] == "lennard-jones"


def test_what_is_said_of_one_cluster_overrides(tmp_path):
    text = STUDY_FILE + "[clusters.Na4]\nstarts = 9\nunpaired = 2\n[clusters.'Na4+']\nstarts = 11\n"
    plans = {plan.name: plan for plan in load_study(written(tmp_path, text)).clusters}
    assert [plans[name].search["starts"] for name in ("Na3", "Na4", "Na4+")] == [4, 9, 11]
    assert [plans[name].n_unpaired for name in ("Na3", "Na4", "Na4+")] == [None, 2, 2]


def test_units_of_the_file_become_those_of_the_search(tmp_path):
    text = STUDY_FILE + "max_time_s = 60\nfmax_ev_per_angstrom = 0.0514220675\ncheck_within_ev = 2.72113862\n"
    plan = load_study(written(tmp_path, text)).clusters[0]
    assert plan.search["max_time"] == 60
    assert plan.search["fmax"] == pytest.approx(0.001, rel=1e-6)
    assert plan.search["check_within"] == pytest.approx(0.1, rel=1e-6)


def test_a_check_can_be_left_out_and_spins_scanned(tmp_path):
    text = STUDY_FILE + "check = false\n[clusters.Na3]\nunpaired = 'scan'\n"
    plans = {plan.name: plan for plan in load_study(written(tmp_path, text)).clusters}
    assert plans["Na2"].search["check_within"] is None
    assert plans["Na3"].search["scan_spins"]
    assert "scan_spins" not in plans["Na2"].search


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2-4", (2, 3, 4)), ("1 - 3, 13", (1, 2, 3, 13)), ([5, 2, 5], (2, 5)), (7, (7,))],
)
def test_sizes(text, expected):
    assert sizes(text) == expected


@pytest.mark.parametrize("text", ["", "4-2", "0-3", "two", [2.5], [], [True], "2-5000"])
def test_sizes_that_are_none(text):
    with pytest.raises(InputError):
        sizes(text)


def test_named_geometries_are_starts(tmp_path):
    text = STUDY_FILE.replace('"2-4"', "13") + '[clusters.Na13]\ngeometries = ["icosahedron"]\n'
    neutral, cation = load_study(written(tmp_path, text)).clusters
    (start,) = neutral.search["seeds"]
    assert start.natom == 13
    assert start.charge == 0
    assert cation.search["seeds"][0].charge == 1
    x = start.positions - start.positions.mean(axis=0)
    radii = np.sort(np.linalg.norm(x, axis=1))
    assert radii[0] < 0.3
    assert 0 < np.ptp(radii[1:]) < 0.5


def test_geometries_of_a_file_beside_the_study(tmp_path):
    from ase import Atoms
    from ase.io import write

    write(tmp_path / "trimer.xyz", Atoms("Na3", [[0, 0, 0], [3, 0, 0], [0, 3, 0]]))
    text = STUDY_FILE + '[clusters.Na3]\ngeometries = ["trimer.xyz"]\n'
    plans = {plan.name: plan for plan in load_study(written(tmp_path, text)).clusters}
    assert len(plans["Na3+"].search["seeds"]) == 1


def test_all_mistakes_at_once_with_their_keys(tmp_path):
    text = """
[studdy]
[study]
element = "Nq"
sizes = "2-"
charges = "neutral"
propertys = ["levels"]
properties = ["level", "dipol"]
[search]
startz = 5
confidence = 1.5
strategy = "random"
fmax_ev_per_angstrom = -1
[method]
basis = "paper-3s2q"
grid = "finest"
"""
    with pytest.raises(InputError) as caught:
        load_study(written(tmp_path, text))
    told = str(caught.value)
    for part in (
        "unknown key 'studdy'; did you mean 'study'?",
        "study.element",
        "study.sizes: '2-'",
        "study.charges",
        "unknown key 'propertys'; did you mean 'properties'?",
        "unknown property 'level', did you mean 'levels'?",
        "unknown property 'dipol', did you mean 'dipole'?",
        "search: unknown key 'startz'; did you mean 'starts'?",
        "search.confidence is 1.5",
        "search.strategy: unknown strategy 'random'",
        "search.fmax_ev_per_angstrom is -1",
        "method: unknown basis set 'paper-3s2q'",
        "method: grid is 'finest'",
    ):
        assert part in told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("element", "# element"), "element and sizes go together"),
        (('element = "Na"\nsizes = "2-4"', ""), "give element"),
        (('"2-4"', "[2, 3]\nunpaired = 0.5"), "study.unpaired"),
        (("[search]", "[clusters.Na9]\nstarts = 3\n[search]"), "unknown key 'Na9'"),
        (("[search]", "[clusters.Na4]\ngeometries = ['rhombos']\n[search]"), "did you mean 'rhombus'?"),
        (("[search]", "[clusters.Na4]\ngeometries = ['no.xyz']\n[search]"), "no.xyz"),
        (("[search]", "[method]\n[search]"), "a classical surface has no electronic structure"),
        (('"lennard-jones"', '"lenard-jones"'), "did you mean 'lennard-jones'?"),
        (('element = "Na"', 'element = "K"'), None),
        (("\n[study]", "surface = 'gupta'\n[study]"), "surface is 'gupta'"),
        (("\n[study]", "clusters = 3\n[study]"), "clusters is 3"),
        (("\n[study]", "search = 3\n[study]"), "search is 3"),
    ],
)
def test_single_mistakes(tmp_path, change, told):
    text = STUDY_FILE.replace(*change)
    if change[1].startswith(("surface", "search")):
        text = text.replace("[surface]\n", "[study.no]\n").replace("[search]\n", "[study.not]\n")
    path = written(tmp_path, text)
    if told is None:
        load_study(path)
        return
    with pytest.raises(InputError, match=told.replace("?", r"\?")):
        load_study(path)


def test_charges_and_spins_that_the_method_cannot_do_are_told_for_every_cluster(tmp_path):
    text = '[study]\nelement = "Na"\nsizes = [2, 3]\ncharges = [2, 0]\nunpaired = 1\n'
    with pytest.raises(InputError) as caught:
        load_study(written(tmp_path, text))
    assert "Na2+2" in str(caught.value)
    assert "Na2: 1 unpaired" in str(caught.value)


def test_a_file_that_is_none():
    with pytest.raises(InputError, match="cannot read the study file"):
        load_study("nowhere.toml")


def test_variants_say_what_differs_from_the_method(tmp_path):
    text = '[study]\nelement = "Na"\nsizes = 2\n[method]\ngrid = "fine"\n'
    text += '[variants.core]\npseudopotential = "bhs-core"\n'
    study = load_study(written(tmp_path, text))
    method = study.variants["core"].method
    assert (method.pseudopotential, method.grid) == ("bhs-core", "fine")
    assert study.spec.method.pseudopotential == "bhs"
    with pytest.raises(InputError, match="unknown key 'grd'; did you mean 'grid'"):
        load_study(written(tmp_path, text + 'grd = "fine"\n'))
    with pytest.raises(InputError, match="no electronic structure to vary"):
        load_study(written(tmp_path, STUDY_FILE + "[variants.core]\n"))
