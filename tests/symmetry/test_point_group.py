"""Point groups from noisy coordinates."""

from itertools import pairwise

import numpy as np
import pytest
from reference_geometries import moved, reference_geometries, sodium

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.groups.group_matrices import multiplication_table
from clusterdft.symmetry.point_group import POINT_GROUP_TOLERANCE, find_point_group, tolerance_scan

REFERENCE = reference_geometries()
NOISE = 0.04
BIG = {"made I", "made Ih"}


def named(name):
    return REFERENCE[name][1]


def test_there_are_forty_geometries():
    assert len(REFERENCE) >= 40


@pytest.mark.parametrize("name", REFERENCE)
def test_exact_geometries_over_two_decades_of_tolerance(name):
    group, cluster = REFERENCE[name]
    turned = moved(cluster, np.random.default_rng(1))
    for tolerance in (1e-6, 0.001, 0.01, 0.1, POINT_GROUP_TOLERANCE, 0.4):
        found = find_point_group(turned, tolerance=tolerance)
        assert found.name == group
        assert found.deviation < 1e-9


@pytest.mark.parametrize("name", [name for name in REFERENCE if name not in BIG])
def test_noisy_geometries_in_any_orientation(name):
    group, cluster = REFERENCE[name]
    for seed in range(4):
        assert find_point_group(moved(cluster, np.random.default_rng(seed), NOISE)).name == group


@pytest.mark.slow
@pytest.mark.parametrize("name", REFERENCE)
def test_a_hundred_noisy_copies(name):
    group, cluster = REFERENCE[name]
    rng = np.random.default_rng(7)
    found = [find_point_group(moved(cluster, rng, NOISE)).name for _ in range(100)]
    assert found.count(group) == 100


@pytest.mark.parametrize("name", ["made D3", "octahedron", "made Th", "made S4", "obtuse triangle", "square"])
def test_operations_do_what_they_say(name):
    cluster = moved(named(name), np.random.default_rng(2), NOISE)
    group = find_point_group(cluster)
    x = cluster.positions - group.centre
    for matrix, permutation, deviation in zip(
        group.operations, group.permutations, group.deviations, strict=True
    ):
        missed = np.linalg.norm(x @ matrix.T - x[permutation], axis=1).max()
        assert missed == pytest.approx(deviation, abs=1e-10)
        assert deviation <= POINT_GROUP_TOLERANCE
    assert multiplication_table(group.operations).shape == (group.order,) * 2
    turned = group.frame @ group.operations @ group.frame.T
    assert np.abs(turned - group.standard).max() < 1e-12


@pytest.mark.parametrize("name", ["made D3", "icosahedron", "rhombus", "capped octahedron", "mixed chain"])
def test_symmetrised_positions_are_exact_and_near(name):
    cluster = moved(named(name), np.random.default_rng(5), NOISE)
    group = find_point_group(cluster)
    symmetric = cluster.at(group.symmetrized_positions)
    assert find_point_group(symmetric, tolerance=1e-8).name == group.name
    moves = np.linalg.norm(symmetric.positions - cluster.positions, axis=1)
    assert np.allclose(moves, group.displacements, atol=1e-12)
    assert 0 < moves.max() < 2 * NOISE


def test_symmetrised_positions_are_the_closest():
    cluster = moved(named("square"), np.random.default_rng(5), NOISE)
    group = find_point_group(cluster)
    best = np.sum(group.displacements**2)
    for axis in np.eye(3):  # the same square, turned a little, is farther away
        for angle in (1e-3, -1e-3):
            turn = np.eye(3) + angle * np.cross(np.eye(3), axis)
            shifted = (group.symmetrized_positions - group.centre) @ turn.T + group.centre
            assert np.sum((shifted - cluster.positions) ** 2) > best


@pytest.mark.parametrize("name", ["pentagonal bipyramid", "made O", "flat triangle of 6", "trapezoid"])
def test_orientation_and_order_of_atoms_do_not_matter(name):
    rng = np.random.default_rng(11)
    noisy = moved(named(name), rng, NOISE)
    first = find_point_group(noisy)
    order = rng.permutation(noisy.natom)
    turned = moved(noisy.at(noisy.positions[order]), rng)
    second = find_point_group(turned)
    assert second.name == first.name
    assert second.deviation == pytest.approx(first.deviation, abs=1e-8)
    assert second.displacements == pytest.approx(first.displacements[order], abs=1e-8)
    back = {tuple(sorted(int(order[i]) for i in orbit)) for orbit in second.equivalent_atoms}
    assert back == set(first.equivalent_atoms)
    assert [a.kind for a in first.axes] == [a.kind for a in second.axes]


@pytest.mark.parametrize("name", ["made D4", "made T", "made C3"])
def test_mirror_images_have_the_same_group(name):
    group, cluster = REFERENCE[name]
    assert find_point_group(cluster.at(-cluster.positions)).name == group


def test_species_and_labels_are_told_apart():
    shape = named("octahedron")
    far = int(np.argmax(np.linalg.norm(shape.positions - shape.positions[0], axis=1)))
    near = next(i for i in range(1, 6) if i != far)
    for changed, group in (((0,), "C4v"), ((0, far), "D4h"), ((0, near), "C2v")):
        symbols = tuple("K" if i in changed else "Na" for i in range(6))
        assert find_point_group(Cluster(symbols=symbols, positions=shape.positions)).name == group
        labels = [22 if i in changed else 23 for i in range(6)]
        assert find_point_group(shape, labels=labels).name == group
    with pytest.raises(InputError, match="5 labels do not fit 6 atoms"):
        find_point_group(shape, labels=[1] * 5)


def test_a_heavier_end_ends_the_inversion_of_a_dimer():
    assert find_point_group(named("dimer"), labels=[1, 2]).name == "Cinfv"


NUMBERS = {"icosahedron": 60, "octahedron": 24, "dimer": 2, "mixed chain": 1, "atom": 1, "tetrahedron": 12}
NUMBERS |= {"equilateral triangle": 6, "obtuse triangle": 2, "made I": 60, "made Ci": 1}


@pytest.mark.parametrize("name", NUMBERS)
def test_symmetry_numbers(name):
    assert find_point_group(named(name)).symmetry_number == NUMBERS[name]


def test_equivalent_atoms():
    orbits = find_point_group(named("icosahedron")).equivalent_atoms
    assert sorted(len(orbit) for orbit in orbits) == [1, 12]
    assert find_point_group(named("made C1")).equivalent_atoms == tuple((i,) for i in range(5))


def test_axes():
    group = find_point_group(moved(named("pentagonal bipyramid"), np.random.default_rng(0)))
    assert [a.kind for a in group.axes] == ["C5"] + 5 * ["C2"] + ["S5"] + 6 * ["sigma"]
    assert abs(group.axes[0].direction @ group.frame[2]) == pytest.approx(1)


def test_a_flat_c2v_cluster_lies_in_yz():
    group = find_point_group(moved(named("trapezoid"), np.random.default_rng(0)))
    x = (group.symmetrized_positions - group.centre) @ group.frame.T
    assert np.abs(x[:, 0]).max() < 1e-8


def test_weak_distortions_show_in_the_scan():
    radius = 4.6
    stretched = Cluster(
        symbols=("Na",) * 6, positions=radius * np.vstack([np.eye(3), -np.eye(3)]) * [1, 1, 1.03]
    )
    (low, high) = tolerance_scan(stretched)
    assert [low[1].name, high[1].name] == ["D4h", "Oh"]
    assert low[0] == (0.0, high[0][0])
    assert high[0][0] == pytest.approx(0.03 * radius)  # a quarter turn about x takes y to z
    inside = find_point_group(stretched, tolerance=high[0][0] * 1.001)
    outside = find_point_group(stretched, tolerance=high[0][0] * 0.999)
    assert (inside.name, outside.name) == ("Oh", "D4h")


def test_the_scan_covers_all_tolerances_without_gaps():
    scan = tolerance_scan(moved(named("tetrahedron"), np.random.default_rng(0), NOISE))
    assert scan[0][0][0] == 0.0
    assert scan[0][1].name == "C1"
    assert scan[-1][0][1] == 1.0
    assert scan[-1][1].name == "Td"
    for ((_, high), _), ((low, _), _) in pairwise(scan):
        assert high == low


def test_nearly_linear_is_linear_only_within_the_tolerance():
    bent = Cluster(symbols=("Na",) * 3, positions=[[0, 0.3, 0], [6.0, 0, 0], [-6.0, 0, 0]])
    assert find_point_group(bent, tolerance=0.3).name == "C2v"
    assert find_point_group(bent, tolerance=0.5).name == "Dinfh"


def test_very_high_order():
    found = find_point_group(
        sodium(np.array([[np.cos(t), np.sin(t), 0] for t in 2 * np.pi * np.arange(30) / 30]))
    )
    assert (found.name, found.order) == ("D30h", 120)


def test_impossible_tolerances_are_told():
    for tolerance in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(InputError, match="positive"):
            find_point_group(named("square"), tolerance=tolerance)
    with pytest.raises(InputError, match=r"cannot tell atoms apart that are 6\.500 bohr"):
        find_point_group(named("square"), tolerance=3.3)


def test_large_tolerances_below_the_limit_still_give_a_group():
    for name in ("square", "made C1", "icosahedron", "made D3"):
        group = find_point_group(named(name), tolerance=3.0)
        assert group.deviation <= 3.0
