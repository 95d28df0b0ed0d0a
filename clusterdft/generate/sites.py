"""Where an atom can sit on a cluster, and how well each atom is bound."""

import numpy as np

from clusterdft.arrays import Bools, Floats, Ints
from clusterdft.cluster import Cluster
from clusterdft.generate.physical import bond_lengths, scaled_distances
from clusterdft.geometry.distances import covalent_radii

# bond lengths: two atoms nearer than the first carry a bridge, three a hollow; a site nearer than the second
# to an atom is taken; atoms nearer than the third count as the coordination of a site
BRIDGED_DISTANCE, FREE_DISTANCE, COORDINATION_DISTANCE = 1.4, 0.9, 1.25
MIN_BINDING_DISTANCE = 0.9  # bond lengths: nearer atoms bind no more than at this distance


def binding(cluster: Cluster) -> Floats:
    """How strongly each atom is bound, by a pair proxy without a well: (natom,), larger is stronger.

    B_i = sum_j max(x_ij, 0.9)^-6,   x in units of the bond length of the pair
    """
    scaled = scaled_distances(cluster.symbols, cluster.positions)
    strength: Floats = np.sum(np.maximum(scaled, MIN_BINDING_DISTANCE) ** -6.0, axis=1)
    return strength


def random_direction(rng: np.random.Generator) -> Floats:
    """A unit vector, (3,), uniform over the sphere."""
    v = rng.normal(size=3)
    direction: Floats = v / np.linalg.norm(v)
    return direction


def surface_sites(cluster: Cluster, symbol: str, rng: np.random.Generator) -> tuple[Floats, Ints]:
    """Free sites of a cluster for one more atom, each at bond distance from the atoms it sits on.

    Hollows over three neighbours, bridges over two and tops over one, the latter two on the outer side,
    and slightly to a random side so that a plane can be left.

    Parameters
    ----------
    cluster : Cluster
    symbol : str
        Of the atom to come.
    rng : numpy Generator

    Returns
    -------
    sites : (nsite, 3) bohr
        At least one.
    coordination : (nsite,)
        Number of atoms that the site touches.
    """
    x, reach = cluster.positions, covalent_radii(cluster.symbols) + covalent_radii([symbol])[0]
    bonded = np.linalg.norm(x[:, None] - x[None], axis=2) < BRIDGED_DISTANCE * bond_lengths(cluster.symbols)
    np.fill_diagonal(bonded, False)
    sites = np.concatenate(
        [_hollows(x, reach, bonded), _bridges(x, reach, bonded, rng), _tops(x, reach, bonded, rng)]
    )
    scaled = np.linalg.norm(sites[:, None] - x, axis=2) / reach
    free = scaled.min(axis=1) >= FREE_DISTANCE
    if not free.any():
        return _outermost(x, reach, random_direction(rng)), np.ones(1, dtype=np.int64)
    return sites[free], np.sum(scaled[free] <= COORDINATION_DISTANCE, axis=1)


def random_site(cluster: Cluster, symbol: str, rng: np.random.Generator) -> Floats:
    """One free site, (3,) bohr, drawn with the square of its coordination as weight."""
    sites, coordination = surface_sites(cluster, symbol, rng)
    weight = coordination.astype(float) ** 2
    site: Floats = sites[rng.choice(len(sites), p=weight / weight.sum())]
    return site


def _hollows(x: Floats, reach: Floats, bonded: Bools) -> Floats:
    """The two points at bond distance from every three atoms bonded to one another, (nsite, 3)."""
    i, j = np.nonzero(np.triu(bonded))
    pair, k = np.nonzero(bonded[i] & bonded[j] & (np.arange(len(x)) > j[:, None]))
    i, j = i[pair], j[pair]
    u, v = x[j] - x[i], x[k] - x[i]
    d = np.linalg.norm(u, axis=1)
    ex = u / d[:, None]
    along = np.sum(v * ex, axis=1)
    ey = v - along[:, None] * ex
    across = np.linalg.norm(ey, axis=1)
    flat = across < 1e-6 * np.linalg.norm(v, axis=1)
    across = np.where(flat, 1.0, across)
    ey = ey / across[:, None]
    a = (reach[i] ** 2 - reach[j] ** 2 + d**2) / (2 * d)
    b = (reach[i] ** 2 - reach[k] ** 2 + along**2 + across**2 - 2 * along * a) / (2 * across)
    height2 = reach[i] ** 2 - a**2 - b**2
    foot = x[i] + a[:, None] * ex + b[:, None] * ey
    up = np.sqrt(np.maximum(height2, 0.0))[:, None] * np.cross(ex, ey)
    there = ~flat & (height2 >= 0)
    return np.concatenate([(foot + up)[there], (foot - up)[there]])


def _bridges(x: Floats, reach: Floats, bonded: Bools, rng: np.random.Generator) -> Floats:
    """The outer point at bond distance from every two atoms bonded to one another, (nsite, 3)."""
    i, j = np.nonzero(np.triu(bonded))
    u = x[j] - x[i]
    d = np.linalg.norm(u, axis=1)
    axis = u / d[:, None]
    a = (reach[i] ** 2 - reach[j] ** 2 + d**2) / (2 * d)
    height2 = reach[i] ** 2 - a**2
    near = bonded[i] | bonded[j]
    near[np.arange(len(i)), i] = near[np.arange(len(j)), j] = False
    side = _outward(x, 0.5 * (x[i] + x[j]), near, rng)
    side = side - np.sum(side * axis, axis=1)[:, None] * axis
    norm = np.linalg.norm(side, axis=1)
    there = (height2 >= 0) & (norm > 1e-6)
    foot = x[i] + a[:, None] * axis
    sites: Floats = foot[there] + (np.sqrt(height2[there]) / norm[there])[:, None] * side[there]
    return sites


def _tops(x: Floats, reach: Floats, bonded: Bools, rng: np.random.Generator) -> Floats:
    """The outer point at bond distance from every atom, (natom, 3)."""
    return x + reach[:, None] * _outward(x, x, bonded, rng)


def _outward(x: Floats, points: Floats, near: Bools, rng: np.random.Generator) -> Floats:
    """Unit vectors from the centroid of the `near` atoms to each point, about a fifth of them random."""
    count = near.sum(axis=1)
    centre = np.where(count[:, None] > 0, near @ x / np.maximum(count, 1)[:, None], x.mean(axis=0))
    away = points - centre
    norm = np.linalg.norm(away, axis=1)
    away = np.where(norm[:, None] > 1e-6, away / np.maximum(norm, 1e-6)[:, None], 0.0)
    random = rng.normal(size=(len(points), 3))
    away = away + 0.2 * random / np.linalg.norm(random, axis=1)[:, None]
    unit: Floats = away / np.linalg.norm(away, axis=1)[:, None]
    return unit


def _outermost(x: Floats, reach: Floats, along: Floats) -> Floats:
    """The site on the atom that lies farthest along a direction, (1, 3)."""
    top = int(np.argmax(x @ along))
    site: Floats = (x[top] + reach[top] * along)[None]
    return site
