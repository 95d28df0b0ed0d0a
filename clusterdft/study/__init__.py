"""Studies: searches of a series of clusters, what is read off them, and tables beside reference values."""

from clusterdft.files.choices import Choices

_QUANTITIES = "clusterdft.study.quantities."

PROPERTIES = Choices(
    "property",
    {
        "distances": _QUANTITIES + "geometry:distances_of",
        "shape": _QUANTITIES + "geometry:shape_of",
        "populations": _QUANTITIES + "populations:populations_of",
        "spin-populations": _QUANTITIES + "spin_populations:spin_populations_of",
        "levels": _QUANTITIES + "levels:levels_of",
        "dipole": _QUANTITIES + "dipole:dipole_of",
        "vertical-ionization": _QUANTITIES + "vertical:vertical_ionization_of",
        "vertical-attachment": _QUANTITIES + "vertical:vertical_attachment_of",
        "dimer-curve": _QUANTITIES + "dimer:dimer_curve_of",
        "vibrations": _QUANTITIES + "vibrations:vibrations_of",
        "polarizability": _QUANTITIES + "polarizability:polarizability_of",
        "jellium": _QUANTITIES + "jellium:jellium_of",
    },
)
"""What is read off the lowest isomer of each cluster: functions (Target) -> dict ready for JSON.

A property that the cluster cannot have raises InputError, whose sentence is the reason in tables.
"""

_TABLES = "clusterdft.study.tables."

TABLES = Choices(
    "table",
    {
        "isomers": _TABLES + "isomers:isomers",
        "dimers": _TABLES + "dimers:dimers",
        "distances": _TABLES + "distances:distances",
        "spin_populations": _TABLES + "spin_populations:spin_populations",
        "atomization": _TABLES + "atomization:atomization",
        "dissociation": _TABLES + "dissociation:dissociation",
        "ionization": _TABLES + "ionization:ionization",
        "levels": _TABLES + "levels:levels",
        "vibrations": _TABLES + "vibrations:vibrations",
        "response": _TABLES + "response:response",
        "thermal": _TABLES + "thermal:thermal",
        "jellium": _TABLES + "jellium:jellium",
    },
)
"""Tables of a series of clusters: functions (Series) -> list of rows, dicts from column to value."""
