"""The two stages: what is asked for when, and what the second stage is good for."""

import numpy as np
import pytest

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.generate import GENERATORS
from clusterdft.isomer_search.outcome import Outcome
from clusterdft.isomer_search.strategies.setting import SearchSetting
from clusterdft.isomer_search.strategies.two_stage import FIRST_STAGE, TwoStage
from clusterdft.relaxation.relax import relax
from clusterdft.report.search_run import search
from clusterdft.surfaces.classical import LennardJones


def setting(natom=7, seeds=()):
    symbols = ("Na",) * natom

    def generate(index):
        return GENERATORS["random-cube"](symbols, seed=0, index=index, charge=1)

    return SearchSetting(symbols=symbols, charge=1, n_unpaired=None, generate=generate, seeds=seeds)


def followed(strategy, most):
    """Origins of the first starts, each relaxed and told at once."""
    proposals = []
    for index in range(most):
        proposal = strategy.ask(index, np.random.default_rng([0, index]))
        proposals.append(proposal)
        end = relax(proposal.cluster, LennardJones())
        strategy.tell(
            Outcome(
                index=index,
                key=str(index),
                relaxed=end.relaxed,
                reason=end.reason,
                cluster=end.cluster,
                energy=end.energy,
                n_unpaired=0.0,
            )
        )
    return proposals


def test_stages_and_rounds():
    proposals = followed(TwoStage(setting()), FIRST_STAGE + 12)
    origins = [proposal.origin for proposal in proposals]
    assert origins[:FIRST_STAGE] == ["random"] * FIRST_STAGE
    second = origins[FIRST_STAGE:]
    assert second[3::4] == ["random"] * 3
    assert second[2::4] == ["symmetric"] * 3
    assert second[0].startswith("library: ")
    assert all(line.startswith(("symmetrised from ", "symmetric")) for line in second[1::4])
    for proposal in proposals:
        assert (proposal.cluster.charge, proposal.cluster.natom) == (1, 7)
        assert bool(proposal.parents) == proposal.origin.startswith("symmetrised")


def test_same_numbers_same_starts():
    first, second = (followed(TwoStage(setting()), FIRST_STAGE + 5) for _ in range(2))
    for a, b in zip(first, second, strict=True):
        assert np.array_equal(a.cluster.positions, b.cluster.positions)
        assert a.origin == b.origin


def test_seeds_come_first_and_have_the_same_atoms():
    seed = Cluster(symbols=("Na",) * 7, positions=setting().generate(3).positions, charge=-1)
    proposal = TwoStage(setting(seeds=(seed,))).ask(0, np.random.default_rng(0))
    assert (proposal.origin, proposal.cluster.charge) == ("seed 1", 1)
    with pytest.raises(InputError, match="a seed is Na6, the search is for Na7"):
        TwoStage(setting(seeds=(Cluster(symbols=("Na",) * 6, positions=seed.positions[:6]),)))


@pytest.mark.slow
def test_the_second_stage_finds_what_random_starts_miss():
    """The double icosahedron of 19 atoms."""
    inputs = {"spec": LennardJones(epsilon=0.01), "starts": 36, "seed": 1}
    random = search("Na19", strategy="random-starts", **inputs)
    both = search("Na19", strategy="two-stage", **inputs)
    assert both.isomers[0].energy == pytest.approx(-0.72659782, abs=1e-4)
    assert random.isomers[0].energy > both.isomers[0].energy + 1e-3


@pytest.mark.parametrize("natom", [1, 2, 3])
def test_small_clusters(natom):
    assert search(f"Na{natom}", LennardJones(), strategy="two-stage", starts=14).isomers
