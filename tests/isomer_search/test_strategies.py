"""Strategies that learn, on the Lennard-Jones surface: what they find, and what they promise."""

from functools import partial

import numpy as np
import pytest
from generating import is_physical
from searching import EPSILON, FOUND, MINIMA, follow, relaxed, setting_of, starts_to_minimum

from clusterdft.cluster import Cluster
from clusterdft.generate.library import library_geometries
from clusterdft.isomer_search.strategies.auto import RANDOM_EVERY, Auto
from clusterdft.isomer_search.strategies.basin_hopping import N_WALKS, BasinHopping
from clusterdft.isomer_search.strategies.genetic import Genetic
from clusterdft.isomer_search.strategies.growth import Growth
from clusterdft.report.search_run import search
from clusterdft.surfaces.classical import Gupta

UNAIDED = {"basin-hopping": BasinHopping, "genetic": Genetic, "auto": partial(Auto, guesses=False)}
EVERY = {**UNAIDED, "auto with guesses": Auto, "growth": Growth}
SODIUM = {n: ("Na",) * n for n in range(1, 20)}


def known(natom, name):
    """The relaxed geometry of that name."""
    return relaxed(dict(library_geometries(SODIUM[natom]))[name]).cluster


@pytest.mark.parametrize("strategy", UNAIDED)
@pytest.mark.parametrize(("natom", "most"), [(7, 60), (13, 120)])
def test_finds_the_lowest_minimum_from_random_starts(strategy, natom, most):
    """Ninety-nine of a hundred such searches do; random starts alone hit LJ13 once in fifteen."""
    found = [starts_to_minimum(UNAIDED[strategy], natom, seed=seed, most=most) for seed in range(4)]
    assert all(found), found


@pytest.mark.slow
@pytest.mark.parametrize("strategy", UNAIDED)
def test_finds_the_double_icosahedron(strategy):
    """LJ19, which random starts hit once in a hundred."""
    found = [starts_to_minimum(UNAIDED[strategy], 19, seed=seed, most=1000) for seed in range(10)]
    assert all(found), found


@pytest.mark.slow
@pytest.mark.parametrize("strategy", UNAIDED)
def test_finds_the_minimum_of_thirty_one_atoms(strategy):
    found = [starts_to_minimum(UNAIDED[strategy], 31, seed=seed, most=6200) for seed in range(2)]
    assert all(found), found


@pytest.mark.parametrize("strategy", EVERY)
def test_told_again_it_asks_the_same(strategy):
    """A search resumes by this."""
    setting = setting_of(SODIUM[8], seed=3)
    first = follow(EVERY[strategy], setting, 60)
    again = follow(EVERY[strategy], setting, 60, outcomes=first.outcomes)
    assert [(p.origin, p.parents) for p in again.proposals] == [
        (p.origin, p.parents) for p in first.proposals
    ]
    for one, other in zip(first.proposals, again.proposals, strict=True):
        np.testing.assert_array_equal(one.cluster.positions, other.cluster.positions)


def test_result_does_not_depend_on_the_number_of_jobs():
    one, two = (search("Na10", Gupta(), starts=40, strategy="auto", seed=2, jobs=jobs) for jobs in (1, 2))
    assert [(i.energy, i.starts) for i in one.isomers] == [(i.energy, i.starts) for i in two.isomers]


@pytest.mark.parametrize("strategy", EVERY)
def test_proposals_are_physical_and_of_the_search(strategy):
    symbols = ("Na",) * 6 + ("K",) * 2
    for proposal in follow(EVERY[strategy], setting_of(symbols, charge=1), 50).proposals:
        assert is_physical(proposal.cluster)
        assert proposal.cluster.symbols == symbols
        assert (proposal.cluster.charge, proposal.cluster.n_unpaired) == (1, None)
        assert proposal.origin


@pytest.mark.parametrize("strategy", EVERY)
def test_parents_are_earlier_starts(strategy):
    """What is not made from earlier outcomes is random, known or guessed, and says so."""
    made = 0
    for index, proposal in enumerate(follow(EVERY[strategy], setting_of(SODIUM[10]), 60).proposals):
        assert all(parent < index for parent in proposal.parents)
        made += bool(proposal.parents)
        own = proposal.origin.split(":")[0] in ("random", "library", "symmetric", "planar")
        assert own == (not proposal.parents)
        assert all(str(parent) in proposal.origin for parent in proposal.parents)
    assert made >= 10


@pytest.mark.parametrize("strategy", EVERY)
@pytest.mark.parametrize("natom", [1, 2, 3])
def test_smallest_clusters(strategy, natom):
    outcomes = follow(EVERY[strategy], setting_of(SODIUM[natom]), 25).outcomes
    lowest = min(outcome.energy for outcome in outcomes if outcome.relaxed)
    assert lowest / EPSILON == pytest.approx({1: 0.0, 2: -1.0, 3: -3.0}[natom], abs=2e-3)


@pytest.mark.parametrize("strategy", EVERY)
def test_seed_of_another_charge_comes_first(strategy):
    cation = Cluster(symbols=SODIUM[7], positions=known(7, "pentagonal bipyramid").positions, charge=1)
    larger = setting_of(SODIUM[8]).generate(0)
    (first,) = follow(EVERY[strategy], setting_of(SODIUM[7], seeds=(larger, cation)), 1).proposals
    assert first.origin == "seed Na7+"
    assert first.cluster.charge == 0
    shift = first.cluster.positions - cation.positions
    np.testing.assert_allclose(shift, np.broadcast_to(shift[0], shift.shape), atol=1e-9)


@pytest.mark.parametrize("strategy", EVERY)
def test_every_start_fails(strategy):
    """A surface on which nothing relaxes ends no search in an error."""
    setting = setting_of(SODIUM[7])
    plan = EVERY[strategy](setting)
    for index in range(40):
        proposal = plan.ask(index, np.random.default_rng(index))
        assert proposal.parents == ()
        outcome = relaxed(proposal.cluster, index)
        plan.tell(type(outcome)(index=index, key="", relaxed=False, reason="lost", cluster=proposal.cluster))


def test_an_atom_goes_on_each_distinct_site():
    """The octahedron has one kind of face, edge and corner; seven atoms over a face are the second isomer."""
    octahedron = known(6, "octahedron")
    record = follow(Growth, setting_of(SODIUM[7], seeds=(octahedron,)), 8)
    grown = [p.origin == "grown from Na6" for p in record.proposals]
    assert grown[0]
    assert 1 <= sum(grown) <= 3
    assert grown == sorted(grown, reverse=True)
    assert record.outcomes[0].energy / EPSILON == pytest.approx(-15.935043, abs=FOUND)  # capped octahedron


def test_larger_and_smaller_neighbours_give_the_lowest_minimum_at_once():
    """LJ12 is the icosahedron without a corner; LJ8 the pentagonal bipyramid with a cap."""
    record = follow(Growth, setting_of(SODIUM[12], seeds=(known(13, "icosahedron"),)), 4)
    cut = [o.energy / EPSILON for o in record.outcomes if o.origin == "cut from Na13"]
    assert min(cut) == pytest.approx(MINIMA[12], abs=FOUND)
    assert len(cut) == 2  # a corner or the centre
    bipyramid = known(7, "pentagonal bipyramid")
    record = follow(Growth, setting_of(SODIUM[8], seeds=(bipyramid,)), 3)
    assert record.outcomes[0].energy / EPSILON == pytest.approx(MINIMA[8], abs=FOUND)


def test_a_fifth_of_auto_is_random_from_first_to_last():
    proposals = follow(Auto, setting_of(SODIUM[7]), 60).proposals
    for index in range(RANDOM_EVERY - 1, 60, RANDOM_EVERY):
        assert (proposals[index].origin, proposals[index].parents) == ("random", ())


def test_auto_knows_the_literature_unless_told_not_to():
    wanted = {f"library: {name}" for name, _ in library_geometries(SODIUM[7])}
    assert wanted <= {p.origin for p in follow(Auto, setting_of(SODIUM[7]), 30).proposals}
    unaided = follow(UNAIDED["auto"], setting_of(SODIUM[7]), 30).proposals
    assert not any(word in p.origin for p in unaided for word in ("library", "symmetric", "planar"))


def test_walks_start_anew_when_they_find_nothing_lower():
    """Otherwise a search of four atoms, with one minimum, has as many independent hits as walks."""
    proposals = follow(BasinHopping, setting_of(SODIUM[4]), 400).proposals
    founders = [index for index, proposal in enumerate(proposals) if proposal.origin == "random"]
    assert founders[:N_WALKS] == list(range(N_WALKS))
    assert len(founders) >= 3 * N_WALKS


@pytest.mark.slow
def test_populations_start_anew_when_they_find_nothing_lower():
    proposals = follow(Genetic, setting_of(SODIUM[6]), 500).proposals
    renewed = next(i for i in range(60, 500) if all(p.origin == "random" for p in proposals[i : i + 6]))
    for proposal in proposals[renewed + 10 :]:
        assert all(parent >= renewed - 10 for parent in proposal.parents)
