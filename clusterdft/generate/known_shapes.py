"""Shapes of 1 to 12 atoms that the literature on small clusters names.

Every function returns {name: (n, 3) positions with edges of about 1}.

References
----------
Martins, Buttet and Car, Phys. Rev. B 31, 1804 (1985) for sodium;
Hoare and Pal, Adv. Phys. 20, 161 (1971) for polytetrahedral shapes
"""

import numpy as np
from scipy.spatial.transform import Rotation

from clusterdft.arrays import Floats
from clusterdft.generate.polyhedra import (
    PENTAGON_RADIUS,
    antiprism,
    cap,
    cap_ends,
    cap_two_faces,
    faces,
    lattice_tetrahedron,
    on_axis,
    polar,
    prism,
    ring,
    rows,
)


def flat() -> dict[str, Floats]:
    """Flat shapes and chains, 1 to 10 atoms."""
    return {
        "atom": on_axis(0.0),
        "dimer": on_axis(0.0, 1.0),
        "chain of 3": on_axis(0.0, 1.0, 2.0),
        "equilateral triangle": ring(3),
        "obtuse triangle": _isosceles(80.0),
        "acute triangle": _isosceles(50.0),
        "chain of 4": on_axis(0.0, 1.0, 2.0, 3.0),
        "rhombus": rows(1, 2, 1),
        "square": ring(4),
        "T": np.array([[-1.0, 0, 0], [0, 0, 0], [1, 0, 0], [0, 1, 0]]),
        "star of 4": np.vstack([on_axis(0.0), ring(3, radius=1.0)]),
        "trapezoid": rows(3, 2),
        "flat bow tie": _bow_tie(0.0),
        "pentagon": ring(5),
        "centred square": np.vstack([on_axis(0.0), ring(4, radius=1.0)]),
        "flat triangle of 6": rows(3, 2, 1),
        "parallelogram of 6": np.vstack([rows(3), rows(3) + [0.5, np.sqrt(0.75), 0.0]]),
        "hexagon": ring(6),
        "centred pentagon": np.vstack([on_axis(0.0), ring(5)]),
        "centred hexagon": rows(2, 3, 2),
        "flat trapezoid of 7": rows(4, 3),
        "capped centred hexagon": np.vstack([rows(2, 3, 2), [[0.0, 3 * np.sqrt(0.75), 0.0]]]),
        "flat raft of 10": rows(3, 4, 3),
    }


def _isosceles(degrees: float) -> Floats:
    """Two sides of length 1 with an angle between them."""
    half = np.radians(degrees) / 2
    return np.vstack([np.zeros(3), polar(1.0, [half, -half])])


def _bow_tie(turn: float) -> Floats:
    """Two triangles that share a corner, one turned about the long axis by an angle in radians."""
    wing = np.array([[np.sqrt(0.75), 0.5, 0.0], [np.sqrt(0.75), -0.5, 0.0]])
    other = Rotation.from_rotvec([turn, 0.0, 0.0]).apply(-wing)
    return np.vstack([np.zeros(3), wing, other])


def small() -> dict[str, Floats]:
    """Solid shapes of 4 to 7 atoms."""
    tetrahedron = cap(ring(3), range(3))
    octahedron = antiprism(3)
    bipyramid = np.vstack([ring(3), on_axis(np.sqrt(2 / 3), -np.sqrt(2 / 3))])
    pyramid = cap(ring(4), range(4))
    sheet = np.array([[i, j, 0.75 * abs(i)] for i in (-0.8, 0.0, 0.8) for j in (-0.5, 0.5)])
    return {
        "tetrahedron": tetrahedron,
        "trigonal bipyramid": bipyramid,
        "square pyramid": pyramid,
        "twisted bow tie": _bow_tie(np.pi / 2),
        "octahedron": octahedron,
        "pentagonal pyramid": cap(ring(5), range(5)),
        "capped trigonal bipyramid": cap(bipyramid, faces(bipyramid)[0]),
        "trigonal prism": prism(3),
        "boat": sheet,
        "pentagonal bipyramid": pentagonal_bipyramid(),
        "capped octahedron": cap(octahedron, range(3)),
        "tricapped tetrahedron": cap(tetrahedron, *faces(tetrahedron)[:3]),
        "capped trigonal prism": cap(prism(3), (0, 1, 3, 4)),
        "hexagonal pyramid": np.vstack([ring(6), on_axis(0.6)]),
    }


def pentagonal_bipyramid() -> Floats:
    """All fifteen edges 1; the two atoms on the axis are 1.05 apart."""
    height = np.sqrt(1.0 - PENTAGON_RADIUS**2)
    return np.vstack([ring(5), on_axis(height, -height)])


def medium() -> dict[str, Floats]:
    """Shapes of 8 to 12 atoms without a centre, and centred antiprisms."""
    tetrahedron, trigonal = cap(ring(3), range(3)), prism(3)
    octahedron, four, five, six = antiprism(3), antiprism(4), antiprism(5), antiprism(6)
    squares = [(0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5)]
    octamer = dodecahedron()
    centre = on_axis(0.0)
    return {
        "tetracapped tetrahedron": cap(tetrahedron, *faces(tetrahedron)),
        "dodecahedron D2d": octamer,
        "square antiprism": four,
        "cube": prism(4),
        "octahedron with caps on opposite faces": cap_ends(octahedron, 3),
        "octahedron with caps that share an edge": cap_two_faces(octahedron, 2),
        "octahedron with caps that share a corner": cap_two_faces(octahedron, 1),
        "bicapped trigonal prism": cap(trigonal, *squares[:2]),
        "hexagonal bipyramid": np.vstack([ring(6), on_axis(0.6, -0.6)]),
        "tricapped trigonal prism": cap(trigonal, *squares),
        "capped square antiprism": cap(four, range(4)),
        "tricapped octahedron": cap(octahedron, *_around(octahedron, faces(octahedron)[0])),
        "centred square antiprism": np.vstack([centre, four]),
        "centred cube": np.vstack([centre, prism(4)]),
        "bicapped square antiprism": cap_ends(four, 4),
        "centred capped square antiprism": np.vstack([centre, cap(four, range(4))]),
        "centred tricapped trigonal prism": np.vstack([centre, cap(trigonal, *squares)]),
        "tetrahedron of 10": lattice_tetrahedron(3),
        "bicapped dodecahedron D2d": np.vstack([octamer, on_axis(1.65, -1.65)]),
        "pentagonal antiprism": five,
        "pentagonal prism": prism(5),
        "capped pentagonal antiprism": cap(five, range(5)),
        "capped pentagonal prism": cap(prism(5), range(5)),
        "centred pentagonal antiprism": np.vstack([centre, five]),
        "centred bicapped square antiprism": np.vstack([centre, cap_ends(four, 4)]),
        "pentacapped trigonal prism": cap(trigonal, *squares, (0, 1, 2), (3, 4, 5)),
        "hollow icosahedron": cap_ends(five, 5),
        "bicapped pentagonal prism": cap_ends(prism(5), 5),
        "hexagonal antiprism": six,
    }


def dodecahedron() -> Floats:
    """The snub disphenoid: eight corners, eighteen edges of length 1, symmetry D2d with its axis along z."""
    q = next(r.real for r in np.roots([2.0, 11.0, 4.0, -1.0]) if r.real > 0)
    r, s = np.sqrt(q), np.sqrt((1 - q) / (2 * q))
    t = 2 * r * s
    corners = [[t, 0, r], [-t, 0, r], [0, t, -r], [0, -t, -r], [1, 0, -s], [-1, 0, -s], [0, 1, s], [0, -1, s]]
    return 0.5 * np.array(corners)


def _around(x: Floats, face: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The faces that share an edge with one face."""
    return [other for other in faces(x) if len(set(other) & set(face)) == 2]
