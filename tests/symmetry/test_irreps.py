"""Splitting of shells and of the motions of atoms."""

import numpy as np
import pytest
from point_group_names import EVERY
from reference_geometries import moved, reference_geometries
from scipy.special import sph_harm_y

from clusterdft.errors import InputError
from clusterdft.groups.character_tables import character_table
from clusterdft.groups.group_matrices import group_matrices
from clusterdft.symmetry.irreps import motion_irreps, spherical_splitting
from clusterdft.symmetry.point_group import find_point_group

REFERENCE = reference_geometries()

# Griffith, The Theory of Transition-Metal Ions (1961), table A16; Ih from Boyle and Parker (1980)
KNOWN = {
    ("Oh", 2): "Eg T2g",
    ("Oh", 3): "A2u T1u T2u",
    ("Oh", 4): "A1g Eg T1g T2g",
    ("Oh", 5): "Eu T1u T1u T2u",
    ("Oh", 6): "A1g A2g Eg T1g T2g T2g",
    ("Td", 1): "T2",
    ("Td", 2): "E T2",
    ("Td", 3): "A1 T1 T2",
    ("Ih", 1): "T1u",
    ("Ih", 2): "Hg",
    ("Ih", 3): "T2u Gu",
    ("Ih", 4): "Gg Hg",
    ("Ih", 5): "T1u T2u Hu",
    ("Ih", 6): "Ag T1g Gg Hg",
    ("D3h", 1): "E' A2''",
    ("D3h", 2): "A1' E' E''",
    ("D4h", 2): "A1g B1g B2g Eg",
    ("D5h", 2): "A1' E2' E1''",
    ("C2v", 1): "A1 B1 B2",
    ("C2v", 2): "A1 A1 A2 B1 B2",
    ("Dinfh", 1): "Sigmau+ Piu",
    ("Cinfv", 2): "Sigma+ Pi Delta",
    ("Kh", 2): "Dg",
}


def listed(counts):
    return sorted(label for label, n in counts.items() for _ in range(n))


@pytest.mark.parametrize(("name", "momentum"), KNOWN)
def test_known_splittings(name, momentum):
    assert listed(spherical_splitting(name, momentum)) == sorted(KNOWN[name, momentum].split())


@pytest.mark.parametrize("name", EVERY)
def test_dimensions_of_shells_add_up(name):
    table = character_table(name)
    size = {irrep.label: irrep.dimension for irrep in table.irreps}
    for momentum in range(7):
        counts = spherical_splitting(name, momentum)
        assert sum(n * size[label] for label, n in counts.items()) == 2 * momentum + 1


@pytest.mark.parametrize("name", ["C3", "S4", "D2d", "D3h", "Td", "Th", "Oh", "Ih", "I", "C5h", "D6d"])
def test_splittings_agree_with_rotated_harmonics(name):
    """The trace of an operation on Y_lm themselves, by least squares on points of the sphere."""
    table = character_table(name)
    points = np.random.default_rng(0).normal(size=(300, 3))
    points /= np.linalg.norm(points, axis=1)[:, None]
    matrices = group_matrices(name)
    for momentum in range(7):
        before = harmonics(momentum, points)
        chi = [
            np.trace(
                np.linalg.lstsq(before, harmonics(momentum, points @ matrices[c.members[0]]), rcond=None)[0]
            )
            for c in table.classes
        ]
        assert table.reduce(np.real(chi)) == spherical_splitting(name, momentum)


def harmonics(momentum, points):
    polar, azimuth = np.arccos(np.clip(points[:, 2], -1, 1)), np.arctan2(points[:, 1], points[:, 0])
    return np.stack([sph_harm_y(momentum, m, polar, azimuth) for m in range(-momentum, momentum + 1)], axis=1)


VIBRATIONS = {
    "equilateral triangle": "A1' E'",
    "tetrahedron": "A1 E T2",
    "square": "A1g B1g B2g B2u Eu",
    "octahedron": "A1g Eg T2g T1u T2u",
    "trigonal bipyramid": "A1' A1' A2'' E' E' E''",
    "icosahedron": "Ag Gg Hg Hg T1u T1u T2u Gu Hu",
    "obtuse triangle": "A1 A1 B2",
}


@pytest.mark.parametrize("name", VIBRATIONS)
def test_vibrations_of_known_shapes(name):
    group = find_point_group(moved(REFERENCE[name][1], np.random.default_rng(0), 0.04))
    every, vibrations = motion_irreps(group)
    assert listed(vibrations) == sorted(VIBRATIONS[name].split())
    sizes = {irrep.label: irrep.dimension for irrep in character_table(group.name).irreps}
    assert sum(n * sizes[label] for label, n in every.items()) == 3 * group.permutations.shape[1]


def test_continuous_groups_are_told_apart():
    group = find_point_group(REFERENCE["dimer"][1])
    with pytest.raises(InputError, match="D4h instead"):
        motion_irreps(group)
    with pytest.raises(InputError, match="angular momentum is -1"):
        spherical_splitting("Td", -1)
