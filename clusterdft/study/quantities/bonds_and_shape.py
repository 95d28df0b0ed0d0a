"""Nearest-neighbour distances, coordination and shape of the lowest isomers."""

from typing import Any

import numpy as np

from clusterdft.errors import InputError
from clusterdft.geometry.distances import distances
from clusterdft.geometry.shape import shape
from clusterdft.study.quantities.rows_and_curves import Row, picked, reason, row_of
from clusterdft.study.series import Entry, Series
from clusterdft.study.target import Target


def distances_of(target: Target) -> dict[str, Any]:
    """Nearest-neighbour distances and coordination numbers, see `geometry.distances`.

    Raises
    ------
    InputError
        An atom.
    """
    if target.cluster.natom == 1:
        raise InputError("an atom has no distances")
    near = distances(target.cluster)
    return {
        "shortest_bohr": near.shortest,
        "mean_bohr": near.mean,
        "spread_bohr": near.spread,
        "pairs": len(near.lengths),
        "lengths_bohr": sorted(near.lengths.tolist()),
        "coordination": near.coordination.tolist(),
        "rule": near.rule,
    }


def shape_of(target: Target) -> dict[str, Any]:
    """Moments of inertia and Hill-Wheeler parameters, see `geometry.shape`."""
    parameters = shape(target.cluster)
    return {
        "shape": parameters.word,
        "beta": parameters.beta,
        "gamma_degrees": float(np.degrees(parameters.gamma)),
        "moments_of_inertia_electron_mass_bohr2": parameters.moments_of_inertia.tolist(),
    }


def distance_rows(series: Series) -> list[Row]:
    """One row a cluster: distances, mean coordination, and shape."""
    return [_row(series, entry) for entry in series.clusters()]


def _row(series: Series, entry: Entry) -> Row:
    near = series.computed_value(entry, "distances")
    values = picked(near, ("shortest_bohr", "mean_bohr", "spread_bohr", "pairs"))
    values["mean_coordination"] = None if near is None else float(np.mean(near["coordination"]))
    values |= picked(series.computed_value(entry, "shape"), ("shape", "beta", "gamma_degrees"))
    return row_of(entry, values, reason(series, entry, "distances"), reason(series, entry, "shape"))
