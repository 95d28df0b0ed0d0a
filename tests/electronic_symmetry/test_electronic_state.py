"""Terms of open shells against tables, sums over all states and atoms; states of sodium clusters."""

from collections import Counter
from dataclasses import replace
from math import comb

import numpy as np
import pytest
from point_group_names import EVERY
from reference_geometries import moved, reference_geometries

from clusterdft.cluster import Cluster
from clusterdft.electronic_symmetry.level_irreps import LevelSet, orbital_irreps
from clusterdft.electronic_symmetry.state import density_group, electronic_state
from clusterdft.electronic_symmetry.term_symbols import configuration_terms
from clusterdft.errors import InputError
from clusterdft.groups.character_tables import character_table
from clusterdft.method import Method
from clusterdft.scf.solve_scf import solve_scf
from clusterdft.symmetry.irreps import spherical_splitting
from clusterdft.symmetry.point_group import find_point_group
from clusterdft.symmetry.subgroups import restricted_group

REFERENCE = reference_geometries()


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
    """Triplets from the antisymmetric square, singlets from the symmetric one."""
    table = character_table(name)
    for irrep in table.irreps:
        by_spin = {1: {}, 3: {}}
        for term in configuration_terms(name, [(irrep.label, 2)]):
            by_spin[term.multiplicity][term.irrep] = term.count
        assert by_spin[1] == table.symmetric_square(irrep.label)
        assert by_spin[3] == table.antisymmetric_square(irrep.label)


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


def cluster(name, seed=0, noise=0.0, **state):
    start = REFERENCE[name][1]
    start = Cluster(symbols=start.symbols, positions=start.positions, **state)
    return moved(start, np.random.default_rng(seed), noise)


def solved(name, occupation="equal", **keywords):
    start = cluster(name, **keywords)
    result, group = solve_scf(start, Method(occupation=occupation)), find_point_group(start)
    return result, group, electronic_state(orbital_irreps(result, group), group)


STATES = [
    ("atom", {}, "2Sg", "(1s)1"),
    ("dimer", {}, "1Sigmag+", "(1sigmag)2"),
    ("dimer", {"charge": 1}, "2Sigmag+", "(1sigmag)1"),
    ("equilateral triangle", {}, "2E'", "(1a1')2 (1e')1"),
    ("equilateral triangle", {"charge": 1}, "1A1'", "(1a1')2"),
    ("equilateral triangle", {"charge": -1, "n_unpaired": 2}, "3A2'", "(1a1')2 (1e')2"),
    ("tetrahedron", {"charge": 1}, "2T2", "(1a1)2 (1t2)1"),
    ("tetrahedron", {"n_unpaired": 2}, "3T1", "(1a1)2 (1t2)2"),
    ("tetrahedron", {"n_unpaired": 0}, "1A1 + 1E + 1T2", "(1a1)2 (1t2)2"),
    ("rhombus", {}, "1Ag", "(1ag)2 (1b1u)2"),
    ("octahedron", {"n_unpaired": 2}, "3T1g", "(1a1g)2 (1t1u)4"),
    ("icosahedron", {"n_unpaired": 5}, "6Ag", "(1ag)2 (1t1u)6 (1hg)5"),
]


@pytest.mark.parametrize(("name", "state", "label", "configuration"), STATES)
def test_states_of_sodium_clusters(name, state, label, configuration):
    for seed, noise in ((0, 0.0), (1, 0.03)):
        result, group, found = solved(name, seed=seed, noise=noise, **state)
        assert (found.label, found.configuration) == (label, configuration)
        assert found.n_unpaired == pytest.approx(result.n_unpaired, abs=1e-6)
        if noise == 0:
            assert density_group(result, group).name == group.name


def test_one_component_of_a_degenerate_level():
    """Na3 with its electron in one component of e': the density is that of C2v."""
    result, group, found = solved("equilateral triangle", occupation="aufbau", noise=0.04)
    assert found.label == "2E'"
    kept = density_group(result, group)
    assert kept.name == "C2v"
    inner = electronic_state(orbital_irreps(result, kept), kept)
    assert inner.label in ("2A1", "2B2")
    assert inner.label[1:] == inner.open_shells[0].irrep


def test_one_component_on_a_line():
    """An electron of Na2 moved to one component of pi leaves no rotation about the axis."""
    result, group, _ = solved("dimer", charge=1)
    sets = orbital_irreps(result, group)
    place = next(one.indices[0] for one in sets if one.irrep == "Piu")
    occupation = np.zeros_like(result.occupation)
    occupation[0, place] = 1.0
    excited = replace(result, occupation=occupation)
    assert density_group(excited, group) is None
    assert electronic_state(orbital_irreps(excited, group), group).label == "2Piu"


def test_restricted_groups_are_whole_point_groups():
    whole = find_point_group(cluster("octahedron", seed=3))
    threefold = [k for k, m in enumerate(whole.standard) if np.allclose(m @ np.ones(3), np.ones(3))]
    part = restricted_group(whole, threefold)
    assert (part.name, part.order) == ("C3v", 6)
    x = whole.symmetrized_positions - whole.centre
    for matrix, permutation in zip(part.operations, part.permutations, strict=True):
        assert x @ matrix.T == pytest.approx(x[permutation], abs=1e-9)


def level(label, irrep, occupation, spin=0, energy=0.0):
    return LevelSet(
        label=label,
        irrep=irrep,
        spin=spin,
        indices=tuple(range(len(occupation))),
        energies=(energy,) * len(occupation),
        occupation=occupation,
        shares={irrep: 1.0},
        purity=1.0,
    )


def test_spins_of_one_shell_are_counted_together():
    group = find_point_group(REFERENCE["equilateral triangle"][1])
    levels = (
        level("1a1'", "A1'", (1.0,), 0, -2.0),
        level("1e'", "E'", (1.0, 0.0), 0, -1.0),
        level("1a1'", "A1'", (1.0,), 1, -1.5),
        level("1e'", "E'", (0.5, 0.5), 1, -0.5),
    )
    found = electronic_state(levels, group)
    assert found.configuration == "(1a1')2 (1e')2"
    assert [shell.label for shell in found.open_shells] == ["1e'"]
    assert (found.n_unpaired, found.label) == (0.0, "1A1' + 1E'")


def test_fractions_of_electrons_have_no_term():
    group = find_point_group(REFERENCE["equilateral triangle"][1])
    found = electronic_state((level("1a1'", "A1'", (1.6,)), level("2a1'", "A1'", (0.4,), energy=0.1)), group)
    assert (found.terms, found.label) == ((), None)
    assert found.configuration == "(1a1')1.6 (2a1')0.4"
