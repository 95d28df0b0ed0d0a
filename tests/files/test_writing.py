"""Writing files: whole or not at all, and JSON that keeps every digit."""

import json
import os

import numpy as np
import pytest

from clusterdft.errors import StoreError
from clusterdft.files.writing import to_json, write_bytes, write_text


def test_files_are_replaced_whole(tmp_path):
    path = tmp_path / "file.txt"
    write_text(path, "old")
    reader = path.open()
    write_text(path, "new and longer")
    assert reader.read() == "old"
    reader.close()
    assert path.read_text() == "new and longer"
    assert os.listdir(tmp_path) == ["file.txt"]


def test_file_that_cannot_be_written(tmp_path):
    with pytest.raises(StoreError, match="cannot write"):
        write_text(tmp_path / "no" / "file.txt", "")


def test_what_is_no_regular_file_is_written_into(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write_text(tmp_path / "pipe", "through")
    assert os.read(reader, 100) == b"through"
    os.close(reader)
    (tmp_path / "link").symlink_to("target")
    write_text(tmp_path / "link", "linked")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "linked"
    assert sorted(os.listdir(tmp_path)) == ["link", "pipe", "target"]


def test_links_in_a_circle_are_one_sentence(tmp_path):
    (tmp_path / "circle").symlink_to("circle")
    with pytest.raises(StoreError, match="cannot write"):
        write_text(tmp_path / "circle", "")


def test_json_refuses_what_is_not_a_number():
    with pytest.raises(ValueError, match="JSON"):
        to_json({"energy": float("nan")})
    assert json.loads(to_json({"x": 0.1 + 0.2}))["x"] == 0.1 + 0.2
    assert np.float64(0.1) == json.loads(to_json({"x": np.float64(0.1)}))["x"]


def test_the_old_content_stays_where_the_new_one_cannot_be_put(tmp_path):
    path = tmp_path / "file"
    write_bytes(path, b"old")
    (tmp_path / "file.new").mkdir()
    with pytest.raises(StoreError, match="cannot write"):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
