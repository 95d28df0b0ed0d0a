"""The level of theory: what is refused, and what its key depends on."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from clusterdft.errors import InputError
from clusterdft.method import CHOICES, Method


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"occupation": "ferm"}, "did you mean 'fermi'"),
        ({"density": "both"}, "allowed: fitted, orbital"),
        ({"forces": "totl"}, "did you mean 'total'"),
        ({"grid": 3}, "grid is 3; give a name"),
        ({"basis": None}, "basis is None"),
        ({"functional": ""}, "functional is empty"),
        ({"tolerance": 0.0}, "tolerance is 0.0; give one from 1e-12"),
        ({"tolerance": "1e-6"}, "give a number"),
        ({"tolerance": float("nan")}, "tolerance is nan"),
        ({"max_iterations": 0}, "max_iterations is 0; give a whole number from 1 to 1000000"),
        ({"max_iterations": 2.5}, "give a whole number"),
        ({"max_iterations": True}, "give a whole number"),
        ({"max_iterations": float("inf")}, "max_iterations is inf; give a whole number"),
        ({"basis": np.array(["a", "b"])}, "give a name in quotes"),
        ({"stability": 1}, "give true or false"),
        ({"width": -0.1, "occupation": "fermi"}, "width is -0.1"),
        ({"occupation": "fermi"}, "needs one above 0"),
        ({"width": 0.002}, "goes with occupation 'fermi' only"),
    ],
    ids=str,
)
def test_impossible_values_are_refused(values, told):
    with pytest.raises(InputError, match=told):
        Method(**values)


def test_all_mistakes_come_together():
    with pytest.raises(InputError) as caught:
        Method(basis=3, grid="corse", width=0.1, max_iterations=-1)
    for told in ("basis is 3", "did you mean 'coarse'", "occupation 'fermi' only", "max_iterations is -1"):
        assert told in str(caught.value)


@pytest.mark.parametrize(("name", "allowed"), CHOICES.items())
def test_every_choice_can_be_made(name, allowed):
    for value in allowed:
        width = 0.002 if value == "fermi" else 0.0
        assert Method(**{name: value}, width=width).description[name] == value


def test_key_depends_on_every_field():
    other = {
        "pseudopotential": "gth-pade-q1",
        "basis": "even-6s5p3d",
        "fitting": "large",
        "functional": "pbe",
        "density": "orbital",
        "grid": "fine",
        "occupation": "equal",
        "forces": "hellmann-feynman",
        "tolerance": 1e-7,
        "max_iterations": 50,
        "stability": False,
    }
    keys = {replace(Method(), **{name: value}).key for name, value in other.items()}
    smeared = Method(occupation="fermi", width=0.002)
    keys |= {Method().key, smeared.key, replace(smeared, width=0.001).key}
    assert len(keys) == len(other) + 3
    assert Method(max_iterations=200).key == Method().key == pickle.loads(pickle.dumps(Method())).key


def test_a_number_of_iterations_may_be_written_with_a_point():
    assert Method(max_iterations=50.0).max_iterations == 50


def test_key_depends_on_the_content_of_a_pseudopotential_file(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text("a = 1")
    before = Method(pseudopotential=str(file)).key
    file.write_text("a = 2")
    assert Method(pseudopotential=str(file)).key != before
    file.unlink()
    with pytest.raises(InputError, match="cannot be read"):
        Method(pseudopotential=str(file)).key  # noqa: B018 - reading it is the test
