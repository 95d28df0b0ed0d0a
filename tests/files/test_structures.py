"""Geometries from files, and what is said about files that are none."""

import numpy as np
import pytest
from ase import Atoms
from ase.io import write

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.files.structures import check_writable, read_structure, write_structure
from clusterdft.units import BOHR_ANGSTROM

POSITIONS = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 3.0], [0.0, 2.6, 1.5]])  # angstrom


@pytest.mark.parametrize("suffix", ["xyz", "traj", "json", "pdb", "gen", "mol"])
def test_any_format(tmp_path, suffix):
    path = tmp_path / f"cluster.{suffix}"
    if suffix == "mol":  # ASE reads that format only
        rows = "".join(f"{x:10.4f}{y:10.4f}{z:10.4f} Na  0  0\n" for x, y, z in POSITIONS)
        path.write_text(f"Na3\n\n\n  3  0  0  0  0  0\n{rows}M  END\n")
    else:
        write(path, Atoms("Na3", POSITIONS))
    cluster, n_frames = read_structure(path, charge=1, n_unpaired=2)
    assert cluster.symbols == ("Na",) * 3
    assert cluster.positions == pytest.approx(POSITIONS / BOHR_ANGSTROM, abs=1e-3)
    assert (cluster.charge, cluster.n_unpaired, n_frames) == (1, 2, 1)


def test_of_several_geometries_the_last(tmp_path):
    write(tmp_path / "path.xyz", [Atoms("Na3", POSITIONS * scale) for scale in (1.0, 1.1, 1.2)])
    cluster, n_frames = read_structure(tmp_path / "path.xyz")
    assert n_frames == 3
    assert cluster.positions == pytest.approx(1.2 * POSITIONS / BOHR_ANGSTROM, abs=1e-6)


def test_charge_comes_from_the_file_unless_given(tmp_path):
    path = tmp_path / "cation.xyz"
    write_structure(path, Cluster(symbols=("Na",) * 3, positions=POSITIONS * 2, charge=1))
    assert read_structure(path)[0].charge == 1
    assert read_structure(path, charge=0)[0].charge == 0


def test_written_geometry_comes_back(tmp_path):
    cluster = Cluster(symbols=("Na", "K", "Na"), positions=POSITIONS * 2)
    write_structure(tmp_path / "out.xyz", cluster)
    again, _ = read_structure(tmp_path / "out.xyz")
    assert again.symbols == cluster.symbols
    assert again.positions == pytest.approx(cluster.positions, abs=1e-7)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("missing.xyz", None, "does not exist"),
        ("empty.xyz", "", "empty"),
        ("cut.xyz", "4\n\nNa 0 0 0\nNa 0 0 3\n", "cannot be read"),
        ("words.xyz", "this is not a geometry\n", "cannot be read"),
        ("binary.xyz", "\x00\x01\x02\x7f", "cannot be read"),
        ("number.xyz", "1\n\nNa 0 zero 0\n", "cannot be read"),
        ("zero.xyz", "0\n\n", None),
        ("unknown.abc", "Na 0 0 0\n", "cannot be read"),
        ("broken.cif", "data_x\n_cell_length_a what\n", None),
        ("broken.json", "{", "cannot be read"),
        ("broken.traj", "not a trajectory", "cannot be read"),
        ("broken.vasp", "x\n1.0\n", None),
        ("same.xyz", "2\n\nNa 0 0 0\nNa 0 0 0.1\n", "coincide"),
        ("element.xyz", "1\n\nXx 0 0 0\n", "'Xx', which is no element"),
        ("word.xyz", "1\ncharge=abc\nNa 0 0 0\n", "declares charge abc"),
        ("half.xyz", "1\ncharge=0.5\nNa 0 0 0\n", "declares charge 0.5"),
        ("dummy.xyz", "1\n\nX 0 0 0\n", "unknown element"),
        ("nan.xyz", "1\n\nNa 0 0 nan\n", "finite"),
    ],
)
def test_broken_files_are_one_sentence(tmp_path, name, content, told):
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(InputError, match=told) as caught:
        read_structure(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_folder_is_no_structure(tmp_path):
    with pytest.raises(InputError, match="is a folder"):
        read_structure(tmp_path)


def test_periodic_structure_is_refused(tmp_path):
    write(tmp_path / "bulk.xyz", Atoms("Na", [[0, 0, 0]], cell=[4, 4, 4], pbc=True))
    with pytest.raises(InputError, match="periodic"):
        read_structure(tmp_path / "bulk.xyz")


@pytest.mark.parametrize("name", ["out.nosuchformat", "no/such/folder/out.xyz"])
def test_place_that_cannot_be_written(tmp_path, name):
    with pytest.raises(InputError, match="cannot write"):
        write_structure(tmp_path / name, Cluster(symbols=("Na",), positions=[[0, 0, 0]]))
    with pytest.raises(InputError, match="cannot write"):
        check_writable(tmp_path / name)


def test_place_that_can_be_written_is_left_alone(tmp_path):
    for name in ("out.xyz", "out.traj", "POSCAR"):
        check_writable(tmp_path / name)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "folder.xyz").mkdir()
    with pytest.raises(InputError, match="it is a folder"):
        check_writable(tmp_path / "folder.xyz")
