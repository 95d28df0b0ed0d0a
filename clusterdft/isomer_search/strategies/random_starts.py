"""The first stage of the 1985 paper: independent random starts."""

from typing import ClassVar

import numpy as np

from clusterdft.isomer_search.strategies.seeds import seeds_of_same_atoms
from clusterdft.isomer_search.strategies.setting import Proposal, SearchSetting, Strategy


class RandomStarts(Strategy):
    """Strategy of random starts for ever, after the seeds; it learns nothing from their outcomes.

    Parameters
    ----------
    setting : SearchSetting
        Seeds must have the atoms of the search.

    Raises
    ------
    InputError
        A seed has other atoms than the search.

    References
    ----------
    Martins, Buttet and Car, Phys. Rev. B 31, 1804 (1985), section II
    """

    learns: ClassVar[bool] = False

    def __init__(self, setting: SearchSetting) -> None:
        self._generate = setting.generate
        self._seeds = seeds_of_same_atoms(setting)

    def ask(self, index: int, rng: np.random.Generator) -> Proposal:
        """The seed or the random start of that number; `rng` is not used."""
        n_seeds = len(self._seeds)
        if index < n_seeds:
            return Proposal(cluster=self._seeds[index], origin=f"seed {index + 1}", role="guess")
        return Proposal(cluster=self._generate(index - n_seeds), origin="random")
