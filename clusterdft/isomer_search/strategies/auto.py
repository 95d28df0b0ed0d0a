"""The strategy that mixes all others."""

from dataclasses import replace

from clusterdft.generate.library import library_geometries
from clusterdft.generate.planar import planar_start
from clusterdft.generate.symmetric import symmetric_start
from clusterdft.isomer_search.strategies.basin_hopping import BasinHopping
from clusterdft.isomer_search.strategies.genetic import Genetic
from clusterdft.isomer_search.strategies.seeds import seed_starts
from clusterdft.isomer_search.strategies.setting import Proposal, Strategy

SMALL = 8  # atoms; up to here random starts find everything, and tell best how sure the search is
RANDOM_EVERY = 4  # one start in so many is random, in larger clusters
SYMMETRIC = 4  # starts
PLANAR, LARGEST_PLANAR = 2, 8  # starts, and the largest cluster that is tried flat
FEWEST_BRED = 10  # atoms; smaller clusters have too few minima to breed from
BRED = 0.3  # share of children and mutants among the starts that learn


class Auto(Strategy):
    """Strategy that takes what is known first, then what its size needs: random starts, or hops and children.

    First come the user's seeds, the geometries of the literature, a few symmetric starts and, for small
    clusters, flat ones, every second start being random. Up to eight atoms all others are random: most of
    them end in the lowest minima, and the hits tell how sure the search is. In larger clusters walks hop (see
    `BasinHopping`), from ten atoms on a population of all minima found by anyone is bred from as well (see
    `Genetic`), and one start in four is random.

    Parameters
    ----------
    setting : SearchSetting
    guesses : whether to start from known, symmetric and flat geometries; without them the search has to find
        everything from random starts and seeds
    """

    def __init__(self, setting, *, guesses=True):
        self._setting = setting
        self._spin = {"charge": setting.charge, "n_unpaired": setting.n_unpaired}
        self._library = list(library_geometries(setting.symbols, **self._spin)) if guesses else []
        self._guesses = guesses and len(setting.symbols) > 2
        self._first = None
        alone = replace(setting, seeds=())
        self._walks, self._family = BasinHopping(alone), Genetic(alone)
        self._small = len(setting.symbols) <= SMALL
        self._bred = BRED if len(setting.symbols) >= FEWEST_BRED else 0.0

    @property
    def n_known(self):
        """Starts that do not depend on what is found."""
        if not self._guesses:
            return len(self._setting.seeds)
        return len(self._setting.seeds) + len(self._library) + SYMMETRIC + self._n_planar

    @property
    def _n_planar(self):
        return PLANAR if len(self._setting.symbols) <= LARGEST_PLANAR else 0

    def ask(self, index, rng):
        if self._first is None:
            self._first = self._first_starts(rng)
        every = 2 if self._small else RANDOM_EVERY
        if index % every == every - 1 or (self._small and not self._first):
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
        if not self._guesses:
            return starts
        symbols = self._setting.symbols
        for name, cluster in self._library:
            starts.append(Proposal(cluster=cluster, origin=f"library: {name}", role="guess"))
        for _ in range(SYMMETRIC):
            starts.append(Proposal(cluster=symmetric_start(symbols, rng, **self._spin), origin="symmetric"))
        for _ in range(self._n_planar):
            starts.append(Proposal(cluster=planar_start(symbols, rng, **self._spin), origin="planar"))
        return starts
