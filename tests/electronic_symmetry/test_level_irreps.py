"""Operations between basis functions, and the irreducible representations of Kohn-Sham levels."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from reference_geometries import moved, reference_geometries

from clusterdft.basis.shells import OrbitalShells
from clusterdft.cluster import Cluster
from clusterdft.electronic_symmetry.finite_action import finite_action
from clusterdft.electronic_symmetry.level_assignment import assign_levels
from clusterdft.electronic_symmetry.level_irreps import orbital_irreps
from clusterdft.electronic_symmetry.orbital_matrices import shell_moves
from clusterdft.errors import InputError
from clusterdft.groups.character_tables import character_table
from clusterdft.groups.group_matrices import multiplication_table
from clusterdft.integrals.one_electron import ao_values, kinetic, overlap
from clusterdft.method import Method
from clusterdft.scf.energy_functional import EnergyFunctional
from clusterdft.scf.resolve import resolve
from clusterdft.scf.setup import build_setup
from clusterdft.scf.solve_scf import solve_scf
from clusterdft.symmetry.point_group import find_point_group

REFERENCE = reference_geometries()
SMEARED = Method(occupation="equal")
FINE = Method(occupation="equal", grid="ultra", tolerance=1e-9)


def spd(natom):
    """Shells s, s, p, d on every atom."""
    return OrbitalShells(
        atom=np.repeat(np.arange(natom), 4),
        l=np.tile([0, 0, 1, 2], natom),
        exponent=np.tile([0.2, 0.03, 0.05, 0.08], natom),
    )


def shape(name, seed=0, noise=0.0, **state):
    cluster = REFERENCE[name][1]
    cluster = Cluster(symbols=cluster.symbols, positions=cluster.positions, **state)
    return moved(cluster, np.random.default_rng(seed), noise)


def named(cluster, method=SMEARED):
    result = solve_scf(cluster, method)
    group = find_point_group(cluster)
    return result, group, orbital_irreps(result, group)


def lowest(sets, n, spin=0):
    return [one.label for one in sets if one.spin == spin][:n]


def orbital_matrices(group, shells):
    """All operations that a point group holds, (m, nao, nao)."""
    move = shell_moves(shells, group.operations, group.permutations)
    return np.stack([move(k, np.eye(shells.nao)) for k in range(len(group.operations))])


@pytest.mark.parametrize("name", ["equilateral triangle", "tetrahedron", "icosahedron", "made S6", "dimer"])
def test_matrices_multiply_as_the_operations(name):
    group = find_point_group(shape(name, noise=0.02))
    matrices = orbital_matrices(group, spd(group.permutations.shape[1]))
    table = multiplication_table(group.standard)
    for g in np.random.default_rng(0).integers(len(table), size=6):
        assert np.abs(matrices[g] @ matrices - matrices[table[g]]).max() < 1e-12
        assert np.abs(matrices[g] @ matrices[g].T - np.eye(len(matrices[g]))).max() < 1e-12


def test_operations_turn_the_functions_themselves():
    """phi(g^-1 r) = phi(r) D(g), by the values of s, p and d functions."""
    cluster = shape("tetrahedron", seed=2)
    group, shells = find_point_group(cluster), spd(4)
    x = cluster.positions - group.centre
    points = np.random.default_rng(1).normal(scale=6, size=(40, 3))
    values = ao_values(shells, x, points)[0]
    for matrix, turned in zip(group.operations, orbital_matrices(group, shells), strict=True):
        assert ao_values(shells, x, points @ matrix)[0] == pytest.approx(values @ turned, abs=1e-9)


@pytest.mark.parametrize("name", ["equilateral triangle", "rhombus", "tetrahedron", "octahedron"])
def test_one_electron_matrices_are_invariant(name):
    cluster = shape(name, seed=4)
    group, shells = find_point_group(cluster), spd(cluster.natom)
    setup = build_setup(cluster, resolve(Method(), cluster.symbols))
    for table, matrices in (
        (shells, (overlap(shells, cluster.positions), kinetic(shells, cluster.positions))),
        (setup.shells, (setup.overlap, EnergyFunctional(setup).core_hamiltonian)),
    ):
        for turned in orbital_matrices(group, table):
            for matrix in matrices:
                assert np.abs(turned.T @ matrix @ turned - matrix).max() < 1e-10


KNOWN = {  # the lowest levels; Na4 and Na6 are spheres of one s and three p levels
    "equilateral triangle": ["1a1'", "1e'", "2a1'", "1a2''", "2e'", "1e''"],
    "tetrahedron": ["1a1", "1t2", "2a1"],
    "rhombus": ["1ag", "1b1u", "1b2u"],
    "octahedron": ["1a1g", "1t1u", "1eg"],
    "dimer": ["1sigmag", "1sigmau", "2sigmag", "1piu", "1pig"],
    "atom": ["1s", "1p", "2s"],
}


@pytest.mark.parametrize("name", KNOWN)
def test_labels_of_the_lowest_levels(name):
    _, _, exact = named(shape(name))
    n = len(KNOWN[name])
    assert lowest(exact, n) == lowest(named(shape(name, seed=1))[2], n) == KNOWN[name]
    assert min(one.purity for one in exact[:n]) > 0.9999  # the quadrature is not symmetric
    assert max(np.ptp(one.energies) for one in exact[:n]) < 1e-4


@pytest.mark.parametrize("name", ["equilateral triangle", "tetrahedron", "octahedron"])
def test_noise_splits_levels_but_no_sets(name):
    _, _, exact = named(shape(name))
    _, _, noisy = named(shape(name, seed=3, noise=0.04))
    n = len(KNOWN[name])
    assert lowest(noisy, n) == lowest(exact, n)
    for before, after in zip(exact[:n], noisy[:n], strict=True):
        assert after.degeneracy == before.degeneracy
        assert after.purity > 0.99
        assert after.shares[after.irrep] >= after.purity - 1e-12
        assert (np.ptp(after.energies) > 2e-4) == (after.degeneracy > 1)


@pytest.mark.parametrize("name", ["equilateral triangle", "tetrahedron", "octahedron", "square"])
def test_all_levels_together_have_the_characters_of_the_basis(name):
    result, group, sets = named(shape(name, noise=0.04))
    table = character_table(group.name)
    matrices = orbital_matrices(group, result.shells)
    whole = table.reduce(np.array([np.trace(matrices[c.members[0]]) for c in table.classes]))
    assert Counter(one.irrep for one in sets if one.spin == 0) == whole
    assert sorted(i for one in sets if one.spin == 0 for i in one.indices) == list(range(len(matrices[0])))


def test_levels_that_meet_by_accident_stay_apart():
    result, group, before = named(shape("equilateral triangle"), FINE)
    energy = result.mo_energy.copy()
    energy[0, :6] = energy[0, 1] + 1e-7 * np.array([1, 0, 3, -2, -1, 2])
    order = np.argsort(energy[0])
    met = replace(
        result,
        mo_energy=energy[:1, order],
        mo_coeff=result.mo_coeff[:1, :, order],
        occupation=result.occupation[:1, order],
    )
    after = orbital_irreps(met, group)
    assert min(one.purity for one in after[:6]) > 1 - 1e-3
    assert {tuple(sorted(order[list(one.indices)])): one.irrep for one in after} == {
        one.indices: one.irrep for one in before if one.spin == 0
    }


def test_mixtures_of_unlike_levels_are_impure():
    result, group, _ = named(shape("equilateral triangle"))
    angle = 0.5
    turn = np.eye(result.mo_coeff.shape[2])
    turn[[0, 0, 4, 4], [0, 4, 0, 4]] = np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)
    mixed = replace(result, mo_coeff=result.mo_coeff @ turn)
    first = orbital_irreps(mixed, group)[0]
    assert first.irrep == "A1'"
    assert first.shares == {
        "A1'": pytest.approx(np.cos(angle) ** 2, abs=1e-4),
        "A2''": pytest.approx(np.sin(angle) ** 2, abs=1e-4),
    }


def test_a_density_of_lower_symmetry_keeps_the_labels():
    """One electron in one component of e': its level and the empty one are partners, apart in energy."""
    _, _, sets = named(shape("equilateral triangle", noise=0.04), Method())
    partners = next(one for one in sets if one.label == "1e'")
    assert partners.indices == (1, 2)
    assert sorted(partners.occupation) == pytest.approx([0, 1], abs=1e-3)
    assert 0.9 < partners.purity < 1


def test_heteronuclear_chain():
    _, group, sets = named(shape("mixed chain"), Method())
    assert group.name == "Cinfv"
    assert lowest(sets, 2) == ["1sigma", "2sigma"]
    assert {one.degeneracy for one in sets if one.irrep == "Pi"} == {2}


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("atom", {"Sg": 2, "Pu": 1, "Dg": 1}),
        (
            "dimer",
            {"Sigmag+": 4, "Sigmau+": 4, "Piu": 2, "Pig": 2, "Deltag": 1, "Deltau": 1},
        ),
        ("mixed chain", {"Sigma+": 12, "Pi": 6, "Delta": 3}),
    ],
)
def test_continuous_groups_with_d_functions(name, counts):
    """Levels of the kinetic energy in orthonormal functions."""
    cluster = shape(name, seed=5)
    group, shells = find_point_group(cluster), spd(cluster.natom)
    action = finite_action(group)
    values, vectors = np.linalg.eigh(
        overlap(shells, cluster.positions) + 3 * kinetic(shells, cluster.positions)
    )
    move = shell_moves(shells, action.operations, action.permutations)
    found = assign_levels(action, move, vectors, values)
    assert Counter(action.labels[one.irrep] for one in found) == counts
    assert min(one.purity for one in found) > 1 - 1e-9


def test_dependent_functions_left_out_do_no_harm():
    """Fewer levels than functions."""
    result, group, sets = named(shape("tetrahedron"))
    fewer = replace(
        result,
        mo_energy=result.mo_energy[:, :10],
        mo_coeff=result.mo_coeff[:, :, :10],
        occupation=result.occupation[:, :10],
    )
    kept = [(one.label, one.indices, one.spin) for one in sets if max(one.indices) < 10]
    assert [(one.label, one.indices, one.spin) for one in orbital_irreps(fewer, group)] == kept


def test_group_of_another_cluster():
    result, _, _ = named(shape("dimer"))
    with pytest.raises(InputError, match="permutes 3 atoms"):
        orbital_irreps(result, find_point_group(shape("equilateral triangle")))
