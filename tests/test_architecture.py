"""The rules that keep the code readable, checked."""

import ast
import re
from pathlib import Path

import pytest

import clusterdft

PACKAGE = Path(clusterdft.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))
NAMES = [str(path.relative_to(PACKAGE)) for path in FILES]


def imports(path):
    """Names of all modules that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


@pytest.mark.parametrize("name", NAMES)
def test_pyscf_stays_behind_the_integrals(name):
    if not name.startswith("integrals/") and name != "xc/libxc.py":
        assert not any(module.split(".")[0] == "pyscf" for module in imports(PACKAGE / name))


@pytest.mark.parametrize("name", NAMES)
def test_conversion_factors_live_in_one_file(name):
    factors = re.compile(r"27\.21|0\.52917|0\.0367|219474|1\.88972|1822\.88")
    assert name == "units.py" or not factors.search((PACKAGE / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", [n for n in NAMES if n.split("/")[0] in ("search", "generate", "relax")])
def test_searches_do_not_know_the_electronic_structure(name):
    inner = ("clusterdft.scf", "clusterdft.integrals", "clusterdft.xc", "clusterdft.grid")
    assert not any(module.startswith(inner) for module in imports(PACKAGE / name))


@pytest.mark.parametrize("name", NAMES)
def test_no_global_random_numbers(name):
    text = (PACKAGE / name).read_text(encoding="utf-8")
    assert not re.search(r"np\.random\.(seed|rand|normal|uniform|shuffle|choice)\b", text)


@pytest.mark.parametrize("name", NAMES)
def test_files_are_short_enough_to_read(name):
    assert len((PACKAGE / name).read_text(encoding="utf-8").splitlines()) <= 400


def test_public_interface_is_small_and_importable():
    assert len(clusterdft.__all__) <= 25
    for name in clusterdft.__all__:
        assert getattr(clusterdft, name).__doc__
