"""All operators on geometries, in one place to import from."""

from clusterdft.generate.crossover import cut_and_splice
from clusterdft.generate.moves import (
    displace_all,
    flatten,
    mirror_half,
    move_core_to_surface,
    move_to_surface,
    rattle_worst,
    strain,
    swap_species,
    twist,
)
from clusterdft.generate.physical import is_physical, repair
from clusterdft.generate.resize import adapt, add_atom, remove_atom

__all__ = [
    "adapt",
    "add_atom",
    "cut_and_splice",
    "displace_all",
    "flatten",
    "is_physical",
    "mirror_half",
    "move_core_to_surface",
    "move_to_surface",
    "rattle_worst",
    "remove_atom",
    "repair",
    "strain",
    "swap_species",
    "twist",
]
