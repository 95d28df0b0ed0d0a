"""Figures of jellium spheres: levels against electrons, marks that tell full from empty ones."""

import numpy as np

from clusterdft.properties.jellium import solve_jellium
from clusterdft.report.canvas import BLUE, VERMILION
from clusterdft.report.jellium_figures import SphereLevels, draw_jellium
from clusterdft.units import HARTREE_EV


def sphere(electrons, levels, radius=4.0):
    return SphereLevels(n_electrons=electrons, radius_per_electron=radius, levels=levels)


TWO = sphere(2, {"1s": (-4.0, 2.0), "1p": (-3.0, 0.0)})
EIGHT = sphere(8, {"1s": (-4.5, 2.0), "1p": (-3.5, 6.0), "1d": (-2.5, 0.0)})


def lines_of(axes, colour, marker):
    return [line for line in axes.get_lines() if line.get_color() == colour and line.get_marker() == marker]


def test_a_line_follows_each_level(figure_of):
    (axes,) = figure_of(draw_jellium, [EIGHT, TWO]).axes
    (line,) = lines_of(axes, VERMILION, "None")
    assert line.get_xdata().tolist() == [2, 8]
    assert line.get_ydata().tolist() == [-3.0, -3.5]


def test_empty_levels_have_open_marks(figure_of):
    (axes,) = figure_of(draw_jellium, [TWO, EIGHT]).axes
    marks = {line.get_markerfacecolor(): line.get_xdata().tolist() for line in lines_of(axes, VERMILION, "o")}
    assert marks == {VERMILION: [8], "white": [2]}
    full = {line.get_markerfacecolor(): line.get_xdata().tolist() for line in lines_of(axes, BLUE, "o")}
    assert full == {BLUE: [2, 8], "white": []}


def test_levels_that_are_not_bound_leave_a_gap(figure_of):
    unbound = sphere(3, {"1s": (-4.2, 2.0)})
    (axes,) = figure_of(draw_jellium, [TWO, unbound, EIGHT]).axes
    (line,) = lines_of(axes, VERMILION, "None")
    assert np.isnan(line.get_ydata()).tolist() == [False, True, False]


def test_names_at_the_edge_do_not_touch(figure_of):
    close = sphere(8, {"1s": (-4.5, 2.0), "1d": (-2.50, 0.0), "2s": (-2.49, 0.0), "1f": (-2.48, 0.0)})
    (axes,) = figure_of(draw_jellium, [close]).axes
    names = {text.get_text(): text.get_position()[1] for text in axes.texts}
    assert set(names) == {"1s", "1d", "2s", "1f"}
    heights = sorted(names.values())
    assert min(np.diff(heights)) > 0.045 * np.ptp(axes.get_ylim())
    assert names["1d"] < names["2s"] < names["1f"]


def test_densities_have_panels_and_equal_spheres_are_drawn_once(figure_of):
    figure = figure_of(draw_jellium, [TWO, EIGHT, TWO, sphere(2, {"1s": (-3.0, 2.0)}, 4.86)])
    first, second = figure.axes
    assert first.get_title(loc="left") == "jellium spheres, $r_s$ = 4 bohr"
    assert second.get_title(loc="left") == "jellium spheres, $r_s$ = 4.86 bohr"
    (line,) = lines_of(first, BLUE, "None")
    assert line.get_xdata().tolist() == [2, 8]


def test_levels_of_computed_spheres_fall_with_size(figure_of):
    def levels_of(electrons):
        levels = solve_jellium(electrons).levels[:2]
        return {level.name: (level.energy[0] * HARTREE_EV, sum(level.electrons)) for level in levels}

    (axes,) = figure_of(draw_jellium, [sphere(n, levels_of(n)) for n in (2, 8)]).axes
    (line,) = lines_of(axes, BLUE, "None")
    assert line.get_ydata()[1] < line.get_ydata()[0] < -2.0
