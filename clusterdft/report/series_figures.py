"""Figures of a series of clusters against their size: ionization, atomization, dissociation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.errors import InputError
from clusterdft.properties.ionization import sphere_model
from clusterdft.report.canvas import (
    BLACK,
    BLUE,
    COLUMN,
    GREEN,
    VERMILION,
    FigurePath,
    journal_figure,
    typeset,
)
from clusterdft.units import HARTREE_EV

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SOURCES = ("computed", "paper", "experiment")
CHARGE_COLOURS = {0: BLUE, 1: VERMILION, -1: GREEN}
CHARGE_MARKS = {0: "o", 1: "s", -1: "^"}


@dataclass(frozen=True, kw_only=True)
class Curve:
    """One quantity of clusters of one charge and element, against their number of atoms.

    Attributes
    ----------
    label : str
        For the legend.
    values : mapping
        From number of atoms to eV, or (eV, error in eV), or None where it is not known.
    charge : int
        Of the clusters; mark and colour follow from it.
    source : str
        "computed" (a line and full marks), "paper" (open marks) or "experiment" (crosses).
    colour : str
        Another than that of the charge, where elements have their own; or None.

    Raises
    ------
    InputError
        Another source, a size that is no number of atoms, or a value that is not finite.
    """

    label: str
    values: Mapping[int, float | tuple[float, float] | None]
    charge: int = 0
    source: str = "computed"
    colour: str | None = None

    def __post_init__(self) -> None:
        if self.source not in SOURCES:
            raise InputError(f"the source {self.source!r} of a series; give one of {', '.join(SOURCES)}")
        for n, value in self.values.items():
            if not (isinstance(n, Integral) and n >= 1 and (value is None or np.all(np.isfinite(value)))):
                raise InputError(
                    f"{self.label} has {value!r} for {n!r} atoms; give {{number of atoms: finite eV}}, "
                    "and None where a value is not known"
                )

    @property
    def known(self) -> Floats:
        """(3, n) sizes, eV and errors (NaN without) of what is known, ascending."""
        rows = [
            (n, *(value if isinstance(value, (tuple, list)) else (value, np.nan)))
            for n, value in sorted(self.values.items())
            if value is not None
        ]
        return np.array(rows, float).reshape(-1, 3).T


def draw_ionization(
    curves: Sequence[Curve],
    path: FigurePath,
    *,
    work_function_ev: float | None = None,
    radius_per_electron: float = 4.0,
    valence: int = 1,
) -> None:
    """Draw ionization potentials against size, with the two curves of the sphere model.

    Parameters
    ----------
    curves : sequence of Curve
        At least one with a value.
    path : path
        .png, .pdf or .svg
    work_function_ev : eV
        Of the metal's flat surface; None for no sphere model.
    radius_per_electron : bohr
        r_s, see `sphere_model`.
    valence : int
        Electrons an atom.

    Raises
    ------
    InputError
        Nothing to draw, or a file name with another ending.
    StoreError
        The file cannot be written.
    """
    sizes = _sizes(curves)
    with journal_figure(path, COLUMN, 2.9) as figure:
        axes = figure.subplots()
        if work_function_ev is not None:
            n, image_force, classical = sphere_curves(
                sizes[0], sizes[-1], work_function_ev, radius_per_electron, valence
            )
            axes.plot(n, classical, "--", color="0.45", label=r"sphere, $W + e^2/2R$")
            axes.plot(n, image_force, ":", color="0.25", label=r"sphere, $W + 3e^2/8R$")
        _draw(axes, curves)
        _finish(axes, sizes, "ionization potential (eV)")
        _legend(figure, axes)


def sphere_curves(
    first: float, last: float, work_function_ev: float, radius_per_electron: float = 4.0, valence: int = 1
) -> tuple[Floats, Floats, Floats]:
    """Ionization potentials of the sphere model between two sizes.

    Parameters
    ----------
    first, last : float
        Numbers of atoms.
    work_function_ev : eV
        Of the flat surface.
    radius_per_electron : bohr
        r_s
    valence : int
        Electrons an atom.

    Returns
    -------
    (200,)
        Sizes.
    (200,) eV
        W + 3/8 e^2/R
    (200,) eV
        W + 1/2 e^2/R
    """
    n = np.geomspace(first, max(last, first + 1), 200)
    models = [
        sphere_model(
            size,
            work_function=work_function_ev / HARTREE_EV,
            radius_per_electron=radius_per_electron,
            valence=valence,
        )
        for size in n
    ]
    image_force, classical = np.array([(m.ip_image_force, m.ip_classical) for m in models]).T * HARTREE_EV
    return n, image_force, classical


def draw_atomization(curves: Sequence[Curve], path: FigurePath) -> None:
    """Draw atomization energies per atom against size, neutral clusters and ions together.

    Parameters
    ----------
    curves : sequence of Curve
        Of eV an atom; at least one with a value.
    path : path
        .png, .pdf or .svg

    Raises
    ------
    InputError, StoreError
        As `draw_ionization`.
    """
    sizes = _sizes(curves)
    with journal_figure(path, COLUMN, 2.9) as figure:
        axes = figure.subplots()
        _draw(axes, curves)
        _finish(axes, sizes, "atomization energy (eV/atom)")
        _legend(figure, axes)


def draw_stability(
    dissociation: Sequence[Curve],
    second_differences: Sequence[Curve],
    path: FigurePath,
    *,
    channels: Mapping[tuple[int, int], str] | None = None,
) -> None:
    """Draw lowest dissociation energies, and below them second differences of the energy, against size.

    Parameters
    ----------
    dissociation, second_differences : sequence of Curve
        At least one with a value.
    path : path
        .png, .pdf or .svg
    channels : mapping
        From (charge, atoms) to what the lowest channel splits off, such as "Na2"; None for none.

    Raises
    ------
    InputError, StoreError
        As `draw_ionization`.
    """
    sizes = _sizes([*dissociation, *second_differences])
    with journal_figure(path, COLUMN, 4.2) as figure:
        above, below = figure.subplots(2, 1, sharex=True)
        _draw(above, dissociation)
        _name_channels(above, dissociation, channels or {})
        above.set_ylabel("lowest dissociation energy (eV)")
        _draw(below, second_differences)
        below.axhline(0, color="0.6", linewidth=0.6, zorder=0)
        _finish(below, sizes, r"$E_{n+1} + E_{n-1} - 2E_n$ (eV)")
        _legend(figure, above if dissociation else below)


def _draw(axes: "Axes", curves: Sequence[Curve]) -> None:
    """Lines with full marks, open marks, or crosses, by source."""
    for curve in curves:
        n, value, error = curve.known
        colour = curve.colour or CHARGE_COLOURS.get(curve.charge, BLACK)
        mark = CHARGE_MARKS.get(curve.charge, "D")
        styles: dict[str, dict[str, Any]] = {
            "computed": {"marker": mark, "linestyle": "-"},
            "paper": {"marker": mark, "linestyle": "none", "markerfacecolor": "white"},
            "experiment": {"marker": "x", "linestyle": "none", "markeredgewidth": 1.2},
        }
        whole = np.arange(n[0], n[-1] + 1) if len(n) else n  # a line stops where a size is missing
        shown = [value[n == size][0] if size in n else np.nan for size in whole]
        axes.plot(
            whole,
            shown,
            color=colour,
            label=curve.label,
            zorder=2 + SOURCES.index(curve.source),
            **styles[curve.source],
        )
        barred = np.isfinite(error)
        if barred.any():
            axes.errorbar(n[barred], value[barred], error[barred], fmt="none", color=colour, capsize=2)


def _name_channels(axes: "Axes", curves: Sequence[Curve], channels: Mapping[tuple[int, int], str]) -> None:
    """What each cluster loses, in one row for each charge along the lower edge."""
    charges = sorted({charge for charge, _ in channels})
    low, high = axes.get_ylim()
    axes.set_ylim(low - 0.11 * len(charges) * (high - low), high)
    for row, charge in enumerate(charges):
        for n in sorted({round(n) for curve in curves for n in curve.known[0]}):
            if (charge, n) in channels:
                axes.annotate(
                    "$-$" + typeset(channels[charge, n]),
                    (n, 0.05 + 0.075 * row),
                    xycoords=("data", "axes fraction"),
                    fontsize=6.5,
                    ha="center",
                    color=CHARGE_COLOURS.get(charge, BLACK),
                )


def _legend(figure: "Figure", axes: "Axes") -> None:
    """Above the axes, where no point can be in its way."""
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=2, handlelength=1.8)


def _finish(axes: "Axes", sizes: Sequence[float], label: str) -> None:
    """Labels and whole numbers of atoms."""
    from matplotlib.ticker import MaxNLocator

    axes.set(xlabel="number of atoms n", ylabel=label)
    axes.set_xlim(sizes[0] - 0.5, sizes[-1] + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1, steps=[1, 2, 5, 10], nbins=14))


def _sizes(curves: Sequence[Curve]) -> list[float]:
    """All sizes with a value, ascending; at least one."""
    sizes = sorted({float(n) for curve in curves for n in curve.known[0]})
    if not sizes:
        raise InputError("no series has a value to draw; give {number of atoms: eV} with at least one")
    return sizes
