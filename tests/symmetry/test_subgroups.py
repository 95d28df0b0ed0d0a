"""Subgroups, branching and epikernels against the literature."""

import pytest

from clusterdft.groups.character_tables import character_table
from clusterdft.symmetry.subgroups import branching, epikernels, subgroups

# sets of conjugate subgroups and subgroups in all; Td is S4, Oh is S4 x Z2, I is A5, Ih is A5 x Z2
COUNTS = {"C1": (1, 1), "C2v": (5, 5), "D3": (4, 6), "Td": (11, 30), "O": (11, 30), "Oh": (33, 98)}
COUNTS |= {"I": (9, 59), "Ih": (22, 164), "T": (5, 10), "D2h": (16, 16)}


@pytest.mark.parametrize("name", COUNTS)
def test_numbers_of_subgroups(name):
    found = subgroups(name)
    assert (len(found), sum(s.n_conjugate for s in found)) == COUNTS[name]
    assert (found[0].name, found[-1].name) == (name, "C1")


def part(name, symbol):
    return next(s for s in subgroups(name) if s.name == symbol)


def test_branching_of_the_octahedron_and_the_icosahedron():
    """Wilson, Decius and Cross, Molecular Vibrations (1955), table X-14."""
    assert branching("Oh", part("Oh", "Td"))["T1u"] == {"T2": 1}
    assert branching("Oh", part("Oh", "D4h"))["Eg"] == {"A1g": 1, "B1g": 1}
    assert branching("Oh", part("Oh", "D3d"))["T2g"] == {"A1g": 1, "Eg": 1}
    assert branching("Ih", part("Ih", "Th"))["Hg"] == {"Eg": 1, "Tg": 1}
    assert branching("Ih", part("Ih", "D5d"))["Hg"] == {"A1g": 1, "E1g": 1, "E2g": 1}
    assert branching("Td", part("Td", "D2d"))["T2"] == {"B2": 1, "E": 1}


@pytest.mark.parametrize("name", ["Td", "D6h", "Ih", "D4d", "S6"])
def test_branching_keeps_dimensions(name):
    sizes = {i.label: i.dimension for i in character_table(name).irreps}
    for subgroup in subgroups(name):
        inner = {i.label: i.dimension for i in character_table(subgroup.name).irreps}
        for label, parts in branching(name, subgroup).items():
            assert sum(n * inner[k] for k, n in parts.items()) == sizes[label]


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
