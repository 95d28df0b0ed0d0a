"""A population of distinct minima in which no family of similar ones takes all places."""

from itertools import combinations

import numpy as np

from clusterdft.isomers.fingerprint import fingerprint_distance
from clusterdft.isomers.minimum import same_minimum

PLACES = 10
ALIKE = 0.4  # of the median distance between the first members: nearer minima are of one niche
NICHE = 2  # members of one niche at most
PREFERENCE = 3.0  # ranks over which the chance of becoming a parent falls by e


class Niches:
    """A population, lowest energy first.

    A newcomer that is like `NICHE` members or more must be lower than the highest of them, and takes its
    place; any other takes a free place, or that of the highest member.
    """

    def __init__(self):
        self.members = []
        self._radius = 0.0

    def add(self, newcomer):
        """Whether a Minimum was taken in as a member it was not before."""
        for k, member in enumerate(self.members):
            if same_minimum(member, newcomer):
                self.members[k] = min(member, newcomer, key=lambda one: one.energy)
                return False
        alike = [m for m in self.members if fingerprint_distance(m.mark, newcomer.mark) < self._radius]
        rival = alike[-1] if len(alike) >= NICHE else None
        if rival is None and len(self.members) >= PLACES:
            rival = self.members[-1]
        if rival is not None and newcomer.energy >= rival.energy:
            return False
        self.members = sorted(
            [m for m in self.members if m is not rival] + [newcomer], key=lambda one: one.energy
        )
        if self._radius == 0.0 and len(self.members) == PLACES:
            pairs = combinations(self.members, 2)
            self._radius = ALIKE * float(np.median([fingerprint_distance(a.mark, b.mark) for a, b in pairs]))
        return True

    def parents(self, count, rng):
        """So many different members, low ones preferred: P ~ exp(-rank / PREFERENCE)."""
        weight = np.exp(-np.arange(len(self.members)) / PREFERENCE)
        chosen = rng.choice(len(self.members), size=count, replace=False, p=weight / weight.sum())
        return [self.members[k] for k in chosen]
