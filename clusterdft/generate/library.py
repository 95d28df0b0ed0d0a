"""Geometries that the literature knows, as starts for any species."""

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.generate.known_shapes import flat, medium, small
from clusterdft.generate.known_shells import icosahedral, large, stacks
from clusterdft.generate.physical import bond_lengths, repair
from clusterdft.generate.polyhedra import CONTACT, normalised

LARGEST = 20


def known_shapes(natom):
    """{name: (natom, 3)} with nearest distance 1 and the centroid at the origin; empty above 20 atoms."""
    every = flat() | small() | medium() | icosahedral() | large() | stacks()
    return {name: normalised(x) for name, x in every.items() if len(x) == natom}


def library_names(natom):
    """Names of the known geometries of so many atoms, flat ones first."""
    return tuple(known_shapes(natom))


def library_geometries(symbols, *, charge=0, n_unpaired=None):
    """All known geometries of so many atoms, at the bond lengths of the species.

    Parameters
    ----------
    symbols : (natom,) chemical symbols, in this order in the results
    charge, n_unpaired : as in Cluster

    Returns
    -------
    tuple of (name, Cluster)
        empty above 20 atoms

    Notes
    -----
    nearest neighbours stand one covalent bond length apart, the mean over those of a mixed cluster.
    Of a mixed cluster each shape comes once, with the species on its sites in the order given;
    `swap_species` makes others.
    """
    found = []
    for name, x in known_shapes(len(symbols)).items():
        scaled = _mean_contact(symbols, x) * x
        cluster = Cluster(symbols=symbols, positions=scaled, charge=charge, n_unpaired=n_unpaired)
        found.append((name, repair(cluster)))
    return tuple(found)


def _mean_contact(symbols, x):
    """Mean bond length, bohr, over the touching pairs of a shape; of one atom its own."""
    bonds = bond_lengths(symbols)
    r = np.linalg.norm(x[:, None] - x[None], axis=2)
    touching = (r > 0) & (r < CONTACT)
    return bonds[touching].mean() if touching.any() else bonds.mean()
