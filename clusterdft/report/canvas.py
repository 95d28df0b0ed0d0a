"""What all figures share: sizes, colours, names of clusters, and files written whole or not at all."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from clusterdft.errors import InputError
from clusterdft.files.writing import write_bytes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FigurePath: TypeAlias = str | PathLike[str]
"""Name of a figure's file, which ends in one of FORMATS."""

FORMATS = (".png", ".pdf", ".svg")
COLUMN, PAGE = 3.4, 7.0  # inches: one column of a journal, and two
SCREEN_RESOLUTION, PRINT_RESOLUTION = 150, 300  # dots an inch
# distinct with every common colour blindness: Okabe and Ito, Color Universal Design (2008)
BLACK, BLUE, VERMILION, GREEN = "#000000", "#0072B2", "#D55E00", "#009E73"
ORANGE, SKY, PURPLE = "#E69F00", "#56B4E9", "#CC79A7"
STYLE: dict[Any, Any] = {
    "font.size": 8.0,
    "axes.labelsize": 8.0,
    "axes.titlesize": 8.0,
    "legend.fontsize": 7.0,
    "xtick.labelsize": 7.0,
    "ytick.labelsize": 7.0,
    "xtick.direction": "in",
    "ytick.direction": "in",
    "axes.linewidth": 0.6,
    "lines.linewidth": 1.0,
    "lines.markersize": 4.5,
    "legend.frameon": False,
    "pdf.fonttype": 42,
    "svg.hashsalt": "clusterdft",
}


def check_figure(path: FigurePath) -> None:
    """Refuse a figure that could not be written, before anything is computed.

    Raises
    ------
    InputError
        A name with another ending than FORMATS, or a folder that cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() not in FORMATS:
        raise InputError(f"cannot draw the figure {path}; give a name that ends in {', '.join(FORMATS)}")
    if path.is_dir() or not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise InputError(f"cannot write the figure {path}; give a file in a folder that can be written")


@contextmanager
def journal_figure(
    path: FigurePath, width: float, height: float, layout: Any = "constrained"
) -> "Iterator[Figure]":
    """A figure in a journal's style, saved when the block ends.

    Parameters
    ----------
    path : path
        Its file.
    width, height : inches
        Before white edges are cut off.
    layout : str
        Matplotlib's; None where the parts are placed by hand.

    Returns
    -------
    Figure
        Of Matplotlib, as the value of a `with` statement.

    Raises
    ------
    InputError
        As `check_figure`.
    StoreError
        The file cannot be written.
    """
    from matplotlib import rc_context

    check_figure(path)
    with rc_context(STYLE):
        figure = new_figure(width, height, layout)
        yield figure
        save_figure(figure, path, PRINT_RESOLUTION, bbox_inches="tight", pad_inches=0.04)


def new_figure(width: float, height: float, layout: Any = "constrained") -> "Figure":
    """An empty figure of that size, inches, that fits its parts by itself unless layout is None."""
    from matplotlib.figure import Figure  # takes a third of a second to import

    return Figure(figsize=(width, height), layout=layout)


def save_figure(
    figure: "Figure", path: FigurePath, resolution: int = SCREEN_RESOLUTION, **options: Any
) -> None:
    """Write the whole figure or nothing, and the same bytes each time.

    Parameters
    ----------
    figure : matplotlib's Figure
        What is drawn.
    path : path
        Of its file, in one of FORMATS.
    resolution : int
        Dots an inch.
    **options
        What matplotlib's savefig takes besides, such as bbox_inches.

    Raises
    ------
    StoreError
        The file cannot be written.
    """
    path = Path(path)
    kind = path.suffix[1:].lower()
    undated: Any = {"pdf": {"CreationDate": None}, "svg": {"Date": None}}.get(kind)
    content = BytesIO()
    figure.savefig(content, format=kind, dpi=resolution, metadata=undated, **options)
    write_bytes(path, content.getvalue())


def typeset(name: str) -> str:
    """The name of a cluster such as Na4+ or Na8-2, with its numbers below and its charge above the line."""
    parts = re.fullmatch(r"(.*?)(?:([+-])(\d*))?", name.strip())
    assert parts is not None  # every line matches
    body, sign, charge = parts.groups()
    written = re.sub(r"(?<=[A-Za-z])(\d+)", r"$_{\1}$", body)
    return written + (f"$^{{{charge}{sign}}}$" if sign else "")
