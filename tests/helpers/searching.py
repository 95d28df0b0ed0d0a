"""Searches of bare strategies on the Lennard-Jones surface, with everything they propose kept."""

from clusterdft.generate.random_cube import random_cube
from clusterdft.isomer_search.outcome import Outcome
from clusterdft.isomer_search.session import outcomes_in_order
from clusterdft.isomer_search.strategies.setting import SearchSetting
from clusterdft.relaxation.relax import relax
from clusterdft.surfaces.classical import LennardJones

# published global minima, in epsilon: Wales and Doye, J. Phys. Chem. A 101, 5111 (1997)
MINIMA = {7: -16.505384, 8: -19.821489, 12: -37.967600, 13: -44.326801, 19: -72.659782, 31: -133.586422}
EPSILON = 0.01  # hartree
FOUND = 2e-3  # epsilon


def setting_of(symbols, *, seed=0, seeds=(), charge=0):
    """A SearchSetting with random starts in a cube."""
    return SearchSetting(
        symbols=symbols,
        charge=charge,
        n_unpaired=None,
        generate=lambda index: random_cube(symbols, seed=seed, index=index, charge=charge),
        seeds=tuple(seeds),
    )


def relaxed(cluster, index=0, proposal=None):
    """The Outcome of a start on the Lennard-Jones surface."""
    end = relax(cluster, LennardJones(epsilon=EPSILON), relaxer="limited-memory")
    return Outcome(
        index=index,
        key=str(index),
        relaxed=end.relaxed,
        reason=end.reason,
        cluster=end.cluster,
        energy=end.energy,
        n_unpaired=end.n_unpaired,
        n_force_calls=end.n_force_calls,
        origin="" if proposal is None else proposal.origin,
        parents=() if proposal is None else proposal.parents,
    )


class Recorded:
    """Relaxations done when asked for, unless their outcomes are given."""

    def __init__(self, outcomes=()):
        self.proposals, self.outcomes = [], list(outcomes)

    def submit(self, index, proposal):
        self.proposals.append(proposal)
        if index == len(self.outcomes):
            self.outcomes.append(relaxed(proposal.cluster, index, proposal))

    def wait_for(self, index):
        return self.outcomes[index], False


def follow(strategy, setting, starts, *, seed=0, outcomes=()):
    """The Recorded relaxations of a search with so many starts."""
    record = Recorded(outcomes)
    for _ in outcomes_in_order(strategy(setting), record, seed=seed, window=4, starts=starts):
        pass
    return record


def starts_to_minimum(strategy, natom, *, seed, most):
    """How many starts a search needs to the global minimum, or None if `most` do not find it."""
    setting, record = setting_of(("Na",) * natom, seed=seed), Recorded()
    for outcome, _ in outcomes_in_order(strategy(setting), record, seed=seed, window=4, starts=most):
        if outcome.relaxed and outcome.energy / EPSILON < MINIMA[natom] + FOUND:
            return outcome.index + 1
    return None
