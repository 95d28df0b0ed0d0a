"""Spherical parents of levels, and the report of an electronic structure in every orientation."""

import json

import numpy as np
import pytest
from reference_geometries import moved, reference_geometries

from clusterdft.cluster import Cluster
from clusterdft.electronic_symmetry.level_irreps import orbital_irreps
from clusterdft.electronic_symmetry.parentage import parentage, shell_configuration
from clusterdft.electronic_symmetry.summary import electronic_values
from clusterdft.method import Method
from clusterdft.properties.vibrations import vibrations
from clusterdft.scf.solve_scf import solve_scf
from clusterdft.surfaces.classical import LennardJones
from clusterdft.symmetry.irreps import spherical_splitting
from clusterdft.symmetry.point_group import find_point_group

REFERENCE = reference_geometries()
EQUAL = Method(occupation="equal")
LJ = LennardJones()


def shape(name, **state):
    start = REFERENCE[name][1]
    return Cluster(symbols=start.symbols, positions=start.positions, **state)


def rearranged(cluster, seed):
    order = np.random.default_rng(seed).permutation(cluster.natom)
    there = moved(cluster, np.random.default_rng(seed))
    return Cluster(
        symbols=tuple(cluster.symbols[i] for i in order),
        positions=there.positions[order],
        charge=cluster.charge,
        n_unpaired=cluster.n_unpaired,
    )


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


REPORTED = ["dimer", "equilateral triangle", "obtuse triangle", "rhombus", "square", "tetrahedron"]


@pytest.mark.parametrize("name", REPORTED)
def test_report_does_not_depend_on_the_orientation(name):
    """Turned, shifted and renumbered; B1, B2 and B3 of flat clusters follow the standard frame."""
    reports = []
    for seed in (None, 1, 2):
        cluster = shape(name) if seed is None else rearranged(shape(name), seed)
        group = find_point_group(cluster)
        modes = vibrations(cluster, LJ, step=0.02)
        reports.append(electronic_values(solve_scf(cluster, EQUAL), group, modes))
    first, *others = reports
    occupied = [k for k, one in enumerate(first["orbitals"]) if sum(one["occupation"]) > 0.5]
    for other in others:
        assert other["point_group"] == first["point_group"] == REFERENCE[name][0]
        assert other["state"] == first["state"]
        assert other["shells"] == pytest.approx(first["shells"], abs=1e-4)
        for one, same in zip(first["modes"], other["modes"], strict=True):
            assert (one["label"], one["indices"]) == (same["label"], same["indices"])
            assert np.array(same["frequencies_hartree"]) == pytest.approx(
                one["frequencies_hartree"], rel=5e-3
            )
        for k in occupied:
            one, same = first["orbitals"][k], other["orbitals"][k]
            assert {key: one[key] for key in ("label", "spin", "indices", "shell")} == {
                key: same[key] for key in ("label", "spin", "indices", "shell")
            }
            assert same["energies_hartree"] == pytest.approx(one["energies_hartree"], abs=1e-4)
    assert json.loads(json.dumps(first)) == first


def test_report_names_the_state_of_the_density():
    """An electron of Na3 in one component of e'."""
    cluster = moved(shape("equilateral triangle"), np.random.default_rng(0), 0.04)
    group = find_point_group(cluster)
    state = electronic_values(solve_scf(cluster, Method()), group)["state"]
    assert (state["label"], state["density_group"]) == ("2E'", "C2v")
    assert state["label_in_density_group"] in ("2A1", "2B2")
    assert state["terms"] == {"2E'": 1}
