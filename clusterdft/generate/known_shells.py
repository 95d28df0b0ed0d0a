"""Shapes of 8 to 20 atoms that the literature names: growth of icosahedra, closed shells, lattice pieces.

Every function returns {name: (n, 3) positions with edges of about 1}.

References
----------
Hoare and Pal, Adv. Phys. 20, 161 (1971) for growth to the double icosahedron;
Frank and Kasper, Acta Cryst. 11, 184 (1958) for coordination polyhedra of 14, 15 and 16
"""

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.generate.polyhedra import (
    PENTAGON_RADIUS,
    antiprism,
    cap,
    cap_ends,
    lattice_tetrahedron,
    on_axis,
    polar,
    prism,
    ring,
    ring_radius,
    signs,
    stack,
)


def icosahedral() -> dict[str, Floats]:
    """Growth of the double icosahedron, 8 to 20 atoms; 7 of them are the pentagonal bipyramid."""
    double = double_icosahedron()
    less = {12: "one", 11: "two", 10: "three", 9: "four", 8: "five"}
    shapes = {f"icosahedron less {word}": double[:n] for n, word in less.items()}
    shapes["icosahedron"] = icosahedron()
    for n, word in {
        14: "one cap",
        15: "two caps",
        16: "three caps",
        17: "four caps",
        18: "five caps",
    }.items():
        shapes[f"icosahedron with {word}"] = double[:n]
    zigzag = ((2, 6, 7), (1, 2, 6), (1, 2, 11), (1, 5, 11))
    shapes["icosahedron with four caps in a zigzag"] = cap(icosahedron(), *zigzag)
    shapes["double icosahedron"] = double
    middle = PENTAGON_RADIUS * np.cos(np.pi / 5) + np.sqrt(0.75)
    shapes["capped double icosahedron"] = np.vstack([double, polar(middle, [np.pi / 5])])
    return shapes


def icosahedron() -> Floats:
    """Centred icosahedron; its twelve corners are 1 apart, and 0.951 from the centre."""
    return np.vstack([on_axis(0.0), cap_ends(antiprism(5), 5)])


def double_icosahedron() -> Floats:
    """Rings 1-5-1-5-1-5-1, ordered as they grow: 7 atoms a bipyramid, 13 an icosahedron, 19 all."""
    outer = np.sqrt(PENTAGON_RADIUS**2 + 0.25 * (1.0 - (2 * PENTAGON_RADIUS * np.sin(np.pi / 10)) ** 2))
    half, ring_height = 0.5 * outer, np.sqrt(outer**2 - PENTAGON_RADIUS**2)
    upper, lower = (ring(5, z=s * (half + ring_height), turned=True) for s in (1, -1))
    upper_axis, lower_axis = on_axis(half, half + outer), on_axis(-half, -half - outer)
    return np.vstack([upper_axis, upper, ring(5), lower_axis[:1], lower, lower_axis[1:]])


def large() -> dict[str, Floats]:
    """Centred shells, cages and pieces of lattices, 13 to 20 atoms."""
    height, six = np.sqrt(2 / 3), antiprism(6)
    plane = np.vstack([on_axis(0.0), ring(6)])
    return {
        "cubo-octahedron": np.vstack([plane, _over_triangles(height), -_over_triangles(height)]),
        "anticubo-octahedron": np.vstack([plane, _over_triangles(height), _over_triangles(-height)]),
        "decahedron": np.vstack([on_axis(0.0), cap_ends(prism(5), 5)]),
        "centred hexagonal antiprism": np.vstack([on_axis(0.0), six]),
        "bicapped hexagonal antiprism": np.vstack([six, on_axis(1.0, -1.0)]),
        "face-centred cube": np.vstack([signs(1.0, 1.0, 1.0), signs(1.0, 0.0, 0.0)]),
        "Frank-Kasper Z14": np.vstack([on_axis(0.0, 1.0, -1.0), six]),
        "centred rhombic dodecahedron": np.vstack([on_axis(0.0), signs(1.0, 1.0, 1.0), signs(2.0, 0.0, 0.0)]),
        "hollow Frank-Kasper Z15": _corners_of_z15(),
        "Frank-Kasper Z15": np.vstack([on_axis(0.0), _corners_of_z15()]),
        "hollow Frank-Kasper Z16": _corners_of_z16(),
        "Frank-Kasper Z16": np.vstack([on_axis(0.0), _corners_of_z16()]),
        "octahedron of 19": np.vstack([on_axis(0.0), signs(1.0, 1.0, 0.0), signs(2.0, 0.0, 0.0)]),
        "tetrahedron of 20": lattice_tetrahedron(4),
        "pentagonal dodecahedron": _corners_of_the_dodecahedron(),
    }


def stacks() -> dict[str, Floats]:
    """Rings over one another with capped ends, and the eclipsed rings of decahedra, 12 to 20 atoms."""
    fcc, eclipsed = lattice_tetrahedron(4), np.vstack([ring(5, z=z) for z in (-1.0, 0.0, 1.0)])
    corner = np.linalg.norm(fcc - fcc.mean(axis=0), axis=1) > 1.8
    decahedron = np.vstack([cap_ends(eclipsed, 5), on_axis(0.5, -0.5)])
    return {
        "stack 4-4-4": stack(4, 3),
        "stack 1-4-4-4": cap(stack(4, 3), range(4)),
        "stack 1-4-4-4-1": cap_ends(stack(4, 3), 4),
        "stack 5-5-5": stack(5, 3),
        "stack 1-5-5-5": cap(stack(5, 3), range(5)),
        "truncated tetrahedron of 16": fcc[~corner],
        "stack 1-5-5-5-1": cap_ends(stack(5, 3), 5),
        "stack 1-4-4-4-4-1": cap_ends(stack(4, 4), 4),
        "decahedron of 18": np.delete(decahedron, 15, axis=0),
        "decahedron of 19": decahedron,
        "stack 1-6-6-6-1": np.vstack([stack(6, 3), on_axis(1.25, -1.25)]),
    }


def _over_triangles(z: float) -> Floats:
    """Three atoms over every other triangle of the centred hexagon."""
    return polar(ring_radius(3), np.radians([30.0, 150.0, 270.0]), z)


def _corners_of_z15() -> Floats:
    """Fifteen points on a sphere: triangles 36, 62.5, 90, 117.5 and 144 degrees from the axis, symmetry D3h.

    The three on the equator have six neighbours, the others five.
    """
    layers = []
    for degrees, turned in ((36.0, False), (62.5, True), (90.0, False), (117.5, True), (144.0, False)):
        polar_angle = np.radians(degrees)
        layers.append(ring(3, z=np.cos(polar_angle), radius=np.sin(polar_angle), turned=turned))
    return np.vstack(layers)


def _corners_of_z16() -> Floats:
    """The truncated tetrahedron with its four hexagons capped, as in the Laves phase MgCu2, symmetry Td."""
    corners, caps = signs(3.0, 1.0, 1.0), signs(2.0, 2.0, 2.0)
    return np.vstack([corners[corners.prod(axis=1) > 0], caps[caps.prod(axis=1) < 0]])


def _corners_of_the_dodecahedron() -> Floats:
    golden = (1 + np.sqrt(5)) / 2
    return np.vstack([signs(1.0, 1.0, 1.0), signs(0.0, 1 / golden, golden)])
