"""Figures of vibrational spectra: sticks, and Lorentzians around them."""

from dataclasses import dataclass

import numpy as np

from clusterdft.errors import InputError
from clusterdft.report.canvas import BLACK, BLUE, COLUMN, VERMILION, journal_figure, typeset


@dataclass(frozen=True, kw_only=True, eq=False)
class Spectrum:
    """Normal modes of one cluster.

    Attributes
    ----------
    name : of the cluster
    frequencies_cm1 : (nmode,) an imaginary one as a negative number
    intensities : (nmode,) km/mol, none negative; None where they are not known: each mode counts one
    """

    name: str
    frequencies_cm1: tuple[float, ...]
    intensities: tuple[float, ...] | None = None

    def __post_init__(self):
        frequencies = np.asarray(self.frequencies_cm1, float)
        heights = (
            np.ones_like(frequencies) if self.intensities is None else np.asarray(self.intensities, float)
        )
        right = frequencies.ndim == 1 and frequencies.shape == heights.shape and frequencies.size
        if not (
            right and np.isfinite(frequencies).all() and np.isfinite(heights).all() and (heights >= 0).all()
        ):
            raise InputError(
                f"{self.name} has {frequencies.size} frequencies and {heights.size} intensities; give as "
                "many of one as of the other, at least one, finite, and no negative intensity"
            )

    @property
    def heights(self):
        """(nmode,) intensities, or ones."""
        known = self.intensities is not None
        return np.asarray(self.intensities, float) if known else np.ones(len(self.frequencies_cm1))


def draw_vibrations(spectra, path, *, width_cm1=5.0):
    """Vibrational spectra, one above the other.

    Parameters
    ----------
    spectra : sequence of Spectrum
    path : .png, .pdf or .svg
    width_cm1 : full width of a Lorentzian at half its height

    Raises
    ------
    InputError, StoreError
        nothing to draw, a width that is not positive, or no file

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
    infrared = any(spectrum.intensities is not None for spectrum in spectra)
    with journal_figure(path, COLUMN, 0.85 + 1.0 * len(spectra)) as figure:
        panels = figure.subplots(len(spectra), 1, sharex=True, squeeze=False)[:, 0]
        for axes, spectrum in zip(panels, spectra, strict=True):
            _draw(axes, grid, spectrum, width_cm1)
        imaginary = "; crosses: imaginary" if every.min() < 0 else ""
        panels[-1].set(xlabel=f"wavenumber (cm$^{{-1}}$){imaginary}", xlim=grid[[0, -1]])
        label = "IR intensity (km mol$^{-1}$ per cm$^{-1}$)" if infrared else "modes per cm$^{-1}$"
        figure.supylabel(label, fontsize=8)


def lorentzians(wavenumbers, frequencies, heights, width):
    """Sum of Lorentzians.

        I(v) = sum_k h_k (w/2) / pi / ((v - v_k)^2 + (w/2)^2),   whose integral is sum_k h_k

    Parameters
    ----------
    wavenumbers : (n,) cm^-1
    frequencies, heights : (nmode,) cm^-1, any unit
    width : w, cm^-1, full width at half height

    Returns
    -------
    (n,) unit of the heights per cm^-1

    Raises
    ------
    InputError
        a width that is not positive
    """
    if not width > 0:
        raise InputError(f"width {width} cm^-1 of a spectrum; give one above 0, such as 5")
    apart = np.asarray(wavenumbers, float) - np.asarray(frequencies, float)[:, None]
    return np.asarray(heights, float) @ (width / (2 * np.pi) / (apart**2 + width**2 / 4))


def _draw(axes, grid, spectrum, width):
    """One spectrum: sticks and their sum, with the cluster's name."""
    frequencies = np.asarray(spectrum.frequencies_cm1, float)
    curve = lorentzians(grid, frequencies, spectrum.heights, width)
    axes.plot(grid, curve, color=BLUE)
    axes.fill_between(grid, curve, color=BLUE, alpha=0.15, linewidth=0)
    top = max(float(curve.max()), 1e-12)
    axes.vlines(
        frequencies, 0, spectrum.heights * 2 / (np.pi * width), color=VERMILION, linewidth=1.2, zorder=3
    )
    for mark, which in (("|", frequencies >= 0), ("x", frequencies < 0)):
        axes.plot(frequencies[which], np.full(which.sum(), -0.06 * top), mark, color=VERMILION)
    axes.axhline(0, color=BLACK, linewidth=0.5)
    axes.set_ylim(-0.13 * top, 1.25 * top)
    axes.text(0.02, 0.93, typeset(spectrum.name), transform=axes.transAxes, va="top")
