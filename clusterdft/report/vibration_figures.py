"""Figures of vibrational spectra: sticks, and Lorentzians around them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from clusterdft.arrays import Floats
from clusterdft.errors import InputError
from clusterdft.report.canvas import BLACK, BLUE, COLUMN, PAGE, VERMILION, FigurePath, journal_figure, typeset

ONE_COLUMN_SPECTRA = 6  # more stand in two columns
MIN_ABSORPTION = 1e-9  # km/mol per cm^-1: a spectrum that is nowhere higher has no scale


@dataclass(frozen=True, kw_only=True, eq=False)
class Spectrum:
    """Normal modes of one cluster.

    Attributes
    ----------
    name : str
        Of the cluster.
    frequencies_cm1 : (nmode,) cm^-1
        An imaginary one as a negative number.
    intensities : (nmode,) km/mol
        None negative; None where they are not known: each mode counts one.

    Raises
    ------
    InputError
        No frequency, or numbers that cannot be.
    """

    name: str
    frequencies_cm1: Sequence[float]
    intensities: Sequence[float] | None = None

    def __post_init__(self) -> None:
        frequencies, heights = np.asarray(self.frequencies_cm1, float), self.heights
        fits = frequencies.ndim == 1 and frequencies.shape == heights.shape and frequencies.size > 0
        if not (
            fits and np.isfinite(frequencies).all() and np.isfinite(heights).all() and (heights >= 0).all()
        ):
            raise InputError(
                f"{self.name} has {frequencies.size} frequencies and {heights.size} intensities; give as "
                "many of one as of the other, at least one, finite, and no negative intensity"
            )

    @property
    def heights(self) -> Floats:
        """(nmode,) intensities, or ones."""
        known = self.intensities is not None
        return np.asarray(self.intensities, float) if known else np.ones(len(self.frequencies_cm1))


def draw_vibrations(spectra: Iterable[Spectrum], path: FigurePath, *, width_cm1: float = 5.0) -> None:
    """Draw vibrational spectra one above the other, in two columns where there are many.

    Parameters
    ----------
    spectra : iterable of Spectrum
        At least one.
    path : path
        .png, .pdf or .svg
    width_cm1 : cm^-1
        Full width of a Lorentzian at half its height, above 0.

    Raises
    ------
    InputError
        Nothing to draw, a width that is not positive, or a file name with another ending.
    StoreError
        The file cannot be written.

    Notes
    -----
    A stick is as high as its own Lorentzian. Every mode has a mark below it, imaginary ones a cross
    left of zero.
    """
    spectra = list(spectra)
    if not spectra:
        raise InputError("there are no vibrational spectra to draw; give at least one")
    every = np.concatenate([spectrum.frequencies_cm1 for spectrum in spectra])
    grid = np.linspace(min(0.0, every.min() - 5 * width_cm1), every.max() + 6 * width_cm1, 1500)
    columns = 1 if len(spectra) <= ONE_COLUMN_SPECTRA else 2
    rows = -(-len(spectra) // columns)
    with journal_figure(path, COLUMN if columns == 1 else PAGE, 0.85 + 1.0 * rows) as figure:
        panels = figure.subplots(rows, columns, sharex=True, squeeze=False).ravel()
        for axes, spectrum in zip(panels, spectra, strict=False):
            _draw(axes, grid, spectrum, width_cm1)
        for unused in panels[len(spectra) :]:
            unused.remove()
        for lowest in panels[: len(spectra)][-columns:]:
            lowest.tick_params(labelbottom=True)
        panels[0].set_xlim(grid[[0, -1]])
        imaginary = "; crosses: imaginary" if every.min() < 0 else ""
        figure.supxlabel(f"wavenumber (cm$^{{-1}}$){imaginary}", fontsize=8)
        infrared = any(spectrum.intensities is not None for spectrum in spectra)
        label = "IR intensity (km mol$^{-1}$ per cm$^{-1}$)" if infrared else "modes per cm$^{-1}$"
        figure.supylabel(label, fontsize=8)


def lorentzians(wavenumbers: ArrayLike, frequencies: ArrayLike, heights: ArrayLike, width: float) -> Floats:
    """Sum of Lorentzians.

        I(v) = sum_k h_k (w/2) / pi / ((v - v_k)^2 + (w/2)^2),   whose integral is sum_k h_k

    Parameters
    ----------
    wavenumbers : (n,) cm^-1
        Where it is wanted.
    frequencies : (nmode,) cm^-1
        v_k
    heights : (nmode,)
        h_k, of any unit.
    width : cm^-1
        w, the full width at half height, above 0.

    Returns
    -------
    (n,)
        Unit of the heights per cm^-1.

    Raises
    ------
    InputError
        A width that is not positive.
    """
    if not width > 0:
        raise InputError(f"width {width} cm^-1 of a spectrum; give one above 0, such as 5")
    apart = np.asarray(wavenumbers, float) - np.asarray(frequencies, float)[:, None]
    shapes: Floats = width / (2 * np.pi) / (apart**2 + width**2 / 4)
    return np.asarray(heights, float) @ shapes


def _draw(axes: Any, grid: Floats, spectrum: Spectrum, width: float) -> None:
    """One spectrum: sticks and their sum, with the cluster's name."""
    frequencies = np.asarray(spectrum.frequencies_cm1, float)
    curve = lorentzians(grid, frequencies, spectrum.heights, width)
    axes.plot(grid, curve, color=BLUE)
    axes.fill_between(grid, curve, color=BLUE, alpha=0.15, linewidth=0)
    top = float(curve.max())
    if top < MIN_ABSORPTION:
        top = 1.0
        axes.set_yticks([0])
    axes.vlines(
        frequencies, 0, spectrum.heights * 2 / (np.pi * width), color=VERMILION, linewidth=1.2, zorder=3
    )
    for mark, which in (("|", frequencies >= 0), ("x", frequencies < 0)):
        axes.plot(frequencies[which], np.full(which.sum(), -0.06 * top), mark, color=VERMILION)
    axes.axhline(0, color=BLACK, linewidth=0.5)
    axes.set_ylim(-0.13 * top, 1.25 * top)
    axes.text(0.02, 0.93, typeset(spectrum.name), transform=axes.transAxes, va="top")
