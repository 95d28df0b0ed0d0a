"""Texts on standard error: where they cannot be written, they end no run."""

import os
from contextlib import contextmanager, redirect_stderr
from types import SimpleNamespace

import pytest

from clusterdft.cli.output import print_progress, print_result
from clusterdft.cli.progress import ProgressDisplay

FULL = "/dev/full"


@contextmanager
def full():
    with open(FULL, "w") as stream:
        yield stream


@contextmanager
def closed_pipe():
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as stream:
        yield stream


@contextmanager
def closed():
    yield None


@pytest.fixture(params=[full, closed_pipe, closed])
def lost(request):
    """A context without a standard error that can be written; pytest sets its own after the fixtures."""
    if request.param is full and not os.path.exists(FULL):
        pytest.skip("no full device")
    with request.param() as stream:
        yield redirect_stderr(stream)


def test_progress_that_cannot_be_written_is_lost(lost, capsys):
    with lost:
        for line in ("one", "two"):
            print_progress(line)
    assert capsys.readouterr().out == ""


def test_tables_beside_json_too(lost, capsys):
    with lost:
        print_result("-", "one", "two")
    assert capsys.readouterr().out == ""


def test_progress_and_tables_are_printed(capsys):
    print_progress("half of it")
    print_result("-", "to errors", "more")
    print_result(None, "to output")
    told = capsys.readouterr()
    assert (told.err, told.out) == ("half of it\nto errors\nmore\n", "to output\n")


def test_a_search_goes_on(lost, monkeypatch, capsys):
    monkeypatch.setattr("clusterdft.cli.progress.progress_line", lambda result, left: "3 isomers")
    last = SimpleNamespace(reason="", energy=-0.6, n_force_calls=9, role="follow-up", origin="kick")
    shown = SimpleNamespace(
        result=SimpleNamespace(n_ended=1, n_starts=2), last=last, seconds_left=None, resumed=False
    )
    with lost, ProgressDisplay(quiet=False) as display:
        for _ in range(2):
            display.update(shown)
    assert capsys.readouterr().out == ""


def test_properties_go_on(lost, command, tmp_path, monkeypatch):
    def told(folders, place, *, progress, **more):
        progress("the volume of Na3")
        return SimpleNamespace(clusters=lambda: ())

    monkeypatch.setattr("clusterdft.study.runner.read_properties", told)
    with lost:
        out = command("properties", "found", "--out", "read", cwd=tmp_path)
    assert out.out == "tables in read/tables\n"
