"""Geometries that could be a cluster: no atoms on top of one another, and no atom alone."""

from collections.abc import Sequence

import numpy as np

from clusterdft.arrays import Floats, Ints
from clusterdft.cluster import Cluster
from clusterdft.geometry.distances import covalent_radii
from clusterdft.geometry.fragments import fragments

# of the sum of covalent radii: nearer atoms overlap, and what they are pushed to
OVERLAP_LIMIT, REPAIRED_DISTANCE = 0.7, 0.8
SWEEPS_BEFORE_GROWTH = 20  # of pushing, before the cluster grows as well
COINCIDENT_LIMIT = 1e-3  # of the sum of covalent radii: nearer atoms have no direction to part in
GOLDEN_ANGLE = np.pi * (3.0 - np.sqrt(5.0))


def bond_lengths(symbols: Sequence[str]) -> Floats:
    """Sums of two covalent radii, (natom, natom) bohr."""
    radii = covalent_radii(symbols)
    return radii[:, None] + radii


def scaled_distances(symbols: Sequence[str], positions: Floats) -> Floats:
    """Distances in units of the bond length of the pair, (natom, natom), infinite on the diagonal."""
    r: Floats = np.linalg.norm(positions[:, None] - positions[None], axis=2) / bond_lengths(symbols)
    np.fill_diagonal(r, np.inf)
    return r


def repair(cluster: Cluster, positions: Floats | None = None) -> Cluster:
    """The physical cluster next to a geometry, with its centroid at the origin.

    In a physical one no two atoms are nearer than 0.7 covalent bond lengths, and all are of one fragment.
    Atoms that overlap are pushed apart, then every fragment is moved, as it is, along the shortest way
    to the largest until the first two atoms are one bond length apart. A physical geometry is only centred.

    Parameters
    ----------
    cluster : Cluster
    positions : (natom, 3) bohr
        Where not those of the cluster; these may even coincide.

    Returns
    -------
    Cluster

    Notes
    -----
    No random numbers; every step treats all atoms alike, so that pushing keeps a symmetry.
    """
    x = np.array(cluster.positions if positions is None else positions, dtype=float)
    joined = _docked(cluster.at(_pushed_apart(cluster.symbols, x)))
    return joined.at(joined.positions - joined.positions.mean(axis=0))


def slid_apart(symbols: Sequence[str], x: Floats, part: Sequence[int] | Ints, along: Floats) -> Floats:
    """Positions with one part moved along a unit vector, as it is, until it overlaps with no other atom.

    Parameters
    ----------
    symbols : (natom,)
        Chemical symbols.
    x : (natom, 3) bohr
    part : sequence of int
        Indices of the atoms that move.
    along : (3,)
        Unit vector, pointing away from the other atoms.

    Returns
    -------
    (natom, 3) bohr
    """
    others = np.setdiff1d(np.arange(len(x)), part)
    step = 0.05 * bond_lengths(symbols).mean() * along
    x = np.array(x)
    while scaled_distances(symbols, x)[np.ix_(np.asarray(part), others)].min() < REPAIRED_DISTANCE:
        x[part] += step
    return x


def _pushed_apart(symbols: Sequence[str], x: Floats) -> Floats:
    """Positions without overlaps: pairs share the way to go; what is too crowded grows by 1 % a sweep."""
    bonds, sweeps = bond_lengths(symbols), 0
    while (scaled := scaled_distances(symbols, x)).min() < OVERLAP_LIMIT:
        if scaled.min() < COINCIDENT_LIMIT:
            x = x + 0.01 * bonds.max() * _spiral(len(x))
            continue
        near = scaled < REPAIRED_DISTANCE
        way = np.where(near, 0.5 * (REPAIRED_DISTANCE / scaled - 1.0), 0.0)
        step = np.sum(way[:, :, None] * (x[:, None] - x[None]), axis=1)
        x = x + step / np.maximum(1.0, near.sum(axis=1) / 2)[:, None]
        sweeps += 1
        if sweeps > SWEEPS_BEFORE_GROWTH:
            x = 1.01 * x
    return x


def _spiral(n: int) -> Floats:
    """N points spread over the unit sphere, no two alike."""
    z = 1.0 - (2.0 * np.arange(n) + 1.0) / n
    angle = GOLDEN_ANGLE * np.arange(n)
    return np.stack([np.sqrt(1 - z * z) * np.cos(angle), np.sqrt(1 - z * z) * np.sin(angle), z], axis=1)


def _docked(cluster: Cluster) -> Cluster:
    """The cluster with all fragments joined, the one nearest to the largest first."""
    bonds = bond_lengths(cluster.symbols)
    while len(pieces := fragments(cluster)) > 1:
        body = pieces[0]
        r = np.linalg.norm(cluster.positions[:, None] - cluster.positions[None], axis=2)
        piece = min(pieces[1:], key=lambda atoms: (r - bonds)[np.ix_(body, atoms)].min())
        x = np.array(cluster.positions)
        x[piece] += _way_to_contact(x, bonds, body, piece)
        cluster = cluster.at(x)
    return cluster


def _way_to_contact(x: Floats, bonds: Floats, body: list[int], piece: list[int]) -> Floats:
    """Translation (3,) of a fragment towards its nearest atom of the body, until it meets any atom."""
    between = x[body][:, None] - x[piece][None]
    r = np.linalg.norm(between, axis=2)
    nearest = np.unravel_index(np.argmin(r - bonds[np.ix_(body, piece)]), r.shape)
    along = between[nearest] / r[nearest]
    others = np.setdiff1d(np.arange(len(x)), piece)
    between = x[others][:, None] - x[piece][None]
    projection = between @ along
    under_root = bonds[others][:, piece] ** 2 - np.sum(between**2, axis=2) + projection**2
    ahead = (under_root >= 0) & (projection > 0)
    way: Floats = along * np.min(projection[ahead] - np.sqrt(under_root[ahead]))
    return way
