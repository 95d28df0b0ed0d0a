"""The growth strategy: from the minima of neighbouring sizes and other charges, then mutants of the best."""

import numpy as np

from clusterdft.isomer_search.outcome import Outcome
from clusterdft.isomer_search.strategies.genetic import Genetic
from clusterdft.isomer_search.strategies.setting import Proposal, SearchSetting, Strategy

RANDOM_INTERVAL = 5  # one start in so many is random, once the seeds are used up


class Growth(Strategy):
    """Strategy that begins with all ways to make the wanted cluster of the seeds, then breeds from the best.

    One atom is put on each distinct surface site of a seed that lacks one, each distinct atom is taken from a
    seed that has one too many, and a seed of the same atoms in another charge or spin is taken as it is.

    Parameters
    ----------
    setting : SearchSetting
        Without seeds the first parents come from random starts.
    """

    def __init__(self, setting: SearchSetting) -> None:
        self._generate = setting.generate
        self._family = Genetic(setting, founders=0)
        self._n_asked = 0

    def ask(self, index: int, rng: np.random.Generator) -> Proposal:
        """A start made from a seed, a random one, or one bred from the best."""
        start = self._family.next_seed(rng)
        if start is not None:
            return start
        self._n_asked += 1
        if self._n_asked % RANDOM_INTERVAL == 0 or not self._family.fertile:
            return Proposal(cluster=self._generate(index), origin="random")
        return self._family.breed(index, rng)

    def tell(self, outcome: Outcome) -> None:
        """Tell the population."""
        self._family.tell(outcome)
