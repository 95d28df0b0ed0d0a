"""Method files: what they may hold, and that all mistakes come at once."""

import pytest

from clusterdft.errors import InputError
from clusterdft.method import Method
from clusterdft.scf.method_file import load_method


@pytest.fixture
def load(tmp_path):
    def write_and_load(text, **overrides):
        path = tmp_path / "method.toml"
        path.write_text(text)
        return load_method(path, **overrides)

    return write_and_load


def test_file_table_and_keywords(load):
    text = 'basis = "even-6s5p3d"\nmax_iterations = 50\n'
    expected = Method(basis="even-6s5p3d", max_iterations=50)
    assert load(text) == load(f"[method]\n{text}") == expected
    assert load(text, max_iterations=60, grid=None) == Method(basis="even-6s5p3d", max_iterations=60)
    assert load("") == load_method() == Method()
    assert load("tolerance = 1e-7\nwidth = 0") == Method(tolerance=1e-7)


def test_all_mistakes_at_once(load):
    text = """
        pseudopotentail = "bhs"
        basis = "papr-3s2p"
        fitting = "larg"
        functional = "b3lyp"
        grid = "corse"
        width = "wide"
        max_iterations = 2.5
        stability = 1
        [elsewhere]
    """
    with pytest.raises(InputError) as caught:
        load(text)
    message = str(caught.value)
    for told in (
        "method.toml: ",
        "did you mean 'pseudopotential'",
        "did you mean 'paper-3s2p'",
        "did you mean 'large'",
        "'b3lyp' is a hybrid",
        "did you mean 'coarse'",
        "width is 'wide'",
        "max_iterations is 2.5",
        "stability is 1",
        "unknown key 'elsewhere'",
    ):
        assert told in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a = = 3", "not valid TOML.*line 1"),
        ('basis = "a"\nbasis = "b"', "not valid TOML"),
        ('[method]\nbasis = "paper-3s2p"\n[other]', "'other' stands outside"),
        ("method = 3", "unknown key 'method'"),
        ('[methods]\nbasis = "paper-3s2p"', "unknown key 'methods'"),
        ('occupation = "fermi"', "needs one above 0"),
        ("width = 0.01", "occupation 'fermi' only"),
        ("width = nan", "width is nan"),
        ('functional = "no-such"', "unknown functional 'no-such'"),
    ],
)
def test_mistakes_are_one_sentence(load, text, told):
    with pytest.raises(InputError, match=told) as caught:
        load(text)
    assert "\n" not in str(caught.value)


def test_files_that_cannot_be_read(tmp_path):
    (tmp_path / "binary.toml").write_bytes(bytes(range(256)))
    for name, told in (
        ("nowhere.toml", "cannot read the method file .*No such file.*; give the path"),
        (".", "cannot read the method file"),
        ("binary.toml", "the method file .* is not valid TOML"),
    ):
        with pytest.raises(InputError, match=told):
            load_method(tmp_path / name)


def test_unknown_keywords():
    with pytest.raises(InputError, match=r"unknown key 'basiss'; did you mean 'basis'\?"):
        load_method(basiss="paper-3s2p")


def test_pseudopotential_file_lies_beside_the_method_file(load, tmp_path):
    (tmp_path / "mine.toml").write_text("")
    assert load('pseudopotential = "mine.toml"').pseudopotential == str(tmp_path / "mine.toml")
    assert load('pseudopotential = "mine.toml"', pseudopotential="bhs").pseudopotential == "bhs"
    assert load('pseudopotential = "elsewhere.toml"').pseudopotential == "elsewhere.toml"
