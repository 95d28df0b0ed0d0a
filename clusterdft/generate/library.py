"""Geometries that the literature knows, as starts for any species."""

from collections.abc import Sequence

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.cluster import Cluster
from clusterdft.generate.known_shapes import flat, medium, small
from clusterdft.generate.known_shells import icosahedral, large, stacks
from clusterdft.generate.physical import bond_lengths, repair
from clusterdft.generate.polyhedra import CONTACT_DISTANCE, with_unit_distance


def known_shapes(natom: int) -> dict[str, Floats]:
    """{name: (natom, 3)} with nearest distance 1 and the centroid at the origin; empty above 20 atoms."""
    every = flat() | small() | medium() | icosahedral() | large() | stacks()
    return {name: with_unit_distance(x) for name, x in every.items() if len(x) == natom}


def library_geometries(
    symbols: Sequence[str], *, charge: int = 0, n_unpaired: int | None = None
) -> tuple[tuple[str, Cluster], ...]:
    """All known geometries of so many atoms, at the bond lengths of the species.

    Parameters
    ----------
    symbols : (natom,)
        Chemical symbols, in this order in the results.
    charge : int
        As in Cluster.
    n_unpaired : int or None
        As in Cluster.

    Returns
    -------
    tuple of (name, Cluster)
        Empty above 20 atoms.

    Notes
    -----
    Nearest neighbours stand one covalent bond length apart, the mean over those of a mixed cluster.
    Of a mixed cluster each shape comes once, with the species on its sites in the order given;
    `swap_species` makes others.
    """
    geometries = []
    for name, x in known_shapes(len(symbols)).items():
        scaled = _mean_contact(symbols, x) * x
        cluster = Cluster(symbols=tuple(symbols), positions=scaled, charge=charge, n_unpaired=n_unpaired)
        geometries.append((name, repair(cluster)))
    return tuple(geometries)


def _mean_contact(symbols: Sequence[str], x: Floats) -> float:
    """Mean bond length, bohr, over the touching pairs of a shape; of one atom its own."""
    bonds = bond_lengths(symbols)
    r = np.linalg.norm(x[:, None] - x[None], axis=2)
    touching = (r > 0) & (r < CONTACT_DISTANCE)
    return float(bonds[touching].mean() if touching.any() else bonds.mean())
