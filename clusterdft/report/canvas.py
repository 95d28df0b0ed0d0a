"""What all figures share: sizes, colours, names of clusters, and files written whole or not at all."""

import os
import re
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from clusterdft.errors import InputError
from clusterdft.files.writing import write_bytes

FORMATS = (".png", ".pdf", ".svg")
COLUMN, PAGE = 3.4, 7.0  # inches: one column of a journal, and two
RESOLUTION = 150  # dots an inch
FINE = 300
# told apart with every common colour blindness: Okabe and Ito, Color Universal Design (2008)
BLACK, BLUE, VERMILION, GREEN = "#000000", "#0072B2", "#D55E00", "#009E73"
ORANGE, SKY, PURPLE = "#E69F00", "#56B4E9", "#CC79A7"
STYLE = {
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


def check_figure(path):
    """Raises InputError where a figure could not be written, before anything is computed."""
    path = Path(path)
    if path.suffix.lower() not in FORMATS:
        raise InputError(f"cannot draw the figure {path}; give a name that ends in {', '.join(FORMATS)}")
    if path.is_dir() or not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise InputError(f"cannot write the figure {path}; give a file in a folder that can be written")


@contextmanager
def journal_figure(path, width, height, layout="constrained"):
    """A figure in a journal's style, saved when the block ends; width and height in inches.

    layout : matplotlib's, None where the parts are placed by hand
    """
    from matplotlib import rc_context

    check_figure(path)
    with rc_context(STYLE):
        figure = new_figure(width, height, layout)
        yield figure
        save_figure(figure, path, FINE, bbox_inches="tight", pad_inches=0.04)


def new_figure(width, height, layout="constrained"):
    """An empty figure, inches, that fits its parts by itself unless another layout is asked for."""
    from matplotlib.figure import Figure  # takes a third of a second to import

    return Figure(figsize=(width, height), layout=layout)


def save_figure(figure, path, resolution=RESOLUTION, **cut):
    """Writes the whole figure or nothing, and the same bytes each time.

    Parameters
    ----------
    figure, path : matplotlib's figure, and a name with one of FORMATS
    resolution : dots an inch
    cut : what matplotlib's savefig takes besides, such as bbox_inches

    Raises
    ------
    StoreError
        the file cannot be written
    """
    path = Path(path)
    form = path.suffix[1:].lower()
    undated = {"pdf": {"CreationDate": None}, "svg": {"Date": None}}.get(form)
    drawn = BytesIO()
    figure.savefig(drawn, format=form, dpi=resolution, metadata=undated, **cut)
    write_bytes(path, drawn.getvalue())


def typeset(name):
    """The name of a cluster such as Na4+ or Na8-2, with its numbers below and its charge above the line."""
    body, sign, charge = re.fullmatch(r"(.*?)(?:([+-])(\d*))?", name.strip()).groups()
    written = re.sub(r"(?<=[A-Za-z])(\d+)", r"$_{\1}$", body)
    return written + (f"$^{{{charge}{sign}}}$" if sign else "")
