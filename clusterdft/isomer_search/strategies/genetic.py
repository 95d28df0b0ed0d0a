"""The genetic strategy: children of two minima, mutants of one, and fresh blood."""

import numpy as np

from clusterdft.generate.crossover import cut_and_splice
from clusterdft.isomer_search.outcome import Outcome
from clusterdft.isomer_search.strategies.adaptive_moves import AdaptiveMoves
from clusterdft.isomer_search.strategies.diverse_population import DiversePopulation
from clusterdft.isomer_search.strategies.seeds import seed_starts
from clusterdft.isomer_search.strategies.setting import MIN_GAIN, Proposal, SearchSetting, Strategy
from clusterdft.isomers.identity import Minimum, minimum_of, same_minimum

N_FOUNDERS = 8  # random starts of a population before its first child
RANDOM_SHARE = 0.1  # of starts
CHILD_SHARE = 0.55  # the rest are mutants
# starts without a lower minimum before a new population: so many, and so many an atom
POPULATION_PATIENCE, POPULATION_PATIENCE_PER_ATOM = 100, 20


class Genetic(Strategy):
    """Strategy that breeds from a small population of distinct minima.

    Two parents, drawn with a preference for low energies, give a child by cut and splice; one gives a mutant
    by a move. What is much alike competes for few places, see `DiversePopulation`. A population that has
    found nothing lower for long gives way to a new one. Seeds are the first starts.

    Parameters
    ----------
    setting : SearchSetting
    founders : int
        Random starts of a population before its first child.

    References
    ----------
    Deaven and Ho, Phys. Rev. Lett. 75, 288 (1995); niches: Hartke, J. Comput. Chem. 20, 1752 (1999)
    """

    def __init__(self, setting: SearchSetting, *, founders: int = N_FOUNDERS) -> None:
        self._setting = setting
        self._seeds: list[Proposal] | None = None
        self._moves = AdaptiveMoves(setting.symbols)
        # by the number of a start: the minimum it was made from, and the move
        self._mutants: dict[int, tuple[Minimum, str]] = {}
        self._n_founders = founders
        self._patience = POPULATION_PATIENCE + POPULATION_PATIENCE_PER_ATOM * len(setting.symbols)
        self._populate()

    def _populate(self, newest: int = -1) -> None:
        """A new population, of starts after number `newest`."""
        self._population, self._newest = DiversePopulation(), newest
        self._founders, self._idle = self._n_founders, 0

    def ask(self, index: int, rng: np.random.Generator) -> Proposal:
        """A seed, a random start, or one bred from the population."""
        seed = self.next_seed(rng)
        if seed is not None:
            return seed
        if self._founders > 0 or not self.fertile or rng.random() < RANDOM_SHARE:
            self._founders -= 1
            return Proposal(cluster=self._setting.generate(index), origin="random")
        return self.breed(index, rng)

    def next_seed(self, rng: np.random.Generator) -> Proposal | None:
        """Proposal made from the user's seeds, or None when they are used up."""
        if self._seeds is None:
            self._seeds = seed_starts(self._setting, rng)
        return self._seeds.pop(0) if self._seeds else None

    @property
    def fertile(self) -> bool:
        """Whether there are two parents."""
        return len(self._population.members) > 1

    def breed(self, index: int, rng: np.random.Generator) -> Proposal:
        """Proposal of a child or a mutant, start number `index`, of a population that is fertile."""
        return self._child(rng) if rng.random() < CHILD_SHARE else self._mutant(index, rng)

    def _child(self, rng: np.random.Generator) -> Proposal:
        a, b = self._population.parents(2, rng)
        return Proposal(
            cluster=cut_and_splice(a.cluster, b.cluster, rng),
            origin=f"cut and splice of {a.number} and {b.number}",
            parents=(a.number, b.number),
        )

    def _mutant(self, index: int, rng: np.random.Generator) -> Proposal:
        (parent,) = self._population.parents(1, rng)
        name, cluster = self._moves.apply(parent.cluster, rng)
        self._mutants[index] = parent, name
        return Proposal(cluster=cluster, origin=f"{name} from {parent.number}", parents=(parent.number,))

    def tell(self, outcome: Outcome) -> None:
        """Let the population take in a minimum, and the move of a mutant how good it was."""
        end = minimum_of(outcome) if outcome.relaxed else None
        if outcome.index in self._mutants:
            parent, name = self._mutants.pop(outcome.index)
            returned = end is not None and same_minimum(end, parent)
            lower = end is not None and not returned and end.energy < parent.energy
            self._moves.learn(name, success=lower, returned=returned)
        self._idle += 1
        if end is None or any(number <= self._newest for number in outcome.parents):
            return
        lowest = self._population.members[0].energy if self._population.members else float("inf")
        self._population.add(end)
        if end.energy < lowest - MIN_GAIN:
            self._idle = 0
        elif self._idle >= self._patience:
            self._populate(newest=outcome.index)
