"""Kohn-Sham levels of the lowest isomers, their character, and the shells that they make."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from clusterdft.properties.levels import CHARACTER_LETTERS, Levels, ShellFilling, levels
from clusterdft.report.level_figures import draw_levels
from clusterdft.study.quantities.rows_and_curves import Row, picked, reason, row_of
from clusterdft.study.references import Reference
from clusterdft.study.series import Entry, Series
from clusterdft.study.target import Target
from clusterdft.units import HARTREE_EV

LEAST_OCCUPATION = 1e-3  # electrons of a level that the table names


def levels_of(target: Target) -> dict[str, Any]:
    """Levels with occupations and shares of s, p, d, f and the rest, see `properties.levels`."""
    result = levels(target.scf())
    return {
        "shells": result.label,
        "gap_ev": None if result.gap is None else result.gap * HARTREE_EV,
        "centre_bohr": result.centre.tolist(),
        "energy_ev": (result.energy * HARTREE_EV).tolist(),
        "occupation": result.occupation.tolist(),
        "momenta": [*CHARACTER_LETTERS, "higher"],
        "character": result.character.tolist(),
        "filling": [
            {"shell": shell.name, "electrons": shell.electrons, "energy_ev": shell.energy * HARTREE_EV}
            for shell in result.shells
        ],
    }


def level_rows(series: Series) -> list[Row]:
    """One row a cluster: shells such as 1s2 1p6, gap, occupied levels of both spins."""
    return [_row(series, entry) for entry in series.clusters()]


def level_figure(
    series: Series, tables: Mapping[str, Sequence[Row]], references: Sequence[Reference], path: Path
) -> None:
    """Draw the levels of the lowest isomers side by side."""
    given = [(entry.name, series.computed_value(entry, "levels")) for entry in series.clusters()]
    draw_levels([(name, _kept_levels(value)) for name, value in given if value is not None], path)


def _row(series: Series, entry: Entry) -> Row:
    kept = series.computed_value(entry, "levels")
    values = picked(kept, ("shells", "gap_ev"))
    values |= {"levels_up_ev": None, "levels_down_ev": None}
    if kept is not None:
        for spin, name in enumerate(("levels_up_ev", "levels_down_ev")):
            row = min(spin, len(kept["energy_ev"]) - 1)  # a closed shell has one row for both
            pairs = zip(kept["energy_ev"][row], kept["occupation"][row], strict=True)
            values[name] = [energy for energy, electrons in pairs if electrons > LEAST_OCCUPATION]
    return row_of(entry, values, reason(series, entry, "levels"))


def _kept_levels(value: Mapping[str, Any]) -> Levels:
    """The Levels that were kept."""
    return Levels(
        energy=np.array(value["energy_ev"]) / HARTREE_EV,
        occupation=np.array(value["occupation"]),
        character=np.array(value["character"]),
        centre=np.array(value["centre_bohr"]),
        shells=tuple(
            ShellFilling(
                name=shell["shell"], electrons=shell["electrons"], energy=shell["energy_ev"] / HARTREE_EV
            )
            for shell in value["filling"]
        ),
    )
