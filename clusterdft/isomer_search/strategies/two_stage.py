"""The strategy of the 1985 paper: random starts, then symmetric ones."""

import numpy as np

from clusterdft.generate.library import library_geometries
from clusterdft.generate.symmetric import symmetric_start
from clusterdft.generate.symmetrised import symmetrised
from clusterdft.isomer_search.strategies.same_atoms import seeds_of_same_atoms
from clusterdft.isomer_search.strategies.setting import Proposal, Strategy
from clusterdft.isomers.pool import Pool

FIRST_STAGE = 8  # random starts, or one for each atom where those are more
ROUND = ("known", "symmetrised", "symmetric", "random")  # the second stage, over and over

SAME = 0.1  # bohr; what a relaxation leaves open of a distance


class TwoStage(Strategy):
    """Strategy of a first stage of random starts, and a second of symmetric ones.

    The second stage takes in turn a known geometry of that size, the lowest isomer that has not been
    symmetrised so far (those that are symmetric already are passed over), a geometry of a random point group
    with random free parameters, and one more random start. Where one kind has run out, the next of the round
    takes its place. Both stages go on for ever.

    Parameters
    ----------
    setting : SearchSetting; seeds must have the atoms of the search, and come before all other starts

    References
    ----------
    Martins, Buttet and Car, Phys. Rev. B 31, 1804 (1985), section II
    """

    def __init__(self, setting):
        self._setting = setting
        self._spin = {"charge": setting.charge, "n_unpaired": setting.n_unpaired}
        self._seeds = seeds_of_same_atoms(setting)
        self._second_stage = len(self._seeds) + max(FIRST_STAGE, len(setting.symbols))
        self._known = list(library_geometries(setting.symbols, **self._spin))
        self._pool = Pool()
        self._symmetrised = set()

    def ask(self, index, rng):
        if index < len(self._seeds):
            return Proposal(cluster=self._seeds[index], origin=f"seed {index + 1}", role="guess")
        if index >= self._second_stage:
            turn = (index - self._second_stage) % len(ROUND)
            for kind in ROUND[turn:-1]:
                proposal = getattr(self, f"_{kind}_start")(rng)
                if proposal is not None:
                    return proposal
        return Proposal(cluster=self._setting.generate(index), origin="random")

    def tell(self, outcome):
        if outcome.relaxed:
            self._pool.add(outcome)

    def _known_start(self, rng):
        if not self._known:
            return None
        name, cluster = self._known.pop(0)
        return Proposal(cluster=cluster, origin=f"library: {name}", role="guess")

    def _symmetrised_start(self, rng):
        """The lowest isomer whose turn it is and that is nearly symmetric."""
        for isomer in self._pool.isomers():
            if self._symmetrised.isdisjoint(isomer.starts):
                self._symmetrised.update(isomer.starts)
                cluster = symmetrised(isomer.cluster)
                if cluster is not None and _changed(isomer.cluster, cluster):
                    origin = f"symmetrised from {isomer.starts[0]}"
                    return Proposal(cluster=cluster, origin=origin, parents=isomer.starts)
        return None

    def _symmetric_start(self, rng):
        cluster = symmetric_start(self._setting.symbols, rng, **self._spin)
        return Proposal(cluster=cluster, origin="symmetric")


def _changed(cluster, other):
    """Whether any distance between two atoms differs."""
    return np.abs(_distances(cluster) - _distances(other)).max() > SAME


def _distances(cluster):
    return np.linalg.norm(cluster.positions[:, None] - cluster.positions[None], axis=2)
