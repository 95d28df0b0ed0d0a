"""Occupations: the electron number, the aufbau principle, Janak's condition, entropy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterdft.scf.occupation import aufbau, equal, fermi, occupy

levels_of_two_spins = st.lists(st.floats(-0.3, 0.3), min_size=8, max_size=24).map(
    lambda values: np.sort(np.array(values[: len(values) // 2 * 2]).reshape(2, -1), axis=1)
)


@settings(max_examples=100, deadline=None)
@given(
    levels=levels_of_two_spins,
    electrons=st.integers(1, 7),
    kind=st.sampled_from(["aufbau", "fermi", "equal"]),
    free=st.booleans(),
    rise=st.sampled_from([0.0, 0.01, 0.3]),
)
def test_electron_number_is_kept(levels, electrons, kind, free, rise):
    electrons = min(electrons, levels.shape[1])
    unpaired = None if free else electrons % 2
    filled = occupy(levels, kind=kind, width=0.01, n_electrons=electrons, n_unpaired=unpaired, rise=rise)
    assert abs(filled.fraction.sum() - electrons) < 1e-10
    assert filled.fraction.min() >= 0
    assert filled.fraction.max() <= 1 + 1e-12
    if unpaired is not None:
        assert np.diff(filled.fraction.sum(axis=1))[0] == pytest.approx(-unpaired, abs=1e-10)


def test_aufbau_fills_the_lowest_levels_of_both_spins():
    levels = np.array([[-0.2, -0.1, 0.1], [-0.15, -0.05, 0.2]])
    assert np.array_equal(aufbau(levels, 3), [[1, 1, 0], [1, 0, 0]])


def test_aufbau_with_a_rise_ends_at_one_chemical_potential():
    """Levels that rise with their filling, eps_i + U f_i: equal where fractional, above mu where empty."""
    levels, rise = np.array([[-0.100, -0.075, 0.2]]), 0.05
    fraction = aufbau(levels, 1, rise)
    risen = levels + rise * fraction
    assert risen[0, 0] == pytest.approx(risen[0, 1], abs=1e-12)
    assert fraction == pytest.approx(np.array([[0.75, 0.25, 0.0]]), abs=1e-12)


def test_aufbau_with_a_small_rise_keeps_whole_numbers():
    assert np.array_equal(aufbau(np.array([[-0.2, -0.1, 0.1]]), 2, 0.05), [[1, 1, 0]])


def test_fermi_with_a_rise_solves_its_equation():
    levels, width, rise = np.array([[-0.12, -0.10, -0.09, -0.05]]), 0.004, 0.03
    fraction = fermi(levels, 2.0, width, rise)
    mu = levels + rise * fraction + width * np.log(fraction / (1 - fraction))
    assert np.ptp(mu) < 1e-10


def test_equal_shares_a_degenerate_level():
    levels = np.array([[-0.2, -0.1, -0.1003, -0.0999, 0.1]])
    assert equal(levels, 2.0) == pytest.approx(np.array([[1, 1 / 3, 1 / 3, 1 / 3, 0]]))


def test_equal_keeps_whole_numbers_where_nothing_is_degenerate():
    assert np.array_equal(equal(np.array([[-0.2, -0.1, 0.1]]), 2.0), [[1, 1, 0]])


def test_fermi_fractions_minimise_the_free_energy():
    """d(sum f eps - TS) under a shift of charge from one level to another vanishes."""
    levels, width = np.array([[-0.11, -0.10, -0.09, -0.05]]), 0.01
    filled = occupy(levels, kind="fermi", width=width, n_electrons=4, n_unpaired=0)

    def free_energy(f):
        return np.sum(f * levels) + width * np.sum(f * np.log(f) + (1 - f) * np.log(1 - f))

    shift = np.zeros_like(levels)
    shift[0, 0], shift[0, 2] = 1e-5, -1e-5
    f = filled.fraction
    assert abs(free_energy(f + shift) - free_energy(f - shift)) < 1e-12
    assert filled.entropy_energy == pytest.approx(free_energy(f) - np.sum(f * levels), abs=1e-14)
