"""The command `clusterdft jahn-teller` in the same process."""

import json

import numpy as np
import pytest
from ase import Atoms
from ase.io import write

from clusterdft import cli

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
def run(tmp_path, capsys):
    def command(positions, *options):
        write(tmp_path / "cluster.xyz", Atoms(f"Na{len(positions)}", positions))
        with pytest.raises(SystemExit) as end:
            cli.main(["jahn-teller", str(tmp_path / "cluster.xyz"), *options])
        return end.value.code, capsys.readouterr()

    return command


TRIANGLE = 3.3 * np.array([[0, 0, 0], [1, 0, 0], [0.5, 0.75**0.5, 0]])


def test_json_of_the_trimer(run):
    code, out = run(TRIANGLE, "--no-descend", "--json", "-")
    values = json.loads(out.out)
    assert code == 0 and set(values) >= NAMES
    assert (values["point_group"], values["problem"]) == ("D3h", "E' x e'")
    assert values["shell"] == [
        {"label": "1e'", "representation": "E'", "spin": "up", "electrons": 1.0, "capacity": 2}
    ]
    assert [mode["representation"] for mode in values["active_modes"]] == ["E'"]
    assert [one["subgroup"] for one in values["couplings"]] == ["C2v", "C2v"]
    assert values["minima"] == [] and values["verdict"]["kind"] == "none"
    assert "problem E' x e'" in out.err


def test_text_of_the_cation(run):
    code, out = run(TRIANGLE, "--charge", "1")
    assert code == 0
    assert "no degenerate level is open" in out.out


@pytest.mark.parametrize(
    ("positions", "options", "words"),
    [
        ([[0, 0, 0]], (), "single atom"),
        ([[0, 0, 0], [0, 0, 3.3], [0, 0, 6.6]], (), "on a line"),
        ([[0, 0, 0], [0, 0, 0.01], [3.3, 0, 0]], (), "coincide"),
        (TRIANGLE, ("--verify", "-1"), "--verify"),
        (TRIANGLE, ("--unpaired", "2"), "unpaired electrons are impossible"),
        (TRIANGLE, ("--tolerance", "5"), "cannot tell atoms apart"),
        (TRIANGLE * [[1, 1, 0], [1, 1, 0], [1, 1.01, 0]], ("--tolerance", "0.001"), "higher symmetry"),
    ],
)
def test_bad_input_is_one_sentence(run, positions, options, words):
    code, out = run(positions, *options)
    assert code == 2 and words in out.err and len(out.err.strip().splitlines()) == 1
