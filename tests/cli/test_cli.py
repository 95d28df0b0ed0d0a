"""The command line; a few commands in processes of their own, as a user runs them."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from ase import Atoms
from ase.io import read, write

from clusterdft.cli.app import main
from clusterdft.generate.random_cube import random_cube
from clusterdft.units import BOHR_ANGSTROM

ROOT = str(Path(__file__).parents[2])
TRIMER = [[0.0, 0.0, 0.0], [0.0, 0.0, 3.3], [0.0, 3.0, 1.5]]  # angstrom


def environment(**more):
    return {**os.environ, "PYTHONPATH": os.pathsep.join([ROOT, *sys.path]), **more}


def clusterdft(*args, cwd, code=0, stdout=subprocess.PIPE, preexec_fn=None):
    command = [sys.executable, "-m", "clusterdft", *map(str, args)]
    done = subprocess.run(
        command,
        cwd=cwd,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        preexec_fn=preexec_fn,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def trimer(tmp_path):
    write(tmp_path / "trimer.xyz", Atoms("Na3", TRIMER))
    return tmp_path / "trimer.xyz"


def test_help_imports_nothing_heavy():
    code = (
        "import sys, clusterdft.cli.app as cli\n"
        "try:\n    cli.main(['search', '--help'])\n"
        "except SystemExit as end:\n    assert end.code == 0\n"
        "heavy = {'numpy', 'scipy', 'ase', 'numba', 'pyscf', 'sqlalchemy'} & set(sys.modules)\n"
        "sys.exit(f'imported: {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for word in ("random-cube", "quasi-newton", "gupta", "--starts", "--json"):
        assert word in done.stdout


def test_version(tmp_path):
    assert clusterdft("--version", cwd=tmp_path).stdout.startswith("clusterdft ")


def test_search_prints_a_table_and_writes_files(tmp_path):
    done = clusterdft("search", "Na5", "--surface", "gupta", "--starts", 6, "--charge", -1, cwd=tmp_path)
    assert "Isomers of Na5-" in done.stdout
    assert "6/6" in done.stderr
    folder = tmp_path / "Na5--search"
    assert sorted(os.listdir(folder)) == [
        "isomers.xyz",
        "search.log",
        "store.lock",
        "store.sqlite",
        "summary.json",
    ]
    assert json.loads((folder / "summary.json").read_text())["starts_finished"] == 6


def test_search_json_on_standard_output_stands_alone(command, tmp_path):
    done = command("search", "Na4", "--surface", "gupta", "--starts", 3, "--json", "-", cwd=tmp_path)
    told = json.loads(done.out)
    assert told["isomers"][0]["symbols"] == ["Na"] * 4
    assert "Isomers of Na4" in done.err
    again = command("search", "Na4", "--surface", "gupta", "--starts", 3, "--json", "a.json", cwd=tmp_path)
    assert "Isomers of Na4" in again.out
    assert json.loads((tmp_path / "a.json").read_text())["isomers"] == told["isomers"]


def test_quiet_is_quiet(command, tmp_path, trimer):
    for args in (("search", "Na3", "--starts", 2), ("scf", trimer), ("relax", trimer)):
        done = command(*args, "--surface", "gupta", "--quiet", cwd=tmp_path)
        assert (done.out, done.err) == ("", "")


def test_scf_gives_energy_and_forces(command, tmp_path, trimer):
    told = json.loads(command("scf", trimer, "--surface", "gupta", "--json", "-", cwd=tmp_path).out)
    assert told["positions_bohr"] == pytest.approx(np.array(TRIMER) / BOHR_ANGSTROM, abs=1e-6)
    assert np.sum(told["forces_hartree_per_bohr"], axis=0) == pytest.approx(0.0, abs=1e-12)
    assert told["converged"] is True
    assert told["energies"]["total"] == told["energy_hartree"]
    names = {"hellmann_feynman_forces_hartree_per_bohr", "n_unpaired", "n_iterations"}
    assert names <= told.keys()


def test_relax_finds_the_minimum(command, tmp_path, trimer):
    args = ("relax", trimer, "--surface", "lennard-jones", "--json", "-", "--out", "relaxed.xyz")
    told = json.loads(command(*args, cwd=tmp_path).out)
    assert told["relaxed"] is True
    assert told["energy_hartree"] == pytest.approx(-0.03, abs=1e-5)
    assert told["n_force_calls"] > 2
    assert np.linalg.norm(told["forces_hartree_per_bohr"], axis=1).max() < 2e-4
    assert read(tmp_path / "relaxed.xyz").positions == pytest.approx(
        np.array(told["positions_bohr"]) * BOHR_ANGSTROM, abs=1e-7
    )


def test_relax_says_when_it_did_not(command, tmp_path, trimer):
    args = ("relax", trimer, "--surface", "gupta", "--max-calls", 2, "--json", "a.json")
    done = command(*args, cwd=tmp_path, code=1)
    assert "not relaxed after 2 force calls" in done.err
    told = json.loads((tmp_path / "a.json").read_text())
    assert (told["relaxed"], told["converged"], told["n_force_calls"]) == (False, True, 2)


def test_search_says_when_nothing_relaxed(command, tmp_path):
    args = ("search", "Na6", "--surface", "gupta", "--starts", 2, "--max-calls", 1, "--json", "-")
    done = command(*args, cwd=tmp_path, code=1)
    told = json.loads(done.out)
    assert (told["isomers"], len(told["failures"])) == ([], 2)
    assert "None of 2 starts relaxed" in done.err


RANDOM = ("--strategy", "random-starts")
GUPTA = ("--surface", "gupta")


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("search",), "FORMULA"),
        (("search", "Xx4", *GUPTA), "unknown element 'Xx'"),
        (("search", "na4", *GUPTA), "not a chemical formula"),
        (("search", "K4", *GUPTA), "sodium only"),
        (("search", "Na4", "--surface", "gupt"), "did you mean 'gupta'"),
        (("search", "Na4", "--start", "3"), "--start"),
        (("search", "Na4", "--starts", "many"), "--starts"),
        (("search", "Na4", *GUPTA, "--starts", "0"), "at least 1"),
        (("search", "Na4", *GUPTA, "--confidence", "95"), "above 0 and below 1"),
        (("search", "Na4", *GUPTA, "--total-calls", "0"), "at least 1"),
        (("search", "Na4", *GUPTA, "--max-time", "soon"), "30m"),
        (("search", "Na4", *GUPTA, "--max-time", "0"), "positive"),
        (("search", "Na4", *GUPTA, "--seeds", "nowhere.xyz"), "does not exist"),
        (("search", "Na4", *GUPTA, *RANDOM, "--seeds", "trimer.xyz"), "a seed is Na3"),
        (("search", "Na4", *GUPTA, "--coarse", "lenard-jones"), "lennard-jones"),
        (("search", "Na4", *GUPTA, "--check", "yes"), "an energy in eV such as 0.3, or none"),
        (("search", "Na4", *GUPTA, "--check", "-1"), "give 0 or a positive number"),
        (("relax", "trimer.xyz", "--unpaired", "scan"), "or scan in a search"),
        (("search", "Na4", *GUPTA, "--from", "."), "holds no isomers.xyz"),
        (("search", "Na4", *GUPTA, "--seed", "-1"), "seed -1"),
        (("search", "Na4", *GUPTA, "--jobs", "0"), "0 jobs"),
        (("search", "Na4", *GUPTA, "--unpaired", "some"), "--unpaired"),
        (("search", "Na4", *GUPTA, "--relaxer", "newton"), "quasi-newton"),
        (("search", "Na4", *GUPTA, "--fmax", "-1"), "positive"),
        (("search", "Na4", *GUPTA, "--fmax", "inf"), "positive"),
        (("search", "Na4", *GUPTA, "--basis", "paper-3s2p"), "--basis"),
        (("search", "Na4", *GUPTA, "--out", "trimer.xyz"), "cannot write to the folder trimer.xyz"),
        (("search", "Na4", *GUPTA, "--out", "/proc/nowhere"), "cannot write to the folder"),
        (("search", "Na4", *GUPTA, "--json", "no/folder/a.json"), "no/folder/a.json"),
        (("scf", "nowhere.xyz", *GUPTA), "does not exist"),
        (("scf", "empty.xyz", *GUPTA), "empty"),
        (("scf", "bulk.xyz", *GUPTA), "periodic"),
        (("relax", "empty.xyz", *GUPTA), "empty"),
        (("relax", "trimer.xyz", *GUPTA, "--relaxer", "newton"), "quasi-newton"),
        (("relax", "trimer.xyz", *GUPTA, "--out", "out.nosuchformat"), "no format of that name"),
        (("relax", "trimer.xyz", *GUPTA, "--forces", "total"), "leave out --forces"),
        (("sketch",), "sketch"),
        (("search", "H2"), "no bhs pseudopotential for H; there is one for Al"),
        (("search", "Na2H", "--pseudopotential", "gth-pade-q1"), "no functions for H; it has"),
        (("search", "Na4", "--charge", "4"), "at most +3"),
        (("search", "Na4", "--unpaired", "1"), "allowed: 0, 2, 4"),
        (("relax", "trimer.xyz", "--charge", "-99"), "do not fit into 27 orbitals"),
        (("scf", "trimer.xyz", "--pseudopotential", "gth-pade-q9"), "the pseudopotential leaves 9"),
        (("scf", "trimer.xyz", "--pseudopotential", "gth-pade-q4"), "there are gth-"),
        (("scf", "trimer.xyz", "--pseudopotential", "mine.toml"), "No such file"),
        (("scf", "trimer.xyz", "--basis", "paper-3s2"), "did you mean 'paper-3s2p'"),
        (("scf", "trimer.xyz", "--functional", "b3lyp"), "hybrid"),
        (("scf", "trimer.xyz", "--width", "0.01"), "occupation 'fermi' only"),
        (("scf", "trimer.xyz", "--method", "bad.toml"), "did you mean 'basis'?; grid is 'corse'"),
        (("scf", "same.xyz"), "coincide"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_bad_input_is_one_sentence(command, tmp_path, trimer, args, told):
    (tmp_path / "empty.xyz").write_text("")
    (tmp_path / "bad.toml").write_text('basiss = "a"\ngrid = "corse"\n')
    write(tmp_path / "same.xyz", Atoms("Na2", [[0, 0, 0], [0, 0, 0.1]]))
    write(tmp_path / "bulk.xyz", Atoms("Na", [[0, 0, 0]], cell=[4, 4, 4], pbc=True))
    before = sorted(os.listdir(tmp_path))
    done = command(*args, cwd=tmp_path, code=2)
    assert told in done.err
    assert done.err.count("\n") == 1
    assert done.out == ""
    assert sorted(os.listdir(tmp_path)) == before


@pytest.mark.parametrize(
    ("words", "told"), [("search K4 --surface gupta", "sodium only"), ("sketch", "sketch")]
)
def test_bad_input_ends_the_process_without_a_traceback(tmp_path, words, told):
    done = clusterdft(*words.split(), cwd=tmp_path, code=2)
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_folder_of_another_search(command, tmp_path):
    command("search", "Na3", *GUPTA, "--starts", 1, "--out", "here", cwd=tmp_path)
    done = command("search", "Na3", *GUPTA, "--starts", 1, "--seed", 1, "--out", "here", cwd=tmp_path, code=2)
    assert "belongs to another search: its seed is 0, here it is 1" in done.err
    assert done.err.count("\n") == 1


def test_search_from_another_until_it_is_sure(command, tmp_path, trimer):
    command("search", "Na3", *GUPTA, "--seeds", trimer, "--starts", 1, "--out", "first", cwd=tmp_path)
    args = ("search", "Na3", *GUPTA, "--charge", 1, "--from", "first", "--confidence", 0.8, "--out", "second")
    done = command(*args, cwd=tmp_path)
    assert "confidence 80 % that no isomer is lower (6 times found independently)" in done.out
    told = json.loads((tmp_path / "second/summary.json").read_text())
    origins = told["isomers"][0]["origins"]
    assert origins[0] == "seed Na3"
    assert told["isomers"][0]["point_group"] == "D3h"
    assert told["isomers"][0]["vibrations"] == "minimum"
    assert len(told["isomers"][0]["frequencies_per_cm"]) == 3
    assert told["stopped"] == "the confidence reached 80 %"
    other = command(*args[:-4], *args[-2:], "--seeds", trimer, cwd=tmp_path, code=2)
    assert "belongs to another search: its seeds is" in other.err


def test_full_disk_is_one_sentence_and_nothing_is_lost(tmp_path):
    import resource

    def small_files():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    args = ("search", "Na13", *GUPTA, "--jobs", 1, "--starts")
    full = clusterdft(*args, 60, cwd=tmp_path, code=2, preexec_fn=small_files)
    assert full.stderr.splitlines()[-1].startswith("Error: ")
    done = sum(line.startswith("start ") for line in full.stderr.splitlines())
    assert done > 3
    again = clusterdft(*args, done + 1, cwd=tmp_path)
    assert sum(line.startswith("start ") for line in again.stderr.splitlines()) <= 1


def test_interrupted_relaxation_says_so(tmp_path):
    start = random_cube(("Na",) * 60, seed=1, index=0)  # tens of thousands of steps: it is still on its way
    write(tmp_path / "start.xyz", Atoms("Na60", start.positions * BOHR_ANGSTROM))
    args = [sys.executable, "-m", "clusterdft", "relax", "start.xyz", "--max-calls", "100000"]
    slow = [*args, "--surface", "gupta", "--relaxer", "steepest-descent", "--fmax", "1e-14"]
    process = subprocess.Popen(slow, cwd=tmp_path, stderr=subprocess.PIPE, text=True, env=environment())
    process.stderr.readline()
    process.send_signal(signal.SIGINT)
    lines = process.stderr.readlines()
    assert process.wait() == 130, "".join(lines)
    process.stderr.close()
    assert lines[-1] == "Stopped.\n"
    assert "Traceback" not in "".join(lines)


def swallowed(error):
    """What Python raises where compiled code has swallowed an error: a SystemError with it as its cause."""
    try:
        raise SystemError("returned a result with an exception set") from error
    except SystemError as system_error:
        return system_error


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("arguments", [["relax", "trimer.xyz"], ["search", "Na2", "--starts", "1"]])
def test_interrupt_that_a_compiled_kernel_swallows(command, monkeypatch, trimer, arguments, nested):
    error = swallowed(swallowed(KeyboardInterrupt()) if nested else KeyboardInterrupt())

    def point(self, cluster, restart=None):
        raise error

    monkeypatch.setattr("clusterdft.surfaces.classical.Gupta.point", point)
    more = ["--surface", "gupta", *(["--jobs", "1"] if arguments[0] == "search" else [])]
    stopped = command(*arguments, *more, cwd=trimer.parent, code=130)
    assert "Stopped" in stopped.err


def test_other_system_errors_are_not_taken_for_an_interrupt(command, monkeypatch, trimer):
    def point(self, cluster, restart=None):
        raise swallowed(ValueError("a fault"))

    monkeypatch.setattr("clusterdft.surfaces.classical.Gupta.point", point)
    monkeypatch.chdir(trimer.parent)
    with pytest.raises(SystemError):
        main(["relax", "trimer.xyz", "--surface", "gupta"])


def test_interrupted_search_says_so_and_goes_on(tmp_path):
    command = [
        sys.executable,
        "-m",
        "clusterdft",
        "search",
        "Na13",
        "--surface",
        "gupta",
        "--starts",
        "200",
    ]
    process = subprocess.Popen(
        [*command, "--jobs", "2"], cwd=tmp_path, stderr=subprocess.PIPE, text=True, env=environment()
    )
    first = [process.stderr.readline() for _ in range(3)]
    process.send_signal(signal.SIGINT)
    rest = process.stderr.readlines()
    assert process.wait() == 130, "".join(rest)
    process.stderr.close()
    finished = len(first) + len(rest) - 1
    assert f"Stopped: {finished} starts are finished and kept in Na13-search" in rest[-1]
    assert "Traceback" not in "".join(first + rest)
    again = clusterdft("search", "Na13", *GUPTA, "--starts", finished + 2, cwd=tmp_path)
    assert sum(line.startswith("start ") for line in again.stderr.splitlines()) <= 2
