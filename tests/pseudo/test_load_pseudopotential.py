"""Pseudopotentials by name, and the files that ship with the package."""

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from clusterdft.errors import InputError
from clusterdft.pseudo import load_pseudopotential

ROOT = Path(__file__).parents[2]


def test_the_same_name_gives_the_same_object():
    assert load_pseudopotential("Na", "bhs") is load_pseudopotential("Na", "bhs")


@pytest.mark.parametrize(
    ("symbol", "name", "message"),
    [
        ("Xx", "gth-pade-q1", "there is no table for this element"),
        ("Xe", "bhs", "there is no bhs pseudopotential for Xe; there is one for Al, Cs, K, Li, Mg, Na"),
        ("Na", "hgh", "unknown pseudopotential 'hgh'; give 'bhs'"),
        ("Na", "", "unknown pseudopotential ''"),
        ("Na", "no/such.toml", "cannot read the pseudopotential file no/such.toml"),
        ("Ce", "gth-pbe-q4", "there is no gth-pbe-q4 pseudopotential for Ce"),
        ("Bi", "gth-pbe0-q15", "is damaged"),
    ],
)
def test_unknown_names_are_refused(symbol, name, message):
    with pytest.raises(InputError, match=message):
        load_pseudopotential(symbol, name)


def test_a_file_of_ones_own_by_absolute_and_relative_path(tmp_path, monkeypatch):
    path = tmp_path / "mine.toml"
    path.write_bytes((files("clusterdft_pseudopotentials") / "bhs/lda/Na-q1.toml").read_bytes())
    own = load_pseudopotential("Na", str(path))
    monkeypatch.chdir(tmp_path)
    for other in (load_pseudopotential("Na", "mine.toml"), load_pseudopotential("Na", "bhs")):
        np.testing.assert_array_equal(own.channels[1].a, other.channels[1].a)
    with pytest.raises(InputError, match="is for Na, not for K"):
        load_pseudopotential("K", str(path))


def test_every_package_and_data_file_is_installed(tmp_path):
    code = (
        "import sys, setuptools, runpy\n"
        "setuptools.setup = lambda **given: print(*given['packages'], sep='\\n')\n"
        "runpy.run_path('setup.py')"
    )
    listed = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    folders = [path.parent.relative_to(ROOT) for path in (ROOT / "clusterdft").rglob("__init__.py")]
    expected = {".".join(folder.parts) for folder in folders} | {"clusterdft_pseudopotentials"}
    assert set(listed.stdout.split()) == expected
    assert {path.suffix for path in (ROOT / "pseudopotentials").rglob("*") if path.is_file()} <= {
        ".toml",
        ".py",
        ".pyc",
    }
