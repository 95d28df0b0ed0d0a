"""Figures of Kohn-Sham levels: diagrams coloured by character."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.errors import InputError
from clusterdft.properties.levels import OCCUPATION_TOLERANCE, Levels
from clusterdft.report.canvas import (
    BLACK,
    BLUE,
    COLUMN,
    GREEN,
    PAGE,
    PURPLE,
    VERMILION,
    FigurePath,
    journal_figure,
    typeset,
)
from clusterdft.units import HARTREE_EV

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CHARACTERS = ("s", "p", "d", "f", "higher")
CHARACTER_COLOURS = (BLUE, VERMILION, GREEN, PURPLE, "#999999")  # of the characters
SIDE_BY_SIDE_EV = 0.02  # eV: levels nearer to each other stand side by side
EMPTY_WINDOW_EV = 1.5  # eV above the highest level with electrons, up to which empty ones are shown
LEAST_SHARE = 0.02  # of a character that the legend names
TWO_SHELL_CLUSTERS = 10  # clusters side by side that leave room for two shells in a line
LEVELS_WIDTH = 0.86  # of a cluster's column


def draw_levels(
    clusters: Iterable[tuple[str, Levels]], path: FigurePath, *, above_ev: float = EMPTY_WINDOW_EV
) -> None:
    """Draw Kohn-Sham levels of clusters side by side, coloured by character, dots for electrons.

    Thick bars hold electrons, open dots are fractions of one; a triangle marks the highest level with any.

    Parameters
    ----------
    clusters : iterable of (str, Levels)
        Name and levels; open shells have a column for each spin.
    path : path
        .png, .pdf or .svg
    above_ev : eV
        How far above the highest level with electrons empty ones are shown.

    Raises
    ------
    InputError
        Nothing to draw, or a file name with another ending.
    StoreError
        The file cannot be written.
    """
    clusters = _checked(clusters)
    with journal_figure(path, min(max(COLUMN, 0.75 + 0.62 * len(clusters)), PAGE), 3.4) as figure:
        axes = figure.subplots()
        for column, (_, levels) in enumerate(clusters):
            _draw_column(axes, column, levels, above_ev)
        in_line = 2 if len(clusters) <= TWO_SHELL_CLUSTERS else 1
        names = [_column_name(name, levels, in_line) for name, levels in clusters]
        axes.set_xticks(range(len(clusters)), names)
        axes.tick_params(axis="x", length=0)
        axes.set(xlim=(-0.45, len(clusters) - 0.45), ylabel="Kohn-Sham level (eV)")
        axes.margins(y=0.09)
        _character_legend(figure, clusters, above_ev)


def _draw_column(axes: "Axes", column: int, levels: Levels, above_ev: float) -> None:
    """The levels of one cluster, a sub-column for each spin."""
    energy = levels.energy * HARTREE_EV
    homo = energy[levels.occupation > OCCUPATION_TOLERANCE].max()
    nspin = len(energy)
    for spin in range(nspin):
        width = LEVELS_WIDTH / nspin
        left = column - LEVELS_WIDTH / 2 + spin * width
        inner = width * (0.9 if nspin == 2 else 1.0)
        shown = energy[spin] <= homo + above_ev
        for group in level_groups(energy[spin][shown]):
            share = inner / len(group)
            for k, i in enumerate(group):
                edge = left + k * share
                _draw_level(axes, edge, share * 0.9, energy[spin, i], levels, (spin, i))
        if nspin == 2:
            axes.annotate(
                r"$\uparrow$" if spin == 0 else r"$\downarrow$",
                (left + inner / 2, 0.012),
                xycoords=("data", "axes fraction"),
                ha="center",
                fontsize=7,
            )
    axes.axvline(column + 0.55, color="0.85", linewidth=0.5)
    axes.plot(column + LEVELS_WIDTH / 2 + 0.06, homo, marker="<", color=BLACK, markersize=2.8)


def _draw_level(
    axes: "Axes", left: float, width: float, energy: float, levels: Levels, index: tuple[int, int]
) -> None:
    """A bar in parts as long as the shares of s, p, d, f and higher; full dots for whole electrons."""
    electrons = levels.occupation[index]
    shares = np.clip(levels.character[index], 0.0, None)
    ends = left + width * np.concatenate([[0.0], np.cumsum(shares / shares.sum())])
    for colour, start, end in zip(CHARACTER_COLOURS, ends[:-1], ends[1:], strict=True):
        held = electrons > OCCUPATION_TOLERANCE
        axes.plot(
            [start, end],
            [energy, energy],
            color=colour,
            linewidth=2.2 if held else 1.0,
            alpha=1.0 if held else 0.75,
            solid_capstyle="butt",
        )
    for k in range(int(np.ceil(electrons - OCCUPATION_TOLERANCE))):
        whole = electrons - k > 1 - OCCUPATION_TOLERANCE
        spot = left + width * ((k + 1) / (np.ceil(electrons - OCCUPATION_TOLERANCE) + 1))
        axes.plot(
            spot,
            energy,
            "o",
            markersize=2.6,
            markeredgewidth=0.5,
            color=BLACK,
            markerfacecolor=BLACK if whole else "white",
            zorder=3,
        )


def level_groups(energies: Floats, spacing: float = SIDE_BY_SIDE_EV) -> list[list[int]]:
    """Indices of ascending energies, grouped where neighbours differ by less than `spacing`."""
    breaks = np.flatnonzero(np.diff(energies) >= spacing) + 1
    return [group.tolist() for group in np.split(np.arange(len(energies)), breaks) if len(group)]


def _checked(clusters: Iterable[tuple[str, Levels]]) -> list[tuple[str, Levels]]:
    clusters = list(clusters)
    if not clusters:
        raise InputError("there are no clusters whose levels to draw; give (name, Levels) of at least one")
    for name, levels in clusters:
        if not (levels.occupation > OCCUPATION_TOLERANCE).any():
            raise InputError(f"{name} has no level with electrons; leave it out")
    return clusters


def _homo(levels: Levels) -> float:
    """Highest level with electrons, eV."""
    return float(levels.energy[levels.occupation > OCCUPATION_TOLERANCE].max()) * HARTREE_EV


def _column_name(name: str, levels: Levels, in_line: int) -> str:
    """The cluster with its shells below, such as 1s2 1p6."""
    shells = [
        f"{shell.name}$^{{{round(shell.electrons, 2):g}}}$"
        for shell in levels.shells
        if round(shell.electrons, 2)
    ]
    lines = [" ".join(shells[k : k + in_line]) for k in range(0, len(shells), in_line)]
    return "\n".join([typeset(name), *lines])


def _character_legend(figure: "Figure", clusters: Sequence[tuple[str, Levels]], above_ev: float) -> None:
    """Colours of the characters that are seen."""
    from matplotlib.patches import Patch

    seen = [
        levels.character[levels.energy * HARTREE_EV <= _homo(levels) + above_ev].max(axis=0)
        for _, levels in clusters
    ]
    handles = [
        Patch(color=colour, label=name)
        for colour, name, share in zip(CHARACTER_COLOURS, CHARACTERS, np.max(seen, axis=0), strict=True)
        if share > LEAST_SHARE
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=5, handlelength=1.0, columnspacing=1.2)
