"""Moves: one geometry made into another of the same composition, charge and spin.

Every move is a function (cluster, rng) -> Cluster whose result is physical and centred. Where a move makes
no sense (one atom, one species) it returns a displaced copy.
"""

import numpy as np
from scipy.linalg import expm
from scipy.spatial.transform import Rotation

from clusterdft.cluster import Cluster
from clusterdft.generate.physical import bond_lengths, repair, slid_apart
from clusterdft.generate.sites import binding, random_direction, random_site

AMPLITUDE = 0.4  # of the mean bond length: 2.5 bohr for sodium
CHOICE = 0.5  # neighbours: an atom with so many more is e times less likely to be taken as weakly bound


def displace_all(cluster, rng, amplitude=None):
    """Every coordinate displaced by a random number between -amplitude and +amplitude.

    Parameters
    ----------
    cluster, rng : Cluster, numpy Generator
    amplitude : bohr, or None for 0.4 of the mean bond length

    Returns
    -------
    Cluster

    References
    ----------
    Wales and Doye, J. Phys. Chem. A 101, 5111 (1997)
    """
    size = AMPLITUDE * bond_lengths(cluster.symbols).mean() if amplitude is None else amplitude
    return repair(cluster, cluster.positions + rng.uniform(-size, size, size=(cluster.natom, 3)))


def move_to_surface(cluster, rng, count=1):
    """`count` weakly bound atoms, one after the other, each put on a random free surface site.

    Notes
    -----
    the least bound atom most often, but not always: the same one again and again leads nowhere
    """
    if cluster.natom < 3:
        return displace_all(cluster, rng)
    weakest = _weakest_first(cluster, rng)[: min(count, cluster.natom - 2)]
    for atom in weakest:
        rest = np.delete(np.arange(cluster.natom), atom)
        x = np.array(cluster.positions)
        x[atom] = random_site(_subset(cluster, rest), cluster.symbols[atom], rng)
        cluster = repair(cluster, x)
    return cluster


def move_core_to_surface(cluster, rng):
    """The atom nearest to the centroid put on a random free surface site: a cage, or another core."""
    if cluster.natom < 3:
        return displace_all(cluster, rng)
    x = np.array(cluster.positions)
    atom = int(np.argmin(np.linalg.norm(x - x.mean(axis=0), axis=1)))
    x[atom] = random_site(_subset(cluster, np.delete(np.arange(len(x)), atom)), cluster.symbols[atom], rng)
    return repair(cluster, x)


def rattle_worst(cluster, rng, fraction=0.34):
    """Weakly bound atoms displaced by up to 0.8 mean bond lengths along each axis, the others left."""
    if cluster.natom < 3:
        return displace_all(cluster, rng)
    count = max(1, round(fraction * cluster.natom))
    worst = _weakest_first(cluster, rng)[:count]
    size = 2 * AMPLITUDE * bond_lengths(cluster.symbols).mean()
    x = np.array(cluster.positions)
    x[worst] += rng.uniform(-size, size, size=(count, 3))
    return repair(cluster, x)


def twist(cluster, rng):
    """One part, a quarter to three quarters of the atoms, turned about a random axis through the centroid."""
    if cluster.natom < 3:
        return displace_all(cluster, rng)
    x = cluster.positions - cluster.positions.mean(axis=0)
    axis = random_direction(rng)
    upper = np.argsort(x @ axis, kind="stable")[-part_size(cluster.natom, rng) :]
    x[upper] = Rotation.from_rotvec(axis * rng.uniform(np.pi / 6, 11 * np.pi / 6)).apply(x[upper])
    return repair(cluster, slid_apart(cluster.symbols, x, upper, axis))


def mirror_half(cluster, rng):
    """The lower half replaced by the mirror image of the upper one, turned by a random angle and shifted.

    Notes
    -----
    of an odd number the middle atom stays; an atom takes the image of one of its species as long
    as there are such images
    """
    n = cluster.natom
    if n < 3:
        return displace_all(cluster, rng)
    x = cluster.positions - cluster.positions.mean(axis=0)
    axis = random_direction(rng)
    order = np.argsort(x @ axis, kind="stable")
    lower, upper = order[: n // 2], order[n - n // 2 :]
    lower, upper = (sorted(half, key=lambda atom: cluster.symbols[atom]) for half in (lower, upper))
    plane = 0.5 * (x[order[n // 2 - 1]] + x[order[n - n // 2]]) @ axis
    image = x[upper] - 2.0 * np.outer(x[upper] @ axis - plane, axis)
    image = Rotation.from_rotvec(axis * rng.uniform(0, 2 * np.pi)).apply(image)
    shift = 0.3 * bond_lengths(cluster.symbols).mean() * rng.uniform(-1.0, 1.0, size=3)
    x[lower] = image + shift - (shift @ axis) * axis
    return repair(cluster, slid_apart(cluster.symbols, x, lower, -axis))


def strain(cluster, rng, amplitude=0.4):
    """All positions stretched and sheared at constant volume, x -> exp(S) x.

    S is symmetric and traceless, its entries random between -amplitude and +amplitude.
    """
    if cluster.natom < 3:
        return displace_all(cluster, rng)
    s = rng.uniform(-amplitude, amplitude, size=(3, 3))
    s = 0.5 * (s + s.T)
    x = (cluster.positions - cluster.positions.mean(axis=0)) @ expm(s - np.trace(s) / 3 * np.eye(3))
    return repair(cluster, x)


def flatten(cluster, rng):
    """All positions pressed along a random axis to 0.1 to 0.5 of their height: towards flat isomers."""
    if cluster.natom < 3:
        return displace_all(cluster, rng)
    axis = random_direction(rng)
    x = cluster.positions - cluster.positions.mean(axis=0)
    return repair(cluster, x - (1.0 - rng.uniform(0.1, 0.5)) * np.outer(x @ axis, axis))


def swap_species(cluster, rng, count=1):
    """Two random atoms of different species exchanged, `count` times; a pure cluster is displaced."""
    if len(set(cluster.symbols)) == 1:
        return displace_all(cluster, rng)
    x = np.array(cluster.positions)
    symbols = np.array(cluster.symbols)
    for _ in range(count):
        one = rng.integers(len(symbols))
        other = rng.choice(np.flatnonzero(symbols != symbols[one]))
        x[[one, other]] = x[[other, one]]
    return repair(cluster, x)


def part_size(natom, rng):
    """A number of atoms between a quarter and three quarters of all, at least one and not all."""
    return int(rng.integers(max(1, natom // 4), max(2, 3 * natom // 4 + 1)))


def _weakest_first(cluster, rng):
    """Atom indices in random order: the next one is drawn with P ~ exp(-B / 0.5), B its binding."""
    return np.argsort(binding(cluster) - CHOICE * rng.gumbel(size=cluster.natom))


def _subset(cluster, atoms):
    """The same cluster with only some of its atoms, in that order."""
    symbols = tuple(cluster.symbols[atom] for atom in atoms)
    return Cluster(symbols=symbols, positions=cluster.positions[atoms], charge=cluster.charge)
