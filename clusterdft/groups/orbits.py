"""Sites of a point group and orbits of points on them: what random symmetric starts are made of."""

import numpy as np

from clusterdft.arrays import Floats, Ints
from clusterdft.groups.group_matrices import generators
from clusterdft.groups.operations import EQUAL_ENTRIES

GENERIC_DIRECTION = np.array([0.417, 0.323, 0.849])  # on no axis and no plane of any group


def matrices_by_products(name: str) -> Floats:
    """All operations of a point group as products of its generators, in the order in which they come up.

    Parameters
    ----------
    name : str
        Schoenflies symbol.

    Returns
    -------
    (order, 3, 3)
        The identity first.

    Notes
    -----
    Random starts are drawn with this order and these last digits; in the order of `group_matrices` a seed
    would lead to other geometries than it always has.
    """
    factors = generators(name)
    matrices, new = np.eye(3)[None], np.eye(3)[None]
    while len(new):
        products = np.concatenate([new @ g for g in factors])
        both = _distinct(np.concatenate([matrices, products]))
        matrices, new = both, both[len(matrices) :]
    return matrices


def site_projectors(group: Floats) -> Floats:
    """Projectors on the points, axes and planes that some operation of a group leaves in place.

    Of sites that the group maps on one another only one is kept. An operation g of order m leaves in place
    the range of P = (1 + g + ... + g^(m-1)) / m; the identity stands for the general site, the mean of all
    operations for the points that none of them moves.

    Parameters
    ----------
    group : (order, 3, 3)

    Returns
    -------
    (nsite, 3, 3)
    """
    projectors = _distinct(np.stack([*(_mean_of_powers(g) for g in group), group.mean(axis=0)]))
    kept: list[Floats] = []
    for p in projectors:
        images = group @ p @ np.swapaxes(group, 1, 2)
        if not any(np.abs(images - q).max(axis=(1, 2)).min() < EQUAL_ENTRIES for q in kept):
            kept.append(p)
    return np.stack(kept)


def _mean_of_powers(g: Floats) -> Floats:
    total, power, m = np.eye(3), g, 1
    while np.abs(power - np.eye(3)).max() > EQUAL_ENTRIES:
        total, power, m = total + power, power @ g, m + 1
    return total / m


def orbit_maps(group: Floats, projector: Floats) -> Floats:
    """Maps (m, 3, 3) from a point anywhere to the m points of an orbit on a site.

    Parameters
    ----------
    group : (order, 3, 3)
    projector : (3, 3)
        On the site.

    Returns
    -------
    (m, 3, 3)
    """
    return group[_first_of_each(group @ projector @ GENERIC_DIRECTION)] @ projector


def _distinct(arrays: Floats) -> Floats:
    """The arrays without repetitions, in order of first appearance: (n, ...) to (m, ...)."""
    return arrays[_first_of_each(arrays.reshape(len(arrays), -1))]


def _first_of_each(rows: Floats) -> Ints:
    """Indices of the rows that differ from all before them."""
    keys = np.round(rows / (10 * EQUAL_ENTRIES)) + 0.0
    return np.sort(np.unique(keys, axis=0, return_index=True)[1])
