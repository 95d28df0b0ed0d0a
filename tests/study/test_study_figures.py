"""Figures of a study: drawn from tables, left out with the reason where there is nothing to draw."""

import pytest
from studying import entry, series

from clusterdft.study import FIGURES, TABLES
from clusterdft.study.output_files import draw_figures
from clusterdft.study.quantities.rows_and_curves import curves
from clusterdft.study.references import beside, load_references

REFERENCES, _ = load_references(["martins1985", "sodium-experiment"])


def small_series():
    entries = [
        entry("Na" if n == 1 else f"Na{n}", q, -0.2 * n - 0.01 * n**2 + 0.19 * q)
        for n in (1, 2, 3, 4)
        for q in (0, 1)
    ]
    levels = {
        "shells": "1s2",
        "gap_ev": 2.0,
        "energy_ev": [[-4.0, -2.0]],
        "occupation": [[2.0, 0.0]],
        "character": [[[1.0, 0, 0, 0, 0], [0, 1.0, 0, 0, 0]]],
        "centre_bohr": [0.0, 0.0, 0.0],
        "filling": [{"shell": "1s", "electrons": 2.0, "energy_ev": -4.0}],
    }
    vibrations = {
        "kind": "minimum",
        "reason": "",
        "frequencies_cm1": [150.0],
        "infrared_km_per_mol": [0.0],
        "zero_point_energy_ev": 0.01,
    }
    jellium = {
        "electrons": 2,
        "energy_hartree": -0.2,
        "gap_ev": 1.0,
        "radius_per_electron_bohr": 3.93,
        "levels": [{"level": "1s", "energy_hartree": -0.15, "electrons": 2.0}],
    }
    solved = {"levels": levels, "vibrations": vibrations, "jellium": jellium}
    return series(*entries, solved={("Na2", name): value for name, value in solved.items()})


def tables_of(found):
    return {name: beside(name, TABLES[name](found), REFERENCES) for name in TABLES}


def test_every_figure_is_drawn(tmp_path):
    found = small_series()
    assert draw_figures(found, tables_of(found), REFERENCES, tmp_path) == {}
    for name in FIGURES:
        assert (tmp_path / f"{name}.png").stat().st_size > 5000


def test_what_cannot_be_drawn_is_told(tmp_path):
    found = series(entry("Na3", 0, None))
    costly = {"vibrations", "jellium"}  # that nobody asked for: not missed
    assert set(draw_figures(found, tables_of(found), REFERENCES, tmp_path)) == set(FIGURES) - costly
    assert list(tmp_path.iterdir()) == []


def test_curves_are_the_columns_of_the_tables():
    found = small_series()
    rows = tables_of(found)["atomization"]
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
    assert "dissociation" not in draw_figures(found, tables_of(found), REFERENCES, tmp_path)
