"""States of sodium clusters, and the groups that their densities keep."""

from dataclasses import replace

import numpy as np
import pytest
from reference_geometries import moved, reference_geometries

from clusterdft.cluster import Cluster
from clusterdft.electronic_symmetry.level_irreps import LevelSet, orbital_irreps
from clusterdft.electronic_symmetry.state import density_group, electronic_state
from clusterdft.method import Method
from clusterdft.scf.solve_scf import solve_scf
from clusterdft.symmetry.point_group import find_point_group

REFERENCE = reference_geometries()


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
    assert inner.label[1:] == next(shell.irrep for shell in inner.shells if shell.is_open)


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
    assert [shell.label for shell in found.shells if shell.is_open] == ["1e'"]
    assert (found.n_unpaired, found.label) == (0.0, "1A1' + 1E'")


def test_fractions_of_electrons_have_no_term():
    group = find_point_group(REFERENCE["equilateral triangle"][1])
    found = electronic_state((level("1a1'", "A1'", (1.6,)), level("2a1'", "A1'", (0.4,), energy=0.1)), group)
    assert (found.terms, found.label) == ((), None)
    assert found.configuration == "(1a1')1.6 (2a1')0.4"
