"""Terms of open shells against tables, sums over all states and atoms."""

from collections import Counter
from math import comb

import pytest
from point_group_names import EVERY

from clusterdft.electronic_symmetry.terms import configuration_terms
from clusterdft.errors import InputError
from clusterdft.groups.character_tables import character_table
from clusterdft.symmetry.irreps import spherical_splitting


def listed(terms):
    return sorted(term.label for term in terms for _ in range(term.count))


# textbook terms: Herzberg, Electronic Spectra of Polyatomic Molecules (1966); Griffith, The Theory of
# Transition-Metal Ions (1961); atoms from Condon and Shortley, The Theory of Atomic Spectra (1935)
KNOWN = [
    ("D3h", {"E'": 1}, "2E'"),
    ("D3h", {"E'": 2}, "3A2' 1A1' 1E'"),
    ("D3h", {"E'": 3}, "2E'"),
    ("D3h", {"E'": 4}, "1A1'"),
    ("D3h", {"E'": 1, "E''": 1}, "3A1'' 3A2'' 3E'' 1A1'' 1A2'' 1E''"),
    ("D4h", {"Eu": 2}, "3A2g 1A1g 1B1g 1B2g"),
    ("D5h", {"E1'": 2}, "3A2' 1A1' 1E2'"),
    ("C5v", {"E2": 2}, "3A2 1A1 1E1"),
    ("Td", {"T2": 2}, "3T1 1T2 1E 1A1"),
    ("Td", {"T2": 3}, "4A2 2E 2T1 2T2"),
    ("Td", {"E": 2}, "3A2 1A1 1E"),
    ("Oh", {"T1u": 3}, "4A1u 2Eu 2T1u 2T2u"),
    ("Oh", {"T2g": 2, "Eg": 1}, "4T1g 4T2g 2A1g 2A2g 2Eg 2Eg 2T1g 2T1g 2T2g 2T2g"),
    ("Ih", {"T1u": 2}, "3T1g 1Ag 1Hg"),
    ("Ih", {"Hg": 2}, "3T1g 3T2g 3Gg 1Ag 1Gg 1Hg 1Hg"),
    ("C2v", {"A1": 1, "B2": 1}, "3B2 1B2"),
    ("C3", {"E": 2}, "3A 1A 1E"),
    ("D3h", {}, "1A1'"),
    ("Dinfh", {}, "1Sigmag+"),
    ("Dinfh", {"Sigmau+": 1}, "2Sigmau+"),
    ("Dinfh", {"Piu": 2}, "3Sigmag- 1Sigmag+ 1Deltag"),
    ("Dinfh", {"Piu": 3}, "2Piu"),
    ("Dinfh", {"Piu": 1, "Pig": 1}, "3Sigmau+ 3Sigmau- 3Deltau 1Sigmau+ 1Sigmau- 1Deltau"),
    ("Cinfv", {"Pi": 1, "Delta": 1}, "3Pi 3Phi 1Pi 1Phi"),
    ("Cinfv", {"Delta": 2}, "3Sigma- 1Sigma+ 1Gamma"),
    ("Kh", {"Sg": 1}, "2Sg"),
    ("Kh", {"Pu": 2}, "3Pg 1Sg 1Dg"),
    ("Kh", {"Pu": 3}, "4Su 2Pu 2Du"),
    ("Kh", {"Dg": 2}, "3Pg 3Fg 1Sg 1Dg 1Gg"),
    ("Kh", {"Dg": 3}, "4Pg 4Fg 2Pg 2Dg 2Dg 2Fg 2Gg 2Hg"),
    (
        "Kh",
        {"Dg": 5},
        "6Sg 4Pg 4Dg 4Fg 4Gg 2Sg 2Pg 2Dg 2Dg 2Dg 2Fg 2Fg 2Gg 2Gg 2Hg 2Ig",
    ),
    ("Kh", {"Pu": 1, "Dg": 1}, "3Pu 3Du 3Fu 1Pu 1Du 1Fu"),
]


@pytest.mark.parametrize(("name", "shells", "terms"), KNOWN)
def test_known_terms(name, shells, terms):
    assert listed(configuration_terms(name, tuple(shells.items()))) == sorted(terms.split())


@pytest.mark.parametrize("name", EVERY)
def test_two_electrons_are_the_squares(name):
    """Singlets from the symmetric square, triplets from the rest of the product."""
    table = character_table(name)
    for irrep in table.irreps:
        by_spin = {1: {}, 3: {}}
        for term in configuration_terms(name, [(irrep.label, 2)]):
            by_spin[term.multiplicity][term.irrep] = term.count
        assert by_spin[1] == table.symmetric_square(irrep.label)
        assert Counter(by_spin[3]) + Counter(by_spin[1]) == Counter(table.product(irrep.label, irrep.label))


@pytest.mark.parametrize("name", ["D3h", "D6d", "Td", "S6", "Oh", "Ih"])
def test_all_states_are_counted_and_holes_are_electrons(name):
    table = character_table(name)
    size = {irrep.label: irrep.dimension for irrep in table.irreps}
    for irrep in table.irreps:
        room = 2 * irrep.dimension
        for n in range(room + 1):
            terms = configuration_terms(name, [(irrep.label, n)])
            states = sum(t.multiplicity * size[t.irrep] * t.count for t in terms)
            assert states == comb(room, n)
            if irrep.dimension != 3:  # three orbitals turn as their determinant, which is not always even
                holes = configuration_terms(name, [(irrep.label, room - n)])
                assert sorted(listed(terms)) == sorted(listed(holes))


@pytest.mark.parametrize(("name", "irrep", "momentum"), [("Ih", "Hg", 2), ("Ih", "T1u", 1), ("Oh", "T1u", 1)])
def test_whole_shells_split_as_the_terms_of_atoms(name, irrep, momentum):
    """h^n of the icosahedron from d^n, t1u^n from p^n, term by term."""
    for n in range(1, 4 * momentum + 2):
        expected = Counter()
        for term in configuration_terms("Kh", [("SPD"[momentum] + "gu"[momentum % 2], n)]):
            parity = term.irrep[-1]
            for part, count in spherical_splitting(name, "SPDFGHI".index(term.irrep[0])).items():
                expected[term.multiplicity, part.rstrip("gu") + parity] += count * term.count
        found = {(t.multiplicity, t.irrep): t.count for t in configuration_terms(name, [(irrep, n)])}
        assert found == {(m, label): count for (m, label), count in expected.items()}


@pytest.mark.parametrize(
    ("name", "shells", "match"),
    [
        ("D3h", [("E'", 5)], "holds 0 to 4"),
        ("D3h", [("E", 1)], "no representation 'E'"),
        ("Dinfh", [("Pi", 1)], "no representation 'Pi'"),
        ("Kh", [("Pg", 1)], "no representation 'Pg'"),
    ],
)
def test_impossible_shells(name, shells, match):
    with pytest.raises(InputError, match=match):
        configuration_terms(name, shells)
