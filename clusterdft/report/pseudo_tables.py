"""Tables about pseudopotentials for the terminal."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.table import Table

from clusterdft.making.pseudopotential.make import MadeChannel, MadePseudopotential
from clusterdft.making.pseudopotential.recipe import ChannelRecipe
from clusterdft.making.pseudopotential.shipped_files import ShippedFile
from clusterdft.making.quality.dimer_curve import DimerTest
from clusterdft.making.quality.transferability import TransferabilityReport
from clusterdft.report.pseudo_values import computed_constants
from clusterdft.units import HARTREE_EV, MOMENTUM_LETTERS

# key of the reference file -> heading and decimals
CONSTANTS = {
    "re_bohr": ("re / bohr", 3),
    "de_ev": ("De / eV", 3),
    "we_per_cm": ("we / cm^-1", 1),
    "ip_ev": ("IP / eV", 3),
}


def _table(title: str, *headings: str, texts: int = 1) -> Table:
    """A table whose first `texts` columns are words and the others numbers."""
    table = Table(title=title, box=SIMPLE_HEAD)
    for column, heading in enumerate(headings):
        table.add_column(heading, justify="left" if column < texts else "right")
    return table


def made_table(made: MadePseudopotential) -> Table:
    """The checks of a MadePseudopotential, a column for each channel; hartree and bohr."""
    recipe = made.recipe
    table = _table(
        f"{recipe.symbol}, {recipe.z_valence} valence, {_relativity(recipe.relativity)}",
        "",
        *(MOMENTUM_LETTERS[channel.state.l] for channel in made.channels),
    )
    rows: dict[str, Callable[[MadeChannel, ChannelRecipe], str]] = {
        "reference": lambda channel, wanted: wanted.configuration,
        "cutoff radius / bohr": lambda channel, wanted: f"{wanted.cutoff_radius:.3f}",
        "eigenvalue, all-electron / hartree": lambda channel, wanted: f"{channel.state.energy:.6f}",
        "eigenvalue, fitted / hartree": lambda channel, wanted: f"{channel.fitted_energy:.6f}",
        "norm error before the fit": lambda channel, wanted: f"{channel.norm_error:.1e}",
        "fit, rms / hartree": lambda channel, wanted: f"{channel.fit.rms:.1e}",
        "fit, largest outside / hartree": lambda channel, wanted: f"{channel.fit.largest_outside:.1e}",
    }
    for label, shown in rows.items():
        table.add_row(label, *map(shown, made.channels, recipe.channels))
    return table


def partial_core_line(made: MadePseudopotential) -> str:
    """One line on the partial core of a MadePseudopotential."""
    if made.core_radius is None:
        return "No partial core: linear unscreening."
    pseudopotential = made.pseudopotential
    terms = " + ".join(
        f"{c:g} exp(-{alpha:g} r^2)"
        for alpha, c in zip(
            pseudopotential.partial_core_exponent, pseudopotential.partial_core_coefficient, strict=True
        )
    )
    return f"Partial core {terms} bohr^-3, the core density beyond {made.core_radius:.3f} bohr."


def configuration_table(report: TransferabilityReport) -> Table:
    """Excitation and ionization energies and levels of a TransferabilityReport."""
    symbol = report.pseudopotential.symbol
    table = _table(
        f"{symbol}, {report.pseudopotential.name}, beside the {_relativity(report.relativity)} atom: "
        "energies above the ground state, and the largest error of a level (eV)",
        "",
        "valence",
        "all-electron",
        "pseudo",
        "error",
        "level",
        texts=2,
    )
    for comparison in report.configurations:
        if comparison.all_electron is None or comparison.pseudo is None or comparison.error is None:
            table.add_row(comparison.label, comparison.text, "left out", "", "", "")
            continue
        levels = [level.error * HARTREE_EV for level in comparison.levels]
        table.add_row(
            comparison.label,
            comparison.text,
            f"{comparison.all_electron * HARTREE_EV:.4f}",
            f"{comparison.pseudo * HARTREE_EV:.4f}",
            f"{comparison.error * HARTREE_EV:+.4f}",
            f"{max(levels, key=abs):+.4f}" if levels else "-",
        )
    return table


def left_out_lines(report: TransferabilityReport) -> list[str]:
    """One line for each configuration that was left out."""
    return [f"{c.text} is left out: {c.left_out}" for c in report.configurations if c.left_out]


def scattering_table(report: TransferabilityReport) -> Table:
    """Phases and norms of a TransferabilityReport, one line an angular momentum."""
    first, last = report.scattering[0].energy[[0, -1]]
    table = _table(
        f"Phases of the logarithmic derivatives (rad) at {report.radius:.3f} bohr, {first:g} to {last:g} "
        "hartree, and norms inside that radius",
        "",
        "rms",
        "largest",
        "orbital",
        "all-electron",
        "pseudo",
        "error",
    )
    orbitals = {orbital.l: orbital for orbital in report.orbitals}
    for derivatives in report.scattering:
        orbital = orbitals.get(derivatives.l)
        norms = (
            ("not bound", "", "", "")
            if orbital is None
            else (
                f"{orbital.shell} of {orbital.configuration}",
                f"{orbital.norm_all_electron:.5f}",
                f"{orbital.norm_pseudo:.5f}",
                f"{orbital.norm_error:+.1e}",
            )
        )
        table.add_row(
            MOMENTUM_LETTERS[derivatives.l],
            f"{derivatives.rms_phase:.4f}",
            f"{derivatives.largest_phase:.4f}",
            *norms,
        )
    return table


def dimer_table(test: DimerTest) -> Table:
    """Constants of X, X2 and X2+ of a DimerTest, with deviations from all-electron theory and experiment."""
    headings = [heading for heading, _ in CONSTANTS.values()]
    table = _table(
        f"{test.symbol}2 and {test.symbol}2+ in the basis {test.basis}, beside {test.hamiltonian} "
        "all-electron theory and experiment",
        "",
        "",
        *headings,
        texts=2,
    )
    for species, computed in computed_constants(test).items():
        table.add_row(species, "computed", *_constants(computed))
        for label, reference in (("all-electron", test.all_electron), ("experiment", test.experiment)):
            given = reference.get(species)
            if given is None:
                table.add_row("", label, *["-"] * len(CONSTANTS))
                continue
            table.add_row("", label, *_constants(given))
            table.add_row("", "  deviation", *_constants(_difference(computed, given), sign="+"))
        table.add_section()
    return table


def shipped_table(shipped: Iterable[ShippedFile]) -> Table:
    """The shipped pseudopotentials."""
    table = _table(
        "Shipped pseudopotentials", "element", "charge", "name", "partial core", "version", "file", texts=6
    )
    for entry in shipped:
        table.add_row(
            entry.symbol,
            str(entry.z_valence),
            entry.name,
            "yes" if entry.has_core_correction else "no",
            entry.version or "-",
            Path(entry.file).name,
        )
    return table


def _constants(values: Mapping[str, float], sign: str = "") -> list[str]:
    return [
        "-" if values.get(key) is None else f"{values[key]:{sign}.{decimals}f}"
        for key, (_, decimals) in CONSTANTS.items()
    ]


def _difference(computed: Mapping[str, float], reference: Mapping[str, float]) -> dict[str, float]:
    return {key: computed[key] - reference[key] for key in CONSTANTS if key in computed and key in reference}


def _relativity(relativity: str) -> str:
    return {"scalar": "scalar-relativistic", "none": "non-relativistic"}[relativity]
