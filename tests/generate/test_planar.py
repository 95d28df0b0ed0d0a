"""Flat starts."""

import numpy as np
from generating import is_physical
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterdft.generate.planar import planar, planar_start

COMPOSITION = st.one_of(
    st.integers(1, 30).map(lambda n: ("Na",) * n),
    st.lists(st.sampled_from(["Na", "K"]), min_size=1, max_size=15).map(tuple),
)


@settings(max_examples=30, deadline=None)
@given(symbols=COMPOSITION, seed=st.integers(0, 2**32))
def test_planar_starts_are_flat_and_physical(symbols, seed):
    one = planar_start(symbols, np.random.default_rng(seed), blur=0.0)
    assert np.all(one.positions[:, 2] == 0.0)
    assert is_physical(one)
    blurred = planar_start(symbols, np.random.default_rng(seed))
    assert np.abs(blurred.positions[:, 2]).max() < 0.05 * 2 * 2.03 / 0.529
    assert len(symbols) == 1 or np.abs(blurred.positions[:, 2]).max() > 1e-4
    assert is_physical(blurred)


def test_the_generator_is_these_starts_by_number():
    for index in range(3):
        one = planar(("Na",) * 9, seed=5, index=index, charge=1)
        assert np.array_equal(
            one.positions, planar_start(("Na",) * 9, np.random.default_rng([5, index])).positions
        )
        assert one.charge == 1
