"""Relaxations and checks of a search: what is kept, what comes back, and what a worker's death costs."""

import json
import os
from contextlib import closing

import numpy as np
import pytest

from clusterdft.cluster import Cluster
from clusterdft.generate.random_cube import random_cube
from clusterdft.isomer_search.minimum_check import check_task
from clusterdft.isomer_search.outcome import outcome_from, outcome_values
from clusterdft.isomer_search.relaxations import Relaxations
from clusterdft.isomer_search.strategies.setting import Proposal
from clusterdft.relaxation.relax import FMAX
from clusterdft.surfaces.classical import LennardJones
from clusterdft.work.store import open_store

HOW = {"relaxer": "limited-memory", "fmax": FMAX, "max_calls": 300}
SQUARE = 3.0 * np.array([[1, 1, 0], [-1, 1, 0], [-1, -1, 0], [1, -1, 0]])


def proposal(index, **values):
    start = random_cube(("Na",) * 4, seed=0, index=index, charge=1, n_unpaired=1)
    return Proposal(cluster=start, **({"origin": f"random {index}"} | values))


@pytest.fixture
def store():
    with open_store(None) as opened:
        opened.begin({})
        yield opened


def relaxations(store, jobs=1, surface=None):
    return closing(Relaxations(store, surface or LennardJones(), jobs, HOW))


def told(outcome):
    values = outcome_values(outcome)
    del values["cpu_seconds"]
    return values, outcome.index, outcome.key, outcome.origin, outcome.parents, outcome.role


@pytest.mark.parametrize("jobs", [1, 2])
def test_outcomes_come_back_to_the_last_bit_under_the_numbers_of_the_next_session(store, jobs):
    with relaxations(store, jobs) as session:
        for index in (0, 1):
            session.submit(index, proposal(index, parents=(8,), role="guess"))
        first = [session.wait_for(index) for index in (1, 0)]
    with relaxations(store, jobs) as session:
        for index in (0, 1):
            session.submit(index, proposal(index, parents=(8,), role="guess"))
        again = [session.wait_for(index) for index in (1, 0)]
        session.submit(5, proposal(1, origin="seed 1"))
        other, _ = session.wait_for(5)
    assert [resumed for _, resumed in (*first, *again)] == [False, False, True, True]
    assert [told(outcome) for outcome, _ in first] == [told(outcome) for outcome, _ in again]
    assert (other.index, other.origin, other.energy) == (5, "seed 1", first[0][0].energy)


def test_the_same_start_again_costs_nothing_and_names_the_first_as_a_parent(store):
    with relaxations(store) as session:
        session.submit(0, proposal(0))
        session.submit(3, proposal(0, origin="once more"))
        again, first = session.wait_for(3)[0], session.wait_for(0)[0]
    assert (again.energy, again.parents, again.origin) == (first.energy, (0,), "once more")
    assert (again.n_force_calls, again.cpu_seconds) == (0, 0.0) != first.n_force_calls


def test_a_force_limit_of_its_own_is_another_task(store):
    with relaxations(store) as session:
        session.submit(0, proposal(0))
        session.submit(1, proposal(0, fmax=FMAX / 10))
        loose, tight = session.wait_for(0)[0], session.wait_for(1)[0]
    assert loose.key != tight.key
    assert tight.largest_force < FMAX / 10
    assert tight.n_force_calls > loose.n_force_calls


def test_the_values_of_an_outcome_give_it_back(store):
    with relaxations(store) as session:
        session.submit(0, proposal(0))
        outcome, _ = session.wait_for(0)
    values = json.loads(json.dumps(outcome_values(outcome)))
    assert told(outcome_from(outcome.key, {**values, "index": 0, "origin": "random 0"})) == told(outcome)
    assert outcome_from("key", {**values, "index": 0, "origin": None}).origin == "random"  # of version 0.1


class Deadly(LennardJones):
    """Ends the process."""

    def point(self, cluster, restart=None):
        os._exit(3)


def test_a_dead_worker_is_a_failure_that_is_kept_and_an_uncertain_check(store):
    task = check_task(Cluster(symbols=("Na",) * 4, positions=SQUARE), "surface", FMAX)
    for known in (False, True):
        with relaxations(store, 2, Deadly()) as session:
            session.submit(0, proposal(0))
            session.submit_check(task)
            outcome, resumed = session.wait_for(0)
            check, check_resumed = session.wait_for_check(task.key)
        assert (outcome.relaxed, outcome.energy, outcome.origin) == (False, None, "random 0")
        assert check.kind == "uncertain"
        for reason in (outcome.reason, check.reason):
            assert reason == "its worker process died (exit code 3), twice; is there enough memory?"
        assert (resumed, check_resumed) == (known, known)


@pytest.mark.parametrize("jobs", [1, 2])
def test_checks_are_the_same_in_every_process_and_from_the_store(store, jobs):
    surface = LennardJones()
    cluster = Cluster(symbols=("Na",) * 4, positions=SQUARE)
    task, again, other = (check_task(cluster, surface.key, fmax) for fmax in (FMAX, FMAX, FMAX / 2))
    assert task.key == again.key != other.key
    found = []
    with open_store(None) as here:
        here.begin({})
        for kept in (here, store, store):
            with relaxations(kept, 1 if kept is here else jobs) as session:
                session.submit_check(task)
                found.append(session.wait_for_check(task.key))
    assert [resumed for _, resumed in found] == [False, False, True]
    whole, *others = ([c.kind, c.frequencies, c.hessian, [*map(list, c.kicked)]] for c, _ in found)
    assert others == [whole, whole]
    assert {check.absorption for check, _ in found} == {None}  # no dipoles on this surface
