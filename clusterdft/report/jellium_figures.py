"""Figures of jellium spheres: the potential of one with its levels, or the levels of several."""

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
    journal_figure,
)
from clusterdft.units import HARTREE_EV

COLOURS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK)  # of l = 0 to 6


def draw_jellium(spheres, path):
    """Levels of jellium spheres: of one with its potential, of several against the number of electrons.

    Parameters
    ----------
    spheres : Jellium, or several; of polarised ones the majority spin is drawn
    path : .png, .pdf or .svg

    Raises
    ------
    InputError, StoreError
        nothing to draw, or a file that cannot be written
    """
    spheres = list(spheres) if np.iterable(spheres) else [spheres]
    if not spheres:
        raise InputError("there are no jellium spheres to draw; give at least one")
    with journal_figure(path, COLUMN, 3.2) as figure:
        axes = figure.subplots()
        if len(spheres) == 1:
            _draw_sphere(axes, spheres[0])
        else:
            _draw_spheres(axes, sorted(spheres, key=lambda sphere: sphere.n_electrons))


def _draw_sphere(axes, sphere):
    """The Kohn-Sham potential, and the levels in it as wide as the well is there."""
    r, potential = sphere.mesh.r, sphere.potential[0] * HARTREE_EV
    far = 2.0 * sphere.radius
    axes.plot(r, potential, color=BLACK)
    axes.axvline(sphere.radius, color="0.6", linewidth=0.7, linestyle=":")
    names, heights, colours = [], [], []
    for level in sphere.levels:
        energy, electrons = level.energy[0] * HARTREE_EV, sum(level.electrons)
        if not np.isfinite(energy):
            continue
        turning = r[np.argmax(potential > energy)]
        count = f"$^{{{electrons:g}}}$" if electrons else ", empty"
        names.append(f"{level.name}{count}  {energy:.2f}".replace("-", "$-$"))
        heights.append(energy)
        colours.append(COLOURS[level.l])
        axes.hlines(energy, 0, turning, color=colours[-1], linewidth=1.6 if electrons else 0.8)
        axes.hlines(energy, turning, far, color="0.7", linewidth=0.4)
    axes.set(xlim=(0, far), xlabel="r (bohr); dotted: edge of the sphere", ylabel="potential and levels (eV)")
    _label_right(axes, far, names, heights, colours, 0.055 * abs(potential.min()))
    axes.set_title(
        f"jellium sphere, {sphere.n_electrons:g} electrons, $r_s$ = {sphere.radius_per_electron:g} bohr",
        loc="left",
    )


def _draw_spheres(axes, spheres):
    """Each level against the number of electrons; full marks where it holds some."""
    from matplotlib.ticker import MaxNLocator

    names, heights, colours = [], [], []
    for place, level in enumerate(spheres[0].levels):
        n = np.array([sphere.n_electrons for sphere in spheres])
        energy = np.array([sphere.levels[place].energy[0] for sphere in spheres]) * HARTREE_EV
        held = np.array([sum(sphere.levels[place].electrons) > 0 for sphere in spheres])
        known, colour = np.isfinite(energy), COLOURS[level.l]
        if not known.any():
            continue
        axes.plot(n, energy, color=colour, linewidth=0.7)
        axes.plot(n[held], energy[held], "o", color=colour, markersize=3)
        empty = known & ~held
        axes.plot(n[empty], energy[empty], "o", color=colour, markersize=3, markerfacecolor="white")
        if known[-1]:
            names.append(level.name)
            heights.append(energy[-1])
            colours.append(colour)
    axes.margins(x=0.03)
    _label_right(axes, axes.get_xlim()[1], names, heights, colours, 0.05 * np.ptp(axes.get_ylim()))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    radii = {sphere.radius_per_electron for sphere in spheres}
    axes.set(xlabel="number of electrons; open marks: empty", ylabel="level (eV)")
    axes.margins(x=0.1)
    axes.set_title(
        "jellium spheres, $r_s$ = " + ", ".join(f"{r:g}" for r in sorted(radii)) + " bohr", loc="left"
    )


def _label_right(axes, edge, names, heights, colours, apart):
    """Names of levels beyond the right edge, drawn apart where levels are close."""
    for name, height, colour, place in zip(names, heights, colours, _spread(heights, apart), strict=True):
        axes.annotate(
            name,
            (edge, height),
            xytext=(1.05, place),
            textcoords=("axes fraction", "data"),
            fontsize=7,
            color=colour,
            va="center",
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "linewidth": 0.4, "color": "0.7", "shrinkA": 1, "shrinkB": 0},
        )


def _spread(heights, apart):
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
    spread = np.empty_like(placed)
    spread[order] = placed
    return spread.tolist()
