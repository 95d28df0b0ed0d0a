"""Moves: one geometry made into another of the same composition, charge and spin.

Every move is a function (cluster, rng) -> Cluster whose result is physical and centred. Where a move makes
no sense (one atom, one species) it returns a displaced copy.
"""

import numpy as np
from scipy.linalg import expm
from scipy.spatial.transform import Rotation

from clusterdft.arrays import Ints
from clusterdft.cluster import Cluster
from clusterdft.generate.physical import bond_lengths, repair, slid_apart
from clusterdft.generate.sites import binding, random_direction, random_site

AMPLITUDE = 0.4  # of the mean bond length: 2.5 bohr for sodium
BINDING_SPREAD = (
    0.5  # neighbours: an atom with so many more is e times less likely to be taken as weakly bound
)


def displace_all(cluster: Cluster, rng: np.random.Generator, amplitude: float | None = None) -> Cluster:
    """Every coordinate displaced by a random number between -amplitude and +amplitude.

    Parameters
    ----------
    cluster : Cluster
    rng : numpy Generator
    amplitude : float or None
        bohr; None for 0.4 of the mean bond length

    Returns
    -------
    Cluster

    References
    ----------
    Wales and Doye, J. Phys. Chem. A 101, 5111 (1997)
    """
    size = AMPLITUDE * bond_lengths(cluster.symbols).mean() if amplitude is None else amplitude
    return repair(cluster, cluster.positions + rng.uniform(-size, size, size=(cluster.natom, 3)))


def move_to_surface(cluster: Cluster, rng: np.random.Generator, count: int = 1) -> Cluster:
    """`count` weakly bound atoms, one after the other, each put on a random free surface site.

    Notes
    -----
    The least bound atom most often, but not always: the same one again and again leads nowhere.
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


def move_core_to_surface(cluster: Cluster, rng: np.random.Generator) -> Cluster:
    """The atom nearest to the centroid put on a random free surface site: a cage, or another core."""
    if cluster.natom < 3:
        return displace_all(cluster, rng)
    x = np.array(cluster.positions)
    atom = int(np.argmin(np.linalg.norm(x - x.mean(axis=0), axis=1)))
    x[atom] = random_site(_subset(cluster, np.delete(np.arange(len(x)), atom)), cluster.symbols[atom], rng)
    return repair(cluster, x)


def rattle_worst(cluster: Cluster, rng: np.random.Generator, fraction: float = 0.34) -> Cluster:
    """Weakly bound atoms displaced by up to 0.8 mean bond lengths along each axis, the others left."""
    if cluster.natom < 3:
        return displace_all(cluster, rng)
    count = max(1, round(fraction * cluster.natom))
    worst = _weakest_first(cluster, rng)[:count]
    size = 2 * AMPLITUDE * bond_lengths(cluster.symbols).mean()
    x = np.array(cluster.positions)
    x[worst] += rng.uniform(-size, size, size=(count, 3))
    return repair(cluster, x)


def twist(cluster: Cluster, rng: np.random.Generator) -> Cluster:
    """One part, a quarter to three quarters of the atoms, turned about a random axis through the centroid."""
    if cluster.natom < 3:
        return displace_all(cluster, rng)
    x = cluster.positions - cluster.positions.mean(axis=0)
    axis = random_direction(rng)
    upper = np.argsort(x @ axis, kind="stable")[-part_size(cluster.natom, rng) :]
    x[upper] = Rotation.from_rotvec(axis * rng.uniform(np.pi / 6, 11 * np.pi / 6)).apply(x[upper])
    return repair(cluster, slid_apart(cluster.symbols, x, upper, axis))


def strain(cluster: Cluster, rng: np.random.Generator, amplitude: float = 0.4) -> Cluster:
    """All positions stretched and sheared at constant volume, x -> exp(S) x.

    S is symmetric and traceless, its entries random between -amplitude and +amplitude.
    """
    if cluster.natom < 3:
        return displace_all(cluster, rng)
    s = rng.uniform(-amplitude, amplitude, size=(3, 3))
    s = 0.5 * (s + s.T)
    x = (cluster.positions - cluster.positions.mean(axis=0)) @ expm(s - np.trace(s) / 3 * np.eye(3))
    return repair(cluster, x)


def swap_species(cluster: Cluster, rng: np.random.Generator, count: int = 1) -> Cluster:
    """Two random atoms of different species exchanged, `count` times; a pure cluster is displaced."""
    if len(set(cluster.symbols)) == 1:
        return displace_all(cluster, rng)
    x = np.array(cluster.positions)
    symbols = np.array(cluster.symbols)
    for _ in range(count):
        atom = rng.integers(len(symbols))
        other = rng.choice(np.flatnonzero(symbols != symbols[atom]))
        x[[atom, other]] = x[[other, atom]]
    return repair(cluster, x)


def part_size(natom: int, rng: np.random.Generator) -> int:
    """A number of atoms between a quarter and three quarters of all, at least one and not all."""
    return int(rng.integers(max(1, natom // 4), max(2, 3 * natom // 4 + 1)))


def _weakest_first(cluster: Cluster, rng: np.random.Generator) -> Ints:
    """Atom indices in random order: the next one is drawn with P ~ exp(-B / 0.5), B its binding."""
    return np.argsort(binding(cluster) - BINDING_SPREAD * rng.gumbel(size=cluster.natom))


def _subset(cluster: Cluster, atoms: Ints) -> Cluster:
    """The same cluster with only some of its atoms, in that order."""
    symbols = tuple(cluster.symbols[atom] for atom in atoms)
    return Cluster(symbols=symbols, positions=cluster.positions[atoms], charge=cluster.charge)
