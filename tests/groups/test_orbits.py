"""Groups as products of their generators, sites and orbits."""

import numpy as np
import pytest

from clusterdft.generate.symmetric import POINT_GROUPS
from clusterdft.groups.group_matrices import group_matrices
from clusterdft.groups.operations import same_matrix
from clusterdft.groups.orbits import matrices_by_products, orbit_maps, site_projectors


@pytest.mark.parametrize("name", POINT_GROUPS)
def test_products_of_the_generators_are_the_group(name):
    products, standard = matrices_by_products(name), group_matrices(name)
    assert np.allclose(products[0], np.eye(3))
    assert sorted(same_matrix(g, standard) for g in products) == list(range(len(standard)))


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("Oh", [1, 6, 8, 12, 24, 24, 48]),
        ("Ih", [1, 12, 20, 30, 60, 120]),
        ("Td", [1, 4, 6, 12, 24]),
        ("D3", [1, 2, 3, 6]),
        ("C3v", [1, 3, 6]),
        ("D2", [1, 2, 2, 2, 4]),
        ("D5h", [1, 2, 5, 10, 10, 20]),
    ],
)
def test_orbits_have_the_sizes_of_the_wyckoff_positions(name, sizes):
    group = matrices_by_products(name)
    orbits = [orbit_maps(group, projector) for projector in site_projectors(group)]
    assert sorted(len(maps) for maps in orbits) == sizes
    for maps in orbits:
        points = maps @ [0.41, 0.29, 0.87]
        images = np.einsum("gij,nj->gni", group, points)
        apart = np.linalg.norm(images[:, :, None] - points, axis=3)
        assert apart.min(axis=2).max() < 1e-9
        assert len(points) == 1 or np.sort(apart[0], axis=1)[:, 1].min() > 1e-3
