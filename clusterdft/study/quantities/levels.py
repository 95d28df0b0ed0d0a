"""Kohn-Sham levels, their character about the centre of charge, and the shells that they make."""

from clusterdft.properties.levels import CHARACTER_LETTERS, levels
from clusterdft.units import HARTREE_EV


def levels_of(target):
    """Levels with occupations and shares of s, p, d, f and the rest, as in `properties.levels`."""
    found = levels(target.scf())
    return {
        "shells": found.label,
        "gap_ev": None if found.gap is None else found.gap * HARTREE_EV,
        "centre_bohr": found.centre.tolist(),
        "energy_ev": (found.energy * HARTREE_EV).tolist(),
        "occupation": found.occupation.tolist(),
        "momenta": [*CHARACTER_LETTERS, "higher"],
        "character": found.character.tolist(),
        "filling": [
            {"shell": shell.name, "electrons": shell.electrons, "energy_ev": shell.energy * HARTREE_EV}
            for shell in found.shells
        ],
    }
