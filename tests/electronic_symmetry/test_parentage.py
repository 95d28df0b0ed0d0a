"""Spherical parents of levels."""

import pytest
from reference_geometries import reference_geometries

from clusterdft.cluster import Cluster
from clusterdft.electronic_symmetry.level_irreps import orbital_irreps
from clusterdft.electronic_symmetry.parentage import parentage, shell_configuration
from clusterdft.method import Method
from clusterdft.scf.solve_scf import solve_scf
from clusterdft.symmetry.irreps import spherical_splitting
from clusterdft.symmetry.point_group import find_point_group

REFERENCE = reference_geometries()
EQUAL = Method(occupation="equal")


def shape(name, **state):
    start = REFERENCE[name][1]
    return Cluster(symbols=start.symbols, positions=start.positions, **state)


# the lowest levels, and the electrons of jellium
PARENTS = [
    ("atom", {}, ["1s -> 1s", "1p -> 1p", "2s -> 2s"], {"1s": 1}),
    ("dimer", {}, ["1s -> 1sigmag", "1p -> 1sigmau"], {"1s": 2}),
    (
        "equilateral triangle",
        {},
        ["1s -> 1a1'", "1p -> 1e'", "2s -> 2a1'", "1p -> 1a2''"],
        {"1s": 2, "1p": 1},
    ),
    ("tetrahedron", {"charge": 1}, ["1s -> 1a1", "1p -> 1t2", "2s -> 2a1"], {"1s": 2, "1p": 1}),
    ("tetrahedron", {"charge": -1}, ["1s -> 1a1", "1p -> 1t2", "2s -> 2a1"], {"1s": 2, "1p": 3}),
    ("rhombus", {}, ["1s -> 1ag", "1p -> 1b1u", "1p -> 1b2u"], {"1s": 2, "1p": 2}),
    (
        "octahedron",
        {},
        ["1s -> 1a1g", "1p -> 1t1u", "1d -> 1eg", "2s -> 2a1g", "1d -> 1t2g"],
        {"1s": 2, "1p": 4},
    ),
    ("square antiprism", {}, ["1s -> 1a1", "1p -> 1e1", "1p -> 1b2", "1d -> 1e2"], {"1s": 2, "1p": 6}),
]


@pytest.mark.parametrize(("name", "state", "labels", "electrons"), PARENTS)
def test_parents_of_the_lowest_levels(name, state, labels, electrons):
    cluster = shape(name, **state)
    result, group = solve_scf(cluster, EQUAL), find_point_group(cluster)
    parents = parentage(result, orbital_irreps(result, group), group)
    up = [one for one in parents if one.level.spin == 0]
    assert sorted(one.label for one in up[: len(labels)]) == sorted(labels)
    assert shell_configuration(parents) == pytest.approx(electrons, abs=1e-4)
    for one in up:
        assert one.character.sum() == pytest.approx(1)
        if one.shell:
            assert one.level.irrep in spherical_splitting(group.name, "spdf".index(one.shell[-1]))


def test_shells_hold_each_part_as_often_as_they_split():
    cluster = shape("octahedron")
    result, group = solve_scf(cluster, EQUAL), find_point_group(cluster)
    parents = parentage(result, orbital_irreps(result, group), group)
    held = {}
    for one in parents:
        if one.level.spin == 0:
            held.setdefault(one.shell, []).append(one.level.irrep)
    assert held["1p"] == ["T1u"]
    assert sorted(held["1d"]) == ["Eg", "T2g"]
    assert all(len(set(parts)) == len(parts) for shell, parts in held.items() if shell and shell[-1] in "spd")
