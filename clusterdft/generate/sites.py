"""Where an atom can sit on a cluster, and how well each atom is bound."""

import numpy as np

from clusterdft.generate.physical import bond_lengths, covalent, scaled_distances

NEIGHBOURS = 1.4  # bond lengths: two atoms nearer than this carry a bridge, three a hollow
FREE = 0.9  # bond lengths: a site nearer than this to an atom is taken
TOUCHING = 1.25  # bond lengths: atoms nearer than this count as the coordination of a site


def binding(cluster):
    """How strongly each atom is bound, by a pair proxy without a well: (natom,), larger is stronger.

    B_i = sum_j max(x_ij, 0.9)^-6,   x in units of the bond length of the pair
    """
    return np.sum(np.maximum(scaled_distances(cluster.symbols, cluster.positions), 0.9) ** -6.0, axis=1)


def random_direction(rng):
    """A unit vector, (3,), uniform over the sphere."""
    v = rng.normal(size=3)
    return v / np.linalg.norm(v)


def surface_sites(cluster, symbol, rng):
    """Free sites of a cluster for one more atom, each at bond distance from the atoms it sits on.

    Hollows over three neighbours, bridges over two and tops over one, the latter two on the outer side,
    and slightly to a random side so that a plane can be left.

    Parameters
    ----------
    cluster : Cluster
    symbol : of the atom to come
    rng : numpy Generator
    Returns
    -------
    (nsite, 3) bohr   at least one site
    (nsite,) number of atoms that the site touches
    """
    x, reach = cluster.positions, covalent(cluster.symbols) + covalent([symbol])[0]
    bonded = np.linalg.norm(x[:, None] - x[None], axis=2) < NEIGHBOURS * bond_lengths(cluster.symbols)
    np.fill_diagonal(bonded, False)
    pairs = np.argwhere(np.triu(bonded))
    triples = [(i, j, k) for i, j in pairs for k in np.flatnonzero(bonded[i] & bonded[j]) if k > j]
    sites = [_hollows(x[list(t)], reach[list(t)]) for t in triples]
    sites += [_bridge(x, reach, bonded, i, j, rng) for i, j in pairs]
    sites += [[x[i] + reach[i] * _outward(x, bonded, [i], rng)] for i in range(len(x))]
    sites = np.array([site for some in sites for site in some]).reshape(-1, 3)
    scaled = np.linalg.norm(sites[:, None] - x, axis=2) / reach
    free = scaled.min(axis=1) >= FREE
    if not free.any():
        return _outermost(x, reach, random_direction(rng)), np.ones(1, dtype=int)
    return sites[free], np.sum(scaled[free] <= TOUCHING, axis=1)


def random_site(cluster, symbol, rng):
    """One free site, (3,) bohr, drawn with the square of its coordination as weight."""
    sites, coordination = surface_sites(cluster, symbol, rng)
    weight = coordination.astype(float) ** 2
    return sites[rng.choice(len(sites), p=weight / weight.sum())]


def _hollows(x, reach):
    """The two points at given distances from three points, or none."""
    ex = (x[1] - x[0]) / np.linalg.norm(x[1] - x[0])
    normal = np.cross(ex, x[2] - x[0])
    if np.linalg.norm(normal) < 1e-6 * np.linalg.norm(x[2] - x[0]):
        return []
    ez = normal / np.linalg.norm(normal)
    ey = np.cross(ez, ex)
    d, i, j = (x[1] - x[0]) @ ex, (x[2] - x[0]) @ ex, (x[2] - x[0]) @ ey
    a = (reach[0] ** 2 - reach[1] ** 2 + d**2) / (2 * d)
    b = (reach[0] ** 2 - reach[2] ** 2 + i**2 + j**2 - 2 * i * a) / (2 * j)
    height2 = reach[0] ** 2 - a**2 - b**2
    if height2 < 0:
        return []
    foot, up = x[0] + a * ex + b * ey, np.sqrt(height2) * ez
    return [foot + up, foot - up]


def _bridge(x, reach, bonded, i, j, rng):
    """The outer point at given distances from two points, or none."""
    d = np.linalg.norm(x[j] - x[i])
    axis = (x[j] - x[i]) / d
    a = (reach[i] ** 2 - reach[j] ** 2 + d**2) / (2 * d)
    height2 = reach[i] ** 2 - a**2
    if height2 < 0:
        return []
    side = _outward(x, bonded, [i, j], rng)
    side = side - (side @ axis) * axis
    norm = np.linalg.norm(side)
    return [x[i] + a * axis + np.sqrt(height2) * side / norm] if norm > 1e-6 else []


def _outward(x, bonded, atoms, rng):
    """Unit vector away from the neighbours of some atoms, with a random part of about a fifth."""
    near = bonded[atoms].any(axis=0)
    near[atoms] = False
    away = x[atoms].mean(axis=0) - (x[near].mean(axis=0) if near.any() else x.mean(axis=0))
    norm = np.linalg.norm(away)
    away = away / norm if norm > 1e-6 else np.zeros(3)
    away = away + 0.2 * random_direction(rng)
    return away / np.linalg.norm(away)


def _outermost(x, reach, along):
    """The site on the atom that lies farthest along a direction, (1, 3)."""
    top = int(np.argmax(x @ along))
    return (x[top] + reach[top] * along)[None]
