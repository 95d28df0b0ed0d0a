"""Random flat starts: small clusters of alkali metals are planar."""

from collections.abc import Sequence

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.generate.random_cube import FARTHEST, MAX_ATTEMPTS, NEAREST, generator_rng, place_at_random
from clusterdft.geometry.distances import covalent_radii

BLUR = 0.02  # mean bond lengths, 0.13 bohr for sodium: a start on a symmetric saddle point leaves it


def planar_start(
    symbols: Sequence[str],
    rng: np.random.Generator,
    *,
    charge: int = 0,
    n_unpaired: int | None = None,
    blur: float = BLUR,
) -> Cluster:
    """Random points in a square of edge f d sqrt(n), otherwise as in a random cube, slightly blurred.

    Parameters
    ----------
    symbols : (natom,)
        Chemical symbols, in this order in the result.
    rng : numpy Generator
    charge : int
        As in Cluster.
    n_unpaired : int or None
        As in Cluster.
    blur : float
        Random displacements along each axis, in mean bond lengths; 0 for an exact plane, z = 0.

    Returns
    -------
    Cluster

    Raises
    ------
    InputError
        No place was found for the atoms.
    """
    radii = covalent_radii(symbols)
    edge = FARTHEST * 2.0 * radii.mean() * np.sqrt(len(symbols))
    for _ in range(MAX_ATTEMPTS):
        x = place_at_random(rng, radii, np.array([edge, edge, 0.0]), NEAREST, FARTHEST)
        if x is not None:
            flat = Cluster(symbols=tuple(symbols), positions=x, charge=charge, n_unpaired=n_unpaired)
            return blurred(flat, rng, blur)
    raise InputError(f"no plane was found for {len(symbols)} atoms; take another seed")


def blurred(cluster: Cluster, rng: np.random.Generator, blur: float = BLUR) -> Cluster:
    """The cluster with every coordinate displaced by up to `blur` mean bond lengths, centred."""
    size = blur * 2.0 * covalent_radii(cluster.symbols).mean()
    x = cluster.positions + rng.uniform(-size, size, size=(cluster.natom, 3))
    return cluster.at(x - x.mean(axis=0))


def planar(
    symbols: Sequence[str], *, seed: int, index: int, charge: int = 0, n_unpaired: int | None = None
) -> Cluster:
    """Planar start number `index` of a search with that seed; see `planar_start` and `random_cube`."""
    return planar_start(symbols, generator_rng(seed, index), charge=charge, n_unpaired=n_unpaired)
