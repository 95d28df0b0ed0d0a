"""Building blocks of known shapes, with edges of length 1: rings, pyramids, prisms, caps, lattices."""

from itertools import combinations

import numpy as np

CONTACT = 1.1  # edges: atoms nearer than this touch


def polar(radius, angles, z=0.0):
    """Points at some polar angles (radians) in a plane, (n, 3)."""
    angles = np.asarray(angles, dtype=float)
    return np.stack([radius * np.cos(angles), radius * np.sin(angles), np.full(len(angles), z)], axis=1)


def ring(n, *, z=0.0, turned=False, radius=None):
    """Regular polygon with edge 1 (or of a given radius), at a height; turned by half an edge or not."""
    radius = ring_radius(n) if radius is None else radius
    return polar(radius, 2 * np.pi * (np.arange(n) + 0.5 * turned) / n, z)


def ring_radius(n):
    """Circumradius of the regular polygon with edge 1."""
    return 0.5 / np.sin(np.pi / n)


def on_axis(*heights):
    """Points on the z axis, (n, 3)."""
    return np.array([[0.0, 0.0, z] for z in heights])


def prism(n):
    """Two equal rings, one over the other."""
    return np.vstack([ring(n, z=-0.5), ring(n, z=0.5)])


def antiprism(n):
    """Two equal rings, one turned by half an edge, all edges 1."""
    return stack(n, 2)


def stack(n, layers):
    """Equal rings over one another, every other one turned by half an edge, all edges 1, about z = 0."""
    step = np.sqrt(1.0 - (2 * ring_radius(n) * np.sin(np.pi / (2 * n))) ** 2)
    heights = step * (np.arange(layers) - 0.5 * (layers - 1))
    return np.vstack([ring(n, z=z, turned=k % 2 == 1) for k, z in enumerate(heights)])


def cap(x, *faces):
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


def cap_ends(x, n):
    """Caps over the first and the last ring of n atoms."""
    return cap(x, range(n), range(len(x) - n, len(x)))


def faces(x):
    """Triangles of touching atoms with all other atoms on one side: sorted index triples."""
    found = []
    for triple in combinations(range(len(x)), 3):
        a, b, c = x[list(triple)]
        if max(np.linalg.norm(a - b), np.linalg.norm(b - c), np.linalg.norm(a - c)) < CONTACT:
            height = (x - a) @ np.cross(b - a, c - a)
            if height.min() > -1e-6 or height.max() < 1e-6:
                found.append(triple)
    return found


def cap_two_faces(x, shared):
    """Caps over the first face and over the first one that has `shared` corners in common with it."""
    first, *others = faces(x)
    return cap(x, first, next(face for face in others if len(set(face) & set(first)) == shared))


def rows(*counts):
    """Flat rows of atoms, one edge apart, each row in the middle of the one before: triangular lattice."""
    points = []
    for k, count in enumerate(counts):
        points += [[i - 0.5 * (count - 1), k * np.sqrt(0.75), 0.0] for i in range(count)]
    return np.array(points)


def lattice_tetrahedron(edge):
    """Face-centred cubic tetrahedron with `edge` atoms along an edge."""
    steps = np.array([[0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 0.0]]) / np.sqrt(2)
    n = range(edge)
    return np.array([(i, j, k) for i in n for j in n for k in n if i + j + k < edge]) @ steps


def signs(*point):
    """All points with the coordinates of one, permuted cyclically and of any sign."""
    found = set()
    for k in range(3):
        turned = point[k:] + point[:k]
        for s in np.ndindex(2, 2, 2):
            found.add(tuple(c * (1 - 2 * i) + 0.0 for c, i in zip(turned, s, strict=True)))
    return np.array(sorted(found))


def normalised(x):
    """Centred, with nearest distance 1."""
    x = x - x.mean(axis=0)
    if len(x) == 1:
        return x
    i, j = np.triu_indices(len(x), 1)
    return x / np.linalg.norm(x[i] - x[j], axis=1).min()


def count_contacts(x, contact=CONTACT):
    """Number of pairs nearer than 1.1 nearest distances."""
    i, j = np.triu_indices(len(x), 1)
    r = np.linalg.norm(x[i] - x[j], axis=1)
    return int(np.sum(r < contact * r.min()))
