"""Values that people write: what is taken, and the sentences on what is not."""

import pickle
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusterdft.errors import InputError
from clusterdft.schema import (
    Each,
    Mistakes,
    Refused,
    Table,
    between,
    flag,
    list_of,
    number,
    one_of,
    read,
    refused,
    text,
    unknown_key,
    whole,
)

COLOURS = one_of(("red", "green", "blue"))
INNER = Table({"colour": COLOURS, "on": flag}, required=("colour",))
OUTER = Table(
    {
        "size": whole(1, 9),
        "inner": INNER,
        "sizes": list_of(whole(0), "give a list"),
        "name": text(),
    },
    required=("size",),
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def sentences(value, kind, path=""):
    problems = []
    read(value, kind, path, problems)
    return problems


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (text(), ["Na", "two words"]),
        (COLOURS, ["red", "blue"]),
        (flag, [True, False]),
        (whole(), [-3, 0, 10**30]),
        (whole(0), [0, 5]),
        (number(), [0, -1.5, 1e299]),
        (number(0, 1), [0, 1, 0.5]),
        (between(0, inf, 1), [1e-9, 10**9]),
        (list_of(whole(), ""), [[1], [1, 1]]),
        (list_of(whole(), "", least=0), [[]]),
    ],
)
def test_values_that_are_taken(kind, values):
    for value in values:
        problems = []
        assert read(value, kind, "key", problems) == value
        assert not problems


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        (text(), 3, "key is 3; give a name in quotes"),
        (text(), " ", "key is ' '; give a name in quotes"),
        (text("say why"), "", "key is empty; say why"),
        (COLOURS, "gren", "key is 'gren'; allowed: red, green, blue; did you mean 'green'?"),
        (COLOURS, "white", "key is 'white'; allowed: red, green, blue"),
        (COLOURS, ["red"], "key is ['red']; give a name in quotes, allowed: red, green, blue"),
        (flag, 1, "key is 1; give true or false"),
        (whole(), True, "key is True; give a whole number"),
        (whole(), 2.0, "key is 2.0; give a whole number"),
        (whole(1), 0, "key is 0; give a whole number of at least 1"),
        (whole(None, 3), 4, "key is 4; give a whole number of at most 3"),
        (whole(1, 1_000_000), -1, "key is -1; give a whole number from 1 to 1000000"),
        (number(), nan, "key is nan; give a finite number"),
        (number(), inf, "key is inf; give a finite number"),
        (number(), 10**400, f"key is 1{'0' * 56}...; give a finite number"),
        (number(), False, "key is False; give a number"),
        (number(0, 1), 2, "key is 2; give one from 0 to 1"),
        (number(1e-3, 1e3, what="an exponent"), "x", "key is 'x'; give an exponent from 0.001 to 1000"),
        (between(0, 1, 0.95), 1, "key is 1; give a number above 0 and below 1, such as 0.95"),
        (between(0, inf, 600), inf, "key is inf; give a number above 0, such as 600"),
        (between(0, inf, 600), 10**400, f"key is 1{'0' * 56}...; give a number above 0, such as 600"),
        (list_of(whole(), "give a list"), 3, "key is 3; give a list"),
        (list_of(whole(), "give a list"), [], "key is []; give a list"),
        (list_of(whole(), "give two", most=2), [1, 2, 3], "key is [1, 2, 3]; give two"),
        (list_of(whole(), "give a list"), [1, "2"], "key is '2'; give a whole number"),
        (INNER, 3, "key is 3; give a table [key]"),
        (Each(lambda key: flag, "give switches"), [], "key is []; give switches"),
    ],
)
def test_sentences(kind, value, told):
    assert sentences(value, kind, "key") == [told]


def test_every_mistake_comes_with_its_path_and_the_right_values_are_given():
    problems = []
    written = {
        "sise": 3,
        "inner": {"colour": "gren", "on": True, "an": 1},
        "sizes": [1, -1],
        "name": "fine",
    }
    right = read(written, OUTER, "table", problems)
    assert problems == [
        "table: unknown key 'sise'; did you mean 'size'?",
        "table.inner: unknown key 'an'; allowed: colour, on",
        "table.inner.colour is 'gren'; allowed: red, green, blue; did you mean 'green'?",
        "table.sizes is -1; give a whole number of at least 0",
        "table.size is missing; give a whole number from 1 to 9",
    ]
    assert right == {"inner": {"on": True}, "name": "fine"}


def test_the_top_of_a_file_has_no_path():
    assert sentences({"size": 0, "more": 1}, OUTER) == [
        "unknown key 'more'; allowed: size, inner, sizes, name",
        "size is 0; give a whole number from 1 to 9",
    ]
    assert sentences(3, Table({}, advice="give tables")) == ["is 3; give tables"]


def test_other_keys_of_an_open_table_are_left_out():
    assert Table({"on": flag}, is_open=True)({"on": True, "note": "x"}) == {"on": True}


def test_the_kind_of_a_value_may_follow_from_its_key():
    table = Each(lambda key: whole() if key.startswith("n_") else text())
    assert table({"n_a": 1, "b": "c"}) == {"n_a": 1, "b": "c"}
    assert sentences({"n_a": "c"}, table, "x") == ["x.n_a is 'c'; give a whole number"]


def test_other_errors_follow_a_colon():
    def refuse(value):
        raise InputError("there is no such thing")

    assert sentences({"thing": 1}, Table({"thing": refuse}), "of") == ["of.thing: there is no such thing"]


def test_without_a_list_of_problems_a_kind_raises():
    with pytest.raises(Refused, match="is 3; give a name in quotes"):
        text()(3)
    with pytest.raises(Mistakes, match="size is 0; give a whole number from 1 to 9; name is empty"):
        OUTER({"size": 0, "name": ""})


def test_only_advice_is_filled_in_with_the_path():
    written = {"{path}": {"colour": "{path}", "{path}": 1}, "other": 3}
    assert sentences(written, Each(lambda key: INNER), "top") == [
        "top.{path}: unknown key '{path}'; allowed: colour, on",
        "top.{path}.colour is '{path}'; allowed: red, green, blue",
        "top.other is 3; give a table [top.other]",
    ]


def test_mistakes_go_through_a_pipe():
    for kind, value in ((OUTER, {"size": 0, "name": ""}), (text(), 3)):
        with pytest.raises(InputError) as caught:
            kind(value)
        copy = pickle.loads(pickle.dumps(caught.value))
        assert type(copy) is type(caught.value)
        assert str(copy) == str(caught.value)


def test_long_values_are_shortened():
    assert str(refused("x" * 100, "give less")) == f"is '{'x' * 56}...; give less"


def test_unknown_keys_list_what_is_allowed_where_nothing_is_near():
    assert unknown_key("zzz", ("red", "green")) == "unknown key 'zzz'; allowed: red, green"


@given(ANYTHING)
def test_anything_is_taken_or_refused_in_sentences(value):
    each = Each(lambda key: OUTER)
    for kind in (OUTER, INNER, COLOURS, flag, whole(1), number(0, 1), between(0, inf, 1), text(), each):
        problems = []
        read(value, kind, "key", problems)
        assert all(problem.isprintable() for problem in problems)
