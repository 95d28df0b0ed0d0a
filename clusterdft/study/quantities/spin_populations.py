"""Charges and spins on the atoms, and spin populations as electron spin resonance measures them."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.properties.populations import equivalent_nuclei, populations, spin_populations
from clusterdft.study.quantities.rows_and_curves import Row, reason, row_of
from clusterdft.study.series import Entry, Series
from clusterdft.study.target import Target
from clusterdft.symmetry.point_group import find_point_group

SYMMETRY_BREAKING = 0.05  # difference of populations from which a symmetry of the geometry counts as broken
PROPERTY = "spin-populations"


def populations_of(target: Target) -> dict[str, Any]:
    """Mulliken's and Loewdin's charge and spin of every atom, see `properties.populations`."""
    result = populations(target.scf())
    return {
        "mulliken_charge": result.mulliken_charge.tolist(),
        "mulliken_spin": result.mulliken_spin.tolist(),
        "loewdin_charge": result.loewdin_charge.tolist(),
        "loewdin_spin": result.loewdin_spin.tolist(),
    }


def spin_populations_of(target: Target) -> dict[str, Any]:
    """Spin density at each nucleus over the free atom's, see `properties.spin_populations`.

    Equivalent nuclei are those that the point group exchanges; the last hundredths of a bohr of a relaxation
    would tell them apart otherwise.
    """
    result = spin_populations(target.scf())
    return {
        "isotropic": result.values.tolist(),
        "groups": equivalent_groups(target.cluster, result.values),
        "atom_spin_density_per_bohr3": dict(result.atom_spin_density),
    }


def equivalent_groups(cluster: Cluster, values: Floats) -> list[dict[str, Any]]:
    """Groups of equivalent nuclei, the largest mean first.

    Parameters
    ----------
    cluster : Cluster
        The geometry, whose point group says which nuclei are equivalent.
    values : (natom,)
        Spin populations.

    Returns
    -------
    list of dict
        {"element", "isotropic": mean, "atoms": indices}
    """
    orbits = _orbits(cluster)
    if any(np.ptp(values[list(orbit)]) > SYMMETRY_BREAKING for orbit in orbits):
        orbits = [group.atoms for group in equivalent_nuclei(cluster.symbols, values)]
    groups = [
        {
            "element": cluster.symbols[orbit[0]],
            "isotropic": float(np.mean(values[list(orbit)])),
            "atoms": [int(atom) for atom in orbit],
        }
        for orbit in orbits
    ]
    return sorted(groups, key=lambda group: -group["isotropic"])


def spin_population_rows(series: Series) -> list[Row]:
    """One row a cluster: groups of equivalent nuclei with their number, the largest value first."""
    return [_row(series, entry) for entry in series.clusters()]


def _row(series: Series, entry: Entry) -> Row:
    kept, atoms = series.computed_value(entry, PROPERTY), series.computed_value(entry, "populations")
    groups = None if kept is None else [[g["isotropic"], len(g["atoms"])] for g in kept["groups"]]
    values: dict[str, Any] = {"isotropic": groups}
    lacking = ""
    if kept is not None:
        for kind in ("mulliken_spin", "loewdin_spin"):
            values[kind] = None if atoms is None else _in_groups(atoms[kind], kept["groups"])
        lacking = reason(series, entry, "populations")
    return row_of(entry, values, reason(series, entry, PROPERTY), lacking)


def _in_groups(values: Sequence[float], groups: Sequence[dict[str, Any]]) -> list[list[float]]:
    """Means over the groups of equivalent nuclei, with their number."""
    return [[sum(values[a] for a in g["atoms"]) / len(g["atoms"]), len(g["atoms"])] for g in groups]


def _orbits(cluster: Cluster) -> Sequence[Sequence[int]]:
    """Atoms that the point group exchanges; every atom on its own where there is none to be found."""
    try:
        return find_point_group(cluster).equivalent_atoms
    except InputError:
        return [(atom,) for atom in range(cluster.natom)]
