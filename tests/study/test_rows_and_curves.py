"""Rows of tables with their remarks, and columns as curves against size."""

import pytest
from studying import entry, series, small_series, tables_of

from clusterdft.errors import InputError
from clusterdft.report.canvas import BLUE, VERMILION
from clusterdft.study.output_files import draw_figures
from clusterdft.study.quantities.rows_and_curves import curves, picked, reason, row_of
from clusterdft.study.references import load_references

REFERENCES, _ = load_references(["martins1985", "sodium-experiment"])


def test_a_row_names_its_cluster_and_each_reason_once():
    row = row_of(entry("Na3", 1, -0.5), {"a_ev": 1.0}, "", "no search", "no search", "no spin")
    assert row == {"cluster": "Na3+", "a_ev": 1.0, "remark": "no search; no spin"}
    assert list(row) == ["cluster", "a_ev", "remark"]


def test_columns_of_what_is_missing_are_empty():
    assert picked({"a": 1, "b": 2, "c": 3}, ("c", "a")) == {"c": 3, "a": 1}
    assert picked(None, ("c", "a")) == {"c": None, "a": None}


def test_reasons_of_missing_properties():
    known, lost, failed = entry("Na2", 0, -0.4), entry("Na3", 0, None), entry("Na4", 0, -0.8)
    solved = {("Na2", "dipole"): {"x": 1.0}, ("Na4", "dipole"): {"reason": "no electrons"}}
    clusters = series(known, lost, failed, solved=solved)
    assert reason(clusters, known, "dipole") == ""
    assert reason(clusters, known, "levels") == "levels was not asked for"
    assert reason(clusters, lost, "dipole") == "none of 4 starts relaxed"
    assert reason(clusters, failed, "dipole") == "no electrons"


def test_curves_are_the_columns_of_the_tables():
    found = small_series()
    rows = tables_of(found, REFERENCES)["atomization"]
    drawn = {(c.source, c.charge): c for c in curves(found, rows, "atomization_per_atom_ev", REFERENCES)}
    assert drawn["paper", 1].values == {2: 0.52, 3: 0.86, 4: 0.82}
    assert drawn["experiment", 0].values == {2: 0.37, 3: 0.36}
    ours = {row["cluster"]: row["atomization_per_atom_ev"] for row in rows}
    assert drawn["computed", 0].values == pytest.approx({n: ours[f"Na{n}"] for n in (2, 3, 4)})


def test_elements_have_curves_of_their_own(tmp_path):
    names = ("Na", "Na2", "Na3", "K", "K2", "K3", "NaK")
    found = series(*(entry(name, 0, -0.2 - 0.1 * place) for place, name in enumerate(names)))
    rows = [{"cluster": name, "x_ev": float(place)} for place, name in enumerate(names)]
    drawn = {curve.label: curve for curve in curves(found, rows, "x_ev", REFERENCES)}
    assert drawn["Na neutral, computed"].values == {1: 0.0, 2: 1.0, 3: 2.0}
    assert drawn["K neutral, computed"].values == {1: 3.0, 2: 4.0, 3: 5.0}
    assert len({curve.colour for curve in drawn.values()}) == 2
    assert "dissociation" not in draw_figures(found, tables_of(found, REFERENCES), REFERENCES, tmp_path)


def test_a_column_without_values_of_ours_has_no_curves():
    clusters = series(entry("Na2", 0, -0.4))
    rows = [{"cluster": "Na2", "x_ev": None, "paper_x_ev": 1.0}]
    with pytest.raises(InputError, match="there is no x_ev"):
        curves(clusters, rows, "x_ev", REFERENCES)
    (published,) = curves(clusters, rows, "x_ev", REFERENCES, needed=False)
    assert (published.source, published.values) == ("paper", {2: 1.0})


def test_labels_name_what_differs():
    clusters = series(*(entry(name, q, -0.4) for name in ("Na2", "K2") for q in (0, 1, 2)))
    rows = [{"cluster": one.name, "x_ev": 1.0} for one in clusters.entries]
    labels = {curve.label: curve.colour for curve in curves(clusters, rows, "x_ev", ())}
    assert labels["Na neutral, computed"] == labels["Na charge +2, computed"]
    assert {labels["Na cation, computed"], labels["K cation, computed"]} == {BLUE, VERMILION}
    one_charge = curves(series(entry("Na2", 0, -0.4)), rows, "x_ev", (), one_charge=True)
    assert [curve.label for curve in one_charge] == ["computed"]
