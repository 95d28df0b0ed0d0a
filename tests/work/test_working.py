"""Pieces of work: done once, kept unless they say otherwise, and their order is that of asking."""

import os

import pytest

from clusterdft.work.store import open_store
from clusterdft.work.workplace import Work, Workplace, done


def square(name, number):
    if number < 0:
        os._exit(3)
    return {name: number**2} | ({"keep": False} if number == 4 else {})


def work(*numbers):
    return {n: Work(key=f"{n}", kind="square", function=square, name="result", subject=n) for n in numbers}


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
            found = workplace.done(work(*asked), lambda place, value: told.append(place))
            assert list(found.items()) == [(n, {"result": n**2}) for n in asked]
    assert sorted(told) == [1, 3, 5]
    assert store.kept("4", "square") is None


def test_without_a_store_all_is_done_again():
    told = []
    for _ in range(2):
        assert done(work(2), None, told=lambda place, value: told.append(place)) == {2: {"result": 4}}
    assert told == [2, 2]


def test_death_of_a_worker_is_the_reason_of_its_piece_alone(store):
    found = done(work(-1, 6), store, jobs=2)
    assert found[6] == {"result": 36}
    assert found[-1] == {"reason": "its worker process died (exit code 3)"}
    assert store.kept("-1", "square") is None
