"""Whole searches on classical surfaces."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError, ScfNotConverged, StoreError
from clusterdft.generate import GENERATORS
from clusterdft.isomer_search import driver
from clusterdft.isomer_search.strategies import STRATEGIES
from clusterdft.report.search_run import search as checked_search
from clusterdft.surfaces.classical import ClassicalSurface, Gupta, LennardJones
from clusterdft.surfaces.surface import SurfacePoint

search = partial(
    checked_search, strategy="random-starts", check_within=None
)  # starts, and nothing after them

# published global minima of Lennard-Jones clusters, in epsilon
LENNARD_JONES = {2: -1.0, 3: -3.0, 4: -6.0, 5: -9.103852, 6: -12.712062, 7: -16.505384, 13: -44.326801}


@pytest.mark.parametrize(("natom", "starts"), [(2, 1), (3, 2), (4, 3), (5, 5), (6, 20), (7, 20)])
def test_finds_the_lennard_jones_minima(natom, starts):
    result = search(f"Na{natom}", spec=LennardJones(epsilon=0.01), starts=starts)
    assert result.isomers[0].energy / 0.01 == pytest.approx(LENNARD_JONES[natom], abs=2e-3)
    assert sum(isomer.n_hits for isomer in result.isomers) + len(result.failures) == starts


def test_two_isomers_of_six_lennard_jones_atoms():
    """Octahedron and capped trigonal bipyramid, and nothing else."""
    result = search("Na6", spec=LennardJones(epsilon=0.01), starts=20, seed=1)
    energies = [isomer.energy / 0.01 for isomer in result.isomers]
    assert energies == pytest.approx([-12.712062, -12.302928], abs=3e-3)


def test_result_is_the_same_with_any_number_of_jobs():
    results = [search("Na6", spec=Gupta(), starts=8, seed=3, jobs=jobs) for jobs in (1, 2, 3)]
    for result in results[1:]:
        assert _essence(result) == _essence(results[0])


def _essence(result):
    return [(i.energy, list(i.starts), i.cluster.positions.tolist()) for i in result.isomers]


def test_isomers_are_ordered_and_complete():
    result = search("Na7", spec=Gupta(), starts=10, seed=2, charge=1)
    energies = [isomer.energy for isomer in result.isomers]
    assert energies == sorted(energies)
    for isomer in result.isomers:
        assert isomer.cluster.charge == 1
        assert isomer.binding_energy_per_atom == pytest.approx(-isomer.energy / 7)
        assert isomer.shortest_distance <= isomer.mean_distance
    assert result.n_force_calls == sum(outcome.n_force_calls for outcome in result.outcomes)


def test_single_atom():
    result = search("Na", spec=Gupta(), starts=3)
    assert len(result.isomers) == 1
    assert result.isomers[0].binding_energy_per_atom == 0.0


def test_finished_starts_are_not_done_again(tmp_path):
    first, second, third = [], [], []
    a = search("Na5", spec=Gupta(), starts=4, out=tmp_path, progress=first.append)
    b = search("Na5", spec=Gupta(), starts=4, out=tmp_path, progress=second.append)
    c = search("Na5", spec=Gupta(), starts=6, out=tmp_path, progress=third.append)
    assert [event.resumed for event in first] == [False] * 4
    assert [event.resumed for event in second] == [True] * 4
    assert [event.resumed for event in third] == [True] * 4 + [False] * 2
    assert _essence(a) == _essence(b)
    assert _essence(c) == _essence(search("Na5", spec=Gupta(), starts=6))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"seed": 1}, "seed"),
        ({"charge": 1}, "charge"),
        ({"n_unpaired": 0}, "n_unpaired"),
        ({"composition": "Na6"}, "formula"),
        ({"spec": Gupta(r0=7.0)}, "r0_bohr"),
        ({"fmax": 1e-3}, "fmax"),
        ({"strategy": "two-stage"}, "strategy"),
        ({"seeds": (Cluster(symbols=("Na",) * 5, positions=3.0 * np.arange(15)),)}, "seeds"),
    ],
)
def test_folder_of_another_search_is_refused(tmp_path, change, named):
    inputs = {"composition": "Na5", "spec": Gupta(), "starts": 1, "out": tmp_path}
    search(**inputs)
    before = (tmp_path / "summary.json").read_text()
    with pytest.raises(StoreError, match=named):
        search(**(inputs | change))
    assert (tmp_path / "summary.json").read_text() == before


@dataclass(frozen=True)
class Difficult(ClassicalSurface):
    """A surface on which some starts fail: far-stretched clusters do not converge."""

    limit: float
    key: str = "difficult"

    @property
    def description(self):
        return {"limit": self.limit}

    def atom_energy(self, symbol, charge=0):
        raise ScfNotConverged("not even the atom")

    def check(self, cluster):
        if cluster.charge > 1:
            raise InputError("too few electrons")

    def point(self, cluster, restart=None):
        if np.linalg.norm(cluster.positions, axis=1).max() > self.limit:
            raise ScfNotConverged("it oscillates")
        return Gupta().point(cluster)


@pytest.mark.parametrize("jobs", [1, 2])
def test_failures_are_kept_with_their_reasons(tmp_path, jobs):
    result = search("Na5", spec=Difficult(7.5), starts=8, jobs=jobs, out=tmp_path)
    assert 0 < len(result.failures) < 8
    assert all(outcome.reason == "it oscillates" for outcome in result.failures)
    assert result.isomers[0].binding_energy_per_atom is None
    told = json.loads((tmp_path / "summary.json").read_text())["failures"]
    assert [failure["start"] for failure in told] == [outcome.index for outcome in result.failures]


def test_nothing_converges():
    result = search("Na5", spec=Difficult(0.0), starts=2)
    assert result.isomers == ()
    assert len(result.failures) == 2
    endless = search("Na5", spec=Difficult(0.0), confidence=0.95)
    assert (len(endless.failures), endless.stopped) == (12, "none of the first 12 starts relaxed")


@dataclass(frozen=True)
class Deadly(Difficult):
    """A surface that takes its process with it, now and then."""

    def point(self, cluster, restart=None):
        if np.linalg.norm(cluster.positions, axis=1).max() > self.limit:
            os._exit(3)
        return Gupta().point(cluster)


def test_death_of_a_worker_is_a_failure_of_its_start_alone():
    fails = [outcome.index for outcome in search("Na5", spec=Difficult(7.5), starts=8).failures]
    result = search("Na5", spec=Deadly(7.5), starts=8, jobs=2)
    assert set(fails) <= {outcome.index for outcome in result.failures}
    assert all("worker process died (exit code 3)" in outcome.reason for outcome in result.failures)
    assert result.isomers


@pytest.mark.parametrize(
    "wrong",
    [
        {"composition": "Xy3"},
        {"charge": 2},
        {"starts": 0},
        {"jobs": 0},
        {"window": 0},
        {"confidence": 1.0},
        {"confidence": -0.5},
        {"confidence": 0.95, "starts": 20},
        {"check_within": -0.1},
        {"coarse": Difficult(9.0)},
        {"strategy": "auto", "seeds": (Cluster(symbols=("Na",) * 9, positions=3.0 * np.arange(27)),)},
        {"max_total_calls": 0},
        {"max_time": 0.0},
        {"seed": -1},
        {"generator": "sphere"},
        {"strategy": "luck"},
        {"relaxer": "newton"},
        {"fmax": 0.0},
        {"max_calls": 0},
    ],
    ids=lambda wrong: " ".join(wrong),
)
def test_bad_input_is_refused_before_anything_is_written(tmp_path, wrong):
    out = tmp_path / "out"
    with pytest.raises(InputError):
        search(**({"composition": "Na3", "spec": Difficult(9.0), "out": out} | wrong))
    assert not out.exists()


@dataclass(frozen=True)
class WarmedUp(LennardJones):
    """Tells when it is warmed up, and what happens then."""

    error: type = RuntimeError

    def warm_up(self):
        raise self.error("warmed up")


def test_surface_is_warmed_up_before_several_jobs_start():
    with pytest.raises(RuntimeError, match="warmed up"):
        search("Na3", WarmedUp(), starts=2, jobs=2)
    assert search("Na3", WarmedUp(), starts=2, jobs=1).isomers


@pytest.mark.parametrize("error", [ScfNotConverged, InputError])
def test_warming_up_may_fail(error):
    """A method that does not converge, or does not know sodium, fails at its starts and nowhere else."""
    assert search("Na3", WarmedUp(error=error), starts=2, jobs=2).isomers


def test_what_is_no_surface_is_refused():
    with pytest.raises(InputError, match="give a Method"):
        search("Na3", "bhs", starts=1)


@dataclass(frozen=True)
class Slow(Gupta):
    """Sodium in slow motion, so that a search can be killed in the middle of it."""

    def point(self, cluster, restart=None):
        import time

        time.sleep(0.003)
        return super().point(cluster)


SLOWLY = {"composition": "Na6", "starts": 14, "seed": 4}
SMALLER = GENERATORS["random-cube"](("Na",) * 5, seed=1, index=0)
NEEDED = {"growth": {"seeds": (SMALLER,)}}  # what a strategy cannot do without


def run_slowly(folder, jobs, strategy):
    """The search that the tests below kill; a line a start on standard output."""

    def tell(event):
        print(getattr(event.last, "index", -1), int(event.resumed), flush=True)

    try:
        search(
            **SLOWLY,
            **NEEDED.get(strategy, {}),
            spec=Slow(),
            strategy=strategy,
            jobs=jobs,
            out=folder,
            progress=tell,
        )
    except KeyboardInterrupt:
        sys.exit(130)


def slow_process(folder, jobs, strategy):
    path = os.pathsep.join([os.path.dirname(__file__), *sys.path])
    code = f"import test_driver; test_driver.run_slowly({str(folder)!r}, {jobs}, {strategy!r})"
    return subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    )


ADAPTIVE = [name for name in STRATEGIES if STRATEGIES[name].learns]


@pytest.mark.parametrize(
    ("jobs", "end", "strategy", "at"),
    [
        (2, signal.SIGINT, "random-starts", 3),
        (1, signal.SIGKILL, "auto", 9),
        pytest.param(1, signal.SIGTERM, "random-starts", 3, marks=pytest.mark.slow),
        pytest.param(2, signal.SIGKILL, "random-starts", 3, marks=pytest.mark.slow),
        *(pytest.param(2, signal.SIGKILL, name, 9, marks=pytest.mark.slow) for name in ADAPTIVE),
    ],
)
def test_killed_in_the_middle_it_goes_on_where_it_was(tmp_path, jobs, end, strategy, at):
    """Every isomer, hit and origin is that of a search which nobody has killed, in one process."""
    process = slow_process(tmp_path, jobs, strategy)
    done = [process.stdout.readline() for _ in range(at)]
    process.send_signal(end)
    done += process.stdout.readlines()
    assert process.wait() != 0
    process.stdout.close()
    seen = {int(line.split()[0]) for line in done}
    assert at <= len(seen) < 14

    again = slow_process(tmp_path, jobs, strategy)
    lines = [line.split() for line in again.communicate()[0].splitlines()]
    assert again.returncode == 0
    assert [int(index) for index, _ in lines] == list(range(14))
    assert seen <= {int(index) for index, resumed in lines if resumed == "1"}

    whole = search(**SLOWLY, **NEEDED.get(strategy, {}), spec=Gupta(), strategy=strategy)
    told = json.loads((tmp_path / "summary.json").read_text())
    assert [(i["energy_hartree"], i["starts"], i["positions_bohr"]) for i in told["isomers"]] == _essence(
        whole
    )
    origins = {outcome.index: outcome.origin for outcome in whole.outcomes}
    assert [i["origins"] for i in told["isomers"]] == [[origins[k] for k in i.starts] for i in whole.isomers]
    assert told["independent_hits_of_lowest"] == whole.hits_of_lowest


@pytest.mark.parametrize("strategy", list(STRATEGIES))
def test_every_strategy_gives_the_same_whatever_the_number_of_jobs(strategy):
    inputs = {"starts": 20, "strategy": strategy, "seed": 5} | NEEDED.get(strategy, {})
    results = [search("Na7", LennardJones(), **inputs, jobs=jobs) for jobs in (1, 3)]
    assert _essence(results[0]) == _essence(results[1])
    assert _told(results[0]) == _told(results[1])


def _told(result):
    return [(o.index, o.key, o.energy, o.origin, o.parents, o.n_force_calls) for o in result.outcomes]


@pytest.mark.parametrize("jobs", [1, 3])
def test_search_stops_when_it_is_sure(jobs):
    result = search("Na5", LennardJones(), confidence=0.9, jobs=jobs)
    assert (result.n_starts, result.hits_of_lowest) == (None, 11)
    assert result.confidence == pytest.approx(0.9)
    assert result.isomers[0].starts[-1] == len(result.outcomes) - 1  # not one start more than needed
    assert result.stopped == "the confidence reached 90 %"


def test_first_limit_ends_the_search():
    few = search("Na5", LennardJones(), max_total_calls=10_000, starts=4)
    assert (len(few.outcomes), few.stopped) == (4, "all 4 starts ended")
    calls = search("Na5", LennardJones(), confidence=0.99, max_total_calls=60)
    assert calls.n_force_calls >= 60 > calls.n_force_calls - calls.outcomes[-1].n_force_calls
    late = search("Na5", LennardJones(), confidence=0.999, max_time=1e-6)
    assert (len(late.outcomes), late.stopped) == (1, "the time limit of 1e-06 s was reached")


def test_stopped_search_goes_on_with_higher_limits(tmp_path):
    search("Na5", LennardJones(), confidence=0.75, out=tmp_path)
    events = []
    more = search("Na5", LennardJones(), confidence=0.9, out=tmp_path, progress=events.append)
    assert 5 <= sum(event.resumed for event in events) < len(events)
    assert _essence(more) == _essence(search("Na5", LennardJones(), confidence=0.9))
    assert all(event.seconds_left is not None for event in events if not event.resumed)


def test_follow_ups_are_the_same_with_any_number_of_jobs_and_when_resumed(tmp_path):
    """Random starts of six Gupta atoms end at saddle points; kicks lead on from there."""
    how = {"starts": 14, "seed": 3, "strategy": "random-starts", "check_within": 0.02, "fmax": 1e-3}
    results = [checked_search("Na6", Gupta(), **how, jobs=jobs) for jobs in (1, 3)]
    events = []
    bare = search("Na6", Gupta(), out=tmp_path, **how | {"check_within": None})
    results += [checked_search("Na6", Gupta(), out=tmp_path, progress=events.append, **how) for _ in range(2)]
    for result in results:
        assert _essence(result) == _essence(results[0])
        assert _told(result) == _told(results[0])
        assert [check.key for check in result.checks] == [check.key for check in results[0].checks]
    assert any(outcome.role == "follow-up" for outcome in results[0].outcomes)
    assert all(isomer.verdict for isomer in results[0].isomers)
    assert [event.resumed for event in events[:14]] == [True] * 14
    assert [event.resumed for event in events].count(True) == 14 + len(events) // 2
    assert bare.n_ended == results[0].n_ended == 14


def test_confidence_that_follow_ups_take_away_has_to_be_won_again(monkeypatch):
    """Flat starts end at the rhombus, a saddle point; a kick finds the tetrahedron, and it goes on."""

    def flat(symbols, *, seed, index, charge, n_unpaired):
        x, y = 3.0 + 0.05 * index, 5.2
        return Cluster(symbols=symbols, positions=np.array([[x, 0, 0], [-x, 0, 0], [0, y, 0], [0, -y, 0]]))

    monkeypatch.setattr(driver, "GENERATORS", SimpleNamespace(pick=lambda name: flat))
    how = {"strategy": "random-starts", "confidence": 0.75, "starts": 12}
    result = checked_search("Na4", LennardJones(), **how)
    roles = [outcome.role for outcome in result.outcomes]
    assert roles == ["start"] * 5 + ["follow-up"] * 2 + ["start"] * 7
    assert [isomer.verdict for isomer in result.isomers] == ["minimum", "saddle"]
    assert result.isomers[0].energy == pytest.approx(-0.06, abs=1e-5)
    assert (result.confidence, result.stopped) == (0.0, "all 12 starts ended")
    assert "hartree down" in result.isomers[1].verdict_reason


def test_isomers_are_the_same_objects_until_something_new_is_known_of_them():
    """Their point groups are found once, not at every start."""
    results = []
    search("Na7", Gupta(), starts=10, seed=2, progress=lambda event: results.append(event.result))
    before, after = results[-2:]
    assert len(before.isomers) == 2
    kept = {id(isomer) for isomer in before.isomers} & {id(isomer) for isomer in after.isomers}
    assert len(kept) == 1  # the last start ended in the other


def test_spins_are_scanned_within_the_search():
    class Spins(LennardJones):
        """Two unpaired electrons make the bonds of four atoms stronger, and a little longer."""

        def point(self, cluster, restart=None):
            free = cluster.n_unpaired is None
            scale = 1.0 if free or cluster.n_unpaired == 0 else 1.1
            point = LennardJones(epsilon=0.01 * scale, sigma=self.sigma * (1 + 0.1 * (scale - 1))).point(
                cluster
            )
            return SurfacePoint(
                energy=point.energy,
                forces=point.forces,
                n_unpaired=0.0 if free else float(cluster.n_unpaired),
            )

    result = checked_search("Na4", Spins(), starts=3, scan_spins=True, jobs=1)
    lowest = result.isomers[0]
    assert lowest.n_unpaired == 2.0
    scan = next(isomer.spin_scan for isomer in result.isomers if isomer.spin_scan)
    assert [(state.n_unpaired, state.kind) for state in scan.states] == [
        (0, "bound"),
        (2, "bound"),
        (4, "bound"),
    ]
    assert scan.ground.n_unpaired == 2
    assert scan.ground.energy == pytest.approx(-0.066, abs=1e-5)
    with pytest.raises(InputError, match="scan of spins with 2 unpaired"):
        search("Na4", Spins(), n_unpaired=2, scan_spins=True)


def test_default_strategy_takes_known_geometries_and_twelve_more():
    result = checked_search("Na5", LennardJones())
    origins = [outcome.origin for outcome in result.outcomes]
    assert sum(origin.startswith("library") for origin in origins) >= 3
    assert result.n_starts == result.n_ended == 12 + sum(o.role == "guess" for o in result.outcomes) + 6
    assert result.isomers[0].point_group == "D3h"
    assert not result.isomers[0].chiral


def test_known_geometries_are_one_hit_together():
    seed = search("Na5", LennardJones(), starts=1).isomers[0].cluster
    seeds = [seed.at(scale * seed.positions) for scale in (1.0, 1.02, 0.98)]
    found = search("Na5", LennardJones(), strategy="auto", starts=12, seeds=seeds)
    known = {outcome.index for outcome in found.outcomes if outcome.role == "guess"} & set(
        found.isomers[0].starts
    )
    assert len(known) > 1
    assert found.hits_of_lowest == found.isomers[0].n_hits - len(known) + 1


def test_time_is_kept_for_checks():
    result = checked_search("Na4", LennardJones(), confidence=0.99999, max_time=1.0, strategy="random-starts")
    assert result.isomers[0].verdict == "minimum"
    late = checked_search("Na4", LennardJones(), confidence=0.999, max_time=1e-6, strategy="random-starts")
    assert (late.n_ended, late.isomers[0].verdict) == (1, "")


def test_an_atom_needs_one_start():
    result = search("Na", LennardJones(), confidence=0.95)
    assert (len(result.outcomes), result.confidence) == (1, 1.0)


def test_the_same_start_again_is_neither_relaxed_nor_counted_again():
    seed = search("Na5", LennardJones(), starts=1).isomers[0].cluster
    one = search("Na5", LennardJones(), starts=1, seeds=[seed])
    three = search("Na5", LennardJones(), starts=3, seeds=[seed] * 3)
    assert three.n_force_calls == one.n_force_calls
    assert three.isomers[0].starts == (0, 1, 2)
    assert three.hits_of_lowest == 1
    assert {outcome.role for outcome in three.outcomes} == {"guess"}
    assert (one.new_isomer_probability, three.new_isomer_probability) == (None, None)


def test_a_surface_written_by_a_user_says_its_name_and_its_points():
    """The base classes know the rest."""

    class Springs(ClassicalSurface):
        key = "springs"
        description = {"k": 0.02}  # noqa: RUF012

        def point(self, cluster, restart=None):
            vector = cluster.positions[1] - cluster.positions[0]
            r = np.linalg.norm(vector)
            pull = 0.02 * (r - 6.0) * vector / r
            return SurfacePoint(energy=0.01 * (r - 6.0) ** 2, forces=np.array([pull, -pull]))

    (isomer,) = search("Na2", spec=Springs(), starts=3).isomers
    assert isomer.n_hits == 3
    assert isomer.shortest_distance == pytest.approx(6.0, abs=0.02)


@pytest.mark.parametrize("jobs", [1, 2])
def test_coarse_level_spares_the_full_one(tmp_path, jobs):
    """Lennard-Jones before Gupta: the same isomers at less than half of the full relaxations."""
    how = {"starts": 30, "seed": 2, "strategy": "random-starts", "check_within": None}
    plain = checked_search("Na6", Gupta(), **how)
    both = checked_search("Na6", Gupta(), coarse=LennardJones(), jobs=jobs, out=tmp_path, **how)
    assert both.isomers[0].energy == pytest.approx(plain.isomers[0].energy, abs=1e-5)
    spared = [outcome for outcome in both.outcomes if "coarse level" in outcome.origin]
    assert len(spared) > 15
    assert both.inputs["coarse_surface"]["surface"] == "lennard-jones"
    with pytest.raises(StoreError, match="coarse_surface"):
        checked_search("Na6", Gupta(), out=tmp_path, **how)
    again = []
    resumed = checked_search(
        "Na6", Gupta(), coarse=LennardJones(), out=tmp_path, progress=again.append, **how
    )
    assert _told(resumed) == _told(both)
    assert all(event.resumed for event in again)
