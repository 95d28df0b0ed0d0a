"""The jellium sphere with as many electrons."""

import math

import numpy as np

from clusterdft.errors import InputError
from clusterdft.properties.jellium import solve_jellium
from clusterdft.pseudo import load_pseudopotential
from clusterdft.study.references import bulk_of
from clusterdft.units import HARTREE_EV


def jellium_of(target):
    """Energy and levels of the neutral sphere with the cluster's electrons, as in `properties.jellium`.

        r_s^3 = mean of the elements' r_s^3 over the atoms

    The radius per electron is that of the bulk metal; the paper names none for its comparison.
    """
    method = target.method
    symbols = target.cluster.symbols
    valence = sum(load_pseudopotential(s, method.pseudopotential).z_valence for s in symbols)
    electrons = round(valence) - target.cluster.charge
    radius = radius_per_electron(symbols)
    found = solve_jellium(electrons, radius_per_electron=radius, functional=method.functional)
    return {
        "electrons": electrons,
        "radius_per_electron_bohr": radius,
        "energy_hartree": found.energy,
        "gap_ev": found.gap * HARTREE_EV if math.isfinite(found.gap) else None,
        "levels": [
            {"level": level.name, "energy_hartree": energy, "electrons": sum(level.electrons)}
            for level in found.levels
            if math.isfinite(energy := level.energy[0])
        ],
    }


def radius_per_electron(symbols):
    """r_s, bohr, of a metal with the volume of the bulk ones that atoms come from; each gives one electron.

    Raises
    ------
    InputError
        the bulk density of an element is not known
    """
    bulk = {symbol: bulk_of(symbol) for symbol in symbols}
    lacking = sorted(symbol for symbol, known in bulk.items() if known is None)
    if lacking:
        raise InputError(
            f"the density of conduction electrons in bulk {', '.join(lacking)} is not known, and with it the "
            "jellium sphere; it is known of alkali metals"
        )
    return float(np.mean([bulk[symbol]["radius_per_electron_bohr"] ** 3 for symbol in symbols]) ** (1 / 3))
