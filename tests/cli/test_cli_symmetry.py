"""The command `clusterdft symmetry` in the same process."""

import json

import numpy as np
import pytest
from ase import Atoms
from ase.io import write

from clusterdft.cli import app as cli
from clusterdft.units import BOHR_ANGSTROM


@pytest.fixture
def run(tmp_path, capsys):
    def command(atoms, *options):
        write(tmp_path / "cluster.xyz", atoms)
        with pytest.raises(SystemExit) as end:
            cli.main(["symmetry", str(tmp_path / "cluster.xyz"), *options])
        return end.value.code, capsys.readouterr()

    return command


def square(noise=0.0):
    corners = 3.4 * np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]])
    return Atoms("Na4", corners + np.random.default_rng(0).uniform(-noise, noise, (4, 3)))


def test_json_of_a_noisy_square(run):
    code, printed = run(square(0.02), "--json", "-", "--quiet", "--tolerance-scan")
    values = json.loads(printed.out)
    assert code == 0
    assert values["point_group"] == "D4h"
    assert values["symmetry_number"] == 8
    assert values["tolerance_bohr"] == 0.25
    assert 0 < values["deviation_bohr"] < 0.25
    assert values["equivalent_atoms"] == [[0, 1, 2, 3]]
    x = np.array(values["symmetrized_positions_bohr"])
    sides = np.linalg.norm(x - np.roll(x, 1, axis=0), axis=1)
    assert sides == pytest.approx(np.full(4, sides[0]))
    assert sides[0] * BOHR_ANGSTROM == pytest.approx(3.4, abs=0.03)
    assert values["tolerance_scan"][-1]["point_group"] == "D4h"
    assert values["tolerance_scan"][0]["point_group"] == "C1"


def test_text(run):
    code, printed = run(square(), "--tolerance", "0.01")
    assert code == 0
    assert "Point group D4h (order 16, symmetry number 8)" in printed.out
    assert "p -> A2u + Eu" in printed.out
    assert "A1g + B1g + B2g + B2u + Eu" in " ".join(printed.out.split())
    assert "Na(0, 1, 2, 3)" in printed.out


def triangle():
    return Atoms("Na3", [[0, 0, 0], [3.2, 0, 0], [1.6, 3.2 * 0.75**0.5, 0]])


def test_levels_and_modes(run):
    code, printed = run(triangle(), "--levels", "--modes", "--occupation", "equal", "--json", "-")
    electronic = json.loads(printed.out)["electronic"]
    assert code == 0
    assert electronic["state"]["label"] == "2E'"
    assert electronic["shells"] == {"1s": 2.0, "1p": 1.0}
    assert [level["label"] for level in electronic["orbitals"]][:2] == ["1a1'", "1e'"]
    assert sorted(mode["label"] for mode in electronic["modes"]) == ["a1'", "e'"]
    for line in ("state 2E', (1a1')2 (1e')1", "electrons 2 in 1s, 1 in 1p", "infrared active E'"):
        assert line in " ".join(printed.err.split())


def test_levels_of_a_cation(run):
    code, printed = run(triangle(), "--levels", "--charge", "1", "--unpaired", "0", "--json", "-", "--quiet")
    electronic = json.loads(printed.out)["electronic"]
    assert (code, electronic["state"]["label"], electronic["state"]["density_group"]) == (0, "1A1'", "D3h")
    assert "modes" not in electronic


def test_activities_of_a_square(run):
    values = json.loads(run(square(), "--json", "-", "--quiet")[1].out)
    assert values["infrared_active"] == ["Eu"]
    assert values["raman_active"] == ["A1g", "B1g", "B2g"]


@pytest.mark.parametrize(
    ("atoms", "group"),
    [
        (Atoms("Na", [[0, 0, 0]]), "Kh"),
        (Atoms("Na2", [[0, 0, 0], [0, 0, 3]]), "Dinfh"),
        (Atoms("NaK", [[0, 0, 0], [0, 0, 3]]), "Cinfv"),
    ],
)
def test_atoms_and_lines(run, atoms, group):
    code, printed = run(atoms, "--json", "-", "--quiet", "--tolerance-scan")
    values = json.loads(printed.out)
    assert (code, values["point_group"], values["order"]) == (0, group, None)


def test_bad_input_is_one_sentence(run):
    for atoms, options in (
        (square(), ("--tolerance", "4")),
        (square(), ("--tolerance", "0")),
        (Atoms("Na2", [[0, 0, 0], [0, 0, 0.1]]), ()),
        (square(), ("--modes",)),
        (square(), ("--charge", "1")),
        (square(), ("--unpaired", "2")),
        (square(), ("--basis", "opt-4s3p1d")),
        (square(), ("--levels", "--charge", "9")),
    ):
        code, printed = run(atoms, *options)
        assert code == 2
        assert printed.err.startswith("Error: ")
        assert printed.err.count("\n") == 1
