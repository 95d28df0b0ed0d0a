"""The commands for pseudopotentials."""

import json
import os

import pytest
from test_cli import clusterdft as in_a_process

from clusterdft.pseudo import load_pseudopotential, shipped_elements

SODIUM = ("pseudo", "make", "Na", "--charge", 1)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    in_a_process(*SODIUM, "--core-correction", cwd=folder)
    return folder / "Na-q1.toml"


def test_make_writes_a_file_that_loads_and_names_its_command(made):
    pseudopotential = load_pseudopotential("Na", str(made))
    assert pseudopotential.z_valence == 1
    assert len(pseudopotential.partial_core_exponent) > 0
    assert 'command = "clusterdft pseudo make Na --charge 1 --core-correction"' in made.read_text()
    assert os.listdir(made.parent) == ["Na-q1.toml"]


def test_make_again_changes_nothing_and_another_recipe_asks_for_force(command, made):
    before = made.read_bytes()
    again = command(*SODIUM, "--core-correction", cwd=made.parent)
    assert "this content already" in again.out
    other = (*SODIUM, "--highest", "p", "--cutoff", "s=1.7")
    refused = command(*other, cwd=made.parent, code=2)
    assert "--force" in refused.err
    assert made.read_bytes() == before
    (made.parent / "other").mkdir()
    place = made.parent / "other" / "Na.toml"
    place.write_text("something else")
    command(*other, "--out", "other/Na.toml", "--force", "--quiet", cwd=made.parent)
    text = place.read_text()
    assert "--cutoff s=1.7 --highest p" in text
    assert "[l1]" in text
    assert "[l2]" not in text


def test_make_prints_the_file_alone_on_standard_output(command, made):
    done = command(*SODIUM, "--core-correction", "--out", "-", cwd=made.parent)
    assert done.out == made.read_text()
    assert "eigenvalue, fitted" in done.err


def test_reference_is_taken_as_the_shell_gives_it(command, tmp_path):
    command(*SODIUM, "--reference", "s=3s0.8 3p0.1", "--highest", "p", cwd=tmp_path)
    text = (tmp_path / "Na-q1.toml").read_text()
    assert 'reference = "3s0.8 3p0.1"' in text


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--reference", "d=3d12"), "cannot hold 12"),
        (("--reference", "s=2x1"), "not understood"),
        (("--reference", "s=0s1"), "n = 0"),
        (("--reference", "3s1"), "not understood"),
        (("--reference", "f=4f1"), "no angular momentum"),
        (("--reference", "s=3s1", "--reference", "s=3s0.5"), "twice"),
        (("--reference", "d=3s1 3d0"), "not bound"),
        (("--cutoff", "s=0.5"), "inside the outermost node"),
        (("--cutoff", "s=4"), "beyond the outermost maximum"),
        (("--cutoff", "s=wide"), "not a number"),
        (("--cutoff", "s=nan"), "cutoff radius nan"),
        (("--core-ratio", 3), "--core-correction"),
        (("--relativity", "full"), "allowed: scalar, none"),
        (("--highest", "f"), "no angular momentum"),
        (("--out", "missing/Na.toml"), "cannot write"),
        (("--out", "."), "cannot write"),
    ],
)
def test_bad_recipes_are_one_sentence_and_write_nothing(command, tmp_path, options, message):
    done = command(*SODIUM, *options, cwd=tmp_path, code=2)
    assert message in done.err
    assert len(done.err.splitlines()) == 1
    assert done.out == ""
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("make", "Xx", "--charge", 1), "no recipe for Xx"),
        (("make", "Na", "--charge", 9), "give --charge 1"),
        (("test", "missing.toml"), "cannot read"),
        (("test", "missing"), "no pseudopotential 'missing'"),
        (("test", "bhs"), "--element"),
        (("test", "bhs", "--element", "Xx"), "for Xx"),
        (("test", "gth-pade-q1", "--element", "Na"), "separable"),
        (("test", "bhs", "--element", "Na", "--figure", "a.gif"), ".png"),
        (("test", "bhs", "--element", "Na", "--json", "missing/a.json"), "cannot write"),
        (("test", "bhs", "--element", "Na", "--dimer", "--basis", "none"), "unknown basis"),
        (("plot", "gth-pade-q1", "--element", "Na"), "separable"),
        (("plot", "bhs", "--element", "Na", "--out", "missing/a.png"), "cannot write"),
        (("list", "--json", "missing/a.json"), "cannot write"),
    ],
)
def test_bad_input_is_one_sentence(command, tmp_path, words, message):
    done = command("pseudo", *words, cwd=tmp_path, code=2)
    assert message in done.err
    assert len(done.err.splitlines()) == 1
    assert os.listdir(tmp_path) == []


def test_test_reports_in_tables_json_and_a_figure(command, made, tmp_path):
    done = command(
        "pseudo", "test", made, "--figure", "scattering.png", "--json", "report.json", cwd=tmp_path
    )
    assert "bare ion" in done.out
    assert "Problem" not in done.out
    values = json.loads((tmp_path / "report.json").read_text())
    assert values["largest_energy_error_hartree"] < 1.5e-3
    assert (tmp_path / "scattering.png").stat().st_size > 10_000


def test_damaged_file_is_told_to_be_bad(command, made, tmp_path):
    text = made.read_text().replace("core_ratio", "#core_ratio")
    start = text.index("[partial_core]")
    (tmp_path / "bad.toml").write_text(text[:start] + text[text.index("[l0]") :])  # its core left out
    done = command("pseudo", "test", "bad.toml", cwd=tmp_path)
    assert "Problem: levels of Na are wrong" in done.out


def test_dimers_stand_beside_the_reference(command, tmp_path):
    done = command(
        *("pseudo", "test", "bhs", "--element", "Na", "--dimer", "--basis", "paper-3s2p", "--json", "-"),
        cwd=tmp_path,
    )
    constants = json.loads(done.out)["dimer"]
    assert constants["computed"]["Na2"]["re_bohr"] == pytest.approx(5.503, abs=0.01)
    assert constants["hamiltonian"] == "scalar-relativistic"
    assert constants["all_electron"]["Na2"]["re_bohr"] == pytest.approx(5.67, abs=0.02)
    assert "deviation" in done.err


def test_list_names_everything_that_ships(command, tmp_path):
    done = command("pseudo", "list", "--json", "-", cwd=tmp_path)
    entries = json.loads(done.out)
    assert {entry["symbol"] for entry in entries if entry["name"] == "bhs"} == set(shipped_elements("bhs"))
    assert "Na-q1.toml" in done.err


def test_plot_draws_a_figure(command, tmp_path):
    done = command("pseudo", "plot", "bhs", "--element", "Na", cwd=tmp_path)
    assert "Na-q1.png" in done.out
    assert (tmp_path / "Na-q1.png").stat().st_size > 10_000
