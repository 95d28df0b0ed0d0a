"""Files of orbital sets: what is read, what is refused, and that writing is the reverse of reading."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusterdft.basis.set_files import ElementBasis, read_basis, toml_text
from clusterdft.errors import ClusterDftError, InputError

GOOD = '[Na]\nvalence = 1\nsource = "mine"\ns = [0.03, 0.09]\n'
# exponents a factor 1.3 apart, so that none is nearly another
EXPONENTS = st.lists(st.integers(0, 40), min_size=1, max_size=6, unique=True).map(
    lambda steps: [0.002 * 1.3**k for k in steps]
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(str.strip)
LADDER = st.tuples(st.floats(0.001, 100), st.lists(st.integers(0, 6), min_size=1, max_size=20).map(tuple))


def read(folder, text):
    path = folder / "set.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_basis(str(path))


def test_a_set_without_ladders(tmp_path):
    (entry,) = read(tmp_path, GOOD + "p = [1]").values()
    assert entry.shells == ((0, 0.03), (0, 0.09), (1, 1.0))
    assert (entry.symbol, entry.valence, entry.version, entry.source) == ("Na", 1, 1, "mine")
    assert entry.ladders == {}


def test_several_elements_stand_in_one_file(tmp_path):
    elements = read(tmp_path, GOOD + GOOD.replace("Na", "K"))
    assert [entry.symbol for entry in elements.values()] == ["Na", "K"]


@given(
    shells=st.dictionaries(st.integers(0, 2), EXPONENTS, min_size=1),
    source=TEXT,
    valence=st.integers(1, 118),
    version=st.integers(1, 99),
    ladders=st.dictionaries(st.sampled_from(["default", "large"]), LADDER),
    heading=st.text(string.printable, max_size=40),
)
def test_writing_and_reading_are_inverse(
    tmp_path_factory, shells, source, valence, version, ladders, heading
):
    rows = tuple((momentum, a) for momentum in sorted(shells) for a in shells[momentum])
    wrote = ElementBasis(
        symbol="Cs", valence=valence, shells=rows, source=source, version=version, ladders=ladders
    )
    found = read(tmp_path_factory.mktemp("sets"), toml_text(wrote, heading))["Cs"]
    for name in ("symbol", "valence", "shells", "source", "version", "ladders"):
        assert getattr(found, name) == getattr(wrote, name)


@given(
    st.recursive(
        st.one_of(st.integers(), st.floats(), st.booleans(), st.text(string.ascii_letters, max_size=5)),
        lambda inner: st.lists(inner, max_size=3),
    ),
    st.sampled_from(["valence", "version", "source", "s", "p", "d", "fitting", "f"]),
)
def test_any_value_is_read_or_refused_in_one_sentence(tmp_path_factory, value, key):
    lines = [line for line in GOOD.splitlines() if not line.startswith(f"{key} =")]
    text = {True: "true", False: "false"}.get(value) if isinstance(value, bool) else repr(value)
    try:
        entry = read(tmp_path_factory.mktemp("sets"), "\n".join([*lines, f"{key} = {text}"]))["Na"]
    except ClusterDftError as error:
        assert "\n" not in str(error)
        assert "set.toml" in str(error)
    else:
        assert all(a > 0 for _, a in entry.shells)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty"),
        ("s = [1]", "no table of an element"),
        ("[X]\n", "X is no table of an element"),
        ("[Na", "not valid TOML"),
        (b"\xff\xfe", "not valid TOML"),
        ("[Na]\nvalence = 1\nsource = 'a'\n", "no exponents"),
        (GOOD.replace("valence = 1", ""), "Na.valence is missing"),
        (GOOD.replace("valence = 1", "valence = 1.0"), "whole number from 1 to 118"),
        (GOOD.replace("valence = 1", "valence = true"), "Na.valence is True"),
        (GOOD.replace('"mine"', '" "'), "where the exponents come from"),
        (GOOD + "f = [1.0]", "unknown key 'f'"),
        (GOOD + "p = []", "Na.p is []"),
        (GOOD + "p = 0.1", "Na.p is 0.1"),
        (GOOD + "p = [-0.1]", "exponents from 0.001 to 1000"),
        (GOOD + "p = [0.0]", "exponents from 0.001 to 1000"),
        (GOOD + "p = [nan]", "exponents from 0.001 to 1000"),
        (GOOD + "p = [inf]", "exponents from 0.001 to 1000"),
        (GOOD + "p = [0.2, 0.1, 0.2]", "nearly the same function"),
        (GOOD + "version = 0", "Na.version is 0"),
        (GOOD + "fitting = 3", "Na.fitting is 3"),
        (GOOD + "[Na.fitting]\nhuge = 3", "unknown key 'huge'; allowed: default, large"),
        (GOOD + "[Na.fitting]\nlarge = { first = 0.1 }", "large.degrees is missing; give a list of 1 to 20"),
        (GOOD + "[Na.fitting]\nlarge = 3", "large is 3; give first and degrees"),
        (GOOD + "[Na.fitting]\nlarge = { first = -1, degrees = [1] }", "large.first is -1"),
        (GOOD + "[Na.fitting]\nlarge = { first = 1, degrees = [] }", "1 to 20 whole numbers"),
        (GOOD + "[Na.fitting]\nlarge = { first = 1, degrees = [7] }", "whole number from 0 to 6"),
    ],
)
def test_mistakes(tmp_path, text, told):
    with pytest.raises(InputError) as error:
        read(tmp_path, text)
    assert told in str(error.value)
    assert "set.toml" in str(error.value)


def test_a_missing_file(tmp_path):
    with pytest.raises(InputError, match=r"cannot read the basis file .*no\.toml: No such file"):
        read_basis(tmp_path / "no.toml")


def test_all_mistakes_come_together(tmp_path):
    with pytest.raises(InputError) as error:
        read(tmp_path, "[Na]\nvalence = 0\ns = [1, -1]\n[K]\nvalence = 1\nsource = 3\ns = [1]\nsauce = 3\n")
    for told in ("Na.valence is 0", "Na.s is [1, -1]", "Na.source is missing", "K.source is 3", "'source'?"):
        assert told in str(error.value)
