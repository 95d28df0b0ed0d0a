"""Basin hopping: Metropolis walks from minimum to minimum."""

from dataclasses import dataclass
from math import exp

from clusterdft.isomer_search.strategies.adaptive_moves import Moves
from clusterdft.isomer_search.strategies.seeds import seed_starts
from clusterdft.isomer_search.strategies.setting import Proposal, Strategy
from clusterdft.isomers.identity import Minimum, minimum_of, same_minimum

WALKERS = 4
TEMPERATURE = 0.3  # of the mean rise of energy that hops propose
PATIENCE = (
    20,
    5,
)  # hops without a new lowest minimum before a walk starts anew: so many, and so many an atom
KNOWN = 3  # so many times shorter is the patience with a walk that only found what an earlier one had
LOWER = 1e-6  # hartree, smaller gains are noise


@dataclass(eq=False)
class Walk:
    """One walk: where it is, the lowest it has been to, and hops since that was found."""

    here: Minimum | None = None
    lowest: Minimum | None = None
    idle: int = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class Hop:
    """A hop on its way: its walk, its origin and move (both None for a first start), its luck in [0, 1)."""

    walk: Walk
    origin: Minimum | None = None
    move: str | None = None
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

    def __init__(self, setting):
        self._setting = setting
        self._seeds = None
        self._moves = Moves(setting.symbols)
        self._walks = [Walk() for _ in range(WALKERS)]
        self._hops = {}
        self._ends = []
        self._rise = None
        self._asked = 0
        self._patience = PATIENCE[0] + PATIENCE[1] * len(setting.symbols)

    def ask(self, index, rng):
        if self._seeds is None:
            self._seeds = seed_starts(self._setting, rng)
        if self._seeds:
            self.adopt(index)
            return self._seeds.pop(0)
        walk = self._next_walk()
        if walk.here is None:
            self._hops[index] = Hop(walk=walk)
            return Proposal(cluster=self._setting.generate(index), origin="random")
        name, cluster = self._moves.apply(walk.here.cluster, rng)
        self._hops[index] = Hop(walk=walk, origin=walk.here, move=name, luck=rng.random())
        return Proposal(
            cluster=cluster, origin=f"{name} from {walk.here.number}", parents=(walk.here.number,)
        )

    def adopt(self, index):
        """Let the next walk begin where start number `index` ends, which somebody else asks for."""
        self._hops[index] = Hop(walk=self._next_walk())

    def _next_walk(self):
        self._asked += 1
        return self._walks[(self._asked - 1) % WALKERS]

    def tell(self, outcome):
        hop = self._hops.pop(outcome.index, None)
        if hop is None:
            return
        end = minimum_of(outcome) if outcome.relaxed else None
        if hop.move is not None:
            self._learn(hop, end)
        if hop.walk in self._walks:
            self._advance(hop, end)

    def _learn(self, hop, end):
        """The move's success, and the rise that hops propose."""
        returned = end is not None and same_minimum(end, hop.origin)
        success = end is not None and not returned and end.energy < hop.origin.energy
        self._moves.learn(hop.move, success=success, returned=returned)
        if end is not None and not returned and end.energy > hop.origin.energy:
            rise = end.energy - hop.origin.energy
            self._rise = rise if self._rise is None else 0.98 * self._rise + 0.02 * rise

    def _advance(self, hop, end):
        """The walk goes to the end of the hop, or stays; it is given up where it found nothing for long."""
        walk = hop.walk
        walk.idle += 1
        if end is not None and (walk.here is None or self._accepted(end.energy - walk.here.energy, hop.luck)):
            walk.here = end
        if end is not None and (walk.lowest is None or end.energy < walk.lowest.energy - LOWER):
            walk.lowest, walk.idle = end, 0
        if walk.lowest is not None and walk.idle >= self._patience_with(walk):
            self._ends.append(walk.lowest)
            self._walks[self._walks.index(walk)] = Walk()

    def _accepted(self, rise, luck):
        """Metropolis' rule."""
        return rise <= 0 or (self._rise is not None and luck < exp(-rise / (TEMPERATURE * self._rise)))

    def _patience_with(self, walk):
        known = any(same_minimum(walk.lowest, end) for end in self._ends)
        return self._patience // KNOWN if known else self._patience
