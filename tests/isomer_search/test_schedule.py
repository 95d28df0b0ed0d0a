"""The order of asking and telling, whatever the order of ending."""

import numpy as np
import pytest

from clusterdft.isomer_search.session import outcomes_in_order


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
