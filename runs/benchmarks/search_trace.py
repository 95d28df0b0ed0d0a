"""What one measured search has done so far, and our searches as they are measured.

Imported by search.py.
"""

from clusterdft.generate.random_cube import random_cube
from clusterdft.isomer_search.outcome import Outcome
from clusterdft.isomer_search.session import STARTS_AHEAD, outcomes_in_order
from clusterdft.isomer_search.strategies.setting import SearchSetting
from clusterdft.relaxation.relax import relax


class Spent(Exception):
    """The budget is used up, or the target is found."""


class Trace:
    """Counts force calls and relaxations of a search and stops it at its target or the end of its budget.

    Parameters
    ----------
    target : function (cluster, energy) -> whether that relaxed geometry is what is searched for
    max_calls, max_relaxations : the budget
    """

    def __init__(self, target, max_calls, max_relaxations):
        self.calls, self.relaxations, self.found, self.lowest = 0, 0, False, float("inf")
        self._target, self._max_calls, self._max_relaxations = target, max_calls, max_relaxations

    def called(self, calls=1):
        """Force calls were made; raises Spent when they are too many."""
        self.calls += calls
        if self.calls > self._max_calls:
            raise Spent

    def relaxed(self, cluster, energy):
        """A relaxation ended there; raises Spent at the target and after the last relaxation allowed."""
        self.relaxations += 1
        if energy is not None:
            self.lowest = min(self.lowest, energy)
            self.found = self._target(cluster, energy)
        if self.found or self.relaxations >= self._max_relaxations:
            raise Spent


class Relaxing:
    """The relaxations of one search, each done when it is asked for."""

    def __init__(self, surface, relaxer, trace):
        self._surface, self._relaxer, self._trace, self._ended = surface, relaxer, trace, {}

    def submit(self, index, proposal):
        """Relax a Proposal at once."""
        end = relax(proposal.cluster, self._surface, relaxer=self._relaxer)
        self._trace.called(end.n_force_calls)
        self._trace.relaxed(end.cluster, end.energy if end.relaxed else None)
        self._ended[index] = Outcome(
            index=index,
            key=str(index),
            relaxed=end.relaxed,
            reason=end.reason,
            cluster=end.cluster,
            energy=end.energy,
            n_unpaired=end.n_unpaired,
            n_force_calls=end.n_force_calls,
            origin=proposal.origin,
            parents=proposal.parents,
        )

    def wait_for(self, index):
        """The Outcome of a start, and that it was not kept from before."""
        return self._ended.pop(index), False


def ours(strategy, relaxer, trace, surface, start, seed):
    """One of our searches, with the window of `clusterdft search`, until its trace stops it."""
    setting = SearchSetting(
        symbols=start.symbols,
        charge=start.charge,
        n_unpaired=None,
        generate=lambda index: random_cube(start.symbols, seed=seed, index=index, charge=start.charge),
    )
    relaxing = Relaxing(surface, relaxer, trace)
    for _ in outcomes_in_order(strategy(setting), relaxing, seed=seed, window=STARTS_AHEAD):
        pass
