"""The reader of pseudopotential files: numbers in, and every mistake named with file and key."""

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clusterdft.errors import InputError
from clusterdft.pseudo import shipped_elements
from clusterdft.pseudo.bhs import bhs_of_table, read_bhs

GOOD = {
    "element": "Na",
    "z_valence": 1,
    "source": "a test",
    "core": {"alpha": [1.7, 0.5], "c": [5.0, -4.0]},
    "l0": {"alpha": [0.9, 1.3], "a": [1.0, 2.0], "b": [0.5, -0.5]},
    "l2": {"alpha": [0.9], "a": [1.0], "b": [0.0]},
}


def as_toml(table):
    """A table of strings, numbers, lists and sections as TOML."""
    simple = [f"{key} = {value!r}" for key, value in table.items() if not isinstance(value, dict)]
    sections = [
        f"[{key}]\n" + "\n".join(f"{name} = {entry!r}" for name, entry in value.items())
        for key, value in table.items()
        if isinstance(value, dict)
    ]
    return "\n".join(simple + sections).replace("True", "true")


def write(folder, table):
    path = folder / "Na-test.toml"
    path.write_text(table if isinstance(table, str) else as_toml(table))
    return path


def test_good_file(tmp_path):
    potential = read_bhs(write(tmp_path, GOOD), "mine")
    assert (potential.symbol, potential.z_valence, potential.name) == ("Na", 1, "mine")
    assert potential.source == "a test"
    assert [channel.l for channel in potential.channels] == [0, 2]
    assert potential.channels[0].b.tolist() == [0.5, -0.5]
    assert potential.core_c.tolist() == [5.0, -4.0]


def test_partial_core_is_read(tmp_path):
    core = {"alpha": [0.5, 1.08], "c": [0.018, 0.397]}
    potential = read_bhs(write(tmp_path, {**GOOD, "partial_core": core}))
    assert potential.partial_core_exponent.tolist() == core["alpha"]
    assert potential.partial_core_coefficient.tolist() == core["c"]
    assert read_bhs(write(tmp_path, GOOD)).partial_core_exponent.size == 0


def test_words_for_the_reader_are_passed_over(tmp_path):
    words = {"version": "1.2", "command": "make", "recipe": {"rc": 1.8}, "check": {"x": 1}}
    for note in ("short", {"long": "er"}):
        assert read_bhs(write(tmp_path, {**GOOD, **words, "note": note})).symbol == "Na"


def test_path_may_be_text(tmp_path):
    assert read_bhs(str(write(tmp_path, GOOD))).symbol == "Na"


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("element", None, "element is missing"),
        ("element", 11, "element is 11"),
        ("element", " ", "element is ' '"),
        ("source", None, "source is missing"),
        ("z_valence", None, "z_valence is missing"),
        ("z_valence", 0, "z_valence is 0"),
        ("z_valence", -1, "z_valence is -1"),
        ("z_valence", 1.5, "z_valence is 1.5"),
        ("z_valence", True, "z_valence is True"),
        ("z_valance", 1, "unknown key 'z_valance'"),
        ("core", None, r"core is missing; give a table \[core\] with alpha, c"),
        ("core", 3, r"core is 3; give a table \[core\] with alpha, c"),
        ("core.alpha", None, "core.alpha is missing"),
        ("core.alpha", [], r"core.alpha is \[\]"),
        ("core.alpha", [1.7], "core.c has 2 numbers and core.alpha 1"),
        ("core.alpha", [1.7, 0.0], "exponents are positive"),
        ("core.c", [5.0, -3.0], "core.c sums to 2"),
        ("core.c", [5.0, "x"], "core.c is"),
        ("core.d", [1.0], "core: unknown key 'd'; allowed: alpha, c"),
        ("l0.alpha", [0.9, -1.3], "l0.alpha holds -1.3"),
        ("l0.a", [1.0], "l0.a has 1 numbers"),
        ("l0.b", None, "l0.b is missing"),
        ("l0.b", 1.0, "l0.b is 1.0"),
        ("l0.b", [True, False], "l0.b is"),
        ("l4", {"alpha": [1.0]}, "unknown key 'l4'"),
        ("partial_core", 3, r"partial_core is 3; give a table \[partial_core\] with alpha, c"),
        ("partial_core", {"alpha": [0.5], "c": [-0.1]}, "partial_core.c holds -0.1"),
        ("partial_core", {"alpha": [0.5], "c": [0]}, "partial_core.c holds 0"),
        ("partial_core", {"alpha": [-0.5], "c": [0.1]}, "partial_core.alpha holds -0.5"),
        ("partial_core", {"alpha": [0.5, 1.0], "c": [0.1]}, "partial_core.c has 1 numbers"),
        ("partial_core", {"alpha": [0.5], "c": [0.1], "a": [1.0]}, "partial_core: unknown key 'a'"),
    ],
)
def test_each_mistake_is_named(tmp_path, key, value, message):
    table = copy.deepcopy(GOOD)
    *section, last = key.split(".")
    target = table[section[0]] if section else table
    if value is None:
        del target[last]
    else:
        target[last] = value
    with pytest.raises(InputError, match=message) as caught:
        read_bhs(write(tmp_path, as_toml(table).replace("False", "false")))
    assert "Na-test.toml" in str(caught.value)


def test_all_mistakes_come_together(tmp_path):
    table = copy.deepcopy(GOOD) | {"element": 11, "sauce": "a test"}
    table["core"]["c"] = [5.0, -3.0]
    table["l0"] |= {"a": [1.0], "alpha": [0.9, -1.3]}
    with pytest.raises(InputError) as caught:
        read_bhs(write(tmp_path, table))
    assert str(caught.value).partition("toml: ")[2].split("; ")[::2] == [
        "unknown key 'sauce'",
        "element is 11",
        "core.c sums to 2",
        "l0.a has 1 numbers and l0.alpha 2",
        "l0.alpha holds -1.3",
    ]


@pytest.mark.parametrize("number", ["nan", "inf", "1e999", "[1]", "{ x = 1 }", "2024-01-01"])
def test_odd_numbers_are_refused(tmp_path, number):
    text = as_toml(GOOD).replace("a = [1.0, 2.0]", f"a = [1.0, {number}]")
    with pytest.raises(InputError, match=r"l0\.a"):
        read_bhs(write(tmp_path, text))


@pytest.mark.parametrize("text", ["", "element = ", "[core", "a = 1\na = 2", "x = [" * 3000])
def test_text_that_is_no_table_is_refused(tmp_path, text):
    with pytest.raises(InputError, match=r"Na-test\.toml"):
        read_bhs(write(tmp_path, text))


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "Na-test.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not valid TOML"):
        read_bhs(path)


def test_missing_file_and_folder_are_refused(tmp_path):
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(InputError, match="cannot read the pseudopotential file"):
            read_bhs(path)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.sampled_from(["element", "z_valence", "source", "core", "l0", "core.c", "l0.alpha", "l0.b"]), ANYTHING
)
@settings(max_examples=150, deadline=None)
def test_any_value_anywhere_is_taken_or_refused_cleanly(key, value):
    table = copy.deepcopy(GOOD)
    *section, last = key.split(".")
    (table[section[0]] if section else table)[last] = value
    try:
        assert bhs_of_table(table, "bhs", "Na-test.toml").z_valence >= 1
    except InputError as error:
        assert "Na-test.toml" in str(error)


@given(st.binary(max_size=60), st.integers(0, 400))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_files_are_refused_cleanly(tmp_path, garbage, place):
    text = as_toml(GOOD).encode()
    path = tmp_path / "Na-test.toml"
    path.write_bytes(text[:place] + garbage + text[place + len(garbage) :])
    try:
        assert read_bhs(path).symbol
    except InputError as error:
        assert "Na-test.toml" in str(error)


def test_shipped_files_are_valid_and_named_after_their_element_and_charge():
    assert "Na" in shipped_elements()
    for symbol, path in shipped_elements().items():
        potential = read_bhs(path)
        assert path.name == f"{symbol}-q{potential.z_valence}.toml"
        assert potential.symbol == symbol
