"""Figures of a series of clusters against their size: ionization, atomization, dissociation."""

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral

import numpy as np

from clusterdft.errors import InputError
from clusterdft.properties.ionization import sphere_model
from clusterdft.report.canvas import BLACK, BLUE, COLUMN, GREEN, VERMILION, journal_figure, typeset
from clusterdft.units import HARTREE_EV

SOURCES = ("computed", "paper", "experiment")
COLOURS = {0: BLUE, 1: VERMILION, -1: GREEN}
FILLED = {0: "o", 1: "s", -1: "^"}


@dataclass(frozen=True, kw_only=True)
class Curve:
    """One quantity of clusters of one charge and element, against their number of atoms.

    Attributes
    ----------
    label : for the legend
    values : {number of atoms: eV, or (eV, error in eV), or None where it is not known}
    charge : of the clusters; tells mark and colour
    colour : another than that of the charge, to tell elements apart; or None
    source : "computed" (a line and full marks), "paper" (open marks) or "experiment" (crosses)
    """

    label: str
    values: Mapping
    charge: int = 0
    source: str = "computed"
    colour: str | None = None

    def __post_init__(self):
        if self.source not in SOURCES:
            raise InputError(f"the source {self.source!r} of a series; give one of {', '.join(SOURCES)}")
        for n, value in self.values.items():
            if not (isinstance(n, Integral) and n >= 1 and (value is None or np.all(np.isfinite(value)))):
                raise InputError(
                    f"{self.label} has {value!r} for {n!r} atoms; give {{number of atoms: finite eV}}, "
                    "and None where a value is not known"
                )

    @property
    def known(self):
        """Sizes, eV and errors (NaN without) of what is known, ascending, (n,) each."""
        rows = [
            (n, *(value if np.ndim(value) else (value, np.nan)))
            for n, value in sorted(self.values.items())
            if value is not None
        ]
        return np.array(rows, float).reshape(-1, 3).T


def draw_ionization(series, path, *, work_function_ev=None, radius_per_electron=4.0, valence=1):
    """Ionization potentials against size, with the two curves of the sphere model.

    Parameters
    ----------
    series : sequence of Curve
    path : .png, .pdf or .svg
    work_function_ev : of the metal's flat surface; None for no curves
    radius_per_electron, valence : see `sphere_model`; r_s in bohr

    Raises
    ------
    InputError, StoreError
        nothing to draw, or a file that cannot be written
    """
    sizes = _sizes(series)
    with journal_figure(path, COLUMN, 2.9) as figure:
        axes = figure.subplots()
        if work_function_ev is not None:
            n, image_force, classical = sphere_curves(
                sizes[0], sizes[-1], work_function_ev, radius_per_electron, valence
            )
            axes.plot(n, classical, "--", color="0.45", label=r"sphere, $W + e^2/2R$")
            axes.plot(n, image_force, ":", color="0.25", label=r"sphere, $W + 3e^2/8R$")
        _draw(axes, series)
        _finish(axes, sizes, "ionization potential (eV)")
        _legend(figure, axes)


def sphere_curves(first, last, work_function_ev, radius_per_electron=4.0, valence=1):
    """Ionization potentials of the sphere model between two sizes.

    Returns
    -------
    (200,) sizes, (200,) eV of W + 3/8 e^2/R, (200,) eV of W + 1/2 e^2/R
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


def draw_atomization(series, path, *, bulk_ev=None):
    """Atomization energies per atom against size, neutral clusters and ions together.

    Parameters
    ----------
    series : sequence of Curve, of eV an atom
    path : .png, .pdf or .svg
    bulk_ev : cohesive energy of the metal, a line; None for none

    Raises
    ------
    InputError, StoreError
        as `draw_ionization`
    """
    sizes = _sizes(series)
    with journal_figure(path, COLUMN, 2.9) as figure:
        axes = figure.subplots()
        if bulk_ev is not None:
            axes.axhline(bulk_ev, color="0.45", linewidth=0.8, linestyle="--")
            axes.annotate(
                "bulk",
                (0.02, bulk_ev),
                xycoords=("axes fraction", "data"),
                xytext=(0, -8),
                textcoords="offset points",
                fontsize=7,
            )
        _draw(axes, series)
        _finish(axes, sizes, "atomization energy (eV/atom)")
        _legend(figure, axes)


def draw_stability(dissociation, second_differences, path, *, channels=None):
    """Lowest dissociation energies above, second differences of the energy below, against size.

    Parameters
    ----------
    dissociation, second_differences : sequences of Curve, eV
    path : .png, .pdf or .svg
    channels : {(charge, atoms): what the lowest channel splits off, such as "Na2"}; None for none

    Raises
    ------
    InputError, StoreError
        as `draw_ionization`
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


def _draw(axes, series):
    """Lines with full marks, open marks, or crosses, by source."""
    for one in series:
        n, value, error = one.known
        colour = one.colour or COLOURS.get(one.charge, BLACK)
        mark = FILLED.get(one.charge, "D")
        style = {
            "computed": {"marker": mark, "linestyle": "-"},
            "paper": {"marker": mark, "linestyle": "none", "markerfacecolor": "white"},
            "experiment": {"marker": "x", "linestyle": "none", "markeredgewidth": 1.2},
        }[one.source]
        whole = np.arange(n[0], n[-1] + 1) if len(n) else n  # a line stops where a size is missing
        shown = [value[n == size][0] if size in n else np.nan for size in whole]
        axes.plot(whole, shown, color=colour, label=one.label, zorder=2 + SOURCES.index(one.source), **style)
        barred = np.isfinite(error)
        if barred.any():
            axes.errorbar(n[barred], value[barred], error[barred], fmt="none", color=colour, capsize=2)


def _name_channels(axes, series, channels):
    """What each cluster loses, in one row for each charge along the lower edge."""
    charges = sorted({charge for charge, _ in channels})
    low, high = axes.get_ylim()
    axes.set_ylim(low - 0.11 * len(charges) * (high - low), high)
    for row, charge in enumerate(charges):
        for n in sorted({round(n) for one in series for n in one.known[0]}):
            if (charge, n) in channels:
                axes.annotate(
                    "$-$" + typeset(channels[charge, n]),
                    (n, 0.05 + 0.075 * row),
                    xycoords=("data", "axes fraction"),
                    fontsize=6.5,
                    ha="center",
                    color=COLOURS.get(charge, BLACK),
                )


def _legend(figure, axes):
    """Above the axes, where no point can be in its way."""
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=2, handlelength=1.8)


def _finish(axes, sizes, label):
    """Labels and whole numbers of atoms."""
    from matplotlib.ticker import MaxNLocator

    axes.set(xlabel="number of atoms n", ylabel=label)
    axes.set_xlim(sizes[0] - 0.5, sizes[-1] + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1, steps=[1, 2, 5, 10], nbins=14))


def _sizes(series):
    """All sizes with a value, ascending; at least one."""
    sizes = sorted({n for one in series for n in one.known[0]})
    if not sizes:
        raise InputError("no series has a value to draw; give {number of atoms: eV} with at least one")
    return sizes
