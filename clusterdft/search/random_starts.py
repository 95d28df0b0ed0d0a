"""The first stage of the 1985 paper: independent random starts."""

from clusterdft.errors import InputError


class RandomStarts:
    """Strategy that asks for a fixed number of random starts and learns nothing from their outcomes.

    A strategy has two methods. `ask()` gives (index, Cluster), or None when there is nothing to ask
    before more outcomes are told, or for ever. `tell(outcome)` hears how a start ended. What it asks
    depends on its inputs and on what it was told alone, so that a search resumes by telling it again.

    Parameters
    ----------
    generate : function (index) -> Cluster
    starts : how many, at least 1
    """

    def __init__(self, *, generate, starts):
        if starts < 1:
            raise InputError(f"{starts} starts; give at least 1")
        self._generate = generate
        self._starts = starts
        self._next = 0

    def ask(self):
        if self._next >= self._starts:
            return None
        index = self._next
        self._next += 1
        return index, self._generate(index)

    def tell(self, outcome):
        """Random starts do not depend on one another."""
