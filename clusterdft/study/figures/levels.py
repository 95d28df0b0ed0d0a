"""Kohn-Sham levels of all clusters side by side."""

import numpy as np

from clusterdft.properties.levels import Levels, ShellFilling
from clusterdft.report.level_figures import draw_levels
from clusterdft.units import HARTREE_EV


def draw(series, tables, references, path):
    """Levels of the lowest isomers."""
    given = [(entry.name, series.given(entry, "levels")) for entry in series.clusters()]
    draw_levels([(name, _levels(value)) for name, value in given if value is not None], path)


def _levels(value):
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
