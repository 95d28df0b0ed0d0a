"""The command line on the real surface: names in the JSON, what does not converge, the choice of forces."""

import json
import os

import numpy as np
import pytest
from ase import Atoms
from ase.io import write
from test_cli import TRIMER, clusterdft

from clusterdft import Cluster, Method, relax, search, solve_scf
from clusterdft.units import BOHR_ANGSTROM

SCF_NAMES = {
    "energy_hartree",
    "energies",
    "forces_hartree_per_bohr",
    "hellmann_feynman_forces_hartree_per_bohr",
    "n_unpaired",
    "n_iterations",
    "converged",
    "positions_bohr",
}
ISOMER_NAMES = {
    "energy_hartree",
    "binding_energy_per_atom_ev",
    "positions_bohr",
    "symbols",
    "charge",
    "n_unpaired",
    "n_hits",
}


@pytest.fixture
def folder(tmp_path):
    write(tmp_path / "trimer.xyz", Atoms("Na3", TRIMER))
    write(tmp_path / "cation.xyz", Atoms("Na2", [[0, 0, 0], [0, 0, 3.4]], info={"charge": 1}))
    (tmp_path / "hasty.toml").write_text("max_iterations = 2\n")
    return tmp_path


def test_scf_gives_what_the_library_gives(command, folder):
    args = ("scf", "trimer.xyz", "--json", "-")
    told = json.loads(command(*args, cwd=folder).out)
    scf = solve_scf(Cluster(symbols=("Na",) * 3, positions=np.array(TRIMER) / BOHR_ANGSTROM), Method())
    assert told.keys() >= SCF_NAMES
    assert told["energy_hartree"] == pytest.approx(scf.energy, abs=1e-7)
    assert sum(told["energies"].values()) == pytest.approx(told["energy_hartree"], abs=1e-10)
    assert np.array(told["forces_hartree_per_bohr"]) == pytest.approx(scf.forces, abs=1e-6)
    difference = np.array(told["hellmann_feynman_forces_hartree_per_bohr"]) - told["forces_hartree_per_bohr"]
    assert told["force_audit_hartree_per_bohr"]["largest"] == pytest.approx(np.abs(difference).max())
    assert (told["converged"], told["n_unpaired"]) == (True, pytest.approx(1.0))


def test_scf_gives_total_forces_whichever_the_method_follows(command, folder):
    (folder / "method.toml").write_text('forces = "hellmann-feynman"\n')
    plain, other = (
        json.loads(command("scf", "trimer.xyz", *method, "--json", "-", cwd=folder).out)
        for method in ((), ("--method", "method.toml"))
    )
    for name in ("forces_hartree_per_bohr", "hellmann_feynman_forces_hartree_per_bohr"):
        assert np.array(other[name]) == pytest.approx(np.array(plain[name]), abs=1e-9)


def test_scf_table_fits_a_terminal_and_shows_the_audit(command, folder):
    lines = command("scf", "trimer.xyz", cwd=folder).out.splitlines()
    assert max(map(len, lines)) <= 80
    assert any("Hellmann-Feynman off by" in line and "largest" in line and "rms" in line for line in lines)
    assert any(line.split() == ["unpaired", "electrons", "1"] for line in lines)


def test_scf_that_does_not_converge(command, folder):
    args = ("scf", "trimer.xyz", "--method", "hasty.toml", "--json", "a.json")
    done = command(*args, cwd=folder, code=1)
    assert "did not converge" in done.err
    assert any(line.split() == ["converged", "no"] for line in done.out.splitlines())
    told = json.loads((folder / "a.json").read_text())
    assert told.keys() >= SCF_NAMES | {"reason"}
    assert (told["converged"], told["energy_hartree"]) == (False, None)


@pytest.mark.parametrize("jobs", [1, 2])
def test_search_in_which_nothing_converges(command, folder, jobs):
    args = ("search", "Na2", "--starts", 2, "--method", "hasty.toml", "--jobs", jobs, "--json", "-")
    done = command(*args, cwd=folder, code=1)
    told = json.loads(done.out)
    assert told["isomers"] == []
    assert all("did not converge" in failure["reason"] for failure in told["failures"])
    assert "None of 2 starts relaxed" in done.err


def test_relaxing_with_either_force(command, folder):
    ends = {}
    for forces in ("total", "hellmann-feynman"):
        args = ("relax", "cation.xyz", "--relaxer", "steepest-descent", "--forces", forces, "--json", "-")
        told = json.loads(command(*args, "--quiet", cwd=folder).out)
        assert told.keys() >= SCF_NAMES | {"n_force_calls", "relaxed"}
        assert told["relaxed"]
        assert told["charge"] == 1
        assert told["force_audit_hartree_per_bohr"]["largest"] > 5e-4
        ends[forces] = np.linalg.norm(np.diff(told["positions_bohr"], axis=0))
    assert ends["total"] == pytest.approx(6.43, abs=0.03)
    assert 0.2 < ends["hellmann-feynman"] - ends["total"] < 0.5


def test_search_is_the_same_with_any_number_of_jobs_and_in_python(command, folder):
    told = {}
    for jobs in (1, 2):
        args = ("search", "Na2", "--starts", 3, "--jobs", jobs, "--out", f"jobs{jobs}", "--json", "-")
        told[jobs] = json.loads(command(*args, "--quiet", cwd=folder).out)["isomers"]
    assert told[1] == told[2]
    assert told[1][0].keys() >= ISOMER_NAMES
    result = search("Na2", Method(), starts=3)
    assert result.isomers[0].energy == told[1][0]["energy_hartree"]
    assert told[1][0]["binding_energy_per_atom_ev"] == pytest.approx(0.4375, abs=0.005)


def test_relax_takes_a_method():
    pair = Cluster(symbols=("Na", "Na"), positions=[[0, 0, 0], [0, 0, 6.2]])
    end = relax(pair, Method())
    assert end.relaxed
    assert end.cluster.positions[1, 2] - end.cluster.positions[0, 2] == pytest.approx(5.503, abs=0.03)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full device")
@pytest.mark.parametrize("more", [("--json", "-", "--quiet"), ()], ids=["json", "table"])
def test_standard_output_that_is_full(folder, more):
    with open("/dev/full", "w") as full:
        done = clusterdft("scf", "trimer.xyz", *more, cwd=folder, code=2, stdout=full)
    assert done.stderr.startswith("Error: cannot write to standard output: No space left on device; ")
    assert done.stderr.count("\n") == 1
