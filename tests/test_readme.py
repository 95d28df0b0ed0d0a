"""What the README says is true: its commands exist, its Python runs, its files are there."""

import csv
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from clusterdft.scf.method_file import load_method

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)


@pytest.mark.parametrize("number", range(len(PYTHON)))
def test_python_examples_run(number, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", PYTHON[number]], cwd=tmp_path, capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, done.stderr
    numbers = [float(word) for word in re.findall(r"-?\d+\.\d+", done.stdout)]
    if number == 0:
        assert numbers[0] == pytest.approx(-0.62, abs=0.01)
        assert "True" in done.stdout
    else:
        assert numbers[1] == pytest.approx(3.22, abs=0.02)  # equilateral Na3+: 6.085 bohr


def test_method_file_loads(tmp_path):
    text = re.search(r"```toml\n(.*?)```", README, flags=re.DOTALL).group(1)
    (tmp_path / "method.toml").write_text(text, encoding="utf-8")
    assert load_method(tmp_path / "method.toml").basis == "even-6s5p3d"


def test_two_commands_install_and_run_what_is_there():
    commands = re.findall(r"```bash\n(.*?)```", README, flags=re.DOTALL)
    assert len(commands) == 2
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "clusterdft" in project["scripts"]
    assert "clusterdft search Na4" in commands[0]
    assert "test" in project["optional-dependencies"]
    assert ".[test]" in commands[1]


@pytest.mark.parametrize("line", re.findall(r"^\$ clusterdft (.*?)\s*(?:#.*)?$", README, flags=re.MULTILINE))
def test_options_of_the_command_line_exist(line):
    words = line.split()
    command = words[: 2 if words[0] == "pseudo" else 1]
    shown = subprocess.run(
        [sys.executable, "-m", "clusterdft", *command, "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for option in [word for word in words if word.startswith("--")]:
        assert option in shown


def test_named_files_exist():
    tree = re.search(r"```text\nclusterdft/\n(.*?)```", README, flags=re.DOTALL).group(1)
    inside = [line for line in tree.splitlines() if line.startswith("  ")]
    for name in re.findall(r"^ +([\w/]+/|(?:\w+\.py *)+)", "\n".join(inside), flags=re.MULTILINE):
        for part in name.split():
            assert (ROOT / "clusterdft" / part).exists(), part
    for path in re.findall(r"`((?:runs|pseudopotentials)/[\w./-]+)`", README):
        assert (ROOT / path).exists(), path
    assert (ROOT / "runs/sodium-2-to-8/isomers.png").exists()


def test_table_of_dimers_is_the_one_of_the_run():
    with (ROOT / "runs/alkali-dimers/dimers.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["pseudopotential"] == "bhs-core"]
    for row in rows:
        if row["cluster"].endswith("2"):
            line = re.search(rf"^\| {row['cluster'][:-1]}₂ \|.*$", README, flags=re.MULTILINE).group(0)
            for quantity in ("re_bohr", "de_ev", "we_per_cm", "ip_ev"):
                assert f"{row[quantity]}, {row[quantity + '_all_electron']}, " in line
