"""The picture of the layers, drawn of small packages."""

import importlib.util
import re
from itertools import pairwise

import pytest
from pages import ROOT

PATH = ROOT / "docs/make_layers.py"
SPECIFICATION = importlib.util.spec_from_file_location("make_layers", PATH)
make_layers = importlib.util.module_from_spec(SPECIFICATION)
SPECIFICATION.loader.exec_module(make_layers)

GRAPH = {"top": {"left", "right", "base"}, "left": {"base"}, "right": set(), "base": set()}


def test_imports_of_every_kind_are_found(tmp_path):
    files = {
        "__init__.py": "import clusterdft.high\n",
        "units.py": "",
        "files/__init__.py": "",
        "files/choices.py": "def read():\n    from clusterdft.units import BOHR\n",
        "high/__init__.py": 'NAMES = {"units": "clusterdft.units:BOHR"}\nfrom clusterdft import files\n',
        "high/deep.py": "import numpy\nimport clusterdft.files.choices\nfrom clusterdft.high import NAMES\n",
    }
    for name, text in files.items():
        path = tmp_path / "clusterdft" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    graph = make_layers.imports_of_rooms(tmp_path / "clusterdft")
    assert graph == {"files": {"units"}, "high": {"files", "units"}, "units": set()}


def test_a_room_stands_above_all_that_it_imports():
    assert make_layers.rows_of(GRAPH) == {"top": 2, "left": 1, "right": 0, "base": 0}
    assert make_layers.text_of(GRAPH) == (
        "row 2\n  top: base, left, right\nrow 1\n  left: base\nrow 0\n  right: nothing\n  base: nothing\n"
    )


def test_arrows_that_others_make_superfluous_are_left_out():
    assert make_layers.reduced(GRAPH) == GRAPH | {"top": {"left", "right"}}


def test_a_circle_is_named():
    with pytest.raises(SystemExit, match="a imports b imports c imports a"):
        make_layers.rows_of({"a": {"b"}, "b": {"c"}, "c": {"a"}})


def test_boxes_of_a_row_do_not_overlap_and_arrows_go_down():
    text = make_layers.svg_of(GRAPH)
    assert sorted(re.findall(r">(\w+)</text>", text)) == sorted(GRAPH)
    boxes = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"', text)
    by_row = {}
    for x, y, width in boxes:
        by_row.setdefault(y, []).append((float(x), float(x) + float(width)))
    for row in by_row.values():
        row.sort()
        assert all(left[1] < right[0] for left, right in pairwise(row))
    arrows = re.findall(r'<path d="M[\d.]+,([\d.]+) .*?,([\d.]+)" fill="none"', text)
    assert len(arrows) == 3
    assert all(float(start) < float(end) for start, end in arrows)
