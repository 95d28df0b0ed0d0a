"""Version, changelog, citation and hooks agree with one another and with the package."""

import re
import tomllib
from importlib.util import find_spec
from pydoc import locate

import pytest
from pages import ROOT, page

PROJECT = tomllib.loads(page("pyproject.toml"))["project"]
CHANGES = page("CHANGELOG.md")
MOVES = re.findall(r"^\| `(clusterdft[\w.]*)`(?:: (.*?))? \| `(clusterdft[\w.]+)` \|$", CHANGES, re.MULTILINE)
RENAMED = re.findall(r"`(clusterdft[\w.]+)`", CHANGES.partition("under other names:")[2])


def test_changelog_begins_with_this_version():
    assert re.findall(r"^## (.*)$", CHANGES, flags=re.MULTILINE)[:2] == [PROJECT["version"], "0.1.0"]


@pytest.mark.parametrize(("before", "names", "now"), MOVES)
def test_modules_went_where_the_changelog_says(before, names, now):
    inside = re.findall(r"\w+", names)
    for name in inside or [""]:
        assert exists(f"{now}.{name}".strip(".")), name or now
        assert not exists(f"{before}.{name}".strip(".")), name or before


def exists(module):
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # its package is gone
        return False


def test_changelog_lists_all_moves_and_new_names():
    assert len(MOVES) > 80
    assert len(RENAMED) > 10
    for name in RENAMED:
        assert locate(name) is not None, name


def test_citation_names_this_version_and_the_paper():
    citation = page("CITATION.cff")
    assert f"version: {PROJECT['version']}\n" in citation
    assert f"license: {PROJECT['license']}\n" in citation
    assert PROJECT["authors"][0]["name"] in citation
    for word in ("Martins", "Buttet", "Car", "volume: 31", "start: 1804", "year: 1985"):
        assert word in citation


def test_hooks_use_tools_that_are_installed_for_developers():
    hooks = re.findall(r"^ +entry: (\w+)", page(".pre-commit-config.yaml"), flags=re.MULTILINE)
    tools = [re.split(r"\W", tool)[0] for tool in PROJECT["optional-dependencies"]["dev"]]
    assert sorted(set(hooks)) == ["mypy", "ruff"]
    assert {*hooks, "pre"} <= set(tools)
    assert "repo: http" not in page(".pre-commit-config.yaml")


def test_what_is_checked_before_a_change_is_what_contributing_says():
    checks = (ROOT / ".ci/run").read_text(encoding="utf-8")
    for command in ("ruff check clusterdft tests runs docs", "ruff format clusterdft tests runs docs"):
        assert command in page("CONTRIBUTING.md")
        tool, words = command.split(" ", 1)
        assert re.search(rf'{tool}" {words.replace("format", "format --check")}', checks)
