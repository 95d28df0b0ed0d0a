"""Nearest neighbours and shape of a geometry."""

import numpy as np

from clusterdft.errors import InputError
from clusterdft.geometry.distances import distances
from clusterdft.geometry.shape import shape


def distances_of(target):
    """Nearest-neighbour distances and coordination numbers, as in `properties.distances`."""
    if target.cluster.natom == 1:
        raise InputError("an atom has no distances")
    found = distances(target.cluster)
    return {
        "shortest_bohr": found.shortest,
        "mean_bohr": found.mean,
        "spread_bohr": found.spread,
        "pairs": len(found.lengths),
        "lengths_bohr": sorted(found.lengths.tolist()),
        "coordination": found.coordination.tolist(),
        "rule": found.rule,
    }


def shape_of(target):
    """Moments of inertia and Hill-Wheeler parameters, as in `properties.shape`."""
    found = shape(target.cluster)
    return {
        "shape": found.word,
        "beta": found.beta,
        "gamma_degrees": float(np.degrees(found.gamma)),
        "moments_of_inertia_electron_mass_bohr2": found.moments_of_inertia.tolist(),
    }
