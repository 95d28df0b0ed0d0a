"""Which atoms of a cluster hang together."""

import numpy as np
from ase.data import atomic_numbers, covalent_radii

from clusterdft.units import BOHR_ANGSTROM

BROKEN = 1.8  # of the sum of covalent radii, 11.3 bohr for sodium: farther apart, two atoms share no bond


def fragments(cluster, broken=BROKEN):
    """Sets of atoms joined by chains of bonds, where a bond is any distance below the broken one.

    Parameters
    ----------
    cluster : Cluster
    broken : dimensionless, in units of the sum of the two covalent radii
    Returns
    -------
    list of sorted lists of atom indices, the largest fragment first
    """
    radii = covalent_radii[[atomic_numbers[symbol] for symbol in cluster.symbols]] / BOHR_ANGSTROM
    r = np.linalg.norm(cluster.positions[:, None] - cluster.positions[None], axis=2)
    bonded = r < broken * (radii[:, None] + radii)
    left, found = set(range(cluster.natom)), []
    while left:
        fragment, edge = set(), {min(left)}
        while edge:
            fragment |= edge
            edge = set(np.flatnonzero(bonded[sorted(edge)].any(axis=0)).tolist()) - fragment
        left -= fragment
        found.append(sorted(fragment))
    return sorted(found, key=lambda atoms: (-len(atoms), atoms))
