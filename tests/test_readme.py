"""What the README says is true: its two commands exist, its Python runs, its picture is there."""

import re
import subprocess
import sys
import tomllib

import pytest
from pages import ROOT, blocks, page

LONGEST = 120  # lines: a newcomer reads it to the end
PYTHON = blocks("README.md", "python")


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


def test_two_commands_install_and_run_what_is_there():
    commands = blocks("README.md", "bash")
    assert len(commands) == 2
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "clusterdft" in project["scripts"]
    assert "clusterdft search Na4" in commands[0]
    assert "test" in project["optional-dependencies"]
    assert ".[test]" in commands[1]


def test_it_is_short_and_shows_the_picture():
    assert len(page("README.md").splitlines()) <= LONGEST
    assert "![Lowest isomers" in page("README.md")
    assert (ROOT / "runs/sodium-2-to-8/isomers.png").exists()


def test_it_leads_to_every_page():
    for path in (ROOT / "docs").glob("*.md"):
        if path.name != "index.md":
            assert f"(docs/{path.name})" in page("README.md")
