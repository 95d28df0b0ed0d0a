"""Nearest neighbours of a geometry: their distances and how many each atom has."""

from dataclasses import dataclass

import numpy as np
from ase.data import atomic_numbers, covalent_radii

from clusterdft.arrays import frozen_array
from clusterdft.units import BOHR_ANGSTROM

NEIGHBOURS = (
    1.25  # of the sum of covalent radii, 7.84 bohr for sodium: what the 1985 paper counts as neighbours
)
NEIGHBOUR_RULE = "nearest neighbours are pairs closer than {reach:g} times the sum of their covalent radii"


@dataclass(frozen=True, kw_only=True, eq=False)
class Distances:
    """Nearest-neighbour distances of a geometry.

    Attributes
    ----------
    shortest, mean, spread : bohr; spread is the standard deviation over the pairs; None for an atom
    pairs : (npair, 2) atoms, each pair once
    lengths : (npair,) bohr
    coordination : (natom,) neighbours of each atom
    rule : who counts as a neighbour, a sentence
    """

    shortest: float | None
    mean: float | None
    spread: float | None
    pairs: np.ndarray
    lengths: np.ndarray
    coordination: np.ndarray
    rule: str


def distances(cluster, reach=NEIGHBOURS):
    """Shortest distance, mean and spread of the nearest-neighbour distances, coordination numbers.

        spread^2 = <(r - <r>)^2>, the mean over pairs

    Parameters
    ----------
    cluster : Cluster
    reach : dimensionless, see `neighbour_pairs`

    Returns
    -------
    Distances

    References
    ----------
    Martins, Buttet, Car, Phys. Rev. B 31, 1804 (1985), table III
    """
    pairs, lengths = neighbour_pairs(cluster, reach)
    known = len(lengths) > 0
    return Distances(
        shortest=float(lengths.min()) if known else None,
        mean=float(lengths.mean()) if known else None,
        spread=float(lengths.std()) if known else None,
        pairs=pairs,
        lengths=frozen_array(lengths),
        coordination=np.bincount(pairs.ravel(), minlength=cluster.natom),
        rule=NEIGHBOUR_RULE.format(reach=reach),
    )


def neighbour_distances(cluster, reach=NEIGHBOURS):
    """Distances between nearest neighbours, see `neighbour_pairs`.

    Returns
    -------
    sorted (npair,) bohr
    """
    return np.sort(neighbour_pairs(cluster, reach)[1])


def neighbour_pairs(cluster, reach=NEIGHBOURS):
    """Pairs of nearest neighbours: those closer than `reach` sums of covalent radii.

    Parameters
    ----------
    cluster : Cluster
    reach : dimensionless. With 1.25, the obtuse side of Na3 (7.5 bohr) counts, as in Table III of the
        paper, and the long diagonal of Na4 (11 bohr) does not.

    Returns
    -------
    (npair, 2) atoms and (npair,) bohr; the shortest pair alone if no pair is that close; none for one atom
    """
    i, j = np.triu_indices(cluster.natom, 1)
    if i.size == 0:
        return np.zeros((0, 2), int), np.zeros(0)
    radii = covalent_radii[[atomic_numbers[symbol] for symbol in cluster.symbols]] / BOHR_ANGSTROM
    r = np.linalg.norm(cluster.positions[i] - cluster.positions[j], axis=1)
    near = np.flatnonzero(r < reach * (radii[i] + radii[j]))
    near = near if near.size else np.array([np.argmin(r)])
    return np.column_stack([i, j])[near], r[near]
