"""Exponents from free parameters."""

import itertools

import numpy as np
import pytest

from clusterdft.making.basis.template import (
    FIRST_EXPONENT_RANGE,
    SMALLEST_RATIO,
    SODIUM_EXPONENTS,
    TEMPLATES,
    Template,
    start_parameters,
)


def test_free_exponents_are_products_of_ratios():
    template = Template(counts=(3, 1))
    exponents = template.exponents(np.log([0.02, 2.0, 5.0, 0.1]))
    assert [l for l, _ in exponents] == [0, 0, 0, 1]  # noqa: E741
    assert [a for _, a in exponents] == pytest.approx([0.02, 0.04, 0.2, 0.1])


def test_even_tempered_exponents_share_a_ratio():
    template = Template(counts=(3, 2, 1), even_tempered=True)
    exponents = template.exponents(np.log([0.02, 2.0, 0.1, 3.0, 0.5]))
    assert [l for l, _ in exponents] == [0, 0, 0, 1, 1, 2]  # noqa: E741
    assert [a for _, a in exponents] == pytest.approx([0.02, 0.04, 0.08, 0.1, 0.3, 0.5])


@pytest.mark.parametrize("name", TEMPLATES)
def test_starts_fit_the_templates(name):
    template, start = TEMPLATES[name], start_parameters(name, 2.0)
    limits = template.bounds(start)
    assert np.all((limits[:, 0] < start) & (start < limits[:, 1]))
    exponents = template.exponents(start)
    assert [l for l, _ in exponents] == [l for l, n in enumerate(template.counts) for _ in range(n)]  # noqa: E741
    assert exponents[0][1] == pytest.approx(2 * SODIUM_EXPONENTS[name][0][0])


def test_exponents_stay_apart_everywhere_within_the_bounds():
    template = Template(counts=(4, 2))
    start = np.log([0.02, 3.0, 3.0, 3.0, 0.1, 4.0])
    low, high = template.bounds(start).T
    rng = np.random.default_rng(3)
    for corner in (low, high, *rng.uniform(low, high, size=(20, len(low)))):
        s, p = np.split([a for _, a in template.exponents(corner)], [4])
        for exponents in (s, p):
            assert all(b / a > SMALLEST_RATIO * (1 - 1e-12) for a, b in itertools.pairwise(exponents))
        assert abs(np.log(s[0] / 0.02)) < np.log(FIRST_EXPONENT_RANGE) + 1e-12
