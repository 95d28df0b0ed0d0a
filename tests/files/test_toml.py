"""TOML files: read whole, or refused in one sentence with the path."""

from importlib.resources import files

import pytest

from clusterdft.errors import InputError
from clusterdft.files.toml import file_bytes, parse_toml, read_toml


def test_a_path_as_text_or_path_and_a_resource_are_read(tmp_path):
    path = tmp_path / "file.toml"
    path.write_text('name = "caf\u00e9"\n[table]\nkey = [1, 2.5]\n', encoding="utf-8")
    expected = {"name": "caf\u00e9", "table": {"key": [1, 2.5]}}
    assert read_toml(path, "file") == read_toml(str(path), "file") == expected
    assert parse_toml(file_bytes(path, "file"), path, "file") == expected
    assert "Na" in read_toml(files("clusterdft.references") / "elements.toml", "table")


@pytest.mark.parametrize("content", [b"a = ", b"a = 1\na = 2", b"\xff\xfe", b"x = " + b"[" * 3000])
def test_what_is_no_toml_is_one_sentence(tmp_path, content):
    path = tmp_path / "file.toml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"the basis file .*file\.toml is not valid TOML") as caught:
        read_toml(path, "basis file")
    assert "\n" not in str(caught.value)


def test_what_cannot_be_read_says_why(tmp_path):
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(InputError, match=r"cannot read the basis file .*; give the path of a TOML file"):
            read_toml(path, "basis file")
