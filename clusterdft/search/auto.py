"""The strategy that mixes all others."""

from dataclasses import replace

from clusterdft.generate.library import library_geometries
from clusterdft.generate.planar import planar_start
from clusterdft.generate.symmetric import symmetric_start
from clusterdft.search.basin_hopping import BasinHopping
from clusterdft.search.genetic import Genetic
from clusterdft.search.seeds import seed_starts
from clusterdft.search.setting import Proposal

RANDOM_EVERY = 5  # one start in so many is random, from the first to the last
SYMMETRIC = 4  # starts
PLANAR, LARGEST_PLANAR = 2, 8  # starts, and the largest cluster that is tried flat
FEWEST_BRED = 10  # atoms; smaller clusters have too few minima to breed from
BRED = 0.3  # share of children and mutants among the starts that learn


class Auto:
    """Strategy that takes what is known first, then hops and breeds; a fifth of all starts is random.

    First come the user's seeds, the geometries of the literature, a few symmetric starts and, for small
    clusters, flat ones. Then walks hop (see `BasinHopping`); from ten atoms on a population of all minima
    found by anyone is bred from as well (see `Genetic`). The random fifth is independent of all else, so
    that its hits tell how sure the search is.

    Parameters
    ----------
    setting : SearchSetting
    guesses : whether to start from known, symmetric and flat geometries; without them the search has to find
        everything from random starts and seeds
    """

    def __init__(self, setting, *, guesses=True):
        self._setting = setting
        self._guesses = guesses
        self._first = None
        alone = replace(setting, seeds=())
        self._walks, self._family = BasinHopping(alone), Genetic(alone)
        self._bred = BRED if len(setting.symbols) >= FEWEST_BRED else 0.0

    def ask(self, index, rng):
        if self._first is None:
            self._first = self._first_starts(rng)
        if index % RANDOM_EVERY == RANDOM_EVERY - 1:
            return Proposal(cluster=self._setting.generate(index), origin="random")
        if self._first:
            self._walks.adopt(index)
            return self._first.pop(0)
        if self._family.fertile and rng.random() < self._bred:
            return self._family.breed(index, rng)
        return self._walks.ask(index, rng)

    def tell(self, outcome):
        self._walks.tell(outcome)
        self._family.tell(outcome)

    def _first_starts(self, rng):
        """Proposals of all that is known or guessed, the most promising first."""
        starts = seed_starts(self._setting, rng)
        symbols = self._setting.symbols
        state = {"charge": self._setting.charge, "n_unpaired": self._setting.n_unpaired}
        if not self._guesses or len(symbols) < 3:
            return starts
        for name, cluster in library_geometries(symbols, **state):
            starts.append(Proposal(cluster=cluster, origin=f"library: {name}"))
        for _ in range(SYMMETRIC):
            starts.append(Proposal(cluster=symmetric_start(symbols, rng, **state), origin="symmetric"))
        for _ in range(PLANAR if len(symbols) <= LARGEST_PLANAR else 0):
            starts.append(Proposal(cluster=planar_start(symbols, rng, **state), origin="planar"))
        return starts
