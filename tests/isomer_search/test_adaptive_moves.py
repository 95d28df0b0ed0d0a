"""Moves that are chosen the more often the better they did."""

from collections import Counter

import numpy as np
from searching import setting_of

from clusterdft.isomer_search.strategies.adaptive_moves import MAX_AMPLITUDE, MIN_AMPLITUDE, AdaptiveMoves

SYMBOLS = ("Na",) * 9


def drawn(moves, cluster, times=300):
    rng = np.random.default_rng(0)
    return Counter(moves.apply(cluster, rng)[0] for _ in range(times))


def test_successful_moves_are_drawn_more_often_and_none_is_given_up():
    cluster = setting_of(SYMBOLS).generate(0)
    moves = AdaptiveMoves(SYMBOLS)
    before = drawn(moves, cluster)
    for _ in range(100):
        moves.learn("surface move", success=True, returned=False)
        moves.learn("displacement", success=False, returned=False)
    after = drawn(moves, cluster)
    assert after["surface move"] > 1.5 * before["surface move"]
    assert 0 < after["displacement"] < before["displacement"]


def test_species_are_exchanged_where_there_are_several():
    mixed = ("Na",) * 5 + ("K",) * 4
    assert "exchange" not in drawn(AdaptiveMoves(SYMBOLS), setting_of(SYMBOLS).generate(0))
    assert drawn(AdaptiveMoves(mixed), setting_of(mixed).generate(0), 60)["exchange"] > 10


def test_displacements_grow_until_some_lead_elsewhere():
    """The size is seen from outside: how far a displacement goes, within the limits."""
    cluster = setting_of(SYMBOLS).generate(0)

    def size(returned):
        moves, rng = AdaptiveMoves(SYMBOLS), np.random.default_rng(1)
        for _ in range(200):
            moves.learn("displacement", success=False, returned=returned)
        ends = [moves.apply(cluster, rng) for _ in range(60)]
        return np.mean([np.std(c.positions - cluster.positions) for n, c in ends if n == "displacement"])

    assert size(returned=True) > 1.5 * size(returned=False)
    assert 0 < MIN_AMPLITUDE < MAX_AMPLITUDE
