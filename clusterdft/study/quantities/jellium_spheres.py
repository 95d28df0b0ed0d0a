"""The jellium spheres with as many electrons as the clusters."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from clusterdft.errors import InputError
from clusterdft.properties.jellium import solve_jellium
from clusterdft.report.jellium_figures import SphereLevels, draw_jellium
from clusterdft.scf.resolve import check_electrons, resolve
from clusterdft.study.quantities.rows_and_curves import Row, picked, reason, row_of
from clusterdft.study.references import Reference, bulk_of
from clusterdft.study.series import Entry, Series
from clusterdft.study.target import Target
from clusterdft.units import HARTREE_EV


def jellium_of(target: Target) -> dict[str, Any]:
    """Energy and levels of the neutral sphere with the cluster's electrons, see `properties.jellium`.

        r_s^3 = mean of the elements' r_s^3 over the atoms

    The radius per electron is that of the bulk metal; the paper names none for its comparison.

    Raises
    ------
    InputError
        The bulk density of an element is not known, or the sphere cannot be solved.
    """
    method = target.method
    symbols = target.cluster.symbols
    electrons = check_electrons(target.cluster, resolve(method, symbols))
    radius = radius_per_electron(symbols)
    sphere = solve_jellium(electrons, radius_per_electron=radius, functional=method.functional)
    return {
        "electrons": electrons,
        "radius_per_electron_bohr": radius,
        "energy_hartree": sphere.energy,
        "gap_ev": sphere.gap * HARTREE_EV if math.isfinite(sphere.gap) else None,
        "levels": [
            {"level": level.name, "energy_hartree": energy, "electrons": sum(level.electrons)}
            for level in sphere.levels
            if math.isfinite(energy := level.energy[0])
        ],
    }


def radius_per_electron(symbols: Sequence[str]) -> float:
    """r_s of a metal with the volume of the bulk ones that atoms come from; each gives one electron.

    Parameters
    ----------
    symbols : (natom,)
        Chemical symbols.

    Returns
    -------
    float
        bohr

    Raises
    ------
    InputError
        The bulk density of an element is not known.
    """
    bulk = {symbol: bulk_of(symbol) for symbol in symbols}
    lacking = sorted(symbol for symbol, known in bulk.items() if known is None)
    if lacking:
        raise InputError(
            f"the density of conduction electrons in bulk {', '.join(lacking)} is not known, and with it the "
            "jellium sphere; it is known of alkali metals"
        )
    radii = {symbol: known["radius_per_electron_bohr"] for symbol, known in bulk.items() if known}
    return float(np.mean([radii[symbol] ** 3 for symbol in symbols]) ** (1 / 3))


def jellium_rows(series: Series) -> list[Row]:
    """One row a cluster: energy, gap, shells and levels of its sphere."""
    return [_row(series, entry) for entry in series.clusters()]


def jellium_figure(
    series: Series, tables: Mapping[str, Sequence[Row]], references: Sequence[Reference], path: Path
) -> None:
    """Draw the levels of the spheres of clusters of one element against their number of electrons."""
    kept = [series.computed_value(entry, "jellium") for entry in series.clusters() if entry.element]
    spheres = [
        SphereLevels(
            n_electrons=value["electrons"],
            radius_per_electron=value["radius_per_electron_bohr"],
            levels={
                level["level"]: (level["energy_hartree"] * HARTREE_EV, level["electrons"])
                for level in value["levels"]
            },
        )
        for value in kept
        if value is not None
    ]
    draw_jellium(spheres, path)


def _row(series: Series, entry: Entry) -> Row:
    kept = series.computed_value(entry, "jellium")
    values = {"r_s_bohr": None if kept is None else kept["radius_per_electron_bohr"]}
    values |= picked(kept, ("electrons", "energy_hartree", "gap_ev"))
    held = [] if kept is None else [level for level in kept["levels"] if level["electrons"]]
    values["shells"] = " ".join(f"{level['level']}{level['electrons']:g}" for level in held) or None
    values["levels_hartree"] = [level["energy_hartree"] for level in held] or None
    return row_of(entry, values, reason(series, entry, "jellium"))
