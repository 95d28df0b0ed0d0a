"""Start geometries from files: names, order of atoms, and what is refused."""

import numpy as np
import pytest
from ase import Atoms
from ase.io import write

from clusterdft.errors import InputError
from clusterdft.generate.geometry_files import read_geometries
from clusterdft.generate.library import library_geometries
from clusterdft.units import BOHR_ANGSTROM


def frame(symbols, scale=3.5, **declared):
    x = scale * np.array([[0, 0, 0], [1, 0, 0], [0.5, 0.9, 0], [0.5, 0.3, 0.8], [1.5, 0.9, 0]])
    return Atoms(symbols, x[: len(symbols)], info=declared)


def test_all_frames_are_read_with_their_names_at_the_charge_of_the_search(tmp_path):
    frames = [frame(["Na"] * 3, name="small triangle", charge=1), frame(["Na"] * 3, 4.0)]
    write(tmp_path / "guesses.xyz", frames)
    found = read_geometries(tmp_path / "guesses.xyz", ("Na",) * 3, charge=-1, n_unpaired=2)
    assert [name for name, _ in found] == ["small triangle", "guesses 2"]
    for (_, cluster), scale in zip(found, (3.5, 4.0), strict=True):
        assert (cluster.charge, cluster.n_unpaired) == (-1, 2)
        assert np.isclose(np.linalg.norm(cluster.positions[1] - cluster.positions[0]) * BOHR_ANGSTROM, scale)
        assert np.abs(cluster.positions.mean(axis=0)).max() < 1e-12


def test_a_name_that_comes_twice_is_numbered(tmp_path):
    write(tmp_path / "twice.xyz", [frame(["Na"] * 2, name="dimer"), frame(["Na"] * 2, 4.0, name="dimer")])
    names = [name for name, _ in read_geometries(tmp_path / "twice.xyz", ("Na",) * 2)]
    assert names == ["dimer", "dimer (2)"]


def test_atoms_are_put_in_the_order_of_the_search(tmp_path):
    given = frame(["K", "Na", "K", "Na"])
    write(tmp_path / "mixed.xyz", given)
    ((_, cluster),) = read_geometries(tmp_path / "mixed.xyz", ("Na", "Na", "K", "K"))
    assert cluster.symbols == ("Na", "Na", "K", "K")
    expected = given.positions[[1, 3, 0, 2]] / BOHR_ANGSTROM
    assert np.allclose(cluster.positions, expected - expected.mean(axis=0))


@pytest.mark.parametrize(
    ("symbols", "told"), [(["Na"] * 4, "Na4, not Na3"), (["Na", "Na", "K"], "Na2 K1, not Na3")]
)
def test_other_atoms_are_refused_naming_the_frame(tmp_path, symbols, told):
    write(tmp_path / "some.xyz", [frame(["Na"] * 3), frame(symbols, name="odd one")])
    with pytest.raises(InputError, match=rf"geometry 2 of .*some\.xyz \(odd one\) has the atoms {told}"):
        read_geometries(tmp_path / "some.xyz", ("Na",) * 3)


def test_files_that_are_missing_are_refused(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        read_geometries(tmp_path / "none.xyz", ("Na",))


def test_the_library_survives_a_file(tmp_path):
    known = library_geometries(("Na",) * 7)
    frames = [Atoms(c.symbols, c.positions * BOHR_ANGSTROM, info={"name": name}) for name, c in known]
    write(tmp_path / "known.xyz", frames)
    for (name, one), (told, read) in zip(
        known, read_geometries(tmp_path / "known.xyz", ("Na",) * 7), strict=True
    ):
        assert name == told
        assert np.allclose(one.positions, read.positions, atol=1e-6)
