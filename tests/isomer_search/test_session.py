"""The order of asking and telling, whatever the order of ending, and what a session tells."""

import numpy as np
import pytest

from clusterdft.isomer_search.driver import SearchRequest, run_search
from clusterdft.isomer_search.session import outcomes_in_order
from clusterdft.surfaces.classical import LennardJones


class Diary:
    """A strategy that writes down what happens, and asks `most` times."""

    def __init__(self, most):
        self.most = most
        self.lines = []
        self.numbers = []

    def ask(self, index, rng):
        if index >= self.most:
            return None
        self.lines.append(f"ask {index}")
        self.numbers.append(rng.random())
        return index

    def tell(self, outcome):
        self.lines.append(f"tell {outcome}")


class Ended:
    """Relaxations that end at once."""

    def __init__(self):
        self.there = set()

    def submit(self, index, proposal):
        self.there.add(index)

    def wait_for(self, index):
        self.there.remove(index)
        return index, False


@pytest.mark.parametrize("window", [1, 2, 4])
def test_each_start_is_asked_for_after_the_same_outcomes(window):
    diary = Diary(9)
    ends = list(outcomes_in_order(diary, Ended(), seed=5, window=window))
    assert ends == [(index, False) for index in range(9)]
    for index in range(9):
        before = diary.lines[: diary.lines.index(f"ask {index}")]
        told = [line for line in before if line.startswith("tell")]
        assert told == [f"tell {k}" for k in range(index - window + 1)]
    assert diary.numbers == [np.random.default_rng([5, k, 1]).random() for k in range(9)]


def test_no_more_starts_than_allowed():
    diary = Diary(9)
    assert len(list(outcomes_in_order(diary, Ended(), seed=0, window=4, starts=6))) == 6
    assert "ask 6" not in diary.lines


def test_a_strategy_that_has_nothing_more_is_not_asked_again():
    diary = Diary(2)
    asked = []
    ask = diary.ask
    diary.ask = lambda index, rng: (asked.append(index), ask(index, rng))[1]
    assert len(list(outcomes_in_order(diary, Ended(), seed=0, window=4))) == 2
    assert asked == [0, 1, 2]


def test_every_change_is_told_and_the_last_one_twice():
    """After each start, when the starts have ended, and when the follow-ups have."""
    changes = []

    def on_change(result, seconds_left, *, at_end):
        changes.append((len(result.outcomes), len(result.checks), at_end, seconds_left is None))

    request = SearchRequest(composition="Na3", spec=LennardJones(), starts=2, strategy="random-starts")
    result = run_search(request, on_change=on_change)
    (check,) = result.checks
    assert check.kind == "minimum"
    assert [change[:3] for change in changes] == [
        (1, 0, False),
        (2, 0, False),
        (2, 0, True),
        (2, 1, False),
        (2, 1, True),
    ]
    assert all(unknown for _, _, at_end, unknown in changes if at_end)


def test_what_has_ended_is_told_when_a_search_is_interrupted():
    changes = []

    def progress(event):
        raise KeyboardInterrupt

    request = SearchRequest(composition="Na3", spec=LennardJones(), starts=2, strategy="random-starts")
    with pytest.raises(KeyboardInterrupt):
        run_search(request, on_change=lambda *change, at_end: changes.append(at_end), progress=progress)
    assert changes == [False, True]
