"""Figures of geometries: views in which no atom hides another, lengths and names."""

import json
from pathlib import Path

import numpy as np
import pytest

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.report.geometry_figures import (
    ATOM_COLOURS,
    Drawing,
    draw_geometries,
    length_groups,
    typeset_group,
    view,
)

RHOMBUS = Cluster(symbols=("Na",) * 4, positions=[[2.73, 0, 0], [-2.73, 0, 0], [0, 5.6, 0], [0, -5.6, 0]])
PENTAGON = 5.25 * np.array([[np.cos(a), np.sin(a), 0] for a in 2 * np.pi * np.arange(5) / 5])
SEPTAMER = Cluster(symbols=("Na",) * 7, positions=[*PENTAGON, [0, 0, 3.25], [0, 0, -3.25]], charge=1)
MIXED = Cluster(symbols=("Na", "K", "Na"), positions=[[0, 0, 0], [6.6, 0, 0], [1.0, 5.9, 0.4]])


@pytest.mark.parametrize("cluster", [RHOMBUS, SEPTAMER, MIXED])
def test_views_keep_distances_and_hands(cluster):
    seen = view(cluster)
    centred = cluster.positions - cluster.positions.mean(axis=0)
    assert seen @ seen.T == pytest.approx(centred @ centred.T, abs=1e-9)
    flat = seen[:, :2]
    apart = np.linalg.norm(flat[:, None] - flat[None], axis=-1) + 99 * np.eye(len(flat))
    assert apart.min() > 2.0  # no ball hides another's middle
    triple = [np.linalg.det((r - r[0])[[1, 2, 5]]) for r in (seen, centred)] if len(seen) > 5 else [1, 1]
    assert np.sign(triple[0]) == np.sign(triple[1])


def test_planar_clusters_are_seen_from_above():
    assert view(RHOMBUS)[:, 2] == pytest.approx(0, abs=1e-9)
    assert np.ptp(view(RHOMBUS)[:, 0]) == pytest.approx(11.2)


def test_lengths_are_told_once():
    assert length_groups([6.02, 5.5, 6.0, 7.4]) == [
        (5.5, [1]),
        (pytest.approx(6.01), [2, 0]),
        (7.4, [3]),
    ]
    assert length_groups([]) == []


def test_the_known_minima_are_drawn(tmp_path):
    """Distinct lengths of the D3h cation: one, told once."""
    path = Path(__file__).parents[2] / "runs" / "search-statistics" / "sodium-minima.json"
    minima = json.loads(path.read_text())["minima"]
    (found,) = [m for m in minima if (m["natom"], m["charge"]) == (3, 1)]
    cation = Cluster(symbols=("Na",) * 3, positions=found["positions_bohr"], charge=1)
    draw_geometries([Drawing(cluster=cation, point_group="D3h")], tmp_path / "x.svg")
    text = (tmp_path / "x.svg").read_text()
    assert text.count("<!-- 6.0") == 1


def test_a_drawing_has_a_ball_for_each_atom_and_a_title(figure_of):
    drawings = [Drawing(cluster=RHOMBUS, point_group="D2h", energy="0.6 eV/atom"), Drawing(cluster=SEPTAMER)]
    first, second = figure_of(draw_geometries, drawings).axes
    assert (len(first.patches), len(second.patches)) == (4, 7)
    assert first.get_title() == "Na$_{4}$  $D_{2h}$\n0.6 eV/atom"
    assert second.get_title() == "Na$_{7}$$^{+}$"
    assert first.get_xlim() == second.get_xlim()  # one scale


def test_each_distinct_length_is_written_once(figure_of):
    (axes,) = figure_of(draw_geometries, [Drawing(cluster=RHOMBUS)]).axes
    side = np.hypot(2.73, 5.6)
    assert sorted(text.get_text() for text in axes.texts) == sorted(["5.46", f"{side:.2f}"])


def test_rows_and_columns(figure_of):
    figure = figure_of(draw_geometries, [Drawing(cluster=RHOMBUS)] * 5, columns=2)
    lefts = [axes.get_position().x0 for axes in figure.axes]
    assert lefts == pytest.approx([0, 0.5, 0, 0.5, 0])
    tops = [axes.get_position().y1 for axes in figure.axes]
    assert tops[0] == tops[1] > tops[2]
    with pytest.raises(InputError, match="give at least one of each"):
        figure_of(draw_geometries, [Drawing(cluster=RHOMBUS)], columns=0)


def test_elements_have_colours_and_a_legend(figure_of):
    figure = figure_of(draw_geometries, [Drawing(cluster=MIXED)])
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["Na", "K"]
    assert [line.get_color() for line in figure.legends[0].get_lines()] == list(ATOM_COLOURS[:2])
    assert not figure_of(draw_geometries, [Drawing(cluster=RHOMBUS)]).legends


def test_names_of_groups():
    assert typeset_group("D2h") == "$D_{2h}$"
    assert typeset_group("Dinfh") == r"$D_{\infty h}$"
    assert typeset_group("C*v") == r"$C_{\infty v}$"
    assert typeset_group("T") == "$T$"
