"""Basin hopping: Metropolis walks from minimum to minimum."""

from dataclasses import dataclass
from math import exp

import numpy as np

from clusterdft.isomer_search.outcome import Outcome
from clusterdft.isomer_search.strategies.adaptive_moves import AdaptiveMoves
from clusterdft.isomer_search.strategies.seeds import seed_starts
from clusterdft.isomer_search.strategies.setting import MIN_GAIN, Proposal, SearchSetting, Strategy
from clusterdft.isomers.identity import Minimum, minimum_of, same_minimum

N_WALKS = 4
TEMPERATURE_RATIO = 0.3  # of the mean rise of energy that hops propose
MEAN_WEIGHT, NEWEST_WEIGHT = 0.98, 0.02  # of the rises before and of the newest one in their mean
# hops without a new lowest minimum before a walk starts anew: so many, and so many an atom
WALK_PATIENCE, WALK_PATIENCE_PER_ATOM = 20, 5
KNOWN_END_DIVISOR = 3  # of the patience with a walk that only found what an earlier one had


@dataclass(eq=False)
class Walk:
    """One walk.

    Attributes
    ----------
    here, lowest : Minimum or None
        Where it is, and the lowest it has been to.
    idle : int
        Hops since that was reached.
    """

    minimum: Minimum | None = None
    lowest: Minimum | None = None
    idle: int = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class Hop:
    """A hop on its way.

    Attributes
    ----------
    walk : Walk
    origin : Minimum or None
        Where it began; None for the first start of a walk.
    move : str
        That it was made by; empty for a first start.
    luck : in [0, 1)
        What the probability of acceptance is compared with.
    """

    walk: Walk
    origin: Minimum | None = None
    move: str = ""
    luck: float = 0.0


class BasinHopping(Strategy):
    """Strategy of several walks, each a chain of hops between minima.

    A hop up by dE is accepted with the probability

        exp(-dE / T),   T = 0.3 <dE>

    where <dE> is the mean rise that hops propose, so that no energy scale has to be given. A walk that has
    found nothing lower for long is given up, and another starts at random; sooner where its lowest minimum
    is the lowest of an earlier one. Seeds are the first starts.

    Parameters
    ----------
    setting : SearchSetting

    References
    ----------
    Li and Scheraga, Proc. Natl. Acad. Sci. 84, 6611 (1987);
    Wales and Doye, J. Phys. Chem. A 101, 5111 (1997)
    """

    def __init__(self, setting: SearchSetting) -> None:
        self._setting = setting
        self._seeds: list[Proposal] | None = None
        self._moves = AdaptiveMoves(setting.symbols)
        self._walks = [Walk() for _ in range(N_WALKS)]
        self._hops: dict[int, Hop] = {}  # by the number of the start
        self._ends: list[Minimum] = []  # the lowest minima of the walks that were given up
        self._mean_rise: float | None = None
        self._n_asked = 0
        self._patience = WALK_PATIENCE + WALK_PATIENCE_PER_ATOM * len(setting.symbols)

    def ask(self, index: int, rng: np.random.Generator) -> Proposal:
        """A seed, or a hop of the walk whose turn it is."""
        if self._seeds is None:
            self._seeds = seed_starts(self._setting, rng)
        if self._seeds:
            self.adopt(index)
            return self._seeds.pop(0)
        walk = self._next_walk()
        if walk.minimum is None:
            self._hops[index] = Hop(walk=walk)
            return Proposal(cluster=self._setting.generate(index), origin="random")
        name, cluster = self._moves.apply(walk.minimum.cluster, rng)
        self._hops[index] = Hop(walk=walk, origin=walk.minimum, move=name, luck=rng.random())
        return Proposal(
            cluster=cluster, origin=f"{name} from {walk.minimum.number}", parents=(walk.minimum.number,)
        )

    def adopt(self, index: int) -> None:
        """Let the next walk begin where start number `index` ends, which somebody else asks for."""
        self._hops[index] = Hop(walk=self._next_walk())

    def _next_walk(self) -> Walk:
        self._n_asked += 1
        return self._walks[(self._n_asked - 1) % N_WALKS]

    def tell(self, outcome: Outcome) -> None:
        """Let the move of a hop and its walk take in how it ended."""
        hop = self._hops.pop(outcome.index, None)
        if hop is None:
            return
        end = minimum_of(outcome) if outcome.relaxed else None
        if hop.origin is not None:
            self._learn(hop.move, hop.origin, end)
        if hop.walk in self._walks:
            self._advance(hop, end)

    def _learn(self, move: str, origin: Minimum, end: Minimum | None) -> None:
        """The move's success, and the rise that hops propose."""
        returned = end is not None and same_minimum(end, origin)
        rise = 0.0 if end is None or returned else end.energy - origin.energy
        self._moves.learn(move, success=rise < 0.0, returned=returned)
        if rise > 0.0:
            mean = self._mean_rise
            self._mean_rise = rise if mean is None else MEAN_WEIGHT * mean + NEWEST_WEIGHT * rise

    def _advance(self, hop: Hop, end: Minimum | None) -> None:
        """The walk goes to the end of the hop, or stays; it is given up where it found nothing for long."""
        walk = hop.walk
        walk.idle += 1
        if end is not None and (
            walk.minimum is None or self._accepted(end.energy - walk.minimum.energy, hop.luck)
        ):
            walk.minimum = end
        if end is not None and (walk.lowest is None or end.energy < walk.lowest.energy - MIN_GAIN):
            walk.lowest, walk.idle = end, 0
        if walk.lowest is not None and walk.idle >= self._patience_after(walk.lowest):
            self._ends.append(walk.lowest)
            self._walks[self._walks.index(walk)] = Walk()

    def _accepted(self, rise: float, luck: float) -> bool:
        """Metropolis' rule."""
        if rise <= 0:
            return True
        return self._mean_rise is not None and luck < exp(-rise / (TEMPERATURE_RATIO * self._mean_rise))

    def _patience_after(self, lowest: Minimum) -> int:
        """Idle hops after which a walk is given up, by the lowest minimum that it has been to."""
        known = any(same_minimum(lowest, end) for end in self._ends)
        return self._patience // KNOWN_END_DIVISOR if known else self._patience
