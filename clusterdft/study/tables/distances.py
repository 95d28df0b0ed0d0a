"""Nearest-neighbour distances, coordination and shape of the lowest isomers."""

import numpy as np

from clusterdft.study.tables.rows import picked, reason, row


def distances(series):
    """One row a cluster."""
    return [_row(series, entry) for entry in series.clusters()]


def _row(series, entry):
    near, shape = series.given(entry, "distances"), series.given(entry, "shape")
    values = picked(near, ("shortest_bohr", "mean_bohr", "spread_bohr", "pairs"))
    values["mean_coordination"] = None if near is None else float(np.mean(near["coordination"]))
    values |= picked(shape, ("shape", "beta", "gamma_degrees"))
    return row(entry, values, reason(series, entry, "distances"), reason(series, entry, "shape"))
