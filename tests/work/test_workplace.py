"""Pieces of work: done once, kept unless they say otherwise, and their order is that of asking."""

import os
from dataclasses import dataclass

import pytest

from clusterdft.cluster import Cluster
from clusterdft.work.executors import WorkerDied
from clusterdft.work.store import open_store
from clusterdft.work.workplace import JsonWork, NotKept, Work, Workplace, results_of, work_key


def square(number, name):
    if number < 0:
        os._exit(3)
    value = {name: number**2}
    return NotKept(value) if number == 4 else value


def work(*numbers):
    return {
        n: JsonWork(key=f"{n}", kind="square", function=square, subject=n, arguments=("result",))
        for n in numbers
    }


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "store.sqlite") as opened:
        opened.begin({})
        yield opened


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_is_kept_is_not_done_again(store, jobs):
    told = []
    with Workplace(store, jobs=jobs) as workplace:
        for asked in ((3, 1, 4), (1, 3, 4, 5)):
            found = workplace.results(work(*asked), lambda place, value: told.append(place))
            assert list(found.items()) == [(n, {"result": n**2}) for n in asked]
    assert sorted(told) == [1, 3, 5]
    assert store.kept("4", "square") is None


@pytest.mark.parametrize("jobs", [1, 2])
def test_work_is_waited_for_in_any_order(store, jobs):
    pieces = work(1, 2, 3)
    for known in (False, True):
        with Workplace(store, jobs=jobs) as workplace:
            for place, piece in pieces.items():
                workplace.submit(place, piece)
                workplace.submit(place, piece)  # under way or known: nothing more
            for place in (3, 1, 2):
                assert workplace.wait_for(place) == ({"result": place**2}, known)


def test_what_ends_while_other_work_is_waited_for_is_kept(store):
    with Workplace(store) as workplace:
        workplace.submit("first", work(2)[2])
        assert workplace.results(work(3)) == {3: {"result": 9}}
        assert store.kept("2", "square") == {"result": 4}
        assert workplace.wait_for("first") == ({"result": 4}, False)


def test_without_a_store_all_is_done_again():
    told = []
    for _ in range(2):
        assert results_of(work(2), None, on_result=lambda place, value: told.append(place)) == {
            2: {"result": 4}
        }
    assert told == [2, 2]


def test_death_of_a_worker_is_the_reason_of_its_piece_alone(store):
    found = results_of(work(-1, 6), store, jobs=2)
    assert found[6] == {"result": 36}
    assert found[-1] == {"reason": "its worker process died (exit code 3)"}
    assert store.kept("-1", "square") is None


@dataclass(frozen=True, kw_only=True, eq=False)
class Recorded(Work[float]):
    """A number, kept in the store's own words; a death is kept as well."""

    def known(self, store):
        value = store.kept(self.key, "number")
        return None if value is None else value["number"]

    def keep(self, store, result):
        store.keep(self.key, "number", {"number": result})

    def begin(self, store):
        store.add_task(self.key, index=7, start={}, origin="test")

    def after_death(self, death: WorkerDied):
        return float(death.exit_code)


def reciprocal(number):
    return 1 / number if number else os._exit(5)


def test_work_says_how_it_is_kept(store):
    pieces = {n: Recorded(key=f"{n}", function=reciprocal, subject=n) for n in (0, 3)}
    assert results_of(pieces, store, jobs=2) == {0: 5.0, 3: 1 / 3}
    assert [piece.known(store) for piece in pieces.values()] == [5.0, 1 / 3]
    assert store.outcome("3") is None  # begun, and finished by nobody


def test_warm_up_comes_before_the_first_work_of_worker_processes_alone():
    for jobs, calls in ((1, []), (2, ["warm"])):
        called = []
        with Workplace(
            jobs=jobs, preload="anything", warm_up=lambda called=called: called.append("warm")
        ) as w:
            assert called == []
            assert list(w.results(work(1, 2))) == [1, 2]
        assert called == calls


def test_the_key_follows_everything_that_decides():
    cluster = Cluster(symbols=("Na",) * 2, positions=[[0, 0, 0], [0, 0, 6]])
    keys = {
        work_key(cluster, "surface", relaxation={"fmax": 1e-4}),
        work_key(cluster, "surface", relaxation={"fmax": 2e-4}),
        work_key(cluster, "surface", relaxation={"fmax": 1e-4}, more=None),
        work_key(cluster, "other", relaxation={"fmax": 1e-4}),
        work_key(cluster.at([[0, 0, 0], [0, 0, 6 + 1e-14]]), "surface", relaxation={"fmax": 1e-4}),
    }
    assert len(keys) == 5


def test_the_key_is_that_of_all_versions():
    """Stores of version 0.1 are taken up again."""
    cluster = Cluster(
        symbols=("Na",) * 3, positions=[[0, 0, 0.1], [6, 0.2, 1 / 3], [3, 5, 0]], charge=1, n_unpaired=0
    )
    key = work_key(cluster, "s", relaxation={"fmax": 1e-4, "relaxer": "q"})
    assert key == "29d18df883740d5d96bb19fcc81d40886c057f044fabd2444de767005b93a480"
