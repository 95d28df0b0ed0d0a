"""The first stage of the 1985 paper: independent random starts."""

from clusterdft.search.setting import Proposal


class RandomStarts:
    """Strategy of random starts for ever, which learns nothing from their outcomes.

    Parameters
    ----------
    setting : SearchSetting
    """

    learns = False

    def __init__(self, setting):
        self._generate = setting.generate

    def ask(self, index, rng):
        return Proposal(cluster=self._generate(index), origin="random")

    def tell(self, outcome):
        """Random starts do not depend on one another."""
