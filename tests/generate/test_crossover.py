"""Children of two parents."""

import numpy as np
import pytest
from generating import COMPOSITION, SEED, is_physical, start
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterdft.errors import InputError
from clusterdft.generate.crossover import cut_and_splice
from clusterdft.generate.physical import scaled_distances


@settings(max_examples=40, deadline=None)
@given(symbols=COMPOSITION, seed=SEED, data=st.data())
def test_children_keep_the_composition_in_the_order_of_the_first_parent(symbols, seed, data):
    a = start(symbols, seed)
    b = start(tuple(data.draw(st.permutations(symbols))), seed, 1)
    child = cut_and_splice(a, b, np.random.default_rng(seed))
    assert child.symbols == a.symbols
    assert (child.charge, child.n_unpaired) == (1, 3)
    assert is_physical(child)
    assert np.array_equal(child.positions, cut_and_splice(a, b, np.random.default_rng(seed)).positions)


def test_children_have_a_part_of_each_parent_as_it_was():
    """Distances within the part of a parent are known to all digits; those between the parts are new."""
    a, b = start(("Na",) * 12, 3), start(("Na",) * 12, 4)

    def shared(one, other):
        r, known = (scaled_distances(c.symbols, c.positions)[np.triu_indices(12, 1)] for c in (one, other))
        return int(np.sum(np.abs(r[:, None] - known).min(axis=1) < 1e-9))

    children = [cut_and_splice(a, b, np.random.default_rng(i)) for i in range(30)]
    whole = [shared(child, a) + shared(child, b) for child in children]
    sizes = {tuple(sorted((n * (n - 1) // 2, (12 - n) * (11 - n) // 2))) for n in range(3, 10)}
    found = [tuple(sorted((shared(child, a), shared(child, b)))) for child in children]
    assert sum(pair in sizes for pair in found) >= 25
    assert max(whole) < 66
    assert shared(a, b) == 0


def test_parents_of_other_composition_are_refused():
    with pytest.raises(InputError, match="differ in composition"):
        cut_and_splice(start(("Na",) * 3), start(("Na", "Na", "K")), np.random.default_rng(0))
