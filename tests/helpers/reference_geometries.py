"""Geometries of known point group, nearest neighbours 6.5 bohr apart; every family is there."""

import numpy as np
from scipy.spatial.transform import Rotation

from clusterdft.cluster import Cluster
from clusterdft.generate.library import known_shapes
from clusterdft.groups.group_matrices import group_matrices

BOND = 6.5
LIBRARY = {
    (1, "atom"): "Kh",
    (2, "dimer"): "Dinfh",
    (3, "chain of 3"): "Dinfh",
    (3, "equilateral triangle"): "D3h",
    (3, "obtuse triangle"): "C2v",
    (3, "acute triangle"): "C2v",
    (4, "rhombus"): "D2h",
    (4, "square"): "D4h",
    (4, "tetrahedron"): "Td",
    (5, "trapezoid"): "C2v",
    (5, "trigonal bipyramid"): "D3h",
    (5, "square pyramid"): "C4v",
    (5, "twisted bow tie"): "D2d",
    (6, "octahedron"): "Oh",
    (6, "flat triangle of 6"): "D3h",
    (6, "pentagonal pyramid"): "C5v",
    (6, "parallelogram of 6"): "C2h",
    (7, "pentagonal bipyramid"): "D5h",
    (7, "capped octahedron"): "C3v",
    (7, "hexagonal pyramid"): "C6v",
    (8, "tetracapped tetrahedron"): "Td",
    (8, "square antiprism"): "D4d",
    (8, "dodecahedron D2d"): "D2d",
    (8, "cube"): "Oh",
    (10, "pentagonal antiprism"): "D5d",
    (12, "hexagonal antiprism"): "D6d",
    (13, "icosahedron"): "Ih",
    (13, "cubo-octahedron"): "Oh",
    (13, "anticubo-octahedron"): "D3h",
    (13, "decahedron"): "D5h",
    (20, "pentagonal dodecahedron"): "Ih",
}


def ring(n, radius, height=0.0, turn=0.0):
    """Corners of a regular polygon; `turn` in parts of 2 pi / n."""
    angle = 2 * np.pi / n * (np.arange(n) + turn)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle), np.full(n, height)])


def orbit(name, *points):
    """All images of some points."""
    images = np.concatenate([group_matrices(name) @ np.array(p, dtype=float) for p in points])
    keep = [i for i, p in enumerate(images) if np.linalg.norm(images[:i] - p, axis=1).min(initial=9) > 1e-6]
    return images[keep]


def made():
    """{point group: positions of any size}."""
    spread = np.random.default_rng(3).normal(size=(400, 3))
    directions = spread / np.linalg.norm(spread, axis=1)[:, None]
    snub = max((orbit("I", d) for d in directions), key=nearest)
    shapes = {
        "C1": np.array([[0, 0, 0], [1, 0, 0], [0.2, 1.2, 0], [0.4, 0.5, 1.4], [1.9, 0.4, 0.9]]),
        "Cs": np.array([[0, 0, 0], [1, 0, 0], [0.2, 1.3, 0], [-1.2, 1.0, 0]]),
        "Ci": orbit("Ci", (1.0, 0.2, 0.3), (0.1, 1.3, -0.6), (-0.7, 0.4, 1.5)),
        "S4": orbit("S4", (1.0, 0, 0.8), (1.3, 0.9, -0.4)),
        "S6": orbit("S6", (1.0, 0, 0.8), (1.4, 1.0, 0.5)),
        "T": orbit("T", (1.0, 2.6, 4.2)),
        "Th": orbit("Th", (0, 1.0, 3.0)),
        "O": orbit("O", (0.5, 1.5, 3.0)),
        "I": snub,
        "D3d": orbit("D3d", (0, 1.0, 1.1)),
        "D6h": ring(6, 1.0),
        "D7h": ring(7, 1.0),
        "Ih": mackay(),
    }
    for n in (2, 3, 4, 5):
        shapes[f"C{n}"] = np.vstack([ring(n, 1.0), ring(n, 1.5, 1.0, 0.27)])
        shapes[f"D{n}"] = np.vstack([ring(n, 1.0, -0.6, -0.12), ring(n, 1.0, 0.6, 0.12)])
    for n in (3, 4):
        shapes[f"C{n}h"] = np.vstack([ring(n, 1.0), ring(n, 1.8, 0.0, 0.25)])
    return shapes


def mackay():
    """The icosahedron of 55."""
    golden = (1 + 5**0.5) / 2
    signs = [(s, t * golden) for s in (1, -1) for t in (1, -1)]
    corners = np.array([np.roll((0, s, t), k) for s, t in signs for k in range(3)])
    middles = [p + q for i, p in enumerate(corners) for q in corners[:i] if abs(p @ q - golden) < 1e-9]
    return np.vstack([np.zeros((1, 3)), corners, 2 * corners, middles])


def nearest(x):
    distance = np.linalg.norm(x[:, None] - x[None], axis=2)
    np.fill_diagonal(distance, np.inf)
    return distance.min()


def sodium(x):
    """A cluster of that shape with the shortest distance 6.5 bohr."""
    scale = BOND / nearest(x) if len(x) > 1 else 1.0
    return Cluster(symbols=("Na",) * len(x), positions=scale * x)


def reference_geometries():
    """{name: (point group, Cluster)}."""
    found = {name: (group, sodium(known_shapes(n)[name])) for (n, name), group in LIBRARY.items()}
    found |= {f"made {group}": (group, sodium(x)) for group, x in made().items()}
    symbols = ("Na", "Na", "K")
    chain = Cluster(symbols=symbols, positions=[[0, 0, 0], [0, 0, 6.0], [0, 0, 13.0]])
    return found | {"mixed chain": ("Cinfv", chain)}


def moved(cluster, rng, noise=0.0):
    """Turned at random, shifted, and every coordinate changed by at most `noise`."""
    turned = cluster.positions @ Rotation.random(random_state=rng).as_matrix().T + rng.normal(size=3)
    return cluster.at(turned + rng.uniform(-noise, noise, turned.shape))
