"""The benchmark of searches: what counts as found, what is kept, and its statistics."""

import sys
from dataclasses import replace
from math import inf
from pathlib import Path

import numpy as np
import pytest

sys.path.append(str(Path(__file__).parents[2] / "runs" / "benchmarks"))

import search as benchmark
import search_minima
from search_runs import Case, kept_runs
from search_tables import groups, median, rows, survival

CASE = Case(
    surface="lennard-jones",
    natom=7,
    charge=0,
    search="random-starts",
    seed=1,
    max_calls=10_000,
    max_relaxations=100,
)


@pytest.mark.parametrize("search", ["random-starts", "auto-unaided", "ASE BasinHopping"])
def test_a_search_ends_at_the_global_minimum(search):
    run = benchmark.measure(replace(CASE, search=search))
    assert run.found
    assert run.calls > run.relaxations > 0
    assert run.lowest / 0.01 == pytest.approx(-16.505384, abs=2e-3)
    assert run == benchmark.measure(replace(CASE, search=search))


@pytest.mark.parametrize("search", ["random-starts", "ASE BasinHopping"])
def test_a_search_stops_at_the_end_of_its_budget(search):
    calls = benchmark.measure(replace(CASE, search=search, max_calls=9))
    assert not calls.found
    assert calls.calls == 9
    relaxations = benchmark.measure(replace(CASE, search=search, natom=38, max_relaxations=2))
    assert not relaxations.found
    assert relaxations.relaxations == 2


def test_kept_runs_are_not_done_again(tmp_path, monkeypatch):
    path = tmp_path / "runs.csv"
    first = benchmark.run_all([CASE], path, 1)
    monkeypatch.setattr(benchmark, "measure", lambda case: pytest.fail("measured again"))
    again = benchmark.run_all([CASE], path, 1)
    assert list(first) == list(again) == list(kept_runs(path)) == [CASE]
    assert again[CASE].calls == first[CASE].calls
    assert again[CASE].found


def test_sodium_is_found_by_energy_and_structure():
    found = search_minima.target_of("sodium", 4, 0)
    lowest, energy = found.args
    turned = lowest.at(lowest.positions[::-1] @ np.array([[0, 1, 0], [-1, 0, 0], [0, 0, 1.0]]))
    assert found(turned, energy + 0.009 / 27.2114)
    assert not found(turned, energy + 0.011 / 27.2114)
    assert not found(lowest.at(1.2 * lowest.positions), energy)


def test_survival_and_medians_of_a_case_done_by_hand():
    at, share = survival([30, 10, 20, 40], [True, True, False, False])
    assert at == [0, 10, 20, 30, 40]
    assert share == pytest.approx([1, 3 / 4, 3 / 4, 3 / 8, 3 / 8])
    middle, low, high = median([5, 1, 3, inf])
    assert (middle, low, high) == (3, 1, inf)


def test_a_table_counts_what_was_not_found_as_infinite():
    run = benchmark.measure(CASE)
    peer = replace(run, case=replace(CASE, search="ASE genetic"), calls=4 * run.calls)
    lost = [replace(run, case=replace(CASE, seed=seed), found=False) for seed in (2, 3)]
    ours, theirs = rows([run, peer, *lost])
    assert (ours["found"], ours["runs"], ours["calls_median"]) == (1, 3, "inf")
    assert theirs["calls_over_best_peer"] == "1.00"
    assert list(groups([run, peer])) == [(7, 0)]
