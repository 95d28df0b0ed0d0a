"""The readable files of a search."""

import json

import pytest
from ase.io import read

from clusterdft.files.writing import to_json
from clusterdft.report.search_files import summary
from clusterdft.report.search_run import search
from clusterdft.report.tables import (
    confidence_line,
    failure_lines,
    isomer_table,
    progress_line,
    spin_table,
    verdict_lines,
)
from clusterdft.surfaces.classical import Gupta, LennardJones
from clusterdft.surfaces.surface import SurfacePoint
from clusterdft.units import BOHR_ANGSTROM, HARTREE_EV


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("search")


@pytest.fixture(scope="module")
def result(folder):
    return search("Na7", spec=Gupta(), starts=8, seed=2, charge=1, out=folder, strategy="random-starts")


def test_summary_has_the_names_that_others_rely_on(folder, result):
    told = json.loads((folder / "summary.json").read_text())
    assert told == json.loads(to_json(summary(result)))
    assert len(told["isomers"]) == len(result.isomers) >= 2
    for told_isomer, isomer in zip(told["isomers"], result.isomers, strict=True):
        assert told_isomer["energy_hartree"] == isomer.energy
        assert told_isomer["binding_energy_per_atom_ev"] == pytest.approx(
            isomer.binding_energy_per_atom * HARTREE_EV
        )
        assert told_isomer["positions_bohr"] == isomer.cluster.positions.tolist()
        assert told_isomer["symbols"] == ["Na"] * 7
        assert (told_isomer["charge"], told_isomer["n_unpaired"]) == (1, 0.0)
        assert told_isomer["n_hits"] == isomer.n_hits
    assert told["inputs"]["seed"] == 2
    assert told["inputs"]["surface"] == Gupta().description
    assert {"python", "numpy", "clusterdft", "pyscf"} <= told["versions"].keys()


def test_xyz_holds_the_isomers_in_order(folder, result):
    frames = read(folder / "isomers.xyz", index=":")
    assert len(frames) == len(result.isomers)
    for frame, isomer in zip(frames, result.isomers, strict=True):
        assert frame.positions == pytest.approx(isomer.cluster.positions * BOHR_ANGSTROM, abs=1e-7)
        assert frame.info["energy_hartree"] == pytest.approx(isomer.energy, abs=1e-10)
        assert frame.get_potential_energy() == pytest.approx(isomer.energy * HARTREE_EV, abs=1e-7)
        assert not frame.pbc.any()


def test_log_has_a_line_for_every_start(folder, result):
    lines = (folder / "search.log").read_text().splitlines()
    assert [line.split(":")[0] for line in lines[1:-1]] == [f"start {n}" for n in range(8)]
    assert all(line.endswith("; random") for line in lines[1:-1])
    assert lines[-1].startswith("all 8 starts ended: lowest ")


def test_table_and_lines(result):
    table = isomer_table(result)
    assert table.row_count == len(result.isomers)
    assert "Na7+" in table.title
    assert failure_lines(result) == []
    line = progress_line(result, seconds_left=7000.0)
    assert result.isomers[0].n_hits == 2
    assert f"{result.isomers[0].energy:.6f} hartree, hit twice" in line
    assert f"{len(result.isomers)} isomers, {result.n_force_calls} force calls" in line
    assert f"confidence {100 * result.confidence:.3g} %" in line
    assert line.endswith("about 1.9 h left")
    assert "(twice found independently)" in confidence_line(result)


class Wells(LennardJones):
    """Two unpaired electrons cost four atoms some energy, four tear them apart."""

    def point(self, cluster, restart=None):
        spin = cluster.n_unpaired or 0
        point = LennardJones(epsilon=0.01 - 0.001 * spin, sigma=self.sigma * (2.5 if spin > 2 else 1)).point(
            cluster
        )
        return SurfacePoint(energy=point.energy, forces=point.forces, n_unpaired=float(spin))


def test_spins_and_saddle_points_are_told():
    how = {"strategy": "random-starts", "generator": "planar", "starts": 2, "check_within": 1.0}
    found = search("Na4", spec=Wells(), seed=3, scan_spins=True, **how)
    table = spin_table(found)
    columns = [list(column.cells) for column in table.columns]
    assert columns[1][:2] == ["0", "2"]
    assert columns[4][0] == "ground state"
    told = summary(found)["isomers"]
    scan = next(isomer["spin_scan"] for isomer in told if isomer["spin_scan"])
    assert scan["ground_n_unpaired"] == 0
    assert [state["kind"] for state in scan["states"]] == ["bound", "bound"]
    saddle = next(isomer for isomer in told if isomer["vibrations"] == "saddle")
    assert min(saddle["frequencies_per_cm"]) < 0
    assert any("saddle, " in line and "imaginary" in line for line in verdict_lines(found))
