"""Force calls and relaxations that searches need to the lowest known minimum, ours and ASE's.

python benchmarks/search.py --surface lennard-jones --atoms 13 --runs 20 --peers
python benchmarks/search.py --surface sodium --atoms 8 --runs 5 --calls 3000 --peers

The genetic peer needs `pip install ase-ga` and is left out without.

Prints medians with their 95 % intervals and draws the share of searches that have not found it yet
(Kaplan-Meier) against force calls. Searches that spend their budget before count as censored.
"""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse
from contextlib import suppress
from functools import partial
from importlib.util import find_spec
from math import inf

import numpy as np

from clusterdft.generate.random_cube import random_cube
from clusterdft.method import Method
from clusterdft.relax import relax
from clusterdft.relax.surface import LennardJones, surface_of
from clusterdft.search import STRATEGIES
from clusterdft.search.auto import Auto
from clusterdft.search.outcome import Outcome
from clusterdft.search.schedule import outcomes_in_order
from clusterdft.search.setting import SearchSetting
from clusterdft.units import HARTREE_EV

LENNARD_JONES = {  # global minima in epsilon, Wales and Doye, J. Phys. Chem. A 101, 5111 (1997)
    **{6: -12.712062, 7: -16.505384, 8: -19.821489, 9: -24.113360, 10: -28.422532, 11: -32.765970},
    **{12: -37.967600, 13: -44.326801, 19: -72.659782, 26: -108.315616, 31: -133.586422, 38: -173.928427},
}
FOUND = 2e-5  # hartree above the lowest minimum at most, in Lennard-Jones clusters
FOUND_SODIUM = 2e-4  # the same for Kohn-Sham sodium, 5 meV


class Spent(Exception):
    """The budget is used up, or the target is found."""


class Trace:
    """What one search has done so far: every new lowest energy with the calls and relaxations it took."""

    def __init__(self, budget, target):
        self.calls, self.relaxations, self.lows = 0, 0, []
        self._budget, self._target = budget, target

    def add(self, calls, energy):
        self.calls += calls
        if energy is not None and (not self.lows or energy < self.lows[-1][2]):
            self.lows.append((self.calls, self.relaxations, energy))
        if self.calls >= self._budget or (self.lows and self.lows[-1][2] <= self._target):
            raise Spent

    def found(self, target):
        """(calls, relaxations) to the target, or (None, None)."""
        return next(((c, r) for c, r, energy in self.lows if energy <= target), (None, None))


class Relaxing:
    """The relaxations of one search, each done when it is asked for."""

    def __init__(self, surface, relaxer, trace):
        self._surface, self._relaxer, self._trace, self._ended = surface, relaxer, trace, {}

    def submit(self, index, proposal):
        end = relax(proposal.cluster, self._surface, relaxer=self._relaxer)
        self._trace.relaxations += 1
        self._trace.add(end.n_force_calls, end.energy if end.relaxed else None)
        self._ended[index] = Outcome(
            index=index,
            key=str(index),
            relaxed=end.relaxed,
            reason=end.reason,
            cluster=end.cluster,
            energy=end.energy,
            n_unpaired=end.n_unpaired,
            n_force_calls=end.n_force_calls,
            origin=proposal.origin,
            parents=proposal.parents,
        )

    def wait_for(self, index):
        return self._ended.pop(index), False


def ours(strategy, relaxer, trace, surface, start, seed):
    """One of our searches, until its trace stops it."""
    setting = SearchSetting(
        symbols=start.symbols,
        charge=0,
        n_unpaired=None,
        generate=lambda index: random_cube(start.symbols, seed=seed, index=index),
    )
    for _ in outcomes_in_order(strategy(setting), Relaxing(surface, relaxer, trace), seed=seed, window=1):
        pass


def run(search, surface, symbols, seed, budget, target):
    """The Trace of one search from random start number 0 of a seed."""
    trace = Trace(budget, target)
    with suppress(Spent):
        search(trace, surface, random_cube(symbols, seed=seed, index=0), seed)
    return trace


def survival(events, budget):
    """Kaplan-Meier estimate: (calls, share of searches that have not found it) at each find."""
    calls, share = [0], [1.0]
    for k, event in enumerate(sorted(event for event in events if event is not None)):
        calls.append(event)
        share.append(share[-1] * (1.0 - 1.0 / (len(events) - k)))  # all censoring is at the budget
    return [*calls, budget], [*share, share[-1]]


def median(events, seed=0, samples=2000):
    """Median and its bootstrap 95 % interval, in words; what was not found counts as infinite."""
    values = np.array([inf if event is None else event for event in events])
    drawn = np.random.default_rng(seed).choice(values, size=(samples, len(values)))
    middle = np.sort(np.sort(drawn, axis=1)[:, (len(values) - 1) // 2])
    low, high = middle[int(0.025 * samples)], middle[int(0.975 * samples) - 1]
    return f"{np.sort(values)[(len(values) - 1) // 2]:g} ({low:g} to {high:g})"


def draw(rows, budget, title, path):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6.4, 4.2), layout="constrained")
    for name, events in rows.items():
        calls, share = survival(events, budget)
        axes.step(calls, share, where="post", label=name, linestyle="--" if name.startswith("ASE") else "-")
    first = min((event for events in rows.values() for event in events if event), default=1)
    axes.set(xlabel="force calls", ylabel="searches that have not found it", title=title)
    axes.set(xscale="log", xlim=(max(1, 0.7 * first), budget), ylim=(-0.02, 1.02))
    axes.legend(frameon=False, fontsize="small")
    figure.savefig(path, dpi=150)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--surface", choices=("lennard-jones", "sodium"), default="lennard-jones")
    parser.add_argument("--atoms", type=int, default=13)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--calls", type=int, default=20_000, help="budget of one search")
    parser.add_argument("--strategies", default="random-starts,basin-hopping,genetic,auto-unaided,auto")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--figure", default="search.png")
    arguments = parser.parse_args()
    classical = arguments.surface == "lennard-jones"
    surface = surface_of(LennardJones() if classical else Method())
    epsilon, tolerance = LennardJones().epsilon, FOUND if classical else FOUND_SODIUM
    lowest = epsilon * LENNARD_JONES.get(arguments.atoms, -inf) if classical else -inf
    strategies = {**STRATEGIES, "auto-unaided": partial(Auto, guesses=False)}
    relaxer = "limited-memory" if classical else "quasi-newton"
    searches = {name: partial(ours, strategies[name], relaxer) for name in arguments.strategies.split(",")}
    if arguments.peers:
        from search_peers import PEERS

        kt = 0.8 * epsilon * HARTREE_EV if classical else 0.1
        wanted = [name for name in PEERS if find_spec("ase_ga") or name != "ASE genetic"]
        searches |= {name: partial(PEERS[name], kt_ev=kt) for name in wanted}
    traces = {}
    for name, search in searches.items():
        traces[name] = [
            run(search, surface, ("Na",) * arguments.atoms, seed, arguments.calls, lowest + tolerance)
            for seed in range(arguments.runs)
        ]
        print(f"{name}: {arguments.runs} searches done", flush=True)
    found_lowest = min(trace.lows[-1][2] for some in traces.values() for trace in some if trace.lows)
    target = (found_lowest if lowest == -inf else lowest) + tolerance
    rows = {}
    print(f"lowest minimum {target - tolerance:.6f} hartree; medians with 95 % intervals")
    for name, some in traces.items():
        found = [trace.found(target) for trace in some]
        rows[name] = [calls for calls, _ in found]
        hits = sum(calls is not None for calls in rows[name])
        print(
            f"{name:18s} found {hits:3d} of {len(some)}; force calls {median(rows[name])}; "
            f"relaxations {median([relaxations for _, relaxations in found])}"
        )
    title = f"{'Lennard-Jones' if classical else 'Na'}{arguments.atoms}, {arguments.runs} searches each"
    draw(rows, arguments.calls, title, arguments.figure)


if __name__ == "__main__":
    main()
