"""Errors: what they carry to other processes, and the nearest name."""

import pickle

import pytest

from clusterdft.errors import InputError, ScfNotConverged, nearest_name_hint, nearest_names


def test_the_last_step_goes_with_the_error_to_other_processes():
    error = pickle.loads(pickle.dumps(ScfNotConverged("no", 3)))
    assert (str(error), error.last_step) == ("no", 3)
    assert ScfNotConverged("no").last_step is None


def test_a_mistake_in_the_input_is_a_value_error():
    with pytest.raises(ValueError, match="impossible"):
        raise InputError("impossible")


@pytest.mark.parametrize(
    ("name", "form", "expected"),
    [
        ("corse", "{}", "did you mean 'coarse'?"),
        ("corse", "; {}", "; did you mean 'coarse'?"),
        ("thick", "; {}", ""),
        ("", "{} ", ""),
        (3, "{}", ""),
    ],
)
def test_nearest_name_hint(name, form, expected):
    assert nearest_name_hint(name, ("coarse", "default", "fine"), form) == expected


def test_nearest_names_come_nearest_first():
    assert nearest_names("pbe", ("pbesol", "pbe0", "b3lyp"), most=3, similarity=0.5) == ["pbe0", "pbesol"]
    assert nearest_names("pbe", {"lda": 1}) == []
