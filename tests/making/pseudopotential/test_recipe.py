"""Recipes of pseudopotentials: those of shipped files, changes, and what is refused."""

import re

import numpy as np
import pytest

from clusterdft.errors import InputError
from clusterdft.making.pseudopotential.recipe import REFERENCES, changed_recipe, default_recipe


@pytest.mark.parametrize("symbol", list(REFERENCES))
def test_recipes_of_shipped_files(symbol):
    plain, corrected = (default_recipe(symbol, core_correction=core) for core in (False, True))
    assert [channel.letter for channel in plain.channels] == ["s", "p", "d"]
    assert not plain.has_core_correction
    assert corrected.core_ratio == pytest.approx(2.0)
    assert sum(plain.core_c) == pytest.approx(1.0)
    assert plain.channels[1:] == corrected.channels[1:]


def test_the_erf_core_follows_the_cutoff_radius():
    sodium, lithium = default_recipe("Na"), default_recipe("Li")
    scale = (sodium.channels[0].cutoff_radius / lithium.channels[0].cutoff_radius) ** 2
    np.testing.assert_allclose(lithium.core_alpha, scale * np.array(sodium.core_alpha), rtol=2e-3)


def test_changes_leave_the_rest_alone():
    usual = default_recipe("Na")
    changed = changed_recipe(usual, cutoffs={1: 1.6}, highest=1)
    assert [channel.cutoff_radius for channel in changed.channels] == [1.8, 1.6]
    assert changed.channels[0] == usual.channels[0]
    assert changed_recipe(usual) == usual


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"symbol": "Fe"}, "no recipe for Fe"),
        ({"symbol": "Na", "z_valence": 9}, "leaves 1 valence electron, not 9"),
        ({"symbol": "Na", "relativity": "dirac"}, "allowed: scalar, none"),
    ],
)
def test_unknown_recipes_are_refused(arguments, words):
    with pytest.raises(InputError, match=re.escape(words)):
        default_recipe(**arguments)
