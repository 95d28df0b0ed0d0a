"""Figures of jellium spheres: their levels against the number of electrons."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from clusterdft.errors import InputError
from clusterdft.report.canvas import (
    BLACK,
    BLUE,
    COLUMN,
    GREEN,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    FigurePath,
    journal_figure,
)
from clusterdft.units import MOMENTUM_LETTERS

MOMENTUM_COLOURS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK)  # of l = 0 to 6
LABEL_SPACING = 0.05  # of the height of a panel, between the names of levels


@dataclass(frozen=True, kw_only=True)
class SphereLevels:
    """Levels of one jellium sphere.

    Attributes
    ----------
    n_electrons : float
        In the sphere.
    radius_per_electron : bohr
        r_s.
    levels : mapping
        From a name such as "1p" to (eV, electrons), bound levels only; of polarised spheres those of the
        majority spin.
    """

    n_electrons: float
    radius_per_electron: float
    levels: Mapping[str, tuple[float, float]]


def draw_jellium(spheres: Iterable[SphereLevels], path: FigurePath) -> None:
    """Draw levels of jellium spheres against their number of electrons, a panel for each density.

    Parameters
    ----------
    spheres : iterable of SphereLevels
        Those that are there twice are drawn once.
    path : path
        .png, .pdf or .svg

    Raises
    ------
    InputError
        Nothing to draw, or a file name with another ending.
    StoreError
        The file cannot be written.
    """
    densities: dict[float, dict[float, SphereLevels]] = {}
    for sphere in spheres:
        densities.setdefault(round(sphere.radius_per_electron, 6), {})[sphere.n_electrons] = sphere
    if not densities:
        raise InputError("there are no jellium spheres to draw; give at least one")
    with journal_figure(path, COLUMN, 0.4 + 2.8 * len(densities)) as figure:
        panels = figure.subplots(len(densities), 1, sharex=True, squeeze=False)[:, 0]
        for axes, radius in zip(panels, sorted(densities), strict=True):
            by_size = densities[radius]
            _draw_spheres(axes, [by_size[n] for n in sorted(by_size)])
        panels[-1].set_xlabel("number of electrons; open marks: empty")


def _draw_spheres(axes: Any, spheres: Sequence[SphereLevels]) -> None:
    """Each level against the number of electrons; full marks where it holds some."""
    from matplotlib.ticker import MaxNLocator

    names, heights, colours = [], [], []
    n = np.array([sphere.n_electrons for sphere in spheres])
    for name in dict.fromkeys(name for sphere in spheres for name in sphere.levels):
        values = [sphere.levels.get(name, (np.nan, 0.0)) for sphere in spheres]
        energy, electrons = np.array(values).T
        colour = MOMENTUM_COLOURS[MOMENTUM_LETTERS.index(name[-1])]
        axes.plot(n, energy, color=colour, linewidth=0.7)
        for which, fill in ((electrons > 0, colour), (electrons == 0, "white")):
            axes.plot(n[which], energy[which], "o", color=colour, markersize=3, markerfacecolor=fill)
        if np.isfinite(energy[-1]):
            names.append(name)
            heights.append(float(energy[-1]))
            colours.append(colour)
    axes.margins(x=0.06)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    apart = LABEL_SPACING * float(np.ptp(axes.get_ylim()))
    _label_right(axes, axes.get_xlim()[1], names, heights, colours, apart)
    axes.set_ylabel("level (eV)")
    axes.set_title(f"jellium spheres, $r_s$ = {spheres[0].radius_per_electron:.4g} bohr", loc="left")


def _label_right(
    axes: Any,
    edge: float,
    names: Sequence[str],
    heights: Sequence[float],
    colours: Sequence[str],
    apart: float,
) -> None:
    """Names of levels beyond the right edge, drawn apart where levels are close."""
    for name, height, colour, text_height in zip(
        names, heights, colours, _spread(heights, apart), strict=True
    ):
        axes.annotate(
            name,
            (edge, height),
            xytext=(1.05, text_height),
            textcoords=("axes fraction", "data"),
            fontsize=7,
            color=colour,
            va="center",
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "linewidth": 0.4, "color": "0.7", "shrinkA": 1, "shrinkB": 0},
        )


def _spread(heights: Sequence[float], apart: float) -> list[float]:
    """Heights of labels at least `apart` from each other, in the order of the levels' heights."""
    order = np.argsort(heights)
    placed = np.array(heights, float)[order]
    for _ in range(200):
        gaps = np.diff(placed)
        close = np.flatnonzero(gaps < apart - 1e-9)
        if not close.size:
            break
        for k in close:
            push = 0.5 * (apart - (placed[k + 1] - placed[k]))
            placed[k] -= push
            placed[k + 1] += push
    return [float(placed[rank]) for rank in np.argsort(order)]
