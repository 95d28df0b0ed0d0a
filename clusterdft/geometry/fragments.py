"""Which atoms of a cluster hang together."""

from functools import lru_cache

import numpy as np
from ase.data import atomic_numbers, covalent_radii
from numba import njit

from clusterdft.arrays import frozen_array
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
    label, count = _labels(cluster.positions, _radii(cluster.symbols), broken)
    if count == 1:
        return [list(range(cluster.natom))]
    found = [np.flatnonzero(label == fragment).tolist() for fragment in range(count)]
    return sorted(found, key=lambda atoms: (-len(atoms), atoms))


@lru_cache(maxsize=64)
def _radii(symbols):
    """(natom,) covalent radii, bohr."""
    return frozen_array(covalent_radii[[atomic_numbers[symbol] for symbol in symbols]] / BOHR_ANGSTROM)


@njit(cache=True, nogil=True)
def _labels(positions, radii, broken):
    """(natom,) number of the fragment of each atom, and how many fragments there are."""
    natom = len(radii)
    label, queue, count = np.full(natom, -1), np.empty(natom, np.int64), 0
    for seed in range(natom):
        if label[seed] >= 0:
            continue
        label[seed], queue[0] = count, seed
        read, written = 0, 1
        while read < written:
            i = queue[read]
            read += 1
            for j in range(natom):
                if label[j] < 0:
                    r2 = 0.0
                    for axis in range(3):
                        r2 += (positions[i, axis] - positions[j, axis]) ** 2
                    if r2 < (broken * (radii[i] + radii[j])) ** 2:
                        label[j], queue[written] = count, j
                        written += 1
        count += 1
    return label, count
