"""When two geometries are the same isomer, whatever their atom order, orientation and handedness."""

from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np

from clusterdft.arrays import frozen_array

ENERGY_TOLERANCE = 4e-4  # hartree, 10 meV
DISTANCE_TOLERANCE = 0.22  # bohr, root mean square over sorted distances, up to eight atoms
SPIN_TOLERANCE = 0.2  # unpaired electrons


@dataclass(frozen=True, kw_only=True, eq=False)
class Fingerprint:
    """Sorted distances of a geometry: between atoms for each pair of species, and to the centroid.

    Attributes
    ----------
    composition : sorted (symbol, count)
    distances : (nvalue,) bohr
    """

    composition: tuple
    distances: np.ndarray


def fingerprint(cluster):
    """Fingerprint of a geometry, the same for all permutations, rotations, shifts and mirror images.

    Parameters
    ----------
    cluster : Cluster

    Returns
    -------
    Fingerprint

    Notes
    -----
    Sorted distances move continuously with the atoms and by no more than they do. Distinct
    geometries that share all of them exist; `same_isomer`, which uses fingerprints to dismiss the
    others quickly, overlays the atoms themselves.
    """
    symbols = np.array(cluster.symbols)
    species = sorted(set(cluster.symbols))
    r = np.linalg.norm(cluster.positions[:, None] - cluster.positions[None], axis=2)
    first, second = np.triu_indices(cluster.natom, 1)
    values = []
    for a, b in combinations_with_replacement(species, 2):
        pair = ((symbols[first] == a) & (symbols[second] == b)) | (
            (symbols[first] == b) & (symbols[second] == a)
        )
        values.append(np.sort(r[first, second][pair]))
    radius = np.linalg.norm(cluster.positions - cluster.positions.mean(axis=0), axis=1)
    values += [np.sort(radius[symbols == a]) for a in species]
    composition = tuple((a, int(np.sum(symbols == a))) for a in species)
    return Fingerprint(composition=composition, distances=frozen_array(np.concatenate(values)))


def distance_tolerance(natom):
    """How far apart, in bohr, the fingerprints of one isomer can be.

    Geometries relaxed to 0.01 eV/angstrom scatter by up to 0.22 bohr along soft modes (model potential,
    7 to 10 atoms). One atom at another site changes a share of about 2/n of all distances, so larger clusters
    need a finer mesh: the nearest distinct minima found on the model potential were 0.25 bohr apart for
    10 and 13 atoms, and 0.10 bohr for 20.
    """
    return DISTANCE_TOLERANCE * min(1.0, 8.0 / natom)


def fingerprint_distance(a, b):
    """Root-mean-square difference of two fingerprints, bohr; infinite between different compositions."""
    if a.composition != b.composition:
        return np.inf
    return float(np.sqrt(np.mean((a.distances - b.distances) ** 2)))
