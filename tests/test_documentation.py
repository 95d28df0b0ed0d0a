"""What the pages of docs/ and CONTRIBUTING say is true: code runs, commands parse, names and links exist."""

import csv
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from pydoc import locate

import pytest
import typer
from pages import PAGES, ROOT, RUNS, blocks, command_lines, page, prose

from clusterdft.basis.sets import BASIS_SETS
from clusterdft.cli.app import app
from clusterdft.generate import GENERATORS
from clusterdft.isomer_search.strategies import STRATEGIES
from clusterdft.method import Method
from clusterdft.relaxation import RELAXERS
from clusterdft.scf.method_file import load_method
from clusterdft.study import PROPERTIES
from clusterdft.study.study_file import load_study
from clusterdft.surfaces import CLASSICAL_SURFACES
from clusterdft.xc import FUNCTIONALS

PATH = re.compile(
    r"`((?:runs|pseudopotentials|clusterdft|tests|docs)/[\w./<>*-]*|[\w-]+\.(?:md|toml|cff|yaml))`"
)
LINK = re.compile(r"\]\(([^)#\s]*)(#[\w-]+)?\)")
OWN_FILES = {"method.toml", "study.toml", "comparison.md"}  # names of the reader's files
INSTALL = "pip install"


def with_code(language, pages=PAGES):
    return [name for name in pages if blocks(name, language)]


def run(words, folder):
    """A command of a page in a folder; its standard output."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=600, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "name", [n for n in with_code("python") if n not in ("README.md", "docs/tutorial.md")]
)
def test_python_of_a_page_runs_in_its_order(name, tmp_path):
    run([sys.executable, "-c", "\n".join(blocks(name, "python"))], tmp_path)


@pytest.mark.slow  # two searches and what follows from them
def test_tutorial_runs_from_top_to_bottom(tmp_path):
    for language, text in blocks("docs/tutorial.md"):
        if language == "python":
            assert float(run([sys.executable, "-c", text], tmp_path)) == pytest.approx(0.578, abs=0.002)
        for line in command_lines(text):
            run([sys.executable, "-m", "clusterdft", *shlex.split(line)], tmp_path)
    assert (tmp_path / "density.png").exists()
    assert "| Na4 | 4.4" in (tmp_path / "properties/tables/ionization.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("line", sorted({line for name in PAGES for line in command_lines(page(name))}))
def test_command_lines_parse(line):
    """Command, options and the types of their values; nothing is run."""
    group, words = typer.main.get_command(app), shlex.split(line)
    context = group.make_context("clusterdft", list(words))
    while hasattr(group, "commands"):
        name, group, words = group.resolve_command(context, words)
        context = group.make_context(name, list(words), parent=context)
    assert context.params


def test_files_of_the_pages_load(tmp_path):
    (method,) = blocks("docs/method-and-basis.md", "toml")
    (tmp_path / "method.toml").write_text(method, encoding="utf-8")
    assert load_method(tmp_path / "method.toml").basis == "even-6s5p3d"
    (study,) = blocks("docs/commands.md", "toml")
    (tmp_path / "study.toml").write_text(study, encoding="utf-8")
    assert len(load_study(tmp_path / "study.toml").clusters) == 6  # three sizes, two charges


@pytest.mark.parametrize("name", [*PAGES, *RUNS])
def test_named_paths_exist(name):
    for path in PATH.findall(page(name)):
        if path not in OWN_FILES and not re.search(r"[<>*]", path):
            places = (ROOT, ROOT / "docs", ROOT / "clusterdft")
            assert any((place / path).exists() for place in places), path


@pytest.mark.parametrize("name", [*PAGES, *RUNS])
def test_links_lead_somewhere(name):
    for target, anchor in LINK.findall(page(name)):
        if not target.startswith("http"):
            path = (ROOT / name).parent / target if target else ROOT / name
            assert path.exists(), target
            if anchor:
                headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
                assert anchor[1:] in [heading.lower().replace(" ", "-") for heading in headings], anchor


@pytest.mark.parametrize("name", [*PAGES, *RUNS])
def test_named_modules_exist(name):
    for dotted in re.findall(r"\b(clusterdft(?:\.[a-z_]\w*)+)", page(name)):
        assert locate(dotted) is not None, dotted


@pytest.mark.parametrize("name", [*PAGES, *RUNS])
def test_scripts_have_the_options_that_pages_give_them(name):
    for script, options in re.findall(r"python ((?:runs|docs)/[\w/-]+\.py)([^`\n#]*)", page(name)):
        text = (ROOT / script).read_text(encoding="utf-8")
        for option in re.findall(r"--[\w-]+", options):
            assert f'"{option}"' in text, f"{script} {option}"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("docs/searching.md", [*STRATEGIES, *RELAXERS, *GENERATORS, *CLASSICAL_SURFACES]),
        ("docs/method-and-basis.md", [*FUNCTIONALS, *BASIS_SETS, *Method().description]),
        ("docs/commands.md", [*PROPERTIES, *(command for command in typer.main.get_command(app).commands)]),
    ],
)
def test_pages_name_every_choice(name, words):
    text = page(name)
    assert [word for word in words if not re.search(rf"[` ]{word}[` ,]", text)] == []


def test_defaults_of_a_method_are_those_of_the_table():
    rows = re.findall(
        r"^\| `(\w+)` \| `?([\w.-]+)`? \|", page("docs/method-and-basis.md"), flags=re.MULTILINE
    )
    written = dict(rows)
    for key, value in Method().description.items():
        shown = float(written[key]) if isinstance(value, float) else written[key]
        assert shown == value or shown == str(value).lower(), key


def test_table_of_dimers_is_the_one_of_the_run():
    with (ROOT / "runs/alkali-dimers/dimers.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["pseudopotential"] == "bhs-core"]
    for row in rows:
        if row["cluster"].endswith("2"):
            start = rf"^\| {row['cluster'][:-1]}₂ \|.*$"
            line = re.search(start, page("docs/accuracy.md"), flags=re.MULTILINE).group(0)
            for quantity in ("re_bohr", "de_ev", "we_per_cm", "ip_ev"):
                assert f"{row[quantity]}, {row[quantity + '_all_electron']}, " in line


def test_structure_names_every_room():
    tops = {path.stem for path in (ROOT / "clusterdft").iterdir() if path.suffix in ("", ".py")}
    rooms = {name for name in tops if not name.startswith("_")}
    named = re.findall(r"^\| `(\w+)(?:/|\.py)` \|", page("docs/structure.md"), flags=re.MULTILINE)
    assert sorted(named) == sorted(rooms)


def test_picture_of_the_layers_is_that_of_the_imports():
    """If this fails: python docs/make_layers.py."""
    run([sys.executable, str(ROOT / "docs/make_layers.py"), "--check"], ROOT)


def test_nothing_names_a_folder_of_one_machine():
    places = re.compile(r"(?<![\w.<])/(?:home|work|root|Users)/")
    for name in [*PAGES, "CHANGELOG.md", "CITATION.cff", ".pre-commit-config.yaml"]:
        assert not places.search(page(name)), name


def test_sentences_are_words():
    """Lines are short enough to read in an editor; tables may be longer."""
    for name in PAGES:
        for line in prose(name).splitlines():
            assert len(line) <= 125 or line.startswith(("|", "!")), f"{name}: {line}"


def test_every_page_is_in_the_index():
    for path in (ROOT / "docs").glob("*.md"):
        assert path.name == "index.md" or f"({path.name})" in page("docs/index.md")
    assert Path(ROOT / "docs/index.md").exists()
