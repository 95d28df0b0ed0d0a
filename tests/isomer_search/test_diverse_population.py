"""Populations that keep to niches."""

from collections import Counter

import numpy as np
from searching import relaxed, setting_of

from clusterdft.isomer_search.strategies.diverse_population import (
    NICHE_SIZE,
    POPULATION_SIZE,
    DiversePopulation,
)
from clusterdft.isomers.identity import minimum_of, same_minimum


def minima(count, natom=13):
    """Distinct and repeated minima of random starts."""
    starts = (setting_of(("Na",) * natom).generate(index) for index in range(count))
    outcomes = [relaxed(start, index) for index, start in enumerate(starts)]
    return [minimum_of(outcome) for outcome in outcomes if outcome.relaxed]


def test_same_minimum_whatever_the_orientation_and_order():
    (one,) = minima(1)
    turned = one.cluster.at(one.cluster.positions[::-1] @ np.diag([1.0, -1.0, 1.0])[[2, 0, 1]] + 3.0)
    other = minimum_of(relaxed(turned))
    assert same_minimum(one, other)
    assert not any(same_minimum(one, third) for third in minima(12) if third.energy - one.energy > 1e-2)


def test_population_is_sorted_distinct_and_keeps_the_lowest():
    population, some = DiversePopulation(), minima(60)
    for minimum in some:
        population.add(minimum)
    energies = [member.energy for member in population.members]
    assert energies == sorted(energies)
    assert len(energies) == POPULATION_SIZE
    assert energies[0] == min(minimum.energy for minimum in some)
    for k, one in enumerate(population.members):
        assert not any(same_minimum(one, other) for other in population.members[:k])
    assert not population.add(population.members[3])


def test_one_family_does_not_take_all_places():
    """Minima like the lowest one compete for the places of their niche; far ones, higher in energy, stay."""
    population = DiversePopulation()
    for minimum in minima(60):
        population.add(minimum)
    lowest, before = population.members[0], list(population.members)
    rng = np.random.default_rng(0)
    for number in range(12):
        kin = lowest.cluster.at(lowest.cluster.positions + rng.normal(scale=0.08, size=(13, 3)))
        outcome = relaxed(kin, number)
        # the same structure at energies that no duplicate has: a family of its own making
        population.add(
            minimum_of(type(outcome)(**{**vars(outcome), "energy": lowest.energy + 5e-4 * (number + 1)}))
        )
    near = [m for m in population.members if abs(m.energy - lowest.energy) <= 12 * 5e-4 + 1e-9]
    assert len(near) <= NICHE_SIZE + 1
    assert sum(member in before for member in population.members) >= POPULATION_SIZE - NICHE_SIZE + 1


def test_low_members_are_parents_more_often():
    population, rng = DiversePopulation(), np.random.default_rng(0)
    for minimum in minima(40):
        population.add(minimum)
    chosen = Counter(population.parents(1, rng)[0].number for _ in range(600))
    assert chosen[population.members[0].number] > 2 * chosen[population.members[-1].number] > 0
    a, b = population.parents(2, rng)
    assert a is not b
