"""The strategy of the 1985 paper: random starts, then symmetric ones."""

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.cluster import Cluster
from clusterdft.generate.library import library_geometries
from clusterdft.generate.symmetric import symmetric_start
from clusterdft.generate.symmetrised import symmetrised
from clusterdft.isomer_search.outcome import Outcome
from clusterdft.isomer_search.strategies.seeds import seeds_of_same_atoms
from clusterdft.isomer_search.strategies.setting import Proposal, SearchSetting, Strategy
from clusterdft.isomers.pool import Pool

FIRST_STAGE = 8  # random starts, or one for each atom where those are more
DISTANCE_ERROR = 0.1  # bohr; what a relaxation leaves open of a distance


class TwoStage(Strategy):
    """Strategy of a first stage of random starts, and a second of symmetric ones.

    The second stage takes in turn a known geometry of that size, the lowest isomer that has not been
    symmetrised so far (those that are symmetric already are passed over), a geometry of a random point group
    with random free parameters, and one more random start. Where one kind has run out, the next of the round
    takes its place. Both stages go on for ever.

    Parameters
    ----------
    setting : SearchSetting
        Seeds must have the atoms of the search, and come before all other starts.

    Raises
    ------
    InputError
        A seed has other atoms than the search.

    References
    ----------
    Martins, Buttet and Car, Phys. Rev. B 31, 1804 (1985), section II
    """

    def __init__(self, setting: SearchSetting) -> None:
        self._setting = setting
        self._seeds = seeds_of_same_atoms(setting)
        self._second_stage = len(self._seeds) + max(FIRST_STAGE, len(setting.symbols))
        known = library_geometries(setting.symbols, charge=setting.charge, n_unpaired=setting.n_unpaired)
        self._known = list(known)
        self._pool = Pool()
        self._symmetrised: set[int] = set()  # starts whose isomers have had their turn
        # the second stage, over and over; a random start comes last in the round
        self._round = (self._known_start, self._symmetrised_start, self._symmetric_start)

    def ask(self, index: int, rng: np.random.Generator) -> Proposal:
        """A seed, a random start, or what the second stage takes in its turn."""
        if index < len(self._seeds):
            return Proposal(cluster=self._seeds[index], origin=f"seed {index + 1}", role="guess")
        if index >= self._second_stage:
            turn = (index - self._second_stage) % (len(self._round) + 1)
            for make_start in self._round[turn:]:
                proposal = make_start(rng)
                if proposal is not None:
                    return proposal
        return Proposal(cluster=self._setting.generate(index), origin="random")

    def tell(self, outcome: Outcome) -> None:
        """Pool a relaxed outcome, so that its isomer can be symmetrised."""
        if outcome.relaxed:
            self._pool.add(outcome)

    def _known_start(self, rng: np.random.Generator) -> Proposal | None:
        if not self._known:
            return None
        name, cluster = self._known.pop(0)
        return Proposal(cluster=cluster, origin=f"library: {name}", role="guess")

    def _symmetrised_start(self, rng: np.random.Generator) -> Proposal | None:
        """The lowest isomer whose turn it is and that is nearly symmetric."""
        for isomer in self._pool.isomers():
            if self._symmetrised.isdisjoint(isomer.starts):
                self._symmetrised.update(isomer.starts)
                cluster = symmetrised(isomer.cluster)
                if cluster is not None and _changed(isomer.cluster, cluster):
                    origin = f"symmetrised from {isomer.starts[0]}"
                    return Proposal(cluster=cluster, origin=origin, parents=isomer.starts)
        return None

    def _symmetric_start(self, rng: np.random.Generator) -> Proposal | None:
        setting = self._setting
        cluster = symmetric_start(setting.symbols, rng, charge=setting.charge, n_unpaired=setting.n_unpaired)
        return Proposal(cluster=cluster, origin="symmetric")


def _changed(cluster: Cluster, other: Cluster) -> bool:
    """Whether any distance between two atoms differs."""
    return float(np.abs(_distances(cluster) - _distances(other)).max()) > DISTANCE_ERROR


def _distances(cluster: Cluster) -> Floats:
    distances: Floats = np.linalg.norm(cluster.positions[:, None] - cluster.positions[None], axis=2)
    return distances
