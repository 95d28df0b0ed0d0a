"""Random symmetric starts: orbits of a random point group, filled until all atoms are used."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.generate.physical import bond_lengths
from clusterdft.generate.planar import BLUR, blurred
from clusterdft.generate.random_cube import FARTHEST, NEAREST, generator_rng, random_cube
from clusterdft.geometry.fragments import fragments
from clusterdft.groups.orbits import matrices_by_products, orbit_maps, site_projectors

_AXIAL = tuple(
    f"{family[0]}{n}{family[1:]}" for n in range(2, 7) for family in ("C", "Cv", "Ch", "D", "Dh", "Dd")
)
POINT_GROUPS = ("C1", "Cs", "Ci", "S4", "S6", "T", "Td", "Th", "O", "Oh", "I", "Ih", *_AXIAL)
N_GROUPS, N_FILLINGS = 40, 8  # groups, and fillings of each, tried before the start is one without symmetry
N_POINTS = 100  # representatives drawn for one orbit
LONGEST_BOND = 1.4  # bond lengths: all atoms hang together by bonds shorter than this
CLUSTER_RADIUS = 0.75  # of n atoms, in n^(1/3) mean bond lengths
Filling: TypeAlias = list[tuple[list[int], Floats]]  # atoms of each orbit, and the maps to its points


def symmetric_start(
    symbols: Sequence[str],
    rng: np.random.Generator,
    *,
    group: str | None = None,
    charge: int = 0,
    n_unpaired: int | None = None,
    blur: float = BLUR,
) -> Cluster:
    """Random geometry with the operations of a point group, slightly blurred.

    The group is drawn first, then for each species orbits (points on a centre, axis, plane or in general
    position) until no atom is left, then the free parameters of each orbit so that the nearest distances
    are 0.8 to 1.2 bond lengths, as in a random cube.

    Parameters
    ----------
    symbols : (natom,)
        Chemical symbols, in this order in the result.
    rng : numpy Generator
    group : str or None
        Schoenflies symbol, or None for a random one that can hold these atoms.
    charge : int
        As in Cluster.
    n_unpaired : int or None
        As in Cluster.
    blur : float
        Random displacements along each axis, in mean bond lengths; 0 keeps the symmetry exactly.

    Returns
    -------
    Cluster

    Raises
    ------
    InputError
        An unknown group, or one that no start with these atoms was found for.

    Notes
    -----
    The blur lets a relaxation leave the saddle points that symmetry can lead it to.
    """
    if group is not None and group not in POINT_GROUPS:
        raise InputError(f"unknown point group {group!r}; there are: {', '.join(POINT_GROUPS)}")
    names = [name for name in POINT_GROUPS if name != "C1"] if group is None else [group]
    for _ in range(N_GROUPS):
        x = _one_of_group(symbols, str(rng.choice(names)), rng)
        if x is not None:
            start = Cluster(symbols=tuple(symbols), positions=x, charge=charge, n_unpaired=n_unpaired)
            return blurred(start, rng, blur)
    if group is not None:
        raise InputError(f"{len(symbols)} atoms were not placed with symmetry {group}; take another group")
    return random_cube(symbols, seed=int(rng.integers(2**32)), index=0, charge=charge, n_unpaired=n_unpaired)


def symmetric(
    symbols: Sequence[str], *, seed: int, index: int, charge: int = 0, n_unpaired: int | None = None
) -> Cluster:
    """Symmetric start number `index` of a search with that seed; see `symmetric_start`, `random_cube`."""
    return symmetric_start(symbols, generator_rng(seed, index), charge=charge, n_unpaired=n_unpaired)


def _one_of_group(symbols: Sequence[str], name: str, rng: np.random.Generator) -> Floats | None:
    """(natom, 3) bohr with the symmetry of a group, or None."""
    group = matrices_by_products(name)
    sites = [orbit_maps(group, projector) for projector in site_projectors(group)]
    for _ in range(N_FILLINGS):
        filling = _random_filling(symbols, sites, rng)
        x = None if filling is None else _placed(symbols, filling, rng)
        if x is not None:
            return x
    return None


def _random_filling(symbols: Sequence[str], sites: list[Floats], rng: np.random.Generator) -> Filling | None:
    """A list of (atom indices, orbit maps) in random order, or None where no filling was found."""
    filling: Filling = []
    centres = [site for site in sites if not site.any()]
    shells = [site for site in sites if site.any()]
    reachable = _sums({len(site) for site in shells}, len(symbols))
    for symbol in rng.permutation(sorted(set(symbols))):
        atoms = [i for i, s in enumerate(symbols) if s == symbol]
        while atoms:
            n = len(atoms)
            allowed = [site for site in shells if _fits(n - len(site), reachable, centres)]
            allowed += [centre for centre in centres if reachable[n - 1]]
            if not allowed:
                return None
            site = allowed[rng.integers(len(allowed))]
            centres = centres if site.any() else []
            filling.append((atoms[: len(site)], site))
            atoms = atoms[len(site) :]
    return [filling[i] for i in rng.permutation(len(filling))]


def _fits(left: int, reachable: list[bool], centres: list[Floats]) -> bool:
    """Whether so many atoms of a species can still be placed, on the free centre or without it."""
    return left >= 0 and (reachable[left] or (left > 0 and bool(centres) and reachable[left - 1]))


def _sums(sizes: Iterable[int], n: int) -> list[bool]:
    """Which numbers 0..n are sums of the sizes, each used as often as one likes: list of bool."""
    reachable = [True]
    for total in range(1, n + 1):
        reachable.append(any(size <= total and reachable[total - size] for size in sizes))
    return reachable


def _placed(symbols: Sequence[str], filling: Filling, rng: np.random.Generator) -> Floats | None:
    """(natom, 3) bohr: every orbit at the first of its random places that fits the earlier ones, or None."""
    bonds = bond_lengths(symbols)
    radius = CLUSTER_RADIUS * bonds.mean() * len(symbols) ** (1 / 3)
    x = np.zeros((len(symbols), 3))
    placed: list[int] = []
    for atoms, site in filling:
        points = radius * rng.uniform(-1.0, 1.0, size=(N_POINTS, 3))
        orbits = np.einsum("mij,pj->pmi", site, points)
        scaled = _orbit_distances(orbits, x, bonds, atoms, placed)
        alone = not np.isfinite(scaled).any()
        fits = alone | ((scaled.min(axis=(1, 2)) >= NEAREST) & (scaled.min(axis=2).max(axis=1) <= FARTHEST))
        if not fits.any():
            return None
        x[atoms] = orbits[int(np.argmax(fits))]
        placed += atoms
    whole = fragments(Cluster(symbols=tuple(symbols), positions=x), bond_limit=LONGEST_BOND)
    return x if len(whole) == 1 else None


def _orbit_distances(orbits: Floats, x: Floats, bonds: Floats, atoms: list[int], placed: list[int]) -> Floats:
    """From each atom of each orbit to the others of the orbit and to placed atoms, in bond lengths."""
    inner = np.linalg.norm(orbits[:, :, None] - orbits[:, None], axis=3) / bonds[np.ix_(atoms, atoms)]
    inner[:, np.arange(len(atoms)), np.arange(len(atoms))] = np.inf
    outer = np.linalg.norm(orbits[:, :, None] - x[placed], axis=3) / bonds[np.ix_(atoms, placed)]
    return np.concatenate([inner, outer], axis=2)
