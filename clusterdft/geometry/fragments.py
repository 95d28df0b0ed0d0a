"""Which atoms of a cluster hang together."""

import numpy as np
from numba import njit

from clusterdft.arrays import Floats, Ints
from clusterdft.cluster import Cluster
from clusterdft.geometry.distances import covalent_radii

BOND_LIMIT = 1.8  # of the sum of covalent radii, 11.3 bohr for sodium: farther apart, two atoms share no bond


def fragments(cluster: Cluster, bond_limit: float = BOND_LIMIT) -> list[list[int]]:
    """Sets of atoms joined by chains of bonds, where a bond is any distance below a limit.

    Parameters
    ----------
    cluster : Cluster
    bond_limit : float
        In units of the sum of the two covalent radii.

    Returns
    -------
    list of sorted lists of atom indices
        The largest fragment first.

    Notes
    -----
    Searches on classical surfaces ask some thirty times a start: scipy's `connected_components` takes 0.3 ms,
    which would cost them a tenth of their time.
    """
    label, count = _fragment_labels(cluster.positions, covalent_radii(cluster.symbols), bond_limit)
    if count == 1:
        return [list(range(cluster.natom))]
    pieces: list[list[int]] = [np.flatnonzero(label == fragment).tolist() for fragment in range(count)]
    return sorted(pieces, key=lambda atoms: (-len(atoms), atoms))


@njit(cache=True, nogil=True)
def _fragment_labels(positions: Floats, radii: Floats, bond_limit: float) -> tuple[Ints, int]:
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
                    if r2 < (bond_limit * (radii[i] + radii[j])) ** 2:
                        label[j], queue[written] = count, j
                        written += 1
        count += 1
    return label, count
