"""Mistakes in study files, reference files and summaries: one sentence each, before anything is computed."""

import json
import tomllib

import pytest
from studying import STUDY_FILE, entry, rows_of, series

from clusterdft.errors import InputError
from clusterdft.study import TABLES
from clusterdft.study.comparison import comparison_page
from clusterdft.study.reference_parts import LIST_COLUMNS, PAIRS, WORD_COLUMNS
from clusterdft.study.references import beside, load_references
from clusterdft.study.study_file import load_study

WHOLE = """
[study]
name = "all keys"
element = "Na"
sizes = "3"
charges = [0, 1]
formulas = ["Na4"]
unpaired = "auto"
properties = ["levels"]
references = ["martins1985"]
[method]
basis = "paper-3s2p"
[search]
starts = 4
confidence = 0.9
max_total_calls = 100
max_time_s = 10.0
seed = 1
generator = "symmetric"
strategy = "random-starts"
geometries = ["library"]
relaxer = "quasi-newton"
fmax_ev_per_angstrom = 0.01
max_calls = 10
check_within_ev = 0.1
check = true
[clusters.Na4]
starts = 2
[variants.core]
basis = "opt-4s3p1d"
[maps.one]
cluster = "Na3"
what = ["orbital"]
plane = [0, 1, 2]
step = 0.01
orbital = 0
spin = "up"
"""
ODD = ("3", "nan", "true", '"x"', "[]", "[[1]]", "{ a = 1 }", "1979-05-27")


def written(folder, text, name="study.toml"):
    path = folder / name
    path.write_text(text)
    return path


def told_of(folder, text):
    with pytest.raises(InputError) as caught:
        load_study(written(folder, text))
    return str(caught.value)


LINES = [line for line in WHOLE.splitlines() if " = " in line]
HEADS = [line for line in WHOLE.splitlines() if line.startswith("[")]


@pytest.mark.parametrize("line", [*LINES, *dict.fromkeys(head.strip("[]").split(".")[0] for head in HEADS)])
def test_odd_values_of_any_key_are_a_study_or_sentences(tmp_path, line):
    """No key with a value of another kind ends in anything but an InputError."""
    for odd in ODD:
        if line in LINES:
            text = WHOLE.replace(line, f"{line.split(' = ')[0]} = {odd}")
        else:
            kept = [part for part in WHOLE.split("\n[") if part.strip() and not part.startswith(line)]
            text = f"{line} = {odd}\n[" + "\n[".join(part.lstrip("\n[") for part in kept)
        tomllib.loads(text)
        try:
            study = load_study(written(tmp_path, text))
        except InputError as error:
            assert "study.toml: " in str(error)
            continue
        assert study.spec is not None
        assert all(plan.what for plan in study.maps)


def test_the_sound_file_is_a_study(tmp_path):
    study = load_study(written(tmp_path, WHOLE))
    assert [plan.name for plan in study.clusters] == ["Na3", "Na3+", "Na4", "Na4+"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('what = ["orbital"]', "what = []"), "maps.one.what: the list is empty; give some of density"),
        (('spin = "up"', "spin = [1]"), "maps.one.spin is [1]; give a name in quotes, allowed: up, down"),
        (("[0, 1, 2]", "[0, 1, 3]"), "maps.one.plane is [0, 1, 3]; give indices from 0 to 2"),
        (("orbital = 0\n", ""), "maps.one.spin: give orbital too"),
        (('[method]\nbasis = "paper-3s2p"', "[surface]"), "surface: give its name, one of "),
        (('["Na4"]', '["Na3"]'), "study: Na3 is there twice"),
        (('["Na4"]', '["Na2K", "KNa2"]'), "study: Na2K and KNa2 are the same; give each cluster once"),
    ],
)
def test_mistakes_are_among_the_problems_of_a_study_file(tmp_path, change, told):
    assert told in told_of(tmp_path, WHOLE.replace(*change))


def test_a_study_that_is_no_table(tmp_path):
    text = STUDY_FILE.replace("[study]", "study = 3\n[no]")
    told = told_of(tmp_path, text)
    assert "study is 3; give a table [study]" in told
    assert "unknown key 'no'" in told


REFERENCE = """
label = "mine"
title = "My own"
source = "Note"
[sources]
atomization = "Table 1"
[values.atomization]
Na2 = { atomization_per_atom_ev = 0.4 }
[values.spin_populations]
Na3 = { isotropic = [[0.5, 2], [-0.1, 1]] }
[values.ionization]
Na2 = { adiabatic_ip_minus_atom_ev = -0.1 }
[values.isomers]
Na3 = { point_group = "C2v" }
[expected_spread.atomization]
atomization_per_atom_ev = { every = 0.05, "Na8+" = 0.07 }
[remarks.atomization]
Na2 = "measured"
"""
NESTING = [
    ("[values.atomization]\nNa2 = { atomization_per_atom_ev = 0.4 }", "[values]\natomization = 3"),
    ("{ atomization_per_atom_ev = 0.4 }", "0.4"),
    ("atomization_per_atom_ev = 0.4", 'atomization_per_atom_ev = "large"'),
    ("atomization_per_atom_ev = 0.4", "atomization_per_atom_ev = [[0.4, 1]]"),
    ("atomization_per_atom_ev = 0.4", "atomization_per_atom_ev = nan"),
    ("adiabatic_ip_minus_atom_ev = -0.1", 'adiabatic_ip_minus_atom_ev = "-0.1"'),
    ("[[0.5, 2], [-0.1, 1]]", "[0.4, 0.5]"),
    ("[[0.5, 2], [-0.1, 1]]", "[[0.5, 2.0]]"),
    ("[[0.5, 2], [-0.1, 1]]", "0.4"),
    ('point_group = "C2v"', "point_group = 3"),
    ("[values.isomers]", "[values.vibrations]\nNa2 = { frequencies_cm1 = 150 }\n[values.isomers]"),
    (
        '[expected_spread.atomization]\natomization_per_atom_ev = { every = 0.05, "Na8+" = 0.07 }',
        "[expected_spread]\natomization = 3",
    ),
    ('{ every = 0.05, "Na8+" = 0.07 }', '"5 percent"'),
    ('{ every = 0.05, "Na8+" = 0.07 }', "{ every = -1 }"),
    ('[remarks.atomization]\nNa2 = "measured"', '[remarks]\natomization = "r"'),
    ('Na2 = "measured"', "Na2 = 3"),
    ('title = "My own"', "title = 3"),
    ('label = "mine"', 'label = ""'),
    ('[sources]\natomization = "Table 1"', "[sources]\natomization = 3"),
]


def reference_of(folder, *change):
    text = REFERENCE
    assert not change or change[0] in text
    written(folder, text.replace(*change) if change else text, "mine.toml")
    return load_references(["mine.toml"], folder)


def test_the_sound_file_is_compared(tmp_path):
    references, problems = reference_of(tmp_path)
    assert not problems
    rows = [{"cluster": "Na2", "atomization_per_atom_ev": 0.47, "remark": ""}]
    tables = {"atomization": beside("atomization", rows, references)}
    assert "| Na2 | 0.470 | 0.400 | +0.070 | beyond | measured |" in comparison_page("", tables, references)


@pytest.mark.parametrize("change", NESTING)
def test_a_malformed_reference_is_left_out_with_the_reason(tmp_path, change):
    references, problems = reference_of(tmp_path, *change)
    assert not references
    (problem,) = problems
    assert problem.startswith("reference 'mine.toml' is left out: ")
    assert any(words in problem for words in ("; give", "; leave", "no label"))


@pytest.mark.parametrize("part", ["remarks", "expected_spread"])
def test_a_part_that_is_no_table(tmp_path, part):
    written(tmp_path, f'label = "mine"\n{part} = "r"\n[values.dimers]\n', "mine.toml")
    references, problems = load_references(["mine.toml"], tmp_path)
    assert not references
    assert f"{part} is 'r'; give a table such as [{part}.dimers]" in problems[0]


def test_columns_of_words_pairs_and_lists_are_those_of_our_tables():
    ours = series(entry("Na2", 0, -0.4))
    columns = {column for table in TABLES.values() for row in table(ours) for column in row}
    assert set(WORD_COLUMNS) | set(LIST_COLUMNS) | {"isotropic"} <= columns
    assert "isotropic" in PAIRS
    assert not {column for column in columns if column.endswith("_ev")} & {*WORD_COLUMNS, *PAIRS}


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ({"inputs": 1}, "does not tell the surface of its search"),
        ({"inputs": {"symbols": ["Na"], "surface": {}}}, "does not tell the surface of its search"),
        ({"inputs": {"surface_key": "k", "surface": 3}}, "does not tell the surface of its search"),
        ({"inputs": {"surface_key": ["k"], "surface": {}}}, "does not tell the surface of its search"),
        ({"inputs": {"surface_key": "k", "surface": {}}}, "no surface that this version knows"),
        ({"inputs": {"surface_key": "k", "surface": {"surface": "kohn-sham", "new": 1}}}, "this version"),
        (3, "is no summary: it holds 3"),
        ([1], "is no summary: it holds [1]"),
    ],
)
def test_summaries_that_are_none(command, tmp_path, inputs, told):
    written(tmp_path, json.dumps(inputs), "summary.json")
    error = command("properties", tmp_path, cwd=tmp_path, code=2).err
    assert told in error
    assert error.count("\n") == 1


def test_dications_show_the_channels_that_there_are():
    """Na+2 is never computed, and Na2+2 has no electron: neither is missed; Na3+2 would be."""
    energies = {"Na": 0.0, "Na2": -0.1, "Na3": -0.2, "Na4": -0.3}
    entries = [entry(name, 0, energy) for name, energy in energies.items()]
    entries += [entry(name, 1, energy + 0.18) for name, energy in energies.items()]
    dications = [entry("Na3", 2, 0.3), entry("Na4", 2, 0.2)]
    row = rows_of(TABLES["dissociation"](series(*entries, *dications)))["Na4+2"]
    assert (row["lowest_channel"], row["next_channel"]) == ("Na+ + Na3+", "Na2+ + Na2+")
    row = rows_of(TABLES["dissociation"](series(*entries, dications[1])))["Na4+2"]
    assert row["lowest_channel"] is None
    assert row["remark"].endswith("not known without Na3+2")
