"""Figures of Kohn-Sham levels: bars of characters, dots of electrons, columns of clusters."""

import numpy as np
import pytest

from clusterdft.errors import InputError
from clusterdft.properties.levels import Levels, ShellFilling
from clusterdft.report.level_figures import CHARACTER_COLOURS, draw_levels, level_groups
from clusterdft.units import HARTREE_EV

S, P = [1.0, 0, 0, 0, 0], [0, 0.75, 0.25, 0, 0]


def closed():
    """Two levels, the lower one full."""
    return Levels(
        energy=np.array([[-4.0, -2.0]]) / HARTREE_EV,
        occupation=np.array([[2.0, 0.0]]),
        character=np.array([[S, P]]),
        centre=np.zeros(3),
        shells=(ShellFilling(name="1s", electrons=2.0, energy=-0.15),),
    )


def open_shell():
    """Two spins; half an electron in the second level of the first."""
    return Levels(
        energy=np.array([[-4.0, -2.0], [-3.8, -1.0]]) / HARTREE_EV,
        occupation=np.array([[1.0, 0.5], [1.0, 0.0]]),
        character=np.array([[S, P], [S, P]]),
        centre=np.zeros(3),
        shells=(
            ShellFilling(name="1s", electrons=2.0, energy=-0.15),
            ShellFilling(name="1p", electrons=0.5, energy=-0.07),
        ),
    )


def bars_of(axes):
    """(left, right, energy, colour, width) of each part of a level."""
    bars = [
        line
        for line in axes.get_lines()
        if line.get_solid_capstyle() == "butt" and line.get_marker() == "None"
    ]
    return [
        (*line.get_xdata(), line.get_ydata()[0], line.get_color(), line.get_linewidth())
        for line in bars
        if len(line.get_xdata()) == 2 and line.get_ydata()[0] == line.get_ydata()[1]
    ]


def dots_of(axes):
    """(energy, whether full) of each dot."""
    return [
        (float(line.get_ydata()[0]), line.get_markerfacecolor() != "white")
        for line in axes.get_lines()
        if line.get_marker() == "o"
    ]


def test_levels_side_by_side():
    assert level_groups(np.array([-5.0, -3.0, -2.995, -2.99, -1.0])) == [[0], [1, 2, 3], [4]]
    assert level_groups(np.array([])) == []


def test_parts_of_a_bar_are_as_long_as_the_shares(figure_of):
    (axes,) = figure_of(draw_levels, [("Na2", closed())], above_ev=3.0).axes
    bars = [bar for bar in bars_of(axes) if bar[2] == pytest.approx(-2.0)]
    lengths = {colour: right - left for left, right, _, colour, _ in bars}
    assert lengths[CHARACTER_COLOURS[1]] == pytest.approx(3 * lengths[CHARACTER_COLOURS[2]])
    assert lengths[CHARACTER_COLOURS[0]] == pytest.approx(0.0)


def test_levels_with_electrons_are_thick_and_have_a_dot_for_each(figure_of):
    (axes,) = figure_of(draw_levels, [("Na2", closed())], above_ev=3.0).axes
    widths = {round(bar[2], 6): bar[4] for bar in bars_of(axes)}
    assert widths[-4.0] > widths[-2.0]
    assert dots_of(axes) == [(pytest.approx(-4.0), True)] * 2


def test_a_part_of_an_electron_is_an_open_dot(figure_of):
    (axes,) = figure_of(draw_levels, [("Na3", open_shell())]).axes
    assert sorted(dots_of(axes)) == [(-4.0, True), (pytest.approx(-3.8), True), (-2.0, False)]
    assert [text.get_text() for text in axes.texts] == [r"$\uparrow$", r"$\downarrow$"]


def test_empty_levels_far_up_are_left_out(figure_of):
    (axes,) = figure_of(draw_levels, [("Na2", closed())], above_ev=1.0).axes
    assert {round(bar[2], 6) for bar in bars_of(axes)} == {-4.0}


def test_columns_are_named_with_their_shells(figure_of):
    (axes,) = figure_of(draw_levels, [("Na2", closed()), ("Na3", open_shell())]).axes
    names = [label.get_text() for label in axes.get_xticklabels()]
    assert names == ["Na$_{2}$\n1s$^{2}$", "Na$_{3}$\n1s$^{2}$ 1p$^{0.5}$"]


def test_the_legend_names_what_is_seen(figure_of):
    figure = figure_of(draw_levels, [("Na2", closed())], above_ev=1.0)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["s"]
    figure = figure_of(draw_levels, [("Na2", closed())], above_ev=3.0)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["s", "p", "d"]


def test_a_cluster_without_electrons_is_refused(figure_of):
    bare = Levels(
        energy=np.array([[-0.1]]),
        occupation=np.zeros((1, 1)),
        character=np.array([[S]]),
        centre=np.zeros(3),
        shells=(),
    )
    with pytest.raises(InputError, match="Na2 has no level with electrons"):
        figure_of(draw_levels, [("Na2", bare)])
