"""The generator of the 1985 paper: points in a cube, neither too near one another nor too far from all."""

from collections.abc import Sequence

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.geometry.distances import covalent_radii

NEAREST, FARTHEST = 0.8, 1.2  # of the sum of covalent radii: 5.0 and 7.5 bohr for sodium
POINTS_PER_ATTEMPT = 200  # an attempt that does not place its next atom in so many points starts again
MAX_ATTEMPTS = 100


def random_cube(
    symbols: Sequence[str],
    *,
    seed: int,
    index: int,
    charge: int = 0,
    n_unpaired: int | None = None,
    nearest: float = NEAREST,
    farthest: float = FARTHEST,
) -> Cluster:
    """Random start geometry number `index` of a search with that seed, on its own reproducible.

    Points are drawn in a cube of edge f d n^(1/3), d the mean bond length; a point is discarded when it
    is nearer than `nearest` bond lengths to an earlier one, or farther than `farthest` bond lengths from
    all of them. A bond length is the sum of two covalent radii. The centroid is put at the origin.

    Parameters
    ----------
    symbols : (natom,)
        Chemical symbols, in this order in the result.
    seed, index : int
        At least 0; the random numbers are those of numpy's default_rng([seed, index]).
    charge : int
        As in Cluster.
    n_unpaired : int or None
        As in Cluster.
    nearest, farthest : float
        Dimensionless, nearest < farthest.

    Returns
    -------
    Cluster

    Raises
    ------
    InputError
        A negative seed or index, or limits that leave no room.

    References
    ----------
    Martins, Buttet and Car, Phys. Rev. B 31, 1804 (1985), section II
    """
    rng = generator_rng(seed, index)
    if not 0 < nearest < farthest:
        raise InputError(f"limits {nearest} and {farthest}: give 0 < nearest < farthest")
    radii = covalent_radii(symbols)
    edge = float(farthest * 2.0 * np.mean(radii) * len(symbols) ** (1 / 3))
    for _ in range(MAX_ATTEMPTS):
        positions = place_at_random(rng, radii, edge, nearest, farthest)
        if positions is not None:
            positions -= positions.mean(axis=0)
            return Cluster(symbols=tuple(symbols), positions=positions, charge=charge, n_unpaired=n_unpaired)
    raise InputError(
        f"no room for {len(symbols)} atoms between {nearest} and {farthest} bond lengths; widen the limits"
    )


def generator_rng(seed: int, index: int) -> np.random.Generator:
    """Random numbers of start number `index`.

    Raises
    ------
    InputError
        A negative seed or index.
    """
    if seed < 0 or index < 0:
        raise InputError(f"seed {seed}, start {index}; give integers of at least 0")
    return np.random.default_rng([seed, index])


def place_at_random(
    rng: np.random.Generator, radii: Floats, edge: float | Floats, nearest: float, farthest: float
) -> Floats | None:
    """Points in a box, one after the other, each between two limits from the earlier ones.

    Parameters
    ----------
    rng : numpy Generator
    radii : (natom,) bohr
    edge : float or (3,)
        bohr, of the box: a number or one for each axis
    nearest, farthest : float
        In sums of two radii.

    Returns
    -------
    (natom, 3) bohr or None
        None when an atom found no place.
    """
    positions = np.empty((len(radii), 3))
    for n in range(len(radii)):
        for point in rng.uniform(0.0, edge, size=(POINTS_PER_ATTEMPT, 3)):
            scaled = np.linalg.norm(positions[:n] - point, axis=1) / (radii[:n] + radii[n])
            if n == 0 or nearest <= scaled.min() <= farthest:
                positions[n] = point
                break
        else:
            return None
    return positions
