"""Figures of vibrational spectra: what is summed, and where it stands."""

import numpy as np
import pytest
from matplotlib.collections import LineCollection

from clusterdft.errors import InputError
from clusterdft.report.vibration_figures import Spectrum, draw_vibrations, lorentzians


def test_lorentzians_hold_the_intensity_and_the_width():
    grid = np.linspace(-4000, 4000, 400001)
    curve = lorentzians(grid, [100.0, 160.0], [2.0, 0.5], 5.0)
    assert curve.sum() * (grid[1] - grid[0]) == pytest.approx(2.5, rel=2e-3)
    one = lorentzians(np.array([100.0, 102.5]), [100.0], [2.0], 5.0)
    assert one[0] == pytest.approx(2 * 2.0 / (np.pi * 5.0))
    assert one[1] == pytest.approx(one[0] / 2)
    with pytest.raises(InputError, match="width 0"):
        lorentzians(grid, [1.0], [1.0], 0)


@pytest.mark.parametrize(
    ("frequencies", "intensities"),
    [((), None), ((100.0,), (1.0, 2.0)), ((100.0,), (-1.0,)), ((np.nan,), None)],
)
def test_impossible_spectra(frequencies, intensities):
    with pytest.raises(InputError, match="Na2"):
        Spectrum(name="Na2", frequencies_cm1=frequencies, intensities=intensities)


def test_modes_count_one_where_intensities_are_not_known():
    assert Spectrum(name="Na3", frequencies_cm1=[50.0, 90.0]).heights.tolist() == [1.0, 1.0]
    known = Spectrum(name="Na3", frequencies_cm1=[50.0, 90.0], intensities=[0.0, 2.5])
    assert known.heights.tolist() == [0.0, 2.5]


def test_sticks_are_as_high_as_their_own_lorentzians(figure_of):
    spectrum = Spectrum(name="Na2", frequencies_cm1=[150.0], intensities=[3.0])
    (axes,) = figure_of(draw_vibrations, [spectrum], width_cm1=4.0).axes
    (stick,) = [lines for lines in axes.collections if isinstance(lines, LineCollection)]
    top = stick.get_paths()[0].vertices[:, 1].max()
    curve = max(axes.get_lines(), key=lambda line: len(line.get_xdata()))
    assert top == pytest.approx(2 * 3.0 / (np.pi * 4.0))
    assert curve.get_ydata().max() == pytest.approx(top, rel=1e-3)


def test_imaginary_modes_are_crosses_left_of_zero(figure_of):
    spectra = [Spectrum(name="Na3", frequencies_cm1=[-20.0, 50.0])]
    figure = figure_of(draw_vibrations, spectra)
    (axes,) = figure.axes
    (crosses,) = [line for line in axes.get_lines() if line.get_marker() == "x"]
    assert crosses.get_xdata().tolist() == [-20.0]
    assert "crosses: imaginary" in figure.get_supxlabel()
    assert axes.get_xlim()[0] < -20.0


def test_many_spectra_stand_in_two_columns(figure_of):
    def spectra(number):
        return [Spectrum(name=f"Na{n}", frequencies_cm1=[100.0 + n]) for n in range(2, 2 + number)]

    assert len({axes.get_position().x0 for axes in figure_of(draw_vibrations, spectra(6)).axes}) == 1
    figure = figure_of(draw_vibrations, spectra(7))
    assert len(figure.axes) == 7
    assert len({round(axes.get_position().x0, 2) for axes in figure.axes}) == 2


def test_a_spectrum_without_absorption_has_no_scale(figure_of):
    dark = Spectrum(name="Na2", frequencies_cm1=[150.0], intensities=[0.0])
    bright = Spectrum(name="Na3", frequencies_cm1=[50.0], intensities=[1.0])
    first, second = figure_of(draw_vibrations, [dark, bright]).axes
    assert first.get_yticks().tolist() == [0]
    assert len(second.get_yticks()) > 2


def test_a_width_must_be_positive(tmp_path):
    with pytest.raises(InputError, match="width -1"):
        draw_vibrations([Spectrum(name="Na2", frequencies_cm1=[150.0])], tmp_path / "x.png", width_cm1=-1)
