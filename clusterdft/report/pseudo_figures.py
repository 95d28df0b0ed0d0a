"""Figures of pseudopotentials: potentials, orbitals, densities, logarithmic derivatives."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.making.quality.scattering import LogarithmicDerivatives, OrbitalComparison
from clusterdft.making.quality.transferability import TransferabilityReport
from clusterdft.pseudo.potential import Pseudopotential
from clusterdft.report.canvas import FigurePath, new_figure, save_figure
from clusterdft.units import MOMENTUM_LETTERS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CHANNEL_COLOURS = {0: "tab:blue", 1: "tab:orange", 2: "tab:green", 3: "tab:red"}  # of l
LARGEST_DERIVATIVE = 8.0  # bohr^-1; beyond, a logarithmic derivative is near its pole and not drawn


def draw_pseudopotential(report: TransferabilityReport, path: FigurePath) -> None:
    """Potentials, orbitals, densities and scattering phases of a TransferabilityReport, in one figure."""
    figure = new_figure(13, 8)
    axes = figure.subplots(2, 2)
    draw_potentials(axes[0, 0], report.pseudopotential)
    draw_orbitals(axes[0, 1], report.orbitals)
    draw_densities(axes[1, 0], report)
    draw_phases(axes[1, 1], report.scattering)
    figure.suptitle(_title(report))
    save_figure(figure, path)


def draw_scattering(report: TransferabilityReport, path: FigurePath) -> None:
    """Logarithmic derivatives of a TransferabilityReport, a panel for each l."""
    figure = new_figure(12, 4)
    for axes, derivatives in zip(figure.subplots(1, len(report.scattering)), report.scattering, strict=True):
        draw_logarithmic_derivative(axes, derivatives)
    figure.suptitle(_title(report))
    save_figure(figure, path)


def draw_potentials(axes: "Axes", pseudopotential: Pseudopotential) -> None:
    """Ionic potentials of s, p, d and the Coulomb potential of the ion."""
    r = np.linspace(0.01, 6, 600)
    momenta = sorted({channel.l for channel in pseudopotential.channels} | {0})
    lowest, highest = 0.0, 0.0
    for l in momenta:  # noqa: E741
        potential = pseudopotential.potential(l, r)
        lowest, highest = min(lowest, float(potential.min())), max(highest, float(potential.max()))
        axes.plot(r, potential, color=CHANNEL_COLOURS[l], label=f"$V_{MOMENTUM_LETTERS[l]}$")
    if pseudopotential.channels:
        axes.plot(r, pseudopotential.core(r) + pseudopotential.local(r), color="tab:gray", label="higher $l$")
    axes.plot(r, -pseudopotential.z_valence / r, "k:", label="$-Z/r$")
    axes.set(
        xlim=(0, 6),
        ylim=(1.6 * lowest, 1.15 * highest + 0.1),
        xlabel="r (bohr)",
        ylabel="ionic potential (hartree)",
        title="Potentials",
    )
    axes.legend()


def draw_orbitals(axes: "Axes", orbitals: Iterable[OrbitalComparison]) -> None:
    """All-electron and pseudo-orbitals, P = r R."""
    for orbital in orbitals:
        name = f"{orbital.shell} of {orbital.configuration}"
        colour = CHANNEL_COLOURS[orbital.l]
        axes.plot(orbital.r, orbital.all_electron, color=colour, label=f"{name},\nall-electron")
        axes.plot(orbital.r, orbital.pseudo, "--", color=colour, label=f"{name},\npseudo")
    axes.axhline(0, color="0.7", linewidth=0.8, zorder=0)
    axes.set(xlim=(0, 12), xlabel="r (bohr)", ylabel="r R(r) (bohr$^{-1/2}$)", title="Orbitals")
    _legend_outside(axes)


def draw_densities(axes: "Axes", report: TransferabilityReport) -> None:
    """Core, partial core, and valence density of both ground-state atoms, per shell of thickness dr."""
    mesh = report.all_electron.mesh
    shell = 4 * np.pi * mesh.r**2
    core, valence = ground_densities(report)
    pseudo = shell * report.pseudo.density.sum(axis=0)
    axes.plot(mesh.r, shell * core, "k", label="core, all-electron")
    partial = shell * report.pseudopotential.partial_core(mesh.r)
    if partial.any():
        axes.plot(mesh.r, partial, "--", color="tab:red", label="partial core")
    axes.plot(mesh.r, shell * valence, color="tab:blue", label="valence, all-electron")
    axes.plot(mesh.r, pseudo, "--", color="tab:blue", label="valence, pseudo")
    axes.set(
        xlim=(0, 8),
        ylim=(0, 2.5 * pseudo.max()),
        xlabel="r (bohr)",
        ylabel="$4 \\pi r^2 n(r)$ (electrons/bohr)",
        title="Densities",
    )
    axes.legend()


def ground_densities(report: TransferabilityReport) -> tuple[Floats, Floats]:
    """Core and valence density of the all-electron ground state, (n,) bohr^-3 each."""
    atom = report.all_electron
    names = {shell.name for shell in report.pseudo.configuration.shells}
    valence = np.zeros(len(atom.mesh.r))
    for index, shell in enumerate(atom.configuration.shells):
        if shell.name in names:
            orbital = atom.orbital[0, index]
            norm = float(atom.mesh.integrate(orbital**2))
            valence += shell.electrons * orbital**2 / (4 * np.pi * atom.mesh.r**2 * norm)
    return np.maximum(atom.density.sum(axis=0) - valence, 0.0), valence


def draw_phases(axes: "Axes", scattering: Sequence[LogarithmicDerivatives]) -> None:
    """Scattering phases arctan(r d ln R / dr), whose jumps by pi are removed."""
    for derivatives in scattering:
        colour, letter = CHANNEL_COLOURS[derivatives.l], MOMENTUM_LETTERS[derivatives.l]
        reference = np.unwrap(np.arctan(derivatives.radius * derivatives.all_electron), period=np.pi)
        axes.plot(derivatives.energy, reference, color=colour, label=f"{letter}, all-electron")
        axes.plot(
            derivatives.energy,
            reference + derivatives.phase_difference,
            "--",
            color=colour,
            label=f"{letter}, pseudo",
        )
    axes.set(
        xlabel="energy (hartree)",
        ylabel="arctan(r d ln R/dr) (rad)",
        title=f"Phases at {scattering[0].radius:.2f} bohr",
    )
    _legend_outside(axes)


def draw_logarithmic_derivative(axes: "Axes", derivatives: LogarithmicDerivatives) -> None:
    """D ln R / dr of one l, left open at its poles."""
    for values, style, label in (
        (derivatives.all_electron, "-", "all-electron"),
        (derivatives.pseudo, "--", "pseudo"),
    ):
        shown = np.where(np.abs(values) > LARGEST_DERIVATIVE, np.nan, values)
        axes.plot(derivatives.energy, shown, style, label=label)
    axes.set(
        xlabel="energy (hartree)",
        ylabel=f"d ln R/dr at {derivatives.radius:.2f} bohr (bohr$^{{-1}}$)",
        title=f"{MOMENTUM_LETTERS[derivatives.l]}: rms phase difference {derivatives.rms_phase:.4f} rad",
    )
    axes.legend()


def _legend_outside(axes: "Axes") -> None:
    axes.legend(fontsize="small", loc="center left", bbox_to_anchor=(1.0, 0.5))


def _title(report: TransferabilityReport) -> str:
    pseudopotential = report.pseudopotential
    electrons = "electron" if pseudopotential.z_valence == 1 else "electrons"
    return (
        f"{pseudopotential.symbol}, {pseudopotential.z_valence} valence {electrons}, {pseudopotential.name}"
    )
