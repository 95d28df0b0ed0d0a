"""Partners among the levels of matrices whose symmetry is known."""

from collections import Counter

import numpy as np
import pytest
from reference_geometries import reference_geometries

from clusterdft.electronic_symmetry.finite_action import finite_action
from clusterdft.electronic_symmetry.level_assignment import assign_levels
from clusterdft.symmetry.point_group import find_point_group

REFERENCE = reference_geometries()


def hopping(name, noise=0.0):
    """An electron on the sites of a shape: the action, how it moves columns, levels and orbitals."""
    cluster = REFERENCE[name][1]
    action = finite_action(find_point_group(cluster))
    apart = np.linalg.norm(cluster.positions[:, None] - cluster.positions, axis=2)
    matrix = -np.exp(-apart / 5.0)
    kick = np.random.default_rng(0).normal(scale=noise, size=matrix.shape)
    values, vectors = np.linalg.eigh(matrix + kick + kick.T)

    def move(k, x):
        image = np.empty_like(x)
        image[action.permutations[k]] = x
        return image

    return action, move, vectors, values


SETS = {  # s orbitals on the sites: Albright, Burdett and Whangbo, Orbital Interactions in Chemistry (1985)
    "equilateral triangle": ["A1'", "E'"],
    "square": ["A1g", "Eu", "B2g"],
    "tetrahedron": ["A1", "T2"],
    "octahedron": ["A1g", "T1u", "Eg"],
    "cube": ["A1g", "T1u", "T2g", "A2u"],
}


@pytest.mark.parametrize("name", SETS)
def test_sets_of_sites(name):
    action, move, vectors, values = hopping(name)
    found = assign_levels(action, move, vectors, values)
    labels = [action.labels[one.irrep] for one in found]
    if name == "square":  # the corners may be on the axes called x and y or between them
        labels = [label.replace("B1g", "B2g") for label in labels]
    assert labels == SETS[name]
    assert [k for one in found for k in one.members] == list(range(len(values)))
    for one in found:
        assert len(one.members) == action.dimensions[one.irrep]
        assert one.purity == pytest.approx(1)
        assert one.shares[one.irrep] == pytest.approx(1)


@pytest.mark.parametrize("name", SETS)
def test_noise_lowers_the_purity_only(name):
    action, move, vectors, values = hopping(name)
    before = assign_levels(action, move, vectors, values)
    action, move, vectors, values = hopping(name, noise=0.01)
    after = assign_levels(action, move, vectors, values)
    assert [one.irrep for one in after] == [one.irrep for one in before]
    assert all(0.9 < one.purity < 1 - 1e-6 for one in after)
    assert all(one.shares.sum() == pytest.approx(1) for one in after)


def test_levels_that_coincide_go_to_their_own_sets():
    action, move, vectors, _ = hopping("octahedron")
    found = assign_levels(action, move, vectors, np.zeros(6))
    assert Counter(action.labels[one.irrep] for one in found) == Counter(SETS["octahedron"])


def test_some_of_the_levels():
    """The lowest four of six: the others are not asked for."""
    action, move, vectors, values = hopping("octahedron")
    found = assign_levels(action, move, vectors[:, :4], values[:4])
    assert [(action.labels[one.irrep], one.members) for one in found] == [("A1g", (0,)), ("T1u", (1, 2, 3))]
