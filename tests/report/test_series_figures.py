"""Figures of a series against size: what the curves hold, and which marks they have."""

import numpy as np
import pytest

from clusterdft.errors import InputError
from clusterdft.report.canvas import BLUE, GREEN, VERMILION
from clusterdft.report.series_figures import (
    Curve,
    draw_atomization,
    draw_ionization,
    draw_stability,
    sphere_curves,
)
from clusterdft.units import BOHR_ANGSTROM

NEUTRAL = Curve(label="Na$_n$", values={2: 0.45, 3: (0.43, 0.02), 4: 0.61, 6: None})
CATION = Curve(label="Na$_n^+$", values={2: 0.52, 3: 0.86, 7: 0.99}, charge=1)
PAPER = Curve(label="paper", values={3: 0.4}, source="paper")
EXPERIMENT = Curve(label="experiment", values={3: 0.36}, source="experiment")


def lines_of(axes):
    """{label: line} of what the legend names."""
    return {line.get_label(): line for line in axes.get_lines() if not line.get_label().startswith("_")}


def test_sphere_curves_are_the_electrostatics_of_a_sphere():
    """e^2/4 pi eps0 = 14.3996 eV angstrom, R = 4 bohr n^(1/3)."""
    n, image_force, classical = sphere_curves(1, 8, 2.75)
    radius = 4 * BOHR_ANGSTROM * n ** (1 / 3)
    assert n[[0, -1]] == pytest.approx([1, 8])
    assert classical == pytest.approx(2.75 + 0.5 * 14.39964 / radius, abs=1e-4)
    assert image_force == pytest.approx(2.75 + 0.375 * 14.39964 / radius, abs=1e-4)


def test_series_keep_order_errors_and_gaps():
    n, value, error = NEUTRAL.known
    assert n.tolist() == [2, 3, 4]
    assert value.tolist() == [0.45, 0.43, 0.61]
    assert np.isnan(error[[0, 2]]).all()
    assert error[1] == 0.02
    assert Curve(label="x", values={}).known.shape == (3, 0)


@pytest.mark.parametrize(
    ("values", "source"),
    [({0: 1.0}, "paper"), ({2: np.nan}, "paper"), ({2.5: 1.0}, "paper"), ({2: 1.0}, "rumour")],
)
def test_impossible_series(values, source):
    with pytest.raises(InputError, match="give"):
        Curve(label="x", values=values, source=source)


def test_a_line_stops_where_a_size_is_missing(figure_of):
    (axes,) = figure_of(draw_atomization, [CATION]).axes
    n, energy = lines_of(axes)["Na$_n^+$"].get_data()
    assert n.tolist() == [2, 3, 4, 5, 6, 7]
    assert np.isnan(energy[2:5]).all()
    assert [energy[k] for k in (0, 1, 5)] == [0.52, 0.86, 0.99]


def test_sources_and_charges_have_marks_of_their_own(figure_of):
    (axes,) = figure_of(draw_atomization, [NEUTRAL, CATION, PAPER, EXPERIMENT]).axes
    lines = lines_of(axes)
    assert [lines[label].get_marker() for label in ("Na$_n$", "Na$_n^+$", "paper", "experiment")] == [
        "o",
        "s",
        "o",
        "x",
    ]
    assert lines["Na$_n$"].get_color() == BLUE
    assert lines["Na$_n^+$"].get_color() == VERMILION
    assert lines["paper"].get_markerfacecolor() == "white"
    assert lines["paper"].get_linestyle() == "None"
    assert len(axes.containers) == 1  # one value has an error


def test_the_colour_of_an_element_goes_before_that_of_a_charge(figure_of):
    (axes,) = figure_of(draw_atomization, [Curve(label="K", values={2: 0.3}, colour=GREEN)]).axes
    assert lines_of(axes)["K"].get_color() == GREEN


def test_the_sphere_is_drawn_where_the_work_function_is_known(figure_of):
    (axes,) = figure_of(draw_ionization, [NEUTRAL]).axes
    assert len(lines_of(axes)) == 1
    (axes,) = figure_of(draw_ionization, [NEUTRAL], work_function_ev=2.75).axes
    lines = lines_of(axes)
    assert len(lines) == 3
    dashed = next(line for label, line in lines.items() if "e^2/2R" in label)
    assert dashed.get_ydata()[0] > dashed.get_ydata()[-1] > 2.75


def test_channels_are_named_below_their_energies(figure_of):
    channels = {(0, 4): "Na2", (1, 3): "Na", (0, 9): "Na"}
    figure = figure_of(draw_stability, [NEUTRAL, CATION], [NEUTRAL], channels=channels)
    above, below = figure.axes
    assert sorted(text.get_text() for text in above.texts) == ["$-$Na", "$-$Na$_{2}$"]
    spots = {text.get_text(): text.xy for text in above.texts}
    assert spots["$-$Na$_{2}$"][0] == 4
    assert above.get_xlim() == below.get_xlim()
