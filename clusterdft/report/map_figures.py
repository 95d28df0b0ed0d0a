"""Contour maps: full lines above zero, dashed below, a thin line at zero, atoms marked."""

import re
import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.errors import InputError
from clusterdft.report.canvas import COLUMN, ORANGE, PAGE, FigurePath, journal_figure, typeset
from clusterdft.report.maps import IN_PLANE_HEIGHT, SIGNED_MAPS, Map

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARKED_HEIGHT = 4.0  # bohr: atoms farther from the plane are not marked
SHARED_DOT_DISTANCE = 0.5  # bohr: atoms nearer to each other on the map share a dot
NEGATIVE, POSITIVE = ORANGE, "#4A9BD1"  # colours of the shades
PANEL_LETTERS = "abcdefghijkl"


def draw_map(maps: Map | Iterable[Map], path: FigurePath) -> None:
    """Draw maps side by side in one figure, two in a row.

    Parameters
    ----------
    maps : Map, or iterable of Map
        At least one.
    path : path
        .png, .pdf or .svg

    Raises
    ------
    InputError
        No maps, or a file name with another ending.
    StoreError
        The file cannot be written.
    """
    maps = [maps] if isinstance(maps, Map) else list(maps)
    if not maps:
        raise InputError("there are no maps to draw; give at least one")
    columns = min(len(maps), 2)
    rows = -(-len(maps) // columns)
    width = COLUMN if columns == 1 else PAGE
    height = sum(
        max(_height(shown, width / columns) for shown in maps[row * columns : (row + 1) * columns])
        for row in range(rows)
    )
    with journal_figure(path, width, height) as figure:
        axes = figure.subplots(rows, columns, squeeze=False).ravel()
        for panel, shown in enumerate(maps):
            letter = f"({PANEL_LETTERS[panel % len(PANEL_LETTERS)]}) " if len(maps) > 1 else ""
            draw_contours(axes[panel], shown, letter)
        for unused in axes[len(maps) :]:
            unused.remove()


def draw_contours(axes: "Axes", shown: Map, letter: str = "") -> None:
    """One Map into matplotlib's axes, with its colour bar."""
    from matplotlib.ticker import MultipleLocator

    power = 0 if shown.step is None else 3 * int(np.floor(np.log10(max(map(abs, shown.levels))) / 3))
    values, levels = shown.values / 10.0**power, np.array(shown.levels) / 10.0**power
    u, v = shown.plane.u, shown.plane.v
    if shown.step is not None:
        _shade(axes, shown, values, levels, shown.step / 10.0**power, power)
        styles = np.where(levels < 0, "dashed", "solid")
        axes.contour(u, v, values, levels=levels, colors="black", linewidths=0.6, linestyles=styles)
        if shown.what in SIGNED_MAPS:
            axes.contour(u, v, values, levels=[0.0], colors="0.45", linewidths=0.35)
    _mark_atoms(axes, shown)
    axes.set(aspect="equal", xlim=u[[0, -1]], ylim=v[[0, -1]], xlabel="u (bohr)", ylabel="v (bohr)")
    axes.xaxis.set_major_locator(MultipleLocator(5))
    axes.yaxis.set_major_locator(MultipleLocator(5))
    axes.set_title(_title(shown, letter), loc="left")


def _shade(axes: "Axes", shown: Map, values: Floats, levels: Floats, step: float, power: int) -> None:
    """Shades between the levels, and the colour bar that tells the levels."""
    from matplotlib.colors import BoundaryNorm, LinearSegmentedColormap

    low = min(round(levels[0] / step) - 1, -1) if shown.what in SIGNED_MAPS else 0
    edges = step * np.arange(low, round(levels[-1] / step) + 2)
    reach = max(abs(edges[0]), abs(edges[-1]))
    colours = LinearSegmentedColormap.from_list("map", [NEGATIVE, "white", POSITIVE])
    middles = 0.5 * (edges[:-1] + edges[1:]) / reach
    if shown.what not in SIGNED_MAPS:
        middles[0] = 0.0
    drawn = axes.contourf(
        shown.plane.u,
        shown.plane.v,
        np.clip(values, edges[0], None),
        levels=edges,
        colors=colours(0.5 + 0.5 * middles),
        norm=BoundaryNorm(edges, len(middles)),
    )
    beside = axes.inset_axes((1.02, 0.0, 0.04, 1.0))  # as high as the map, whatever its shape
    bar = axes.figure.colorbar(drawn, cax=beside, ticks=_ticks(edges, step))
    factor = "" if power == 0 else f"10$^{{{power}}}$ "
    bar.set_label(f"contours every {step:g} ({factor}{shown.unit})", size=7)
    bar.ax.tick_params(labelsize=6.5, length=0)
    for level in levels:
        bar.ax.axhline(level, color="black", linewidth=0.6, linestyle="dashed" if level < 0 else "solid")


def _ticks(edges: Floats, step: float) -> list[float]:
    """At most eight of the levels, always multiples that meet zero."""
    every = -(-len(edges) // 8)
    return [float(edge) for edge in edges if round(edge / step) % every == 0]


def _mark_atoms(axes: "Axes", shown: Map) -> None:
    """Atoms in the plane as full dots, those near it as open ones, with symbols and indices."""
    from matplotlib.patheffects import withStroke

    for (u, v), members, inside in marks(shown):
        fill = "full" if inside else "none"
        axes.plot(u, v, "o", markersize=3.5, markeredgewidth=0.8, color="black", fillstyle=fill)
        axes.annotate(
            ",".join(members),
            (u, v),
            xytext=(3, 2.5),
            textcoords="offset points",
            fontsize=6.5,
            path_effects=[withStroke(linewidth=1.6, foreground="white")],
        )


def marks(shown: Map) -> list[tuple[tuple[float, float], list[str], bool]]:
    """Where dots stand on a Map: ((u, v), names of the atoms there, whether one lies in the plane)."""
    dots: list[tuple[tuple[float, float], list[str], bool]] = []
    for index, (u, v, height) in enumerate(shown.plane.coordinates_of(shown.cluster.positions)):
        if abs(height) > MARKED_HEIGHT:
            continue
        name, inside = f"{shown.cluster.symbols[index]}{index}", abs(height) < IN_PLANE_HEIGHT
        for dot, (spot, members, before) in enumerate(dots):
            if np.hypot(spot[0] - u, spot[1] - v) < SHARED_DOT_DISTANCE:
                dots[dot] = (spot, [*members, name], before or inside)
                break
        else:
            dots.append(((float(u), float(v)), [name], bool(inside)))
    return dots


def _title(shown: Map, letter: str) -> str:
    """What is shown and on which plane, and what the open dots are."""
    name, _, rest = shown.title.partition(":")
    heights = np.abs(shown.plane.coordinates_of(shown.cluster.positions)[:, 2])
    off = heights[(heights >= IN_PLANE_HEIGHT) & (heights <= MARKED_HEIGHT)]
    rest = re.sub(r" -(?=\d)", " $-$", rest)
    lines = [f"{letter}{typeset(name)}:{rest}", *textwrap.wrap(shown.place, 56)]
    if shown.step is None:
        lines.append("zero everywhere on this plane")
    if off.size:
        lines.append(f"open dots: nuclei up to {off.max():.1f} bohr off it")
    return "\n".join(lines)


def _height(shown: Map, width: float) -> float:
    """Inches that a panel of this width takes, with title, labels and colour bar."""
    u, v = shown.plane.u, shown.plane.v
    lines = _title(shown, "").count("\n") + 1
    return (width - 0.95) * float((v[-1] - v[0]) / (u[-1] - u[0])) + 0.5 + 0.15 * lines
