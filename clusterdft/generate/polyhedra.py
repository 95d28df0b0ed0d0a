"""Building blocks of known shapes, with edges of length 1: rings, pyramids, prisms, caps, lattices."""

from collections.abc import Iterable
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from clusterdft.arrays import Floats

CONTACT_DISTANCE = 1.1  # edges: atoms nearer than this touch


def polar(radius: float, angles: ArrayLike, z: float = 0.0) -> Floats:
    """Points at some polar angles (radians) in a plane, (n, 3)."""
    phi = np.asarray(angles, dtype=np.float64)
    return np.stack([radius * np.cos(phi), radius * np.sin(phi), np.full(len(phi), z)], axis=1)


def ring(n: int, *, z: float = 0.0, turned: bool = False, radius: float | None = None) -> Floats:
    """Regular polygon with edge 1 (or of a given radius), at a height; turned by half an edge or not."""
    radius = ring_radius(n) if radius is None else radius
    return polar(radius, 2 * np.pi * (np.arange(n) + 0.5 * turned) / n, z)


def ring_radius(n: int) -> float:
    """Circumradius of the regular polygon with edge 1."""
    return float(0.5 / np.sin(np.pi / n))


PENTAGON_RADIUS = ring_radius(5)


def on_axis(*heights: float) -> Floats:
    """Points on the z axis, (n, 3)."""
    return np.array([[0.0, 0.0, z] for z in heights])


def prism(n: int) -> Floats:
    """Two equal rings, one over the other."""
    return np.vstack([ring(n, z=-0.5), ring(n, z=0.5)])


def antiprism(n: int) -> Floats:
    """Two equal rings, one turned by half an edge, all edges 1."""
    return stack(n, 2)


def stack(n: int, layers: int) -> Floats:
    """Equal rings over one another, every other one turned by half an edge, all edges 1, about z = 0."""
    step = np.sqrt(1.0 - (2 * ring_radius(n) * np.sin(np.pi / (2 * n))) ** 2)
    heights = step * (np.arange(layers) - 0.5 * (layers - 1))
    return np.vstack([ring(n, z=z, turned=k % 2 == 1) for k, z in enumerate(heights)])


def cap(x: Floats, *faces: Iterable[int]) -> Floats:
    """One atom more over each face (atom indices), on the outer side, one edge from the atoms of the face."""
    added = []
    for face in faces:
        corners = x[list(face)]
        middle = corners.mean(axis=0)
        normal = np.linalg.svd(corners - middle)[2][2]
        side = -1.0 if (middle - x.mean(axis=0)) @ normal < -1e-9 else 1.0
        height2 = 1.0 - np.mean(np.sum((corners - middle) ** 2, axis=1))
        added.append(middle + side * np.sqrt(max(height2, 0.0)) * normal)
    return np.vstack([x, added])


def cap_ends(x: Floats, n: int) -> Floats:
    """Caps over the first and the last ring of n atoms."""
    return cap(x, range(n), range(len(x) - n, len(x)))


def faces(x: Floats) -> list[tuple[int, ...]]:
    """Triangles of touching atoms with all other atoms on one side: sorted index triples."""
    triangles: list[tuple[int, ...]] = []
    for triple in combinations(range(len(x)), 3):
        a, b, c = x[list(triple)]
        if max(np.linalg.norm(a - b), np.linalg.norm(b - c), np.linalg.norm(a - c)) < CONTACT_DISTANCE:
            height = (x - a) @ np.cross(b - a, c - a)
            if height.min() > -1e-6 or height.max() < 1e-6:
                triangles.append(triple)
    return triangles


def cap_two_faces(x: Floats, shared: int) -> Floats:
    """Caps over the first face and over the first one that has `shared` corners in common with it."""
    first, *others = faces(x)
    return cap(x, first, next(face for face in others if len(set(face) & set(first)) == shared))


def rows(*counts: int) -> Floats:
    """Flat rows of atoms, one edge apart, each row in the middle of the one before: triangular lattice."""
    points: list[list[float]] = []
    for k, count in enumerate(counts):
        points += [[i - 0.5 * (count - 1), k * np.sqrt(0.75), 0.0] for i in range(count)]
    return np.array(points)


def lattice_tetrahedron(edge: int) -> Floats:
    """Face-centred cubic tetrahedron with `edge` atoms along an edge."""
    steps = np.array([[0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 0.0]]) / np.sqrt(2)
    n = range(edge)
    corners: Floats = np.array([(i, j, k) for i in n for j in n for k in n if i + j + k < edge]) @ steps
    return corners


def signs(*point: float) -> Floats:
    """All points with the coordinates of one, permuted cyclically and of any sign."""
    points = set()
    for k in range(3):
        turned = point[k:] + point[:k]
        for s in np.ndindex(2, 2, 2):
            points.add(tuple(c * (1 - 2 * i) + 0.0 for c, i in zip(turned, s, strict=True)))
    return np.array(sorted(points))


def with_unit_distance(x: Floats) -> Floats:
    """Centred, with nearest distance 1."""
    x = x - x.mean(axis=0)
    if len(x) == 1:
        return x
    i, j = np.triu_indices(len(x), 1)
    x /= np.linalg.norm(x[i] - x[j], axis=1).min()
    return x
