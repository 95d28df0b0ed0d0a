"""Chemical formulas."""

import pytest

from clusterdft.errors import InputError
from clusterdft.geometry.formula import formula_of, parse_formula


@pytest.mark.parametrize(
    ("formula", "symbols"),
    [
        ("Na", ("Na",)),
        ("Na4", ("Na",) * 4),
        ("Na2K", ("Na", "Na", "K")),
        ("KNa2K", ("K", "Na", "Na", "K")),
        (["Na", "K"], ("Na", "K")),
    ],
)
def test_parse(formula, symbols):
    assert parse_formula(formula) == symbols


@pytest.mark.parametrize(
    "formula", ["", "na4", "Na-4", "4Na", "Na4+", "Na 4", "Xx3", "X2", "Na0", "Na99999999", []]
)
def test_what_is_not_a_formula_is_refused(formula):
    with pytest.raises(InputError):
        parse_formula(formula)


def test_misspelt_element_gets_a_proposal():
    with pytest.raises(InputError, match="did you mean"):
        parse_formula("Nx3")


@pytest.mark.parametrize(
    ("formula", "charge", "text"),
    [("Na4", 0, "Na4"), ("Na4K", 1, "Na4K+"), ("Na", -1, "Na-"), ("Na8", 2, "Na8+2")],
)
def test_formula_of_a_charged_cluster(formula, charge, text):
    assert formula_of(parse_formula(formula), charge) == text
