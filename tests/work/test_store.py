"""The store: exact, done once, one writer, one search, and loud when it cannot write."""

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from clusterdft.errors import StoreError
from clusterdft.work.store import first_difference, open_store

INPUTS = {"formula": "Na3", "surface": {"basis": "small", "width": 0.1}, "seed": 0}


START = {
    "symbols": ["Na"] * 2,
    "positions_bohr": [[0.1, 0, 0], [1 / 3, 0, 5.7]],
    "charge": 1,
    "n_unpaired": 0,
}


def add_task(store, index=0, origin="random"):
    store.add_task(f"key{index}", index=index, start=START, origin=origin)


def outcome(**values):
    return {
        "relaxed": True,
        "reason": "",
        "energy": -0.1 / 3,
        "n_unpaired": 1 / 7,
        "largest_force": 1e-5,
        "cluster": START,
        "n_force_calls": 9,
        "cpu_seconds": 0.5,
        "start_energy": 0.1 + 0.2,
    } | values


@pytest.fixture(params=["file", "memory"])
def store(request, tmp_path):
    with open_store(tmp_path / "store.sqlite" if request.param == "file" else None) as opened:
        opened.begin(INPUTS)
        yield opened


def test_outcome_comes_back_to_the_last_bit(store):
    assert store.outcome("key3") is None
    add_task(store, 3)
    assert store.outcome("key3") is None
    store.finish("key3", outcome())
    assert store.outcome("key3") == outcome() | {"index": 3, "origin": "random"}


def test_failure_is_kept_with_its_reason(store):
    failure = outcome(relaxed=False, reason="fell apart", energy=None, n_unpaired=None, largest_force=None)
    add_task(store)
    store.finish("key0", failure)
    assert store.outcome("key0") == failure | {"index": 0, "origin": "random"}


def test_done_twice_is_stored_once(store):
    for energy in (-1.0, -2.0):
        add_task(store)
        store.finish("key0", outcome(energy=energy))
    assert store.outcome("key0")["energy"] == -1.0


def test_store_outlives_its_process(tmp_path):
    with open_store(tmp_path / "store.sqlite") as store:
        store.begin(INPUTS)
        add_task(store)
        store.finish("key0", outcome())
    with open_store(tmp_path / "store.sqlite") as store:
        store.begin(INPUTS)
        assert store.outcome("key0")["energy"] == outcome()["energy"]
    rows = sqlite3.connect(tmp_path / "store.sqlite").execute("select provenance from sessions").fetchall()
    assert len(rows) == 2
    assert "numpy" in rows[0][0]


def test_other_search_is_refused_and_the_difference_named(tmp_path):
    with open_store(tmp_path / "store.sqlite") as store:
        store.begin(INPUTS)
    other = INPUTS | {"surface": {"basis": "large", "width": 0.2}, "seed": 1}
    with open_store(tmp_path / "store.sqlite") as store, pytest.raises(StoreError) as caught:
        store.begin(other)
    assert 'surface.basis is "small", here it is "large"' in str(caught.value)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ({"a": 1}, {"a": 1}, None),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, ("b", 2, 3)),
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3]}}, ("a.b", [1, 2], [1, 3])),
        ({"a": 1, "gone": 5}, {"a": 1}, ("gone", 5, None)),
        ({}, {"new": 1}, ("new", None, 1)),
    ],
)
def test_first_difference(before, now, expected):
    assert first_difference(before, now) == expected


def test_second_process_is_refused_while_the_first_runs(tmp_path):
    path = tmp_path / "store.sqlite"
    command = [
        sys.executable,
        "-c",
        f"from clusterdft.work.store import open_store; open_store({str(path)!r})",
    ]
    with open_store(path) as store:
        store.begin(INPUTS)
        second = subprocess.run(command, capture_output=True, text=True)
        assert second.returncode != 0
        assert "another process is at work in" in second.stderr
    assert subprocess.run(command, capture_output=True).returncode == 0


def test_reading_while_it_is_open_works(tmp_path):
    with open_store(tmp_path / "store.sqlite") as store:
        store.begin(INPUTS)
        add_task(store)
        count = sqlite3.connect(tmp_path / "store.sqlite").execute("select count(*) from tasks").fetchone()
        assert count == (1,)
        store.finish("key0", outcome())


@pytest.mark.parametrize(
    "place", ["file/store.sqlite", "file/deeper/store.sqlite", "/proc/nowhere/store.sqlite"]
)
def test_folder_that_cannot_be_written(tmp_path, place):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreError, match="cannot write to the folder"):
        open_store(tmp_path / place)


def test_file_that_is_no_database(tmp_path):
    (tmp_path / "store.sqlite").write_text("some notes, and long enough to be read as a database header" * 20)
    told = "not the store of a search"
    with open_store(tmp_path / "store.sqlite") as store, pytest.raises(StoreError, match=told):
        store.begin(INPUTS)


def test_database_of_something_else(tmp_path):
    with sqlite3.connect(tmp_path / "store.sqlite") as other:
        other.execute("create table searches (what text)")
    other.close()
    told = "not the store of a search"
    with open_store(tmp_path / "store.sqlite") as store, pytest.raises(StoreError, match=told):
        store.begin({})


FULL_DISK = """
import resource, sys
from clusterdft.errors import StoreError
from clusterdft.work.store import open_store

start = {"symbols": ["Na"], "positions_bohr": [[0, 0, 0]], "charge": 0, "n_unpaired": None}
outcome = dict(relaxed=True, reason="", energy=-0.5, n_unpaired=1.0, largest_force=0.0, cluster=start,
               n_force_calls=1, cpu_seconds=0.0, start_energy=None)
with open_store(sys.argv[1]) as store:
    store.begin({})
    store.add_task("key", index=0, start=start, origin="random")
    store.finish("key", outcome)
    resource.setrlimit(resource.RLIMIT_FSIZE, (70_000, 70_000))
    try:
        for index in range(1, 500):
            store.add_task(f"key{index}", index=index, start=start, origin="random")
    except StoreError as error:
        sys.exit(f"StoreError: {error}")
"""


def test_full_disk_is_one_sentence_and_loses_nothing(tmp_path):
    """As on a full disk, the file cannot grow."""
    path = tmp_path / "store.sqlite"
    done = subprocess.run([sys.executable, "-c", FULL_DISK, path], capture_output=True, text=True)
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("StoreError: the store ")
    assert "check the disk's space" in done.stderr
    with open_store(path) as store:
        store.begin({})
        assert store.outcome("key")["energy"] == -0.5


def test_unknown_kind_of_database():
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store("nosuchdatabase://host/name")


def test_origin_is_kept(store):
    add_task(store, origin="hop from 3")
    store.finish("key0", outcome())
    assert store.outcome("key0")["origin"] == "hop from 3"


def test_store_of_an_earlier_version_is_read(tmp_path):
    """Stores of version 0.1 had neither origins nor energies of starts."""
    path = tmp_path / "store.sqlite"
    with open_store(path) as store:
        store.begin(INPUTS)
        add_task(store)
        store.finish("key0", outcome())
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE tasks DROP COLUMN origin")
        connection.execute("ALTER TABLE outcomes DROP COLUMN start_energy")
        connection.commit()
    with open_store(path) as store:
        store.begin(INPUTS)
        assert store.outcome("key0") == outcome(start_energy=None) | {"index": 0, "origin": None}
        add_task(store, 1, "seed 1")
        store.finish("key1", outcome())
        assert store.outcome("key1")["origin"] == "seed 1"
        assert store.outcome("key1")["start_energy"] == 0.1 + 0.2


def test_other_results_are_kept_once_by_key_and_kind(store):
    store.keep("a" * 64, "vibrations", {"frequencies": [0.1, 1 / 3]})
    store.keep("a" * 64, "vibrations", {"frequencies": []})
    assert store.kept("a" * 64, "vibrations") == {"frequencies": [0.1, 1 / 3]}
    assert store.kept("a" * 64, "levels") is None
    assert store.kept("b" * 64, "vibrations") is None
