"""Geometries drawn as balls and sticks along their principal axes, with bond lengths, all on one scale."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from clusterdft.arrays import Floats, Ints
from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.geometry.distances import NEIGHBOUR_LIMIT, neighbour_pairs
from clusterdft.geometry.formula import formula_of
from clusterdft.report.canvas import (
    BLUE,
    COLUMN,
    GREEN,
    ORANGE,
    PAGE,
    PURPLE,
    SKY,
    VERMILION,
    FigurePath,
    journal_figure,
    typeset,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ATOM_COLOURS = (
    SKY,
    ORANGE,
    GREEN,
    PURPLE,
    VERMILION,
    BLUE,
)  # of elements as they appear
BALL_RADIUS = 1.0  # bohr, of a drawn atom
PLANAR_THICKNESS = 0.3  # bohr: thinner clusters are seen from straight above
ELEVATIONS = np.radians([0, 10, 20, 30])  # among which the view of the others is chosen
AZIMUTHS = np.radians([0, 10, 20, 30, 40, 50])
DRAWING_MARGIN = 1.6  # bohr around a drawing
TITLE_HEIGHT, FOOT_HEIGHT = 0.34, 0.22  # inches
ATOM_CLEARANCE = 3.0  # bohr: atoms that are seen farther apart are apart enough
BOND_CLEARANCE = 1.6  # bohr: so is an atom from the bonds of others
LENGTH_SPACING = 0.03  # bohr: bond lengths nearer to the next shorter one share a label
MOST_LABELS = 8  # lengths in one drawing
LABEL_SIZE = (2.9, 1.4)  # bohr, width and height


@dataclass(frozen=True, kw_only=True, eq=False)
class Drawing:
    """A cluster and what is written over it.

    Attributes
    ----------
    cluster : Cluster
        What is drawn.
    point_group : str
        Such as "D2h"; None where it is not known.
    energy : str
        Such as "0.61 eV/atom" or "+0.04 eV"; None for none.
    """

    cluster: Cluster
    point_group: str | None = None
    energy: str | None = None


def draw_geometries(
    drawings: Iterable[Drawing],
    path: FigurePath,
    *,
    columns: int | None = None,
    reach: float = NEIGHBOUR_LIMIT,
) -> None:
    """Draw clusters in rows, as in figures 1 to 5 of the 1985 paper.

    Parameters
    ----------
    drawings : iterable of Drawing
        At least one.
    path : path
        .png, .pdf or .svg
    columns : int
        Clusters in a row; None for four at most.
    reach : float
        Who is a neighbour, see `neighbour_pairs`.

    Raises
    ------
    InputError
        Nothing to draw, or a file name with another ending.
    StoreError
        The file cannot be written.

    Notes
    -----
    Each distinct bond length, of those within 0.03 bohr of each other the mean, is written once.
    """
    drawings = list(drawings)
    if not drawings or (columns is not None and columns < 1):
        raise InputError(f"{len(drawings)} clusters in {columns} columns; give at least one of each")
    columns = min(columns or 4, len(drawings))
    elements = list(dict.fromkeys(s for drawing in drawings for s in drawing.cluster.symbols))
    seen = [_centred(view(drawing.cluster, reach)) for drawing in drawings]
    u = max(float(points[:, 0].max()) for points in seen) + DRAWING_MARGIN
    rows = [seen[k : k + columns] for k in range(0, len(seen), columns)]
    highs = [max(float(points[:, 1].max()) for points in row) + DRAWING_MARGIN for row in rows]
    width = COLUMN if columns < 3 else PAGE
    inch = width / columns / (2 * u)  # of a bohr
    titles = TITLE_HEIGHT if any(drawing.energy for drawing in drawings) else 0.6 * TITLE_HEIGHT
    height = sum(2 * v * inch + titles for v in highs) + FOOT_HEIGHT
    with journal_figure(path, width, height, layout=None) as figure:
        top = height
        for row, v in enumerate(highs):
            top -= 2 * v * inch + titles
            for column, points in enumerate(rows[row]):
                box = (column / columns, top / height, 1 / columns, 2 * v * inch / height)
                axes = figure.add_axes(box, xlim=(-u, u), ylim=(-v, v))
                axes.axis("off")
                drawing = drawings[row * columns + column]
                _draw_cluster(axes, drawing.cluster, points, elements, reach)
                axes.set_title(_title(drawing), pad=1)
        note = "lengths in bohr; all clusters on one scale"
        figure.text(0.5, 0.3 * FOOT_HEIGHT / height, note, fontsize=7, ha="center")
        if len(elements) > 1:
            _element_legend(figure, elements)


def _centred(points: Floats) -> Floats:
    """The middle of what is seen at zero."""
    return np.asarray(points - 0.5 * (points.max(axis=0) + points.min(axis=0)))


def view(cluster: Cluster, reach: float = NEIGHBOUR_LIMIT) -> Floats:
    """Positions along the principal axes, turned so far that no atom hides another.

    Parameters
    ----------
    cluster : Cluster
        What is drawn.
    reach : float
        Who is a neighbour, see `neighbour_pairs`.

    Returns
    -------
    (natom, 3) bohr
        Across, up, and towards the reader; planar clusters lie in the plane of the figure.
    """
    x = cluster.positions - cluster.positions.mean(axis=0)
    axes = np.linalg.svd(x, full_matrices=True)[2]
    axes[2] *= np.linalg.det(axes)
    x = np.asarray(x @ axes.T)
    if np.ptp(x[:, 2]) < PLANAR_THICKNESS:
        return x
    pairs, _ = neighbour_pairs(cluster, reach)
    upright = np.column_stack([x[:, 0], x[:, 2], -x[:, 1]])  # the shortest extent goes up
    turns = [_turn(a, b).T for a, b in sorted(product(ELEVATIONS, AZIMUTHS), key=sum)]
    views = [start @ turn for start in (x, upright) for turn in turns]
    return max(views, key=lambda points: round(_clearness(points[:, :2], pairs), 2))


def length_groups(lengths: ArrayLike, spacing: float = LENGTH_SPACING) -> list[tuple[float, list[int]]]:
    """Bonds grouped by length.

    Parameters
    ----------
    lengths : (nbond,) bohr
        In any order.
    spacing : bohr
        Neighbours in the order of lengths that differ by less belong together.

    Returns
    -------
    list of (float, list of int)
        Mean length, bohr, and indices of the bonds, ascending.
    """
    values = np.asarray(lengths, float)
    order = np.argsort(values, kind="stable")
    if not len(order):
        return []
    breaks = np.flatnonzero(np.diff(values[order]) >= spacing) + 1
    return [(float(np.mean(values[part])), part.tolist()) for part in np.split(order, breaks)]


def _turn(elevation: float, azimuth: float) -> Floats:
    """Turns about the axis up first, then about the axis across."""
    c, s = np.cos(elevation), np.sin(elevation)
    about_u = np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
    c, s = np.cos(azimuth), np.sin(azimuth)
    about_v = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
    return np.asarray(about_u @ about_v)


def _clearness(flat: Floats, pairs: Ints) -> float:
    """How far apart atoms are seen from each other and from bonds of others, capped, in bohr."""
    i, j = np.triu_indices(len(flat), 1)
    nearest = min(ATOM_CLEARANCE, float(np.linalg.norm(flat[i] - flat[j], axis=1).min()))
    crossing = min(
        (
            _distance(flat[atom], flat[a], flat[b])
            for a, b in pairs
            for atom in range(len(flat))
            if atom not in (a, b)
        ),
        default=BOND_CLEARANCE,
    )
    return nearest + 2 * min(BOND_CLEARANCE, crossing)


def _distance(point: Floats, start: Floats, end: Floats) -> float:
    """Distance of a point from a segment in the plane."""
    along = end - start
    share = np.clip((point - start) @ along / max(float(along @ along), 1e-12), 0.0, 1.0)
    return float(np.linalg.norm(point - start - share * along))


def _draw_cluster(
    axes: "Axes", cluster: Cluster, points: Floats, elements: Sequence[str], reach: float
) -> None:
    """Sticks and balls, the nearer ones over the farther ones, and the lengths."""
    from matplotlib.colors import to_rgb
    from matplotlib.patches import Circle

    pairs, lengths = neighbour_pairs(cluster, reach)
    far = (points[:, 2].max() - points[:, 2]) / max(float(np.ptp(points[:, 2])), PLANAR_THICKNESS)
    for a, b in pairs:
        inward = 0.9 * BALL_RADIUS / np.linalg.norm(points[b] - points[a]) * (points[b] - points[a])
        ends = np.array([points[a] + inward, points[b] - inward])  # sticks end at the balls
        depth = float(ends[:, 2].mean())
        for width, colour in ((3.0, "0.35"), (1.9, str(0.72 + 0.2 * (far[a] + far[b]) / 2))):
            axes.plot(*ends[:, :2].T, color=colour, linewidth=width, zorder=20 + depth, solid_capstyle="butt")
    for index, (u, v, depth) in enumerate(points):
        rgb = np.array(to_rgb(ATOM_COLOURS[elements.index(cluster.symbols[index]) % len(ATOM_COLOURS)]))
        faded = tuple(rgb + 0.55 * far[index] * (1 - rgb))
        axes.add_patch(
            Circle((u, v), BALL_RADIUS, facecolor=faded, edgecolor="0.2", linewidth=0.7, zorder=20.01 + depth)
        )
    for text, spot in _labels(points[:, :2], pairs, lengths):
        axes.text(
            float(spot[0]),
            float(spot[1]),
            text,
            fontsize=6,
            ha="center",
            va="center",
            zorder=60,
            bbox={"boxstyle": "square,pad=0.12", "facecolor": "white", "edgecolor": "none", "alpha": 0.85},
        )


def _labels(flat: Floats, pairs: Ints, lengths: Floats) -> list[tuple[str, Floats]]:
    """(text, place) of each distinct length, where it hides least."""
    placed: list[tuple[str, Floats]] = []
    groups = length_groups(lengths)
    for length, bonds in sorted(groups, key=lambda group: len(group[1]))[:MOST_LABELS]:
        candidates = [
            (flat[a] + share * (flat[b] - flat[a]), bond)
            for bond in bonds
            for a, b in [pairs[bond]]
            for share in (0.5, 0.42, 0.58, 0.34, 0.66)
        ]
        spots = [spot for _, spot in placed]
        rooms = [round(_room(spot, bond, flat, pairs, spots), 3) for spot, bond in candidates]
        placed.append((f"{length:.2f}", candidates[int(np.argmax(rooms))][0]))
    return placed


def _room(spot: Floats, bond: int, flat: Floats, pairs: Ints, labels: Sequence[Floats]) -> float:
    """How free a place for a label is: of atoms, of other labels, of other bonds."""
    stretch = np.array([LABEL_SIZE[1] / LABEL_SIZE[0], 1.0])  # labels are wider than high
    atoms = float(np.linalg.norm((flat - spot) * stretch, axis=1).min()) - BALL_RADIUS
    others = min(
        (float(np.linalg.norm((spot - s) * stretch)) - LABEL_SIZE[1] for s in labels), default=np.inf
    )
    bonds = [_distance(spot, flat[a], flat[b]) for k, (a, b) in enumerate(pairs) if k != bond]
    return min(atoms, others, 0.5) + 0.3 * min(min(bonds, default=1.0), 1.0)


def _title(drawing: Drawing) -> str:
    """Name, point group and energy, in two lines."""
    name = typeset(formula_of(drawing.cluster.symbols, drawing.cluster.charge))
    group = "" if drawing.point_group is None else "  " + typeset_group(drawing.point_group)
    return f"{name}{group}" + ("" if drawing.energy is None else f"\n{drawing.energy}")


def typeset_group(name: str) -> str:
    """The name of a point group such as D2h or Cinfv, all but its first letter below the line."""
    first, rest = name[0], name[1:]
    rest = rest.replace("inf", r"\infty ").replace("*", r"\infty ")
    return f"${first}_{{{rest}}}$" if rest else f"${first}$"


def _element_legend(figure: "Figure", elements: Sequence[str]) -> None:
    """Which colour is which element, in the lower corner."""
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], marker="o", linestyle="none", color=ATOM_COLOURS[k % len(ATOM_COLOURS)], label=symbol)
        for k, symbol in enumerate(elements)
    ]
    figure.legend(handles=handles, loc="lower left", ncols=len(elements), borderpad=0, handletextpad=0.1)
