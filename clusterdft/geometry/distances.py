"""Covalent radii, and nearest neighbours of a geometry: their distances and how many each atom has."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import ase.data
import numpy as np

from clusterdft.arrays import Floats, Ints, frozen_array
from clusterdft.cluster import Cluster
from clusterdft.units import BOHR_ANGSTROM

# of the sum of covalent radii, 7.84 bohr for sodium: what the 1985 paper counts as neighbours
NEIGHBOUR_LIMIT = 1.25
NEIGHBOUR_RULE = "nearest neighbours are pairs closer than {reach:g} times the sum of their covalent radii"


def covalent_radii(symbols: Sequence[str]) -> Floats:
    """Covalent radii of chemical symbols, (natom,) bohr, read-only.

    References
    ----------
    Cordero et al., Dalton Trans. 2832 (2008)
    """
    return _covalent_radii(tuple(symbols))


@lru_cache(maxsize=64)
def _covalent_radii(symbols: tuple[str, ...]) -> Floats:
    numbers = [ase.data.atomic_numbers[symbol] for symbol in symbols]
    return frozen_array(ase.data.covalent_radii[numbers] / BOHR_ANGSTROM)


@dataclass(frozen=True, kw_only=True, eq=False)
class Distances:
    """Nearest-neighbour distances of a geometry.

    Attributes
    ----------
    shortest, mean : float or None
        bohr; None for an atom
    spread : float or None
        bohr, the standard deviation over the pairs
    pairs : (npair, 2)
        Atoms, each pair once.
    lengths : (npair,) bohr
    coordination : (natom,)
        Neighbours of each atom.
    rule : str
        Who counts as a neighbour, a sentence.
    """

    shortest: float | None
    mean: float | None
    spread: float | None
    pairs: Ints
    lengths: Floats
    coordination: Ints
    rule: str


def distances(cluster: Cluster, reach: float = NEIGHBOUR_LIMIT) -> Distances:
    """Shortest distance, mean and spread of the nearest-neighbour distances, coordination numbers.

        spread^2 = <(r - <r>)^2>, the mean over pairs

    Parameters
    ----------
    cluster : Cluster
    reach : float
        See `neighbour_pairs`.

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


def neighbour_distances(cluster: Cluster, reach: float = NEIGHBOUR_LIMIT) -> Floats:
    """Distances between nearest neighbours, see `neighbour_pairs`.

    Returns
    -------
    (npair,) bohr
        Ascending.
    """
    return np.sort(neighbour_pairs(cluster, reach)[1])


def neighbour_pairs(cluster: Cluster, reach: float = NEIGHBOUR_LIMIT) -> tuple[Ints, Floats]:
    """Pairs of nearest neighbours: those closer than `reach` sums of covalent radii.

    Parameters
    ----------
    cluster : Cluster
    reach : float
        Dimensionless. With 1.25, the obtuse side of Na3 (7.5 bohr) counts, as in Table III of the paper, and
        the long diagonal of Na4 (11 bohr) does not.

    Returns
    -------
    (npair, 2) and (npair,) bohr
        Atoms and their distance; the shortest pair alone if no pair is that close; none for one atom.
    """
    i, j = np.triu_indices(cluster.natom, 1)
    if i.size == 0:
        return np.zeros((0, 2), np.int64), np.zeros(0)
    radii = covalent_radii(cluster.symbols)
    r = np.linalg.norm(cluster.positions[i] - cluster.positions[j], axis=1)
    near = np.flatnonzero(r < reach * (radii[i] + radii[j]))
    near = near if near.size else np.array([np.argmin(r)])
    return np.column_stack([i, j])[near], r[near]
