"""The jellium sphere with as many electrons."""

import math

from clusterdft.properties.jellium import solve_jellium
from clusterdft.pseudo import load_pseudopotential
from clusterdft.units import HARTREE_EV

RADIUS = 4.0  # bohr per electron, as in the paper's comparison


def jellium_of(target):
    """Energy and levels of the neutral sphere with the cluster's electrons, as in `properties.jellium`."""
    method = target.method
    symbols = target.cluster.symbols
    valence = sum(load_pseudopotential(s, method.pseudopotential).z_valence for s in symbols)
    electrons = round(valence) - target.cluster.charge
    found = solve_jellium(electrons, radius_per_electron=RADIUS, functional=method.functional)
    return {
        "electrons": electrons,
        "radius_per_electron_bohr": RADIUS,
        "energy_hartree": found.energy,
        "gap_ev": found.gap * HARTREE_EV if math.isfinite(found.gap) else None,
        "levels": [
            {"level": level.name, "energy_hartree": energy, "electrons": sum(level.electrons)}
            for level in found.levels
            if math.isfinite(energy := level.energy[0])
        ],
    }
