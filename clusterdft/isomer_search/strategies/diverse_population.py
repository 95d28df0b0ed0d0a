"""A population of distinct minima in which no family of similar ones takes all places."""

from itertools import combinations

import numpy as np

from clusterdft.isomers.identity import Minimum, fingerprint_distance, same_minimum

POPULATION_SIZE = 10  # members
NICHE_RADIUS = 0.4  # of the median distance between the first members: nearer minima are of one niche
NICHE_SIZE = 2  # members of one niche at most
RANK_DECAY = 3.0  # ranks over which the chance of becoming a parent falls by e


class DiversePopulation:
    """A population, lowest energy first.

    A newcomer that is like `NICHE_SIZE` members or more must be lower than the highest of them, and takes its
    place; any other takes a free place, or that of the highest member.
    """

    def __init__(self) -> None:
        self.members: list[Minimum] = []
        self._radius = 0.0  # bohr, between fingerprints; known when the population is full

    def add(self, newcomer: Minimum) -> bool:
        """Whether a Minimum was taken in as a member it was not before."""
        for k, member in enumerate(self.members):
            if same_minimum(member, newcomer):
                self.members[k] = min(member, newcomer, key=_energy)
                return False
        alike = [member for member in self.members if _distance(member, newcomer) < self._radius]
        rival = alike[-1] if len(alike) >= NICHE_SIZE else None
        if rival is None and len(self.members) >= POPULATION_SIZE:
            rival = self.members[-1]
        if rival is not None and newcomer.energy >= rival.energy:
            return False
        self.members = sorted([m for m in self.members if m is not rival] + [newcomer], key=_energy)
        if self._radius == 0.0 and len(self.members) == POPULATION_SIZE:
            distances = [_distance(a, b) for a, b in combinations(self.members, 2)]
            self._radius = NICHE_RADIUS * float(np.median(distances))
        return True

    def parents(self, number: int, rng: np.random.Generator) -> list[Minimum]:
        """So many different members, low ones preferred: P ~ exp(-rank / RANK_DECAY)."""
        weight = np.exp(-np.arange(len(self.members)) / RANK_DECAY)
        chosen = rng.choice(len(self.members), size=number, replace=False, p=weight / weight.sum())
        return [self.members[k] for k in chosen]


def _energy(minimum: Minimum) -> float:
    return minimum.energy


def _distance(a: Minimum, b: Minimum) -> float:
    """Between fingerprints, bohr."""
    return fingerprint_distance(a.fingerprint, b.fingerprint)
