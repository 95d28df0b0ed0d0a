"""What options stand for: levels of theory, surfaces, clusters of files, numbers with units."""

import inspect
from pathlib import Path

import numpy as np
import pytest
from ase import Atoms
from ase.io import write

from clusterdft.cli.options import (
    METHOD_OPTIONS,
    parse_fmax,
    parse_unpaired,
    read_cluster,
    surface_spec,
    usable_cores,
    with_method_options,
)
from clusterdft.errors import InputError
from clusterdft.method import Method
from clusterdft.surfaces.classical import Gupta
from clusterdft.surfaces.kohn_sham import KohnShamSpec
from clusterdft.units import BOHR_ANGSTROM, HARTREE_EV

NOTHING = dict.fromkeys(METHOD_OPTIONS)


@with_method_options("basis", "width")
def calculate(file: Path, *, level: dict, quiet: bool = False) -> int:
    """A command."""
    return file, level, quiet


def test_a_level_becomes_options_where_it_stood():
    parameters = inspect.signature(calculate).parameters
    assert list(parameters) == ["file", "basis", "width", "quiet"]
    assert parameters["basis"].annotation == METHOD_OPTIONS["basis"]
    assert parameters["basis"].default is None
    assert calculate.__doc__ == "A command."


def test_options_become_a_level():
    given = calculate(file="x.xyz", basis="paper-3s2p", width=None, quiet=True)
    assert given == ("x.xyz", {"basis": "paper-3s2p", "width": None}, True)


def test_options_that_were_not_given_leave_the_method_as_it_is():
    assert surface_spec(None, None, **NOTHING) == KohnShamSpec(Method())
    chosen = surface_spec(None, None, **(NOTHING | {"basis": "paper-3s2p"}))
    assert chosen == KohnShamSpec(Method(basis="paper-3s2p"))


def test_options_go_before_the_file_of_the_method(tmp_path):
    (tmp_path / "method.toml").write_text('basis = "even-6s5p3d"\nforces = "hellmann-feynman"\n')
    chosen = surface_spec(None, tmp_path / "method.toml", forces="total", basis=None)
    assert chosen.method == Method(basis="even-6s5p3d", forces="total")


def test_a_classical_surface_takes_no_level():
    assert surface_spec("gupta", None, **NOTHING) == Gupta()
    with pytest.raises(InputError, match="leave out --method, --basis, or --surface"):
        surface_spec("gupta", Path("m.toml"), **(NOTHING | {"basis": "paper-3s2p"}))


def test_the_last_geometry_of_a_file_and_its_charge_are_taken_and_named(tmp_path, capsys):
    frames = [Atoms("Na2", [[0, 0, 0], [0, 0, z]], info={"charge": 1}) for z in (3.0, 3.5)]
    write(tmp_path / "pairs.xyz", frames)
    cluster = read_cluster(tmp_path / "pairs.xyz", None, "1")
    assert (cluster.charge, cluster.n_unpaired) == (1, 1)
    assert cluster.positions[1, 2] * BOHR_ANGSTROM == pytest.approx(3.5)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].endswith("pairs.xyz holds 2 geometries; this is the last.")
    assert lines[1].endswith("pairs.xyz declares charge +1.")


def test_a_charge_that_is_given_is_taken_in_silence(tmp_path, capsys):
    write(tmp_path / "pair.xyz", Atoms("Na2", [[0, 0, 0], [0, 0, 3.0]], info={"charge": 1}))
    cluster = read_cluster(tmp_path / "pair.xyz", -1, "auto")
    assert (cluster.charge, cluster.n_unpaired) == (-1, None)
    assert capsys.readouterr().err == ""


def test_unpaired_electrons():
    assert parse_unpaired("auto") is None
    assert parse_unpaired("2") == 2
    for text in ("some", "-1", "1.5", ""):
        with pytest.raises(InputError, match=r"give auto or a number of electrons such as 0 or 1$"):
            parse_unpaired(text)


def test_forces_are_told_in_ev_per_angstrom():
    assert parse_fmax(HARTREE_EV / BOHR_ANGSTROM) == pytest.approx(1.0)
    assert np.isclose(parse_fmax(0.01), 1.94469e-4, rtol=1e-5)


def test_there_is_a_core():
    assert usable_cores() >= 1
