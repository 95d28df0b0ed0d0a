"""The command `clusterdft jahn-teller` in the same process."""

import json
import os
from contextlib import redirect_stderr

import numpy as np
import pytest
from ase import Atoms
from ase.io import read, write

NAMES = {
    "point_group",
    "shell",
    "problem",
    "active_modes",
    "couplings",
    "minima",
    "saddles",
    "barrier_hartree",
    "pseudo_jahn_teller",
    "high_spin",
    "verdict",
}


@pytest.fixture
def run(command, tmp_path):
    def analysed(positions, *options, code=0):
        write(tmp_path / "cluster.xyz", Atoms(f"Na{len(positions)}", positions))
        return command("jahn-teller", "cluster.xyz", *options, cwd=tmp_path, code=code)

    return analysed


TRIANGLE = 3.3 * np.array([[0, 0, 0], [1, 0, 0], [0.5, 0.75**0.5, 0]])


def test_json_of_the_trimer(run):
    out = run(TRIANGLE, "--no-descend", "--json", "-")
    values = json.loads(out.out)
    assert set(values) >= NAMES
    assert (values["point_group"], values["problem"]) == ("D3h", "E' x e'")
    assert values["shell"] == [
        {"label": "1e'", "representation": "E'", "spin": "up", "electrons": 1.0, "capacity": 2}
    ]
    assert [mode["representation"] for mode in values["active_modes"]] == ["E'"]
    assert [one["subgroup"] for one in values["couplings"]] == ["C2v", "C2v"]
    assert values["minima"] == []
    assert values["verdict"]["kind"] == "none"
    assert "problem E' x e'" in out.err


def test_text_of_the_cation(run, tmp_path):
    out = run(TRIANGLE, "--charge", "1")
    assert "no degenerate level is open" in out.out
    assert (tmp_path / "cluster+-jahn-teller" / "points.xyz").is_file()


def test_the_same_command_again_computes_nothing_of_the_descent(run, tmp_path):
    first, again = run(TRIANGLE), run(TRIANGLE)
    assert "E' -> C2v: -0.627" in first.err
    assert "C2v at -0.6271" in first.err
    assert "E' -> Cs: -0.627" in first.err  # a lower epikernel
    assert again.err == ""
    assert again.out == first.out
    frames = read(tmp_path / "cluster-jahn-teller" / "points.xyz", index=":")
    assert [(frame.info["kind"], frame.info["point_group"]) for frame in frames] == [
        ("symmetric", "D3h"),
        ("minimum", "C2v"),
        ("saddle", "C2v"),
    ]
    assert [frame.info.get("state") for frame in frames] == [None, "2B2", "2A1"]
    told = json.loads((tmp_path / "cluster-jahn-teller" / "summary.json").read_text())
    assert told["minima"][0]["state"] == "2B2"
    assert told["surface"]["basis"] == "paper-3s2p"


def test_without_lower_epikernels(run):
    told = run(TRIANGLE, "--no-lower", "--verify", "0").err
    assert "E' -> C2v" in told
    assert "Cs" not in told


def test_a_standard_error_that_is_closed_ends_no_descent(run, tmp_path):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as nowhere, redirect_stderr(nowhere):
        out = run(TRIANGLE, "--no-lower", "--verify", "0").out
    assert "files in cluster-jahn-teller" in out
    assert (tmp_path / "cluster-jahn-teller" / "summary.json").is_file()


def test_the_rule_does_not_speak_of_unpaired_electrons_in_full_shells(run):
    out = run(TRIANGLE, "--charge", "1", "--unpaired", "2", "--no-descend").out
    assert "open level 1e' (spin up): 1 of 2 electrons" in out
    assert "D3h is allowed" not in out
    assert "whole shells" not in out


def test_a_method_with_smearing_makes_no_folder(run, tmp_path):
    (tmp_path / "warm.toml").write_text('occupation = "fermi"\nwidth = 0.002\n')
    out = run(TRIANGLE, "--method", "warm.toml", code=2)
    assert "give occupation 'aufbau' or 'equal'" in out.err
    assert not any(path.is_dir() for path in tmp_path.iterdir())


@pytest.mark.parametrize(
    ("positions", "options", "words"),
    [
        ([[0, 0, 0]], (), "single atom"),
        ([[0, 0, 0], [0, 0, 3.3], [0, 0, 6.6]], (), "on a line"),
        ([[0, 0, 0], [0, 0, 0.01], [3.3, 0, 0]], (), "coincide"),
        (TRIANGLE, ("--verify", "-1"), "--verify"),
        (TRIANGLE, ("--jobs", "-1"), "--jobs"),
        (TRIANGLE, ("--out", "cluster.xyz"), "cannot write to the folder"),
        (TRIANGLE, ("--unpaired", "2"), "unpaired electrons are impossible"),
        (TRIANGLE, ("--tolerance", "5"), "cannot tell atoms apart"),
        (TRIANGLE * [[1, 1, 0], [1, 1, 0], [1, 1.01, 0]], ("--tolerance", "0.001"), "higher symmetry"),
    ],
)
def test_bad_input_is_one_sentence(run, tmp_path, positions, options, words):
    out = run(positions, *options, code=2)
    assert words in out.err
    assert len(out.err.strip().splitlines()) == 1
    assert not any(tmp_path.rglob("summary.json"))
