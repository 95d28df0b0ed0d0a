"""The stop rule: held against simulated searches, whose hit probabilities are known."""

from dataclasses import dataclass, field
from math import comb

import numpy as np
import pytest

from clusterdft.errors import InputError
from clusterdft.isomer_search.outcome import Outcome
from clusterdft.isomer_search.stop_rule import (
    Limits,
    confidence_after,
    founders_of,
    hits_needed,
    independent_hits,
    new_isomer_probability,
    seconds_left,
)


def share_missed(chances, hits, rng):
    """Share of searches that stop at so many hits of the lowest minimum found while a lower one is unseen.

    Hits of minimum j come as a Poisson process of rate p_j. A search goes wrong when some minimum has
    its last hit before every lower one has its first.

    Parameters
    ----------
    chances : (search, minimum) hit probabilities up to a factor, lowest minimum first
    """
    first = rng.exponential(size=chances.shape) / chances
    last = first + rng.gamma(hits - 1, size=chances.shape) / chances
    first_of_lower = np.minimum.accumulate(first, axis=1)[:, :-1]
    return np.mean(np.any(last[:, 1:] < first_of_lower, axis=1))


def chances(kind, n_minima, rng, n_searches=4000):
    shape = (n_searches, n_minima)
    if kind == "equal":
        return np.ones(shape)
    if kind == "dirichlet":
        return rng.exponential(size=shape)
    if kind == "lognormal":
        return np.exp(rng.normal(size=shape))
    if kind == "zipf":
        return 1.0 / rng.permuted(np.tile(np.arange(1.0, n_minima + 1), (n_searches, 1)), axis=1)
    return np.exp(-3.0 * np.arange(n_minima) / n_minima) * rng.exponential(size=shape)


@pytest.mark.parametrize("n_minima", [2, 5, 30, 300])
@pytest.mark.parametrize("kind", ["equal", "dirichlet", "lognormal", "zipf", "low ones more often"])
def test_searches_stopped_at_95_percent_seldom_miss_the_lowest(kind, n_minima):
    rng = np.random.default_rng(1)
    assert share_missed(chances(kind, n_minima, rng), hits_needed(0.95), rng) < 0.06


@pytest.mark.parametrize("hits", [3, 6, 11])
def test_confidence_is_neither_too_low(hits):
    """With many minima whose chances are uniformly distributed, as many are missed as it says."""
    rng = np.random.default_rng(2)
    missed = share_missed(chances("dirichlet", 300, rng, 20000), hits, rng)
    assert missed < 1.0 - confidence_after(hits) + 0.01
    assert missed > 0.75 * (1.0 - confidence_after(hits))


def test_two_minima_have_an_exact_answer():
    rng = np.random.default_rng(3)
    assert share_missed(chances("dirichlet", 2, rng, 100_000), 4, rng) == pytest.approx(1 / 5, abs=0.004)


def test_confidence_is_the_sum_of_its_series():
    for hits in (3, 5, 21):
        series = sum(1.0 / comb(hits + m, m) for m in range(1, 4000))
        assert 1.0 - confidence_after(hits) == pytest.approx(series, rel=1e-3)


@pytest.mark.parametrize(("wanted", "hits"), [(0.5, 3), (0.75, 5), (0.9, 11), (0.95, 21), (0.99, 101)])
def test_hits_needed(wanted, hits):
    assert hits_needed(wanted) == hits
    assert confidence_after(hits - 1) < wanted <= confidence_after(hits) + 1e-12


@pytest.mark.parametrize("hits", [0, 1, 2])
def test_few_hits_tell_nothing(hits):
    assert confidence_after(hits) == 0.0


def test_hits_with_a_common_founder_count_once():
    """0, 1, 2 at random; 3 from 0, 4 from 3, 5 from 1 and 2, 6 from 2."""
    parents = {0: (), 1: (), 2: (), 3: (0,), 4: (3,), 5: (1, 2), 6: (2,)}
    founders = {}
    for index, before in parents.items():
        outcome = Outcome(index=index, key="", relaxed=False, reason="", cluster=None, parents=before)
        founders[index] = founders_of(outcome, founders)
    assert founders[4] == {0}
    assert founders[5] == {1, 2}
    assert independent_hits([0, 3, 4], founders) == 1
    assert independent_hits([4, 1], founders) == 2
    assert independent_hits([5, 6], founders) == 1
    assert independent_hits([3, 5, 6], founders) == 2
    assert independent_hits([], founders) == 0


def test_new_isomers_become_improbable():
    assert new_isomer_probability(0, 0) == 1.0
    assert new_isomer_probability(5, 5) == 1.0
    assert new_isomer_probability(2, 12) == pytest.approx(6 / 132)


def test_new_isomer_probability_is_the_unseen_mass():
    """Simulated: the mass of the minima not seen, under the prior that it is derived for."""
    rng = np.random.default_rng(4)
    estimated, true = [], []
    for share in rng.dirichlet(np.ones(20), size=2000):
        hits = rng.multinomial(60, share)
        estimated.append(new_isomer_probability(np.count_nonzero(hits), 60))
        true.append(share[hits == 0].sum())
    assert np.mean(estimated) == pytest.approx(np.mean(true), rel=0.25)


@dataclass
class Standing:
    """What a limit looks at."""

    n_force_calls: int = 0
    confidence: float = 0.0
    hits_of_lowest: int = 0
    outcomes: list = field(default_factory=list)
    isomers: tuple = ("one",)

    @property
    def n_ended(self):
        return len(self.outcomes)


@pytest.mark.parametrize(
    ("limits", "standing", "seconds", "told"),
    [
        ({"starts": 2}, Standing(outcomes=[0]), 9.0, ""),
        ({"starts": 2}, Standing(outcomes=[0, 1]), 9.0, "all 2 starts ended"),
        ({"confidence": 0.9}, Standing(confidence=0.89), 9.0, ""),
        ({"confidence": 0.9}, Standing(confidence=confidence_after(11)), 9.0, "the confidence reached 90 %"),
        ({"max_total_calls": 10}, Standing(n_force_calls=9), 9.0, ""),
        ({"max_total_calls": 10}, Standing(n_force_calls=12), 9.0, "12 force calls"),
        ({"max_time": 10.0}, Standing(), 9.0, ""),
        ({"max_time": 10.0}, Standing(), 10.0, "time limit of 10 s"),
        ({}, Standing(n_force_calls=10**6, outcomes=list(range(12))), 1e6, ""),
        ({}, Standing(outcomes=list(range(12)), isomers=()), 1.0, "none of the first 12 starts relaxed"),
        ({"starts": 20}, Standing(outcomes=list(range(12)), isomers=()), 1.0, ""),
    ],
)
def test_limits(limits, standing, seconds, told):
    reached = Limits(**limits).reached(standing, seconds)
    assert told in reached
    assert bool(reached) == bool(told)


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts": 0},
        {"confidence": 0.0},
        {"confidence": 1.0},
        {"confidence": float("nan")},
        {"max_total_calls": 0},
        {"max_time": 0.0},
        {"max_time": float("inf")},
    ],
)
def test_impossible_limits_are_refused(wrong):
    with pytest.raises(InputError, match="give "):
        Limits(**wrong)


@pytest.mark.parametrize(
    ("limits", "left"),
    [
        ({"starts": 40}, 60.0),
        ({"confidence": 0.95}, 64.0),  # 21 hits at 5 in 10 starts are 42 starts, 32 more
        ({"max_total_calls": 150}, 10.0),
        ({"starts": 40, "max_time": 25.0}, 5.0),
        ({}, None),
    ],
)
def test_time_left_is_that_of_the_first_limit(limits, left):
    """Ten starts in 20 s."""
    standing = Standing(n_force_calls=100, hits_of_lowest=5, outcomes=list(range(10)))
    told = seconds_left(Limits(**limits), standing, seconds=20.0, n_fresh=10)
    assert told == (None if left is None else pytest.approx(left))
