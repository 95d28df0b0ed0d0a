"""Programs of runs/: what they import exists, and records of speed are compared as they should be."""

import ast
import importlib
import importlib.util
import sys
from pathlib import Path

import pytest
from pages import ROOT

SCRIPTS = sorted((ROOT / "runs").rglob("*.py"))
HEADER = "date,version,quantity,value,noise,repeats\n"


def load(path):
    """A script as a module; nothing of it runs."""
    specification = importlib.util.spec_from_file_location(f"script_{path.stem}", path)
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module  # dataclasses look themselves up
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def record():
    return load(ROOT / "runs/benchmarks/record.py")


@pytest.mark.parametrize("path", SCRIPTS, ids=[str(path.relative_to(ROOT / "runs")) for path in SCRIPTS])
def test_what_scripts_import_exists(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("clusterdft"):
            module = importlib.import_module(node.module)
            for alias in node.names:
                assert hasattr(module, alias.name), f"{node.module}.{alias.name}"
        elif isinstance(node, ast.ImportFrom) and (path.parent / f"{node.module}.py").is_file():
            tree = ast.parse((path.parent / f"{node.module}.py").read_text(encoding="utf-8"))
            assert {alias.name for alias in node.names} <= names_of(tree)


def names_of(tree):
    """What a module defines at its top."""
    named = {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    assigned = [node.targets for node in tree.body if isinstance(node, ast.Assign)]
    return named | {target.id for targets in assigned for target in targets if isinstance(target, ast.Name)}


def test_values_of_timings_are_medians_and_of_counts_means(record):
    timing = record.timing("a step", [2.0, 2.2, 9.0])  # something else ran meanwhile
    assert timing.value == 2.2
    assert timing.noise == pytest.approx(1.2533 * 1.4826 * 0.2 / 3**0.5 / 2.2)
    count = record.count("calls", [10, 14])
    assert count.value == 12
    assert count.noise == pytest.approx(2 / 12)
    assert record.count("calls", [10]).noise == 0.0


def test_what_rises_beyond_share_and_noise_is_worse(record):
    def measured(value, noise):
        return record.Measurement(quantity="q", value=value, noise=noise, repeats=5)

    last = measured(10.0, 0.0)
    assert not record.is_worse(measured(99.0, 0.0), None, 0.1)
    assert record.is_worse(measured(11.1, 0.0), last, 0.1)
    assert not record.is_worse(measured(10.9, 0.0), last, 0.1)
    assert not record.is_worse(measured(11.1, 0.01), last, 0.1)
    assert not record.is_worse(measured(11.1, 0.0), measured(10.0, 0.01), 0.1)
    assert not record.is_worse(measured(1.0, 0.0), last, 0.1)


@pytest.fixture
def fixed(record, monkeypatch):
    """Makes the script measure one quantity with the values given, one a run."""

    def fix(*values):
        left = list(values)

        def group():
            yield record.Measurement(quantity="step of Na2", value=left.pop(0), noise=0.01, repeats=3)

        monkeypatch.setattr(record, "GROUPS", {"start": group})

    return fix


def run(record, path, *words):
    return record.main(["--groups", "start", "--records", str(path), *words])


def test_records_are_kept_and_compared_with_the_last(record, fixed, tmp_path, capsys):
    path = tmp_path / "records.csv"
    fixed(0.25, 0.26, 0.4)
    assert run(record, path) == 0
    assert "first record" in capsys.readouterr().out
    assert run(record, path) == 0
    assert "as before" in capsys.readouterr().out
    assert run(record, path) == 1
    assert "WORSE" in capsys.readouterr().out
    assert path.read_text().startswith(HEADER)
    assert [row.value for row in record.read_records(path)] == [0.25, 0.26]  # what is worse sets no standard


def test_worse_values_are_recorded_when_accepted(record, fixed, tmp_path):
    path = tmp_path / "records.csv"
    fixed(0.25, 0.4, 0.4)
    assert run(record, path) == 0
    assert run(record, path, "--accept") == 1
    assert run(record, path) == 0
    assert record.last_records(record.read_records(path))["step of Na2"].value == 0.4


def test_comparing_alone_records_nothing(record, fixed, tmp_path):
    fixed(0.25)
    assert run(record, tmp_path / "records.csv", "--only-compare") == 0
    assert not (tmp_path / "records.csv").exists()


def test_tracked_records_can_be_read(record):
    rows = record.read_records(ROOT / "runs/benchmarks/records.csv")
    assert {row.quantity for row in rows} >= {"clusterdft --help, over python -c pass"}
    assert all(row.value > 0 for row in rows)
    assert (ROOT / "runs/benchmarks/records.csv").read_text().startswith(HEADER)
    assert Path(record.RECORDS) == ROOT / "runs/benchmarks/records.csv"
