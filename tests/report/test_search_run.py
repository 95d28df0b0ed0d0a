"""When the files of a running search are written."""

import json

import pytest

from clusterdft.isomer_search.driver import SearchRequest, run_search
from clusterdft.report import search_run
from clusterdft.report.search_run import WRITING_INTERVAL, SearchWriter, search
from clusterdft.surfaces.classical import LennardJones

RESULT = run_search(SearchRequest(composition="Na2", spec=LennardJones(), starts=1, strategy="random-starts"))


class Clock:
    """A clock that is set by hand, and counts what is written."""

    def __init__(self):
        self.now, self.n_written = 0.0, 0

    def monotonic(self):
        return self.now

    def write(self, result, folder, seconds_left):
        self.n_written += 1


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(search_run, "time", clock)
    monkeypatch.setattr(search_run, "write_search_files", clock.write)
    return clock


def test_files_are_written_at_once_then_now_and_then_and_always_at_the_end(clock, tmp_path):
    write = SearchWriter(tmp_path)
    for now, at_end, n_written in (
        (0.0, False, 1),
        (0.5 * WRITING_INTERVAL, False, 1),
        (0.9 * WRITING_INTERVAL, True, 2),
        (1.5 * WRITING_INTERVAL, False, 2),
        (2.0 * WRITING_INTERVAL, False, 3),
    ):
        clock.now = now
        write(RESULT, 1.0, at_end=at_end)
        assert clock.n_written == n_written


def test_without_a_folder_nothing_is_written(clock):
    assert search("Na2", LennardJones(), starts=1, strategy="random-starts").isomers
    assert clock.n_written == 0


def test_a_store_of_its_own_leaves_the_folder_to_the_files(tmp_path):
    out, store = tmp_path / "out", tmp_path / "kept.sqlite"
    result = search("Na2", LennardJones(), starts=1, strategy="random-starts", out=out, store=store)
    assert {path.name for path in out.iterdir()} == {"isomers.xyz", "summary.json", "search.log"}
    assert store.is_file()
    summary = json.loads((out / "summary.json").read_text())
    assert summary["isomers"][0]["energy_hartree"] == result.isomers[0].energy
