"""Moves of one minimum to a start nearby, chosen the more often the better they did."""

import numpy as np

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

NARROWEST, WIDEST = 0.2, 0.6  # amplitudes of a displacement of all atoms, in mean bond lengths
FIRST_AMPLITUDE = 0.4
STAY = 0.2  # share of displacements that should lead back to where they started
LEARNING = 0.05  # relative change of the amplitude by one outcome
DOUBT = 30.0  # outcomes that a move's prior weight counts as
MEMORY = 0.99  # what an outcome counts for at the next one


def _several_to_surface(cluster, rng):
    """One to a third of the atoms moved to the surface, few more often than many."""
    return move_to_surface(cluster, rng, min(int(rng.geometric(0.5)), max(1, cluster.natom // 3)))


def _swap_some(cluster, rng):
    """One pair of atoms of different species exchanged, or more."""
    return swap_species(cluster, rng, min(int(rng.geometric(0.7)), cluster.natom // 2))


class Moves:
    """Moves and what is known of their success.

    A move is drawn with a probability proportional to its prior weight times its success,

        P ~ w (s + d) / (n + d),   n outcomes of which s were successes, old ones forgotten, d the doubt

    Parameters
    ----------
    symbols : (natom,) chemical symbols; exchanges are made where there are several species
    """

    def __init__(self, symbols):
        self._bond = float(bond_lengths(symbols).mean())
        self._amplitude = FIRST_AMPLITUDE
        self._moves = {
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

    def apply(self, cluster, rng):
        """The name of a move, and the Cluster that it makes."""
        names = list(self._moves)
        weight = np.array([self._weight(name) for name in names])
        name = names[rng.choice(len(names), p=weight / weight.sum())]
        return name, self._moves[name][1](cluster, rng)

    def learn(self, name, *, success, returned):
        """Hears whether a move led down, and whether it led back to where it started."""
        for counts in (self._tried, self._succeeded):
            counts[name] *= MEMORY
        self._tried[name] += 1.0
        self._succeeded[name] += float(success)
        if name == "displacement":
            factor = np.exp(LEARNING * ((1.0 - STAY) if returned else -STAY))
            self._amplitude = float(np.clip(self._amplitude * factor, NARROWEST, WIDEST))

    def _weight(self, name):
        return self._moves[name][0] * (self._succeeded[name] + DOUBT) / (self._tried[name] + DOUBT)

    def _displace(self, cluster, rng):
        return displace_all(cluster, rng, self._amplitude * self._bond)
