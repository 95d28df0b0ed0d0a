"""The order of a search: which start is asked for when, and when its outcome is told."""

import numpy as np

WINDOW = 4  # starts that a strategy is asked for ahead of the first outcome it has not been told


def outcomes_in_order(strategy, relaxations, *, seed, window, starts=None):
    """Ask, relax and tell, strictly in the order of the starts' numbers.

    Start i is asked for when the outcomes 0 to i - window have been told: what a strategy knows does not
    depend on how many relaxations run at a time, nor on which of them ends first.

    Parameters
    ----------
    strategy : Strategy
    relaxations : Relaxations
    seed : int; start i has the random numbers of numpy's default_rng([seed, i, 1])
    window : int >= 1
    starts : how many to ask for at most; None for as many as the strategy has
    Yields
    ------
    (Outcome, whether it came from an earlier session), after the strategy has been told
    """
    told, asked, more = 0, 0, True
    while True:
        while more and asked < told + window and (starts is None or asked < starts):
            proposal = strategy.ask(asked, np.random.default_rng([seed, asked, 1]))
            more = proposal is not None
            if more:
                relaxations.submit(asked, proposal)
                asked += 1
        if told == asked:
            return
        outcome, resumed = relaxations.wait_for(told)
        strategy.tell(outcome)
        told += 1
        yield outcome, resumed
