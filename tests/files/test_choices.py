"""Named choices."""

import pytest

from clusterdft.errors import InputError
from clusterdft.files.choices import Choices
from clusterdft.generate import GENERATORS
from clusterdft.isomer_search.strategies import STRATEGIES
from clusterdft.relaxation import RELAXERS
from clusterdft.surfaces import CLASSICAL_SURFACES


@pytest.mark.parametrize(
    "choices", [GENERATORS, CLASSICAL_SURFACES, RELAXERS, STRATEGIES], ids=lambda c: c.what
)
def test_every_entry_exists(choices):
    assert len(choices) == len(list(choices)) > 0
    for name in choices:
        assert callable(choices[name])
        assert choices.pick(name) is choices[name]


def test_unknown_name_lists_the_names_and_the_nearest():
    choices = Choices("shape", {"cube": "math:floor", "ball": "math:ceil"})
    with pytest.raises(
        InputError, match=r"unknown shape 'cubbe'; did you mean 'cube'\? there are: cube, ball"
    ):
        choices.pick("cubbe")
    assert "cubbe" not in choices
    assert choices.get("cubbe") is None


def test_nothing_is_imported_before_use():
    choices = Choices("thing", {"missing": "no_such_module:thing"})
    assert "missing" in choices
    with pytest.raises(ModuleNotFoundError):
        choices["missing"]
