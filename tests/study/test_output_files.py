"""Files of a study: tables as CSV and Markdown, the summary, and figures of what there is."""

import json

import pytest
from studying import entry, read_csv, series, small_series, tables_of

from clusterdft.errors import StoreError
from clusterdft.study import FIGURES, TABLES
from clusterdft.study.output_files import (
    columns_of,
    draw_figures,
    flattened,
    to_csv,
    to_markdown,
    write_study_files,
)
from clusterdft.study.references import load_references

REFERENCES, _ = load_references(["martins1985", "sodium-experiment"])


def test_every_figure_is_drawn(tmp_path):
    found = small_series()
    assert draw_figures(found, tables_of(found, REFERENCES), REFERENCES, tmp_path) == {}
    for name in FIGURES:
        assert (tmp_path / f"{name}.png").stat().st_size > 5000


def test_what_cannot_be_drawn_is_told(tmp_path):
    found = series(entry("Na3", 0, None))
    costly = {"vibrations", "jellium"}  # that nobody asked for: not missed
    assert (
        set(draw_figures(found, tables_of(found, REFERENCES), REFERENCES, tmp_path)) == set(FIGURES) - costly
    )
    assert list(tmp_path.iterdir()) == []


def test_tables_as_text():
    rows = [
        {"cluster": "Na", "b": None, "remark": "x|y"},
        {
            "cluster": "Na2",
            "a": 1.23456789,
            "b": [[0.5, 2], [0.1, 1]],
            "energy_hartree": -0.123456789,
            "remark": "",
        },
    ]
    columns = ["cluster", "a", "b_1", "b_1_nuclei", "b_2", "b_2_nuclei", "energy_hartree", "remark"]
    assert sorted(columns_of(flattened(rows))) == sorted(columns)
    assert columns_of(flattened(rows))[-1] == "remark"
    lines = to_csv(rows).splitlines()
    assert "1.234568" in lines[2]
    assert "-0.12345679" in lines[2]
    assert "x/y" in to_markdown(rows)
    assert to_csv([]) == "cluster,remark\n"


def test_columns_stand_behind_those_that_they_follow():
    rows = [
        {"cluster": "Na2", "a": 1, "remark": ""},
        {"cluster": "Na3", "a": 1, "b": 2, "c": 3, "remark": ""},
    ]
    assert columns_of(rows) == ["cluster", "a", "b", "c", "remark"]
    assert columns_of(reversed(rows)) == ["cluster", "a", "b", "c", "remark"]


def test_numbers_are_cut_without_changing_their_kind():
    rows = [{"cluster": "Na2", "a": 2.0, "b": 3, "c": [0.5, 1e-9], "d": "C2v", "remark": ""}]
    assert to_csv(rows).splitlines()[1] == "Na2,2,3,0.5 0,C2v,"


def test_the_summary_holds_tables_properties_and_channels(tmp_path):
    series = small_series()
    write_study_files(series, tmp_path / "out", title="small", references=REFERENCES, figures=False)
    summary = json.loads((tmp_path / "out/summary.json").read_text())
    assert summary["study"] == "small"
    assert set(summary["tables"]) == set(TABLES)
    assert [one["name"] for one in summary["references"]] == ["martins1985", "sodium-experiment"]
    clusters = {one["cluster"]: one for one in summary["clusters"]}
    assert clusters["Na2"]["properties"]["levels"]["shells"] == "1s2"
    assert "dissociation" not in clusters["Na"]
    channels = clusters["Na4"]["dissociation"]["channels"]
    assert {channel["channel"] for channel in channels} == {"Na + Na3", "Na2 + Na2"}
    assert channels == sorted(channels, key=lambda channel: channel["energy_ev"])
    rows = read_csv(tmp_path / "out/tables/atomization.csv")
    assert rows["Na4"]["paper_atomization_per_atom_ev"]


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="give another folder"):
        write_study_files(small_series(), tmp_path / "file", title="", references=[], figures=False)


def test_what_was_not_drawn_is_a_remark(tmp_path):
    nothing = series(entry("Na3", 0, None))
    write_study_files(nothing, tmp_path, title="small", references=REFERENCES)
    remarks = json.loads((tmp_path / "summary.json").read_text())["remarks"]
    assert any(remark.startswith("no figure of levels: ") for remark in remarks)
    assert all(f"* {remark}" in (tmp_path / "comparison.md").read_text() for remark in remarks)
