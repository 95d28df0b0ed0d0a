"""Studies: searches of a series of clusters, what is read off them, and tables beside reference values."""

from clusterdft.files.choices import Choices

_QUANTITIES = "clusterdft.study.quantities."

PROPERTIES = Choices(
    "property",
    {
        "distances": _QUANTITIES + "bonds_and_shape:distances_of",
        "shape": _QUANTITIES + "bonds_and_shape:shape_of",
        "populations": _QUANTITIES + "spin_populations:populations_of",
        "spin-populations": _QUANTITIES + "spin_populations:spin_populations_of",
        "levels": _QUANTITIES + "kohn_sham_levels:levels_of",
        "dipole": _QUANTITIES + "response:dipole_of",
        "vertical-ionization": _QUANTITIES + "ionization_potentials:vertical_ionization_of",
        "vertical-attachment": _QUANTITIES + "ionization_potentials:vertical_attachment_of",
        "dimer-curve": _QUANTITIES + "dimers:dimer_curve_of",
        "vibrations": _QUANTITIES + "normal_modes:vibrations_of",
        "polarizability": _QUANTITIES + "response:polarizability_of",
        "jellium": _QUANTITIES + "jellium_spheres:jellium_of",
    },
)
"""What is read off the lowest isomer of each cluster: functions (Target) -> dict ready for JSON.

A property that the cluster cannot have raises InputError, whose sentence is the reason in tables.
"""

TABLES = Choices(
    "table",
    {
        "isomers": _QUANTITIES + "isomers:isomer_rows",
        "dimers": _QUANTITIES + "dimers:dimer_rows",
        "distances": _QUANTITIES + "bonds_and_shape:distance_rows",
        "spin_populations": _QUANTITIES + "spin_populations:spin_population_rows",
        "atomization": _QUANTITIES + "atomization:atomization_rows",
        "dissociation": _QUANTITIES + "channels:dissociation_rows",
        "ionization": _QUANTITIES + "ionization_potentials:ionization_rows",
        "levels": _QUANTITIES + "kohn_sham_levels:level_rows",
        "vibrations": _QUANTITIES + "normal_modes:vibration_rows",
        "response": _QUANTITIES + "response:response_rows",
        "thermal": _QUANTITIES + "thermal_shares:thermal_rows",
        "jellium": _QUANTITIES + "jellium_spheres:jellium_rows",
    },
)
"""Tables of a series of clusters: functions (Series) -> list of rows, dicts from column to value."""

FIGURES = Choices(
    "figure",
    {
        "isomers": _QUANTITIES + "isomers:isomer_figure",
        "ionization": _QUANTITIES + "ionization_potentials:ionization_figure",
        "atomization": _QUANTITIES + "atomization:atomization_figure",
        "dissociation": _QUANTITIES + "channels:dissociation_figure",
        "levels": _QUANTITIES + "kohn_sham_levels:level_figure",
        "vibrations": _QUANTITIES + "normal_modes:vibration_figure",
        "jellium": _QUANTITIES + "jellium_spheres:jellium_figure",
    },
)
"""Figures of a study: functions (Series, tables {name: rows}, references, path of the file).

One that has nothing to draw raises InputError.
"""
