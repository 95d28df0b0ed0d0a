"""Merging outcomes into isomers, and the numbers of the table."""

import numpy as np
import pytest

from clusterdft.cluster import Cluster
from clusterdft.generate import GENERATORS
from clusterdft.geometry.distances import neighbour_distances
from clusterdft.isomer_search.outcome import Outcome, task_key
from clusterdft.isomers.pool import Pool, merge


def outcome(index, energy, cluster, *, n_unpaired=0.0):
    return Outcome(
        index=index,
        key=str(index),
        relaxed=True,
        reason="",
        cluster=cluster,
        energy=energy,
        n_unpaired=n_unpaired,
        largest_force=1e-5,
        n_force_calls=10,
    )


def sodium(positions):
    return Cluster(symbols=("Na",) * len(positions), positions=positions)


def triangle(a, b):
    """Isosceles triangle with two sides a and one side b."""
    return sodium([[0, -b / 2, 0], [0, b / 2, 0], [np.sqrt(a**2 - b**2 / 4), 0, 0]])


def rhombus(side, short):
    return sodium(
        [[0, short / 2, 0], [0, -short / 2, 0]]
        + [[s * np.sqrt(side**2 - short**2 / 4), 0, 0] for s in (1, -1)]
    )


def test_duplicates_merge_into_the_lowest_and_are_counted():
    one, other = triangle(5.75, 7.49), triangle(6.6, 5.6)
    turned = sodium(one.positions[::-1] @ np.diag([-1.0, 1.0, 1.0]) + 5.0)
    outcomes = [
        outcome(0, -0.6, one),
        outcome(1, -0.59, other),
        outcome(2, -0.6001, turned),
        outcome(3, -0.5999, one),
    ]
    isomers = merge(outcomes, separated_energy=-0.5)
    assert [isomer.starts for isomer in isomers] == [(0, 2, 3), (1,)]
    assert [isomer.n_hits for isomer in isomers] == [3, 1]
    assert isomers[0].energy == -0.6001
    assert isomers[0].cluster is turned
    assert isomers[0].n_force_calls == 30
    assert isomers[0].binding_energy_per_atom == pytest.approx(0.1001 / 3)


def test_result_does_not_depend_on_the_order():
    rng = np.random.default_rng(0)
    starts = [GENERATORS["random-cube"](("Na",) * 4, seed=0, index=i % 5) for i in range(20)]
    outcomes = [outcome(i, -0.5 - 0.01 * (i % 5) + 1e-5 * rng.normal(), c) for i, c in enumerate(starts)]
    expected = [(isomer.energy, isomer.starts) for isomer in merge(outcomes)]
    assert len(expected) == 5
    for _ in range(5):
        rng.shuffle(outcomes)
        assert [(isomer.energy, isomer.starts) for isomer in merge(outcomes)] == expected


@pytest.mark.parametrize("change", [{"energy": -0.598}, {"n_unpaired": 2.0}])
def test_same_shape_with_another_energy_or_spin_is_another_isomer(change):
    here = triangle(5.75, 7.49)
    values = {"energy": -0.6, "n_unpaired": 0.0} | change
    other = outcome(1, values["energy"], here, n_unpaired=values["n_unpaired"])
    assert len(merge([outcome(0, -0.6, here), other])) == 2


def test_same_energy_with_another_shape_is_another_isomer():
    assert len(merge([outcome(0, -0.6, triangle(5.75, 7.49)), outcome(1, -0.6, triangle(6.6, 5.6))])) == 2


@pytest.mark.parametrize(
    ("cluster", "count"),
    [(triangle(5.754, 7.487), 3), (rhombus(6.231, 5.467), 5), (sodium([[0, 0, 0], [0, 0, 6.4]]), 1)],
    ids=["Na3", "Na4", "Na2"],
)
def test_neighbours_are_those_that_the_paper_counts(cluster, count):
    assert len(neighbour_distances(cluster)) == count


def test_table_of_the_rhombus():
    (isomer,) = merge([outcome(0, -0.857, rhombus(6.231, 5.467))])
    assert isomer.shortest_distance == pytest.approx(5.467)
    assert isomer.mean_distance == pytest.approx((4 * 6.231 + 5.467) / 5)
    assert isomer.distance_spread == pytest.approx(0.306, abs=1e-3)
    assert isomer.binding_energy_per_atom is None


def test_atom_has_no_neighbours_and_far_pairs_have_one_distance():
    (isomer,) = merge([outcome(0, -0.2, sodium([[0, 0, 0]]))])
    assert (isomer.shortest_distance, isomer.mean_distance, isomer.distance_spread) == (None, None, None)
    assert neighbour_distances(sodium([[0, 0, 0], [0, 0, 9.0]])) == pytest.approx([9.0])


def test_task_key_follows_everything_that_decides():
    cluster = triangle(6.0, 6.0)
    relaxation = {"relaxer": "quasi-newton", "fmax": 1e-4}
    keys = {
        task_key(cluster, "surface", relaxation),
        task_key(cluster, "other surface", relaxation),
        task_key(cluster, "surface", relaxation | {"fmax": 2e-4}),
        task_key(cluster.at(cluster.positions + 1e-12), "surface", relaxation),
        task_key(Cluster(symbols=("Na",) * 3, positions=cluster.positions, charge=1), "surface", relaxation),
        task_key(
            Cluster(symbols=("Na",) * 3, positions=cluster.positions, n_unpaired=1), "surface", relaxation
        ),
        task_key(Cluster(symbols=("K",) * 3, positions=cluster.positions), "surface", relaxation),
    }
    assert len(keys) == 7
    assert task_key(cluster, "surface", dict(reversed(relaxation.items()))) in keys


def chain(n, seed):
    """Outcomes that resemble their neighbours in energy and shape, but not all others."""
    rng = np.random.default_rng(seed)
    sides = rng.uniform(5.6, 6.6, n)
    energies = -0.6 + rng.integers(0, 12, n) * 1e-4
    return [
        outcome(i, energy, triangle(side, 6.0))
        for i, (side, energy) in enumerate(zip(sides, energies, strict=True))
    ]


def grouped_at_once(outcomes):
    """The definition: from the lowest up, each joins the first isomer whose lowest outcome it resembles."""
    groups = []
    for one in sorted(outcomes, key=lambda one: (one.energy, one.index)):
        home = next((group for group in groups if len(merge([group[0], one])) == 1), None)
        if home is None:
            groups.append([one])
        else:
            home.append(one)
    return [tuple(sorted(one.index for one in group)) for group in groups]


@pytest.mark.parametrize("seed", range(6))
def test_growing_pool_is_what_grouping_all_at_once_gives(seed):
    outcomes = chain(25, seed)
    expected = grouped_at_once(outcomes)
    assert 2 < len(expected) < 20
    order = np.random.default_rng(seed).permutation(25)
    pool = Pool(separated_energy=-0.5)
    for count, i in enumerate(order, start=1):
        pool.add(outcomes[i])
        assert sum(isomer.n_hits for isomer in pool.isomers()) == count
    assert [isomer.starts for isomer in pool.isomers()] == expected
