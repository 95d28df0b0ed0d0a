"""A coarse level before the full one: what it saves, what it must not change, and how it is found out."""

from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
from searching import setting_of

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.isomer_search.outcome import Outcome
from clusterdft.isomer_search.relaxations import Relaxations
from clusterdft.isomer_search.session import outcomes_in_order
from clusterdft.isomer_search.stop_rule import founders_of, independent_hits
from clusterdft.isomer_search.strategies.random_starts import RandomStarts
from clusterdft.isomer_search.strategies.setting import Proposal
from clusterdft.isomer_search.two_levels import TwoLevels
from clusterdft.isomers.pool import merge
from clusterdft.surfaces.classical import Gupta, LennardJones
from clusterdft.work.store import open_store

HOW = {"relaxer": "limited-memory", "fmax": 1e-5, "max_calls": 500}
FULL = LennardJones(epsilon=0.01)
SIMILAR = LennardJones(epsilon=0.009, sigma=5.3)


def searched(coarse, *, natom=6, starts=16, audit=5, window=4, jobs=1, store=None):
    """(outcomes, which were resumed, Tally) of random starts; full level alone where coarse is None."""
    with open_store(store) as kept:
        kept.begin({})
        full = Relaxations(kept, FULL, jobs, HOW)
        levels = (
            full
            if coarse is None
            else TwoLevels(Relaxations(kept, coarse, jobs, HOW), full, audit_interval=audit)
        )
        with closing(levels):
            strategy = RandomStarts(setting_of(("Na",) * natom, seed=1))
            ends = list(outcomes_in_order(strategy, levels, seed=1, window=window, starts=starts))
    return [end for end, _ in ends], [resumed for _, resumed in ends], getattr(levels, "tally", None)


def essence(outcomes):
    return [
        (o.index, o.origin, o.parents, o.energy, o.n_force_calls, o.cluster.positions.tolist())
        for o in outcomes
    ]


def isomer_energies(outcomes):
    return [isomer.energy for isomer in merge([o for o in outcomes if o.relaxed])]


def test_a_similar_coarse_level_finds_the_same_isomers_for_a_fraction():
    alone, _, _ = searched(None)
    both, _, tally = searched(SIMILAR)
    assert isomer_energies(both) == pytest.approx(isomer_energies(alone), abs=1e-6)
    assert tally.full_calls < 0.4 * sum(o.n_force_calls for o in alone)
    assert tally.mismatches == 0
    assert tally.shortcuts + tally.audits == 16 - len(isomer_energies(both))
    assert tally.coarse_calls + tally.full_calls == sum(o.n_force_calls for o in both)
    assert tally.coarse_seconds + tally.full_seconds == pytest.approx(sum(o.cpu_seconds for o in both))


def test_no_energy_is_one_of_the_coarse_level():
    for outcome in searched(Gupta())[0]:
        assert outcome.energy == pytest.approx(FULL.point(outcome.cluster).energy, abs=1e-12)
        assert outcome.start_energy is None or outcome.start_energy > outcome.energy


def test_shortcuts_are_independent_hits_and_say_so():
    outcomes, _, tally = searched(SIMILAR)
    founders = {}
    for outcome in outcomes:
        founders[outcome.index] = founders_of(outcome, founders)
    lowest = merge(outcomes)[0]
    assert independent_hits(lowest.starts, founders) == lowest.n_hits
    named = [o for o in outcomes if "at the coarse level as" in o.origin]
    assert len(named) == tally.shortcuts > 0
    for outcome in named:
        first = outcomes[int(outcome.origin.split()[-1])]
        assert first.index < outcome.index
        assert outcome.energy == first.energy


@pytest.mark.parametrize("coarse", [SIMILAR, Gupta()])
def test_the_window_changes_nothing(coarse):
    reference = essence(searched(coarse, audit=2, window=1)[0])
    assert essence(searched(coarse, audit=2, window=7)[0]) == reference


def test_the_number_of_jobs_changes_nothing():
    assert essence(searched(Gupta(), audit=2, jobs=2)[0]) == essence(searched(Gupta(), audit=2)[0])


def test_resumed_it_is_the_same_and_costs_nothing(tmp_path):
    store = tmp_path / "store.sqlite"
    whole, _, tally = searched(Gupta(), starts=12)
    searched(Gupta(), starts=7, store=store)
    outcomes, resumed, again = searched(Gupta(), starts=12, store=store)
    assert resumed[:7] == [True] * 7
    assert not any(resumed[10:])  # those between had been sorted at the coarse level already
    assert essence(outcomes) == essence(whole)
    assert (again.coarse_calls, again.full_calls) == (tally.coarse_calls, tally.full_calls)


def test_audits_find_the_isomer_that_no_coarse_isomer_leads_to():
    """Six atoms have one minimum on the Gupta surface and two on the Lennard-Jones surface."""
    assert len(isomer_energies(searched(Gupta(), starts=20, audit=1000)[0])) == 1
    outcomes, _, tally = searched(Gupta(), starts=20, audit=3)
    assert isomer_energies(outcomes) == pytest.approx([-0.12712062, -0.12302928], abs=2e-5)
    assert tally.mismatches > 0


def test_with_an_audit_of_every_repeat_nothing_is_taken_on_trust():
    _, _, tally = searched(SIMILAR, audit=1)
    assert tally.shortcuts == 0


CHAIN = Cluster(symbols=("Na",) * 3, positions=[[0.0, 0, 0], [6.0, 0, 0], [12.0, 0, 0]])
PLACES = {name: CHAIN.positions * (1 + 0.1 * k) for k, name in enumerate("ABC")}


class Scripted:
    """A level whose ends are written down: what a start is called there, and where it ends.

    An end is a letter for a relaxed geometry, or a reason. Cost: ten calls each.
    """

    def __init__(self, ends):
        self.ends, self.asked = ends, {}

    def submit(self, index, proposal):
        assert index not in self.asked
        self.asked[index] = proposal

    def wait_for(self, index):
        proposal, end = self.asked[index], self.ends[index]
        relaxed = end in PLACES
        cluster = proposal.cluster.at(PLACES[end]) if relaxed else proposal.cluster
        if end.startswith("fell apart"):
            cluster = cluster.at(3.0 * CHAIN.positions)
        outcome = Outcome(
            index=index,
            key=str(index),
            relaxed=relaxed,
            reason="" if relaxed else end,
            cluster=cluster,
            energy=-1.0 if relaxed else None,
            n_unpaired=0.0,
            largest_force=1e-5,
            n_force_calls=10,
            origin=proposal.origin,
            parents=proposal.parents,
            role=proposal.role,
        )
        return outcome, False

    def close(self):
        """There is nothing to close."""


def submitted(coarse, full, *, audit=3, proposals=None):
    """TwoLevels with written ends, and as many starts as the coarse level has ends."""
    full = full if isinstance(full, Scripted) else Scripted(full)
    levels = TwoLevels(Scripted(coarse), full, audit_interval=audit)
    for index in range(len(coarse)):
        start = Proposal(cluster=CHAIN.at(CHAIN.positions + 0.01 * index), origin="random")
        levels.submit(index, (proposals or {}).get(index, start))
    return levels


def scripted(coarse, full, **how):
    """(letters or reasons of the outcomes, outcomes, starts of the full level, Tally)."""
    full = Scripted(full)
    levels = submitted(coarse, full, **how)
    outcomes = [levels.wait_for(index)[0] for index in range(len(coarse))]
    names = {PLACES[name].tobytes(): name for name in PLACES}
    ends = [names[o.cluster.positions.tobytes()] if o.relaxed else o.reason for o in outcomes]
    return ends, outcomes, full.asked, levels.tally


def test_a_mismatch_dissolves_the_shortcut():
    """The first start goes on from its coarse end, the third repeat from itself; then all from themselves."""
    ends, outcomes, asked, tally = scripted("AAAAAAA", "BxxCCCB")
    assert ends == list("BBBCCCB")
    assert sorted(asked) == [0, 3, 4, 5, 6]
    assert asked[0].cluster.positions == pytest.approx(PLACES["A"])
    for index in (3, 4, 5, 6):
        assert asked[index].cluster.positions == pytest.approx(CHAIN.positions + 0.01 * index)
    assert [o.n_force_calls for o in outcomes] == [20, 10, 10, 20, 20, 20, 20]
    assert (tally.shortcuts, tally.audits, tally.mismatches) == (2, 2, 1)


def test_a_mismatch_in_one_coarse_isomer_leaves_the_others_alone():
    ends, _, asked, _ = scripted("ABABABABAB", "BCxxxxCCCx")
    assert ends == list("BCBCBCCCCC")
    assert sorted(asked) == [0, 1, 6, 7, 8]  # both third repeats, of which only the one of A differs


def test_shortcuts_are_doubtful_once_an_audit_has_contradicted_them():
    levels = submitted("AAABAA", "BxxCDB")
    levels.wait_for(3)
    assert levels.doubtful == frozenset()
    levels.wait_for(5)
    assert levels.doubtful == {1, 2}


def test_audits_that_agree_leave_the_shortcut_in_place():
    ends, _, asked, tally = scripted("AAAAAAA", "BxxBxxB")
    assert ends == ["B"] * 7
    assert sorted(asked) == [0, 3, 6]
    assert (tally.shortcuts, tally.audits, tally.mismatches) == (4, 2, 0)


def test_a_first_start_that_fails_at_the_full_level_is_nobodys_shortcut():
    ends, _, asked, _ = scripted("AAA", ["no convergence", "B", "C"])
    assert ends == ["no convergence", "B", "C"]
    assert asked[1].cluster.positions == pytest.approx(CHAIN.positions + 0.01)


def test_what_falls_apart_at_the_coarse_level_has_failed():
    ends, outcomes, asked, tally = scripted(["fell apart into dust", "A"], "xB")
    assert ends == ["at the coarse level: fell apart into dust", "B"]
    assert list(asked) == [1]
    lost = outcomes[0]
    assert (lost.energy, lost.n_unpaired, lost.largest_force, lost.n_force_calls) == (None, None, None, 10)
    assert tally.shortcuts == 0


def test_where_the_coarse_level_does_not_converge_the_full_one_starts_from_the_start():
    ends, _, asked, _ = scripted(["no convergence", "A", "A"], "CBx")
    assert ends == ["C", "B", "B"]
    assert asked[0].cluster.positions == pytest.approx(CHAIN.positions)


@pytest.mark.parametrize(
    "change", [{"role": "guess"}, {"role": "follow-up"}, {"fmax": 1e-5}], ids=["guess", "follow-up", "fmax"]
)
def test_what_must_be_exact_goes_to_the_full_level_at_once(change):
    special = Proposal(cluster=CHAIN, origin="special", **change)
    ends, outcomes, asked, _ = scripted("AAA", "BCx", proposals={1: special})
    assert ends == ["B", "C", "B"]
    assert asked[1] is special
    assert outcomes[1].n_force_calls == 10


def test_other_spins_and_charges_are_no_repeats():
    starts = {k: replace(CHAIN, n_unpaired=k) for k in (1, 3)} | {2: replace(CHAIN, n_unpaired=1, charge=2)}
    proposals = {k: Proposal(cluster=start, origin="random") for k, start in starts.items()}
    ends, outcomes, _, _ = scripted("AAAA", "BBBC", proposals=proposals)
    assert ends == list("BBBC")
    assert all("coarse" not in o.origin for o in outcomes)


def test_the_same_start_again_costs_nothing_and_is_no_independent_hit():
    twin = CHAIN.at(CHAIN.positions + 1.0)
    twins = {k: Proposal(cluster=twin, origin=f"twin {k}", parents=(0,) * (k == 2)) for k in (1, 2)}
    ends, outcomes, asked, tally = scripted("BAA", "AC", proposals=twins)
    assert ends == list("ACC")
    assert (outcomes[2].index, outcomes[2].origin, outcomes[2].parents) == (2, "twin 2", (0, 1))
    assert outcomes[2].n_force_calls == 0
    assert sorted(asked) == [0, 1]
    assert tally.coarse_calls == 20


def test_parents_of_a_hop_are_kept():
    hop = Proposal(cluster=CHAIN.at(CHAIN.positions + 1.0), origin="hop from 0", parents=(0,))
    _, outcomes, _, _ = scripted("AA", "Bx", proposals={1: hop})
    assert outcomes[1].parents == (0,)
    assert outcomes[1].origin == "hop from 0, at the coarse level as 0"


def test_the_order_of_waiting_does_not_matter():
    def ends(order):
        levels = submitted("AAAAAAA", "BxxCCCB")
        outcomes = {index: levels.wait_for(index)[0] for index in order}
        return essence([outcomes[index] for index in range(7)])

    assert ends([6, 2, 0, 5, 4, 1, 3]) == ends(range(7))


def test_an_audit_every_zero_repeats_is_refused():
    with pytest.raises(InputError, match="at least 1"):
        TwoLevels(None, None, audit_interval=0)


def test_noise_within_one_isomer_is_no_new_coarse_isomer():
    """Ends scatter along soft modes; what `same_isomer` holds for one isomer is one here."""
    rng = np.random.default_rng(3)

    class Noisy(Scripted):
        def wait_for(self, index):
            outcome, resumed = super().wait_for(index)
            noise = 0.02 * rng.normal(size=(3, 3))
            return replace(outcome, cluster=outcome.cluster.at(outcome.cluster.positions + noise)), resumed

    levels = TwoLevels(Noisy("AAAA"), Scripted("Bxxx"))
    for index in range(4):
        levels.submit(index, Proposal(cluster=CHAIN.at(CHAIN.positions + 0.01 * index), origin="random"))
    assert [levels.wait_for(index)[0].energy for index in range(4)] == [-1.0] * 4
    assert levels.tally.shortcuts == 3
