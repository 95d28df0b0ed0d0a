"""Moves of one minimum to a start nearby, chosen the more often the better they did."""

from collections.abc import Callable, Sequence

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.generate.moves import (
    displace_all,
    move_core_to_surface,
    move_to_surface,
    rattle_worst,
    strain,
    swap_species,
    twist,
)
from clusterdft.generate.physical import bond_lengths

# amplitudes of a displacement of all atoms, in mean bond lengths
MIN_AMPLITUDE, FIRST_AMPLITUDE, MAX_AMPLITUDE = 0.2, 0.4, 0.6
RETURN_SHARE = 0.2  # of displacements that should lead back to where they started
AMPLITUDE_STEP = 0.05  # relative change of the amplitude by one outcome
PRIOR_OUTCOMES = 30.0  # that a move's prior weight counts as
OUTCOME_DECAY = 0.99  # what an outcome counts for at the next one

Move = Callable[[Cluster, np.random.Generator], Cluster]


def _several_to_surface(cluster: Cluster, rng: np.random.Generator) -> Cluster:
    """One to a third of the atoms moved to the surface, few more often than many."""
    return move_to_surface(cluster, rng, min(int(rng.geometric(0.5)), max(1, cluster.natom // 3)))


def _swap_some(cluster: Cluster, rng: np.random.Generator) -> Cluster:
    """One pair of atoms of different species exchanged, or more."""
    return swap_species(cluster, rng, min(int(rng.geometric(0.7)), cluster.natom // 2))


class AdaptiveMoves:
    """Moves and what is known of their success.

    A move is drawn with a probability proportional to its prior weight times its success,

        P ~ w (s + d) / (n + d),   n outcomes of which s were successes, old ones forgotten, d = 30

    Parameters
    ----------
    symbols : (natom,) chemical symbols
        Exchanges are made where there are several species.
    """

    def __init__(self, symbols: Sequence[str]) -> None:
        self._bond = float(bond_lengths(symbols).mean())
        self._amplitude = FIRST_AMPLITUDE
        self._moves: dict[str, tuple[float, Move]] = {
            "displacement": (0.7, self._displace),
            "surface move": (0.14, _several_to_surface),
            "core to surface": (0.04, move_core_to_surface),
            "rattle": (0.04, rattle_worst),
            "twist": (0.04, twist),
            "strain": (0.04, strain),
        }
        if len(set(symbols)) > 1:
            self._moves["exchange"] = (1.0, _swap_some)
        self._tried = dict.fromkeys(self._moves, 0.0)
        self._succeeded = dict.fromkeys(self._moves, 0.0)

    def apply(self, cluster: Cluster, rng: np.random.Generator) -> tuple[str, Cluster]:
        """The name of a move, and the Cluster that it makes."""
        names = list(self._moves)
        weight = np.array([self._weight(name) for name in names])
        name = names[rng.choice(len(names), p=weight / weight.sum())]
        return name, self._moves[name][1](cluster, rng)

    def learn(self, name: str, *, success: bool, returned: bool) -> None:
        """Take in whether a move led down, and whether it led back to where it started."""
        for counts in (self._tried, self._succeeded):
            counts[name] *= OUTCOME_DECAY
        self._tried[name] += 1.0
        self._succeeded[name] += float(success)
        if name == "displacement":
            factor = np.exp(AMPLITUDE_STEP * ((1.0 - RETURN_SHARE) if returned else -RETURN_SHARE))
            self._amplitude = float(np.clip(self._amplitude * factor, MIN_AMPLITUDE, MAX_AMPLITUDE))

    def _weight(self, name: str) -> float:
        successes, outcomes = self._succeeded[name], self._tried[name]
        return self._moves[name][0] * (successes + PRIOR_OUTCOMES) / (outcomes + PRIOR_OUTCOMES)

    def _displace(self, cluster: Cluster, rng: np.random.Generator) -> Cluster:
        return displace_all(cluster, rng, self._amplitude * self._bond)
