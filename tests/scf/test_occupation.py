"""Occupations: the electron number, the aufbau principle, Janak's condition, entropy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterdft.scf.occupation import aufbau, equal, fermi, occupy

levels_of_two_spins = st.lists(st.floats(-0.3, 0.3), min_size=8, max_size=24).map(
    lambda values: np.sort(np.array(values[: len(values) // 2 * 2]).reshape(2, -1), axis=1)
)


@settings(max_examples=60, deadline=None)
@given(
    levels=levels_of_two_spins,
    electrons=st.integers(1, 7),
    kind=st.sampled_from(["aufbau", "fermi", "equal"]),
    free=st.booleans(),
    seed=st.integers(0, 99),
)
def test_electron_number_is_kept(levels, electrons, kind, free, seed):
    electrons = min(electrons, levels.shape[1])
    unpaired = None if free else electrons % 2
    previous = np.random.default_rng(seed).uniform(0, 1, levels.shape)
    filled = occupy(
        levels,
        previous,
        kind=kind,
        width=0.01,
        n_electrons=electrons,
        n_unpaired=unpaired,
        stiffness=0.1,
    )
    assert abs(filled.fraction.sum() - electrons) < 1e-10
    assert filled.fraction.min() >= 0 and filled.fraction.max() <= 1 + 1e-12
    if unpaired is not None:
        assert np.diff(filled.fraction.sum(axis=1))[0] == pytest.approx(-unpaired, abs=1e-10)


def test_aufbau_fills_the_lowest_levels_of_both_spins():
    levels = np.array([[-0.2, -0.1, 0.1], [-0.15, -0.05, 0.2]])
    fraction = aufbau(levels, 3, np.zeros_like(levels), 1e-9).fraction
    assert np.array_equal(fraction, [[1, 1, 0], [1, 0, 0]])


def test_aufbau_reaches_fractions_at_a_common_level():
    """Two levels that rise with their filling, eps_i = e_i + u f_i: both must end at one chemical potential."""
    bare, rise = np.array([[-0.100, -0.075, 0.2]]), np.array([[0.05, 0.01, 0.02]])
    fraction = np.array([[1.0, 0.0, 0.0]])
    for _ in range(60):
        fraction = aufbau(bare + rise * fraction, 1, fraction, 0.1).fraction
    levels = (bare + rise * fraction)[0]
    assert fraction[0, 2] == 0
    assert levels[0] == pytest.approx(levels[1], abs=1e-8)
    assert fraction[0, 0] == pytest.approx((0.01 + 0.025) / 0.06, abs=1e-6)


def test_equal_shares_a_degenerate_level():
    levels = np.array([[-0.2, -0.1, -0.1003, -0.0999, 0.1]])
    fraction = equal(levels, 2.0).fraction
    assert fraction == pytest.approx(np.array([[1, 1 / 3, 1 / 3, 1 / 3, 0]]))


def test_equal_keeps_whole_numbers_where_nothing_is_degenerate():
    assert np.array_equal(equal(np.array([[-0.2, -0.1, 0.1]]), 2.0).fraction, [[1, 1, 0]])


def test_fermi_fractions_minimise_the_free_energy():
    """d(sum f eps - TS) under a shift of charge from one level to another vanishes."""
    levels, width = np.array([[-0.11, -0.10, -0.09, -0.05]]), 0.01
    fraction = fermi(levels, 2.0, width).fraction

    def free_energy(f):
        return np.sum(f * levels) + width * np.sum(f * np.log(f) + (1 - f) * np.log(1 - f))

    shift = np.zeros_like(levels)
    shift[0, 0], shift[0, 2] = 1e-5, -1e-5
    assert abs(free_energy(fraction + shift) - free_energy(fraction - shift)) < 1e-12
    assert fermi(levels, 2.0, width).entropy_energy == pytest.approx(
        free_energy(fraction) - np.sum(fraction * levels), abs=1e-14
    )
