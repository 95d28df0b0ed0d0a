"""Irreducible representations of vibrations: their numbers, noise, isotopes and lines of atoms."""

from collections import Counter

import numpy as np
import pytest
from reference_geometries import moved, reference_geometries

from clusterdft.electronic_symmetry.mode_irreps import mode_irreps
from clusterdft.errors import InputError
from clusterdft.method import Method
from clusterdft.properties.vibrations import vibrations
from clusterdft.surfaces.classical import Gupta, LennardJones
from clusterdft.symmetry.irreps import motion_irreps
from clusterdft.symmetry.point_group import find_point_group

REFERENCE = reference_geometries()
LJ = LennardJones()


def vibrating(name, surface=LJ, seed=0, noise=0.0):
    cluster = moved(REFERENCE[name][1], np.random.default_rng(seed), noise)
    return find_point_group(cluster), vibrations(cluster, surface, symmetry_tolerance=0.0, step=0.01)


SHAPES = ["equilateral triangle", "rhombus", "square", "tetrahedron", "octahedron", "trigonal bipyramid"]
SHAPES += ["pentagonal bipyramid", "square antiprism", "obtuse triangle"]


@pytest.mark.parametrize("noise", [0.0, 0.03])
@pytest.mark.parametrize("name", SHAPES)
def test_numbers_are_those_of_the_motions(name, noise):
    group, found = vibrating(name, noise=noise)
    sets = mode_irreps(group, found)
    assert group.name == REFERENCE[name][0]
    assert Counter(one.irrep for one in sets) == motion_irreps(group)[1]
    assert sorted(k for one in sets for k in one.indices) == list(range(len(found.modes)))
    if noise == 0:
        assert min(one.purity for one in sets) > 1 - 1e-4
        for one in sets:
            assert np.square(one.frequencies) == pytest.approx(np.square(one.frequencies)[0], abs=1e-9)


def test_larger_surface_with_bands():
    group, found = vibrating("icosahedron", Gupta())
    sets = mode_irreps(group, found)
    assert Counter(one.irrep for one in sets) == motion_irreps(group)[1]
    assert {one.degeneracy for one in sets if one.irrep == "Hg"} == {5}


def test_trimer_of_kohn_sham():
    group, found = vibrating("equilateral triangle", Method(occupation="equal"))
    sets = mode_irreps(group, found)
    assert sorted((one.label, one.degeneracy) for one in sets) == [("a1'", 1), ("e'", 2)]
    assert min(one.purity for one in sets) > 0.999


LINES = {
    "dimer": ["sigmag"],
    "chain of 3": ["piu", "sigmag", "sigmau"],
    "mixed chain": ["pi", "sigma", "sigma"],
}


@pytest.mark.parametrize("name", LINES)
def test_atoms_on_a_line(name):
    group, found = vibrating(name, seed=2)
    sets = mode_irreps(group, found)
    assert sorted(one.label for one in sets) == LINES[name]
    assert [one.degeneracy for one in sets if one.label.startswith("pi")] == [2] * ("chain" in name)


def test_one_atom_does_not_vibrate():
    group, found = vibrating("atom")
    assert mode_irreps(group, found) == ()


def test_isotopes():
    """An equilateral triangle with one light corner has the modes of C2v."""
    whole, found = vibrating("equilateral triangle")
    lighter = vibrations(found.cluster, LJ, symmetry_tolerance=0.0, step=0.01, masses=(23, 23, 22))
    with pytest.raises(InputError, match="unlike isotopes"):
        mode_irreps(whole, lighter)
    group = find_point_group(found.cluster, labels=(23, 23, 22))
    assert sorted(one.label for one in mode_irreps(group, lighter)) == ["a1", "a1", "b2"]


def test_group_of_another_cluster():
    with pytest.raises(InputError, match="permutes 2 atoms"):
        mode_irreps(vibrating("dimer")[0], vibrating("equilateral triangle")[1])
