"""Whole studies on the Lennard-Jones surface: their files, failures, and what a kill leaves behind."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from studying import CALLS, FAST, STUDY_FILE, Counted, read, read_csv, rows_of, run, small_study

from clusterdft.errors import InputError, StoreError
from clusterdft.report.search_run import search
from clusterdft.study import TABLES
from clusterdft.surfaces.classical import LennardJones
from clusterdft.units import HARTREE_EV

ROOT = str(Path(__file__).parents[2])
TABLE_FILES = ("dimers", "distances", "spin_populations", "atomization", "dissociation", "ionization")


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """A finished study: its folder, and how many points it has computed."""
    folder = tmp_path_factory.mktemp("study")
    CALLS.clear()
    run(small_study(), folder)
    return folder, len(CALLS)


def essence(folder):
    """What a study's summary says, without what it cost."""
    told = json.loads((folder / "summary.json").read_text())
    for cluster in told["clusters"]:
        cluster["search"].pop("cpu_seconds", None)
        cluster.pop("folder")
    return told


def test_a_study_leaves_its_tables_and_its_searches(done):
    folder, _ = done
    for name in TABLES:
        assert (folder / "tables" / f"{name}.csv").is_file()
        assert (folder / "tables" / f"{name}.md").read_text().startswith("| cluster |")
    assert set(TABLE_FILES) <= set(TABLES)
    for name in ("Na2", "Na2+", "Na4+"):
        assert (folder / name / "isomers.xyz").is_file()
    assert (folder / "comparison.md").read_text().startswith("# small")


def test_its_numbers_are_those_of_the_surface(done):
    """n atoms that all touch have n (n - 1) / 2 bonds of 0.01 hartree; a charge costs 0.1."""
    folder, _ = done
    atomization = read_csv(folder / "tables" / "atomization.csv")
    for n in (2, 3, 4):
        bonds = 0.01 * HARTREE_EV * (n - 1) / 2
        for name in (f"Na{n}", f"Na{n}+"):
            assert float(atomization[name]["atomization_per_atom_ev"]) == pytest.approx(bonds, abs=1e-4)
    ionization = read_csv(folder / "tables" / "ionization.csv")
    for column in ("adiabatic_ip_ev", "vertical_ip_ev", "vertical_ip_from_ion_ev"):
        assert float(ionization["Na3"][column]) == pytest.approx(0.1 * HARTREE_EV, abs=1e-4)
    distances = read_csv(folder / "tables" / "distances.csv")
    assert float(distances["Na4"]["mean_bohr"]) == pytest.approx(6.0, abs=0.01)
    assert distances["Na4"]["paper_mean_bohr"] == "6"
    dissociation = read_csv(folder / "tables" / "dissociation.csv")
    assert dissociation["Na4"]["lowest_channel"] == "Na + Na3"
    assert read_csv(folder / "tables" / "isomers.csv")["Na4"]["point_group"] == "Td"


def test_the_summary_holds_all_channels_and_why_properties_are_missing(done):
    clusters = {one["cluster"]: one for one in essence(done[0])["clusters"]}
    channels = clusters["Na4+"]["dissociation"]["channels"]
    assert sorted(one["channel"] for one in channels) == ["Na + Na3+", "Na+ + Na3", "Na2 + Na2+"]
    assert channels == sorted(channels, key=lambda one: one["energy_ev"])
    assert clusters["Na"]["energy_hartree"] == 0
    assert clusters["Na+"]["energy_hartree"] == pytest.approx(0.1)
    reason = clusters["Na2"]["properties"]["vertical-attachment"]["reason"]
    assert reason == "charge -1 was not searched"


def test_a_second_run_computes_nothing(done):
    folder, _ = done
    before = essence(folder)
    CALLS.clear()
    run(small_study(), folder)
    assert CALLS == []
    assert essence(folder) == before


@pytest.mark.parametrize("at", [1, 4, 7, 10])
def test_stopped_between_two_results_it_computes_nothing_twice(tmp_path, done, at):
    said = []

    def stop(sentence):
        said.append(sentence)
        if len(said) == at:
            raise KeyboardInterrupt

    CALLS.clear()
    with pytest.raises(KeyboardInterrupt):
        run(small_study(), tmp_path, progress=stop)
    assert 0 < len(CALLS) < done[1]
    run(small_study(), tmp_path)
    assert len(CALLS) == done[1]
    assert essence(tmp_path) == essence(done[0])


def test_a_field_that_does_not_converge_is_a_failure_with_its_reason(tmp_path):
    CALLS.clear()
    said = []
    run(small_study(Counted(broken=1), formulas=("Na2", "Na3")), tmp_path, progress=said.append)
    clusters = {one["cluster"]: one for one in essence(tmp_path)["clusters"]}
    assert clusters["Na3+"]["energy_hartree"] is None
    assert "200 iterations were not enough" in clusters["Na3+"]["reason"]
    vertical = clusters["Na3"]["properties"]["vertical-ionization"]
    assert vertical == {"reason": "200 iterations were not enough"}
    row = read_csv(tmp_path / "tables" / "ionization.csv")["Na3"]
    assert row["adiabatic_ip_ev"] == row["vertical_ip_ev"] == ""
    assert "vertical_ip: no energy of charge +1" in row["remark"]
    assert any("failed: 200 iterations" in sentence for sentence in said)
    assert read_csv(tmp_path / "tables" / "atomization.csv")["Na3+"]["atomization_per_atom_ev"] == ""

    CALLS.clear()  # a failure is kept like any other result
    run(small_study(Counted(broken=1), formulas=("Na2", "Na3")), tmp_path)
    assert CALLS == []


def test_a_charge_that_is_added_later_completes_the_tables(tmp_path, done):
    run(small_study(charges=(0,)), tmp_path)
    assert read_csv(tmp_path / "tables" / "ionization.csv")["Na3"]["adiabatic_ip_ev"] == ""
    CALLS.clear()
    run(small_study(), tmp_path)
    assert {charge for _, charge in CALLS} <= {0, 1}
    assert essence(tmp_path)["tables"] == essence(done[0])["tables"]


def test_a_study_with_other_inputs_is_refused(tmp_path):
    run(small_study(formulas=("Na2",)), tmp_path)
    with pytest.raises(StoreError, match="belongs to another search"):
        run(small_study(LennardJones(epsilon=0.02), formulas=("Na2",)), tmp_path)


def test_several_jobs_give_the_same(tmp_path, done):
    run(small_study(), tmp_path, jobs=2)
    assert essence(tmp_path) == essence(done[0])


def test_mixed_clusters_have_what_needs_no_series_of_one_element(tmp_path):
    run(small_study(formulas=("Na2", "Na2K")), tmp_path)
    rows = read_csv(tmp_path / "tables" / "atomization.csv")
    assert float(rows["Na2K"]["atomization_energy_ev"]) == pytest.approx(0.03 * HARTREE_EV, abs=1e-3)
    assert "one element" in read_csv(tmp_path / "tables" / "dissociation.csv")["Na2K"]["remark"]
    ionization = read_csv(tmp_path / "tables" / "ionization.csv")["Na2K"]
    assert float(ionization["adiabatic_ip_ev"]) == pytest.approx(0.1 * HARTREE_EV, abs=1e-4)


def searched(folder, formula, charge=0, **more):
    search(formula, LennardJones(), charge=charge, starts=3, out=folder, **more)
    return folder


def test_properties_of_a_single_search_go_beside_its_own_summary(tmp_path):
    folder = searched(tmp_path / "Na3-search", "Na3")
    own = (folder / "summary.json").read_text()
    read([folder], names=FAST)
    assert (folder / "summary.json").read_text() == own
    row = read_csv(folder / "properties" / "tables" / "atomization.csv")["Na3"]
    assert float(row["atomization_per_atom_ev"]) == pytest.approx(0.01 * HARTREE_EV, abs=1e-4)


def test_properties_of_several_searches_make_a_series(tmp_path):
    folders = [searched(tmp_path / name, "Na3", q) for name, q in (("a", 0), ("b", 1))]
    folders.append(searched(tmp_path / "c", "Na2"))
    series = read(folders, tmp_path / "all", names=FAST)
    rows = rows_of(TABLES["ionization"](series))
    assert rows["Na3"]["adiabatic_ip_ev"] == pytest.approx(0.0, abs=1e-4)
    assert rows["Na2"]["adiabatic_ip_ev"] is None


def test_properties_of_a_study_are_its_own_tables_again(tmp_path, done):
    run(small_study(LennardJones()), tmp_path)
    before = essence(tmp_path)
    read([tmp_path], names=FAST)
    after = essence(tmp_path)
    assert after["tables"] == before["tables"]
    assert [one["name"] for one in after["references"]] == ["martins1985"]
    assert after["study"] == "small"


def test_asking_for_one_property_keeps_the_others_in_the_tables(tmp_path, done):
    folder = tmp_path / "copy"
    shutil.copytree(done[0], folder)
    before = essence(folder)
    read([folder], names=("distances",))
    assert essence(folder)["tables"] == before["tables"]


def test_a_property_that_is_neither_asked_for_nor_kept_is_not_computed(tmp_path):
    folder = searched(tmp_path / "Na3-search", "Na3", check_within=None)
    series = read([folder], names=("distances",))
    assert {name for _, name in series.solved} == {"distances"}
    series = read([folder], names=("shape",))
    assert {name for _, name in series.solved} == {"distances", "shape"}
    row = read_csv(folder / "properties" / "tables" / "vibrations.csv")["Na3"]
    assert row["remark"] == "vibrations was not asked for"


@pytest.mark.parametrize("case", ["empty", "methods", "twice", "none", "damaged"])
def test_folders_that_make_no_series(tmp_path, case):
    folders = [tmp_path / "a", tmp_path / "b"]
    told = {
        "empty": "holds no summary.json",
        "methods": "different methods",
        "twice": "more than one search of Na2",
        "none": "is no folder",
        "damaged": "is no summary",
    }[case]
    if case != "none":
        for folder in folders:
            folder.mkdir()
    if case == "methods":
        search("Na2", LennardJones(), starts=1, out=folders[0])
        search("Na3", LennardJones(epsilon=0.02), starts=1, out=folders[1])
    if case == "twice":
        for folder in folders:
            search("Na2", LennardJones(), starts=1, out=folder)
    if case == "damaged":
        (folders[0] / "summary.json").write_text("{")
    with pytest.raises(InputError, match=told):
        read(folders, tmp_path / "out", names=FAST)


def in_a_process(*args, code=0):
    """The command line in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "clusterdft", *map(str, args)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([ROOT, *sys.path])},
        capture_output=True,
        text=True,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


@pytest.mark.slow
def test_killed_in_the_middle_the_same_command_ends_as_if_it_had_not_been(tmp_path):
    file = tmp_path / "study.toml"
    file.write_text(STUDY_FILE.replace('"2-4"', '"2-7"'))
    process = subprocess.Popen(
        [sys.executable, "-m", "clusterdft", "study", str(file), "--jobs", "1"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([ROOT, *sys.path])},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    heard = [process.stderr.readline() for _ in range(5)]
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert heard[-1]
    assert not (tmp_path / "out" / "tables").exists()
    in_a_process("study", file, "--jobs", 1)
    in_a_process("study", file, "--jobs", 1, "--out", tmp_path / "whole", "--quiet")
    assert essence(tmp_path / "out") == essence(tmp_path / "whole")


def test_the_commands_say_where_the_tables_are_and_what_is_wrong(command, tmp_path):
    file = tmp_path / "study.toml"
    file.write_text(STUDY_FILE.replace('"2-4"', "[2]").replace('"martins1985"', '"martins", "none.toml"'))
    told = command("study", file, "--jobs", 1, cwd=tmp_path)
    assert str(tmp_path / "out" / "tables") in told.out
    assert "'martins' is left out" in told.err
    assert "did you mean 'martins1985'?" in told.err
    assert "'none.toml' is left out" in told.err
    assert "left out" in (tmp_path / "out" / "comparison.md").read_text()
    command(
        "properties", tmp_path / "out", "--property", "distances", "--reference", "martins1985", cwd=tmp_path
    )
    assert "paper_mean_bohr" in (tmp_path / "out" / "tables" / "distances.csv").read_text()
    assert (
        "did you mean 'levels'"
        in command("properties", tmp_path, "--property", "level", code=2, cwd=tmp_path).err
    )
    file.write_text(STUDY_FILE.replace("starts", "startz"))
    assert "did you mean 'starts'" in command("study", file, code=2, cwd=tmp_path).err
    assert "greater than or equal to 1" in command("study", file, "--jobs", 0, cwd=tmp_path, code=2).err
