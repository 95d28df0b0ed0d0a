"""Lines of a search that runs, on a standard error that is no terminal."""

import pytest

from clusterdft.cli.progress import ProgressDisplay
from clusterdft.cluster import Cluster
from clusterdft.isomer_search.minimum_check import Check
from clusterdft.isomer_search.outcome import Outcome
from clusterdft.isomer_search.search_result import Progress, SearchResult

PAIR = Cluster(symbols=("Na", "Na"), positions=[[0, 0, 0], [0, 0, 6.0]])
START = Outcome(index=4, key="4", relaxed=True, reason="", cluster=PAIR, energy=-0.41, n_force_calls=9)


def progress_of(last, *, n_starts=8, resumed=False):
    result = SearchResult(
        inputs={"symbols": ["Na", "Na"], "charge": 0},
        isomers=(),
        outcomes=(START, START),
        n_starts=n_starts,
        hits_of_lowest=0,
    )
    return Progress(last=last, resumed=resumed, result=result, seconds_left=None)


def line_of(capsys, progress):
    """The first half of the line: what has ended."""
    with ProgressDisplay(quiet=False) as display:
        display.update(progress)
    assert display.n_ended == 2
    return capsys.readouterr().err.strip().split("; nothing")[0]


def test_a_start_that_relaxed(capsys):
    assert line_of(capsys, progress_of(START)) == "start 4 (2/8; random): -0.410000 hartree in 9 force calls"
    open_end = progress_of(START, n_starts=None)
    assert line_of(capsys, open_end).startswith("start 4 (2; random): ")


def test_a_start_that_did_not(capsys):
    lost = Outcome(index=5, key="5", relaxed=False, reason="it fell apart", cluster=PAIR)
    assert line_of(capsys, progress_of(lost)) == "start 5 (2/8; random): it fell apart"


def test_a_follow_up_is_named_by_what_it_follows(capsys):
    kicked = Outcome(
        index=9,
        key="9",
        relaxed=False,
        reason="lost",
        cluster=PAIR,
        role="follow-up",
        origin="kick of isomer 1",
    )
    assert line_of(capsys, progress_of(kicked)) == "kick of isomer 1: lost"


@pytest.mark.parametrize(
    ("kind", "reason", "words"),
    [
        ("minimum", "", "vibrations: minimum"),
        ("saddle", "1 imaginary", "vibrations: saddle, 1 imaginary"),
        ("", "", "electronic state"),
    ],
)
def test_checks(capsys, kind, reason, words):
    check = Check(key="1", kind=kind, reason=reason, frequencies=None, n_force_calls=3, cpu_seconds=0.1)
    assert line_of(capsys, progress_of(check)) == words


def test_what_came_from_the_store_has_no_line(capsys):
    with ProgressDisplay(quiet=False) as display:
        display.update(progress_of(START, resumed=True))
    with ProgressDisplay(quiet=True) as display:
        display.update(progress_of(START))
    assert capsys.readouterr().err == ""
