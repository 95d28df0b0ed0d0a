"""The known geometries: counts, contacts, distances, and the minima of Lennard-Jones that they lead to."""

import numpy as np
import pytest
from generating import is_physical

from clusterdft import relax
from clusterdft.generate.library import library_geometries
from clusterdft.generate.physical import scaled_distances
from clusterdft.groups.group_matrices import group_matrices
from clusterdft.surfaces.classical import LennardJones

SIZES = range(1, 21)

# pairs of nearest neighbours; deltahedra with n corners have 3n - 6 edges
CONTACTS = {
    "equilateral triangle": 3,
    "rhombus": 5,
    "tetrahedron": 6,
    "trapezoid": 7,
    "twisted bow tie": 6,
    "trigonal bipyramid": 9,
    "octahedron": 12,
    "capped trigonal bipyramid": 12,
    "flat triangle of 6": 9,
    "pentagonal pyramid": 10,
    "centred hexagon": 12,
    "pentagonal bipyramid": 16,  # 15 edges and the axis
    "capped octahedron": 15,
    "tetracapped tetrahedron": 18,
    "dodecahedron D2d": 18,
    "square antiprism": 16,
    "cube": 12,
    "tricapped trigonal prism": 21,
    "bicapped square antiprism": 24,
    "tetrahedron of 10": 24,
    "hollow icosahedron": 30,
    "icosahedron less one": 36,
    "icosahedron": 42,
    "cubo-octahedron": 36,
    "anticubo-octahedron": 36,
    "decahedron": 37,
    "double icosahedron": 68,
    "octahedron of 19": 60,
    "tetrahedron of 20": 60,
    "pentagonal dodecahedron": 30,
}

# Hoare and Pal, Adv. Phys. 20, 161 (1971); Northby, J. Chem. Phys. 87, 6166 (1987); in well depths
LENNARD_JONES = {4: -6.0, 5: -9.103852, 6: -12.712062, 7: -16.505384, 8: -19.821489, 9: -24.113360}
LENNARD_JONES |= {10: -28.422532, 11: -32.765970, 12: -37.967600, 13: -44.326801, 14: -47.845157}
LENNARD_JONES |= {15: -52.322627, 16: -56.815742, 17: -61.317995, 18: -66.530949, 19: -72.659782}
LENNARD_JONES |= {20: -77.177043}
LEADS_TO = {4: "tetrahedron", 5: "trigonal bipyramid", 6: "octahedron", 7: "pentagonal bipyramid"}
LESS = {8: "five", 9: "four", 10: "three", 11: "two", 12: "one"}
LEADS_TO |= {n: f"icosahedron less {word}" for n, word in LESS.items()}
LEADS_TO |= {13: "icosahedron", 14: "icosahedron with one cap", 15: "icosahedron with two caps"}
LEADS_TO |= {16: "icosahedron with three caps", 17: "icosahedron with four caps in a zigzag"}
LEADS_TO |= {18: "icosahedron with five caps", 19: "double icosahedron", 20: "capped double icosahedron"}

GROUPS = {
    "tetracapped tetrahedron": "Td",
    "dodecahedron D2d": "D2d",
    "tricapped trigonal prism": "D3h",
    "icosahedron": "Ih",
    "cubo-octahedron": "Oh",
    "anticubo-octahedron": "D3h",
    "decahedron": "D5h",
    "Frank-Kasper Z14": "D6d",
    "Frank-Kasper Z15": "D3h",
    "Frank-Kasper Z16": "Td",
    "tetrahedron of 20": "Td",
    "double icosahedron": "D5h",
}


def geometry(name, symbol="Na"):
    return next(
        cluster for n in SIZES for found, cluster in library_geometries((symbol,) * n) if found == name
    )


@pytest.mark.parametrize("n", SIZES)
def test_geometries_are_named_once_and_complete(n):
    found = library_geometries(("Na",) * n, charge=1, n_unpaired=2)
    names = [name for name, _ in found]
    assert len(set(names)) == len(names) >= 1
    for _, cluster in found:
        assert (cluster.natom, cluster.charge, cluster.n_unpaired) == (n, 1, 2)
        assert is_physical(cluster)
        assert np.abs(cluster.positions.mean(axis=0)).max() < 1e-9
        if n > 1:
            assert abs(scaled_distances(cluster.symbols, cluster.positions).min() - 1.0) < 0.1


def test_names_are_unique_over_all_sizes_and_each_size_from_three_has_a_choice():
    names = [[name for name, _ in library_geometries(("Na",) * n)] for n in SIZES]
    every = [name for some in names for name in some]
    assert len(set(every)) == len(every) > 90
    assert min(len(some) for some in names[2:]) >= 3
    assert library_geometries(("Na",) * 21) == ()


@pytest.mark.parametrize("n", SIZES)
def test_no_two_geometries_of_a_size_are_the_same(n):
    spectra = [
        np.sort(scaled_distances(c.symbols, c.positions), axis=None)
        for _, c in library_geometries(("Na",) * n)
    ]
    for i, one in enumerate(spectra):
        for other in spectra[:i]:
            assert np.abs(one[:-n] - other[:-n]).max() > 0.01


def count_contacts(x):
    """Number of pairs nearer than 1.1 nearest distances."""
    i, j = np.triu_indices(len(x), 1)
    r = np.linalg.norm(x[i] - x[j], axis=1)
    return int(np.sum(r < 1.1 * r.min()))


@pytest.mark.parametrize(("name", "contacts"), CONTACTS.items())
def test_famous_shapes_have_their_contacts(name, contacts):
    assert count_contacts(geometry(name).positions) == contacts


@pytest.mark.parametrize(("name", "group"), GROUPS.items())
def test_famous_shapes_have_as_many_symmetries_as_their_group(name, group):
    """Every rotation or reflection that maps three independent atoms on three others is tried."""
    x = geometry(name).positions / 6.0
    assert count_symmetries(x) == len(group_matrices(group))


def count_symmetries(x):
    """Number of orthogonal matrices that map a set of points on itself."""
    r = np.linalg.norm(x, axis=1)
    basis = next(
        [i, j, k]
        for i in range(len(x))
        for j in range(i)
        for k in range(j)
        if abs(np.linalg.det(x[[i, j, k]])) > 0.1
    )
    inverse = np.linalg.inv(x[basis])
    images = [np.flatnonzero(np.abs(r - r[i]) < 1e-6) for i in basis]
    count = 0
    for triple in np.stack(np.meshgrid(*images), axis=-1).reshape(-1, 3):
        q = inverse @ x[triple]
        if np.abs(q @ q.T - np.eye(3)).max() < 1e-6:
            gap = np.linalg.norm((x @ q)[:, None] - x, axis=2).min(axis=1)
            count += gap.max() < 1e-6
    return count


@pytest.mark.parametrize("n", LENNARD_JONES)
def test_the_minima_of_lennard_jones_are_reached(n):
    start = dict(library_geometries(("Na",) * n))[LEADS_TO[n]]
    outcome = relax(start, LennardJones(epsilon=1.0), fmax=1e-4)
    assert abs(outcome.energy - LENNARD_JONES[n]) < 2e-6


def test_lengths_follow_the_species():
    one, other = geometry("octahedron").positions, geometry("octahedron", "K").positions
    assert np.allclose(other, one * 2.03 / 1.66)


@pytest.mark.parametrize("n", SIZES)
def test_mixed_clusters_keep_the_order_of_their_species(n):
    symbols = ("Na", "K", "Al", "Cs", "K")[: min(n, 5)] * 4
    for _, cluster in library_geometries(symbols[:n]):
        assert cluster.symbols == symbols[:n]
        assert is_physical(cluster)
