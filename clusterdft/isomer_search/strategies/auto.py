"""The strategy that mixes all others."""

from dataclasses import replace

import numpy as np

from clusterdft.generate.library import library_geometries
from clusterdft.generate.planar import planar_start
from clusterdft.generate.symmetric import symmetric_start
from clusterdft.isomer_search.outcome import Outcome
from clusterdft.isomer_search.strategies.basin_hopping import BasinHopping
from clusterdft.isomer_search.strategies.genetic import Genetic
from clusterdft.isomer_search.strategies.seeds import seed_starts
from clusterdft.isomer_search.strategies.setting import Proposal, SearchSetting, Strategy

LARGEST_ALL_RANDOM = 8  # atoms; there random starts find everything, and tell best how sure the search is
RANDOM_EVERY = 4  # one start in so many is random, in larger clusters
N_SYMMETRIC = 4  # starts
N_PLANAR, LARGEST_PLANAR = 2, 8  # starts, and the largest cluster that is tried flat
SMALLEST_BRED = 10  # atoms; smaller clusters have too few minima to breed from
BRED_SHARE = 0.3  # of children and mutants among the starts that learn


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
    guesses : bool
        Whether to start from known, symmetric and flat geometries; without them the search has to find
        everything from random starts and seeds.
    """

    def __init__(self, setting: SearchSetting, *, guesses: bool = True) -> None:
        self._setting = setting
        self._library = []
        if guesses:
            self._library = list(
                library_geometries(setting.symbols, charge=setting.charge, n_unpaired=setting.n_unpaired)
            )
        self._guesses = guesses and len(setting.symbols) > 2
        self._first: list[Proposal] | None = None
        alone = replace(setting, seeds=())
        self._walks, self._family = BasinHopping(alone), Genetic(alone)
        self._small = len(setting.symbols) <= LARGEST_ALL_RANDOM
        self._bred = BRED_SHARE if len(setting.symbols) >= SMALLEST_BRED else 0.0

    @property
    def n_known(self) -> int:
        """Starts that do not depend on outcomes, besides random ones."""
        if not self._guesses:
            return len(self._setting.seeds)
        return len(self._setting.seeds) + len(self._library) + N_SYMMETRIC + self._n_planar

    @property
    def _n_planar(self) -> int:
        return N_PLANAR if len(self._setting.symbols) <= LARGEST_PLANAR else 0

    def ask(self, index: int, rng: np.random.Generator) -> Proposal:
        """Start number `index`, its random numbers from `rng` alone."""
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

    def tell(self, outcome: Outcome) -> None:
        """Tell the walks and the population."""
        self._walks.tell(outcome)
        self._family.tell(outcome)

    def _first_starts(self, rng: np.random.Generator) -> list[Proposal]:
        """Proposals of all that is known or guessed, the most promising first."""
        starts = seed_starts(self._setting, rng)
        if not self._guesses:
            return starts
        symbols, charge, n_unpaired = self._setting.symbols, self._setting.charge, self._setting.n_unpaired
        for name, cluster in self._library:
            starts.append(Proposal(cluster=cluster, origin=f"library: {name}", role="guess"))
        for _ in range(N_SYMMETRIC):
            cluster = symmetric_start(symbols, rng, charge=charge, n_unpaired=n_unpaired)
            starts.append(Proposal(cluster=cluster, origin="symmetric"))
        for _ in range(self._n_planar):
            cluster = planar_start(symbols, rng, charge=charge, n_unpaired=n_unpaired)
            starts.append(Proposal(cluster=cluster, origin="planar"))
        return starts
