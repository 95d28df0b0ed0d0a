"""Subgroups and epikernels against the literature."""

import numpy as np
import pytest
from reference_geometries import moved, reference_geometries

from clusterdft.symmetry.point_group import find_point_group
from clusterdft.symmetry.subgroups import epikernels, restricted_group, subgroups

# sets of conjugate subgroups and subgroups in all; Td is S4, Oh is S4 x Z2, I is A5, Ih is A5 x Z2
COUNTS = {"C1": (1, 1), "C2v": (5, 5), "D3": (4, 6), "Td": (11, 30), "O": (11, 30), "Oh": (33, 98)}
COUNTS |= {"I": (9, 59), "Ih": (22, 164), "T": (5, 10), "D2h": (16, 16)}


@pytest.mark.parametrize("name", COUNTS)
def test_numbers_of_subgroups(name):
    found = subgroups(name)
    assert (len(found), sum(s.n_conjugate for s in found)) == COUNTS[name]
    assert (found[0].name, found[-1].name) == (name, "C1")


EPIKERNELS = {
    ("D3h", "E'"): ["C2v", "Cs"],
    ("Td", "E"): ["D2d", "D2"],
    ("Td", "T2"): ["C3v", "C2v", "Cs", "C1"],
    ("Oh", "Eg"): ["D4h", "D2h"],
    ("Oh", "T2g"): ["D3d", "D2h", "C2h", "Ci"],
    ("Ih", "Hg"): ["D5d", "D3d", "D2h", "C2h", "Ci"],
    ("D4h", "B1g"): ["D2h"],
}


@pytest.mark.parametrize(("name", "label"), EPIKERNELS)
def test_epikernels(name, label):
    """Ceulemans and Vanquickenborne (1989); Liehr, J. Phys. Chem. 67, 389 (1963)."""
    assert [s.name for s in epikernels(name, label)] == EPIKERNELS[name, label]


def test_restricted_groups_are_whole_point_groups():
    whole = find_point_group(moved(reference_geometries()["octahedron"][1], np.random.default_rng(3)))
    threefold = [k for k, m in enumerate(whole.standard) if np.allclose(m @ np.ones(3), np.ones(3))]
    part = restricted_group(whole, threefold)
    assert (part.name, part.order) == ("C3v", 6)
    x = whole.symmetrized_positions - whole.centre
    for matrix, permutation in zip(part.operations, part.permutations, strict=True):
        assert x @ matrix.T == pytest.approx(x[permutation], abs=1e-9)
