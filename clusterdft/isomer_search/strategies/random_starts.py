"""The first stage of the 1985 paper: independent random starts."""

from clusterdft.isomer_search.strategies.same_atoms import seeds_of_same_atoms
from clusterdft.isomer_search.strategies.setting import Proposal, Strategy


class RandomStarts(Strategy):
    """Strategy of random starts for ever, after the seeds; it learns nothing from their outcomes.

    Parameters
    ----------
    setting : SearchSetting; seeds must have the atoms of the search
    """

    learns = False

    def __init__(self, setting):
        self._generate = setting.generate
        self._seeds = seeds_of_same_atoms(setting)

    def ask(self, index, rng):
        n_seeds = len(self._seeds)
        if index < n_seeds:
            return Proposal(cluster=self._seeds[index], origin=f"seed {index + 1}", role="guess")
        return Proposal(cluster=self._generate(index - n_seeds), origin="random")

    def tell(self, outcome):
        """Random starts do not depend on one another."""
