"""The order of a search: which start is asked for when, and when its outcome is told."""

from collections import deque
from itertools import count

import numpy as np

WINDOW = 4  # starts that a strategy is asked for ahead of the first outcome it has not been told


def outcomes_in_order(strategy, relaxations, *, seed, window, starts=None, numbers=None):
    """Ask, relax and tell, strictly in the order of the starts' numbers.

    A start is asked for when all but `window` of those before it have been told: what a strategy knows does
    not depend on how many relaxations run at a time, nor on which of them ends first.

    Parameters
    ----------
    strategy : Strategy
    relaxations : Relaxations
    seed : int; start number i has the random numbers of numpy's default_rng([seed, i, 1])
    window : int >= 1
    starts : how many to ask for at most; None for as many as the strategy has
    numbers : iterator of the starts' numbers, ascending; None for 0, 1, ...

    Yields
    ------
    (Outcome, whether it came from an earlier session), after the strategy has been told
    """
    numbers = count() if numbers is None else numbers
    waiting, n_asked, more = deque(), 0, True
    while True:
        while more and len(waiting) < window and (starts is None or n_asked < starts):
            index = next(numbers)
            proposal = strategy.ask(index, np.random.default_rng([seed, index, 1]))
            more = proposal is not None
            if more:
                relaxations.submit(index, proposal)
                waiting.append(index)
                n_asked += 1
        if not waiting:
            return
        outcome, resumed = relaxations.wait_for(waiting.popleft())
        strategy.tell(outcome)
        yield outcome, resumed
