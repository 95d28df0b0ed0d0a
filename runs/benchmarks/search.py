"""Force calls and relaxations that searches need to the lowest known minimum, ours and ASE's.

python runs/benchmarks/search.py --surface sodium --atoms 2-8 --charge 0,1 --peers --table table.csv
python runs/benchmarks/search.py --surface lennard-jones --atoms 13 --relaxations 2600 --strategies auto
python runs/benchmarks/search.py --make-minima --atoms 2-8 --charge 0,1

The first start of a seed is the same for all searches. A search ends when a relaxation has led to the lowest
known minimum, or when its budget is spent; then it counts as censored. For sodium the minimum is
found when the energy is within 10 meV and the structure is the same; the lowest known ones are in
runs/search-statistics/sodium-minima.json, which --make-minima writes from random starts of another seed.

With --kept, every finished run is written to that file and not done again by a later command. Tables and
figures hold all runs of the surface that are kept there; --runs 0 adds none.
Prints medians with their 95 % intervals; --figure draws the share of searches that have not found it yet
(Kaplan-Meier). The genetic peer needs `pip install ase-ga` and is left out without.
"""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext, suppress
from functools import lru_cache, partial
from importlib.util import find_spec

from search_minima import make_minima, target_of
from search_runs import Case, Run, keep, kept_runs
from search_tables import draw, print_table, write_table
from search_trace import Spent, Trace, ours

from clusterdft.generate.random_cube import random_cube
from clusterdft.isomer_search.strategies import STRATEGIES
from clusterdft.isomer_search.strategies.auto import Auto
from clusterdft.method import Method
from clusterdft.surfaces.choose import surface_of
from clusterdft.surfaces.classical import LennardJones
from clusterdft.units import HARTREE_EV

SURFACES = {"lennard-jones": LennardJones(), "sodium": Method()}
RELAXERS = {"lennard-jones": "limited-memory", "sodium": "quasi-newton"}
HOP_ENERGY = {"lennard-jones": 0.8 * LennardJones().epsilon * HARTREE_EV, "sodium": 0.1}  # eV, of the peers


@lru_cache(maxsize=2)
def _surface(name):
    return surface_of(SURFACES[name])


def search_of(case):
    """The function (trace, surface, start, seed) that a case names."""
    if case.search.startswith("ASE "):
        from search_peers import PEERS

        return partial(PEERS[case.search], kt_ev=HOP_ENERGY[case.surface])
    unaided = case.search == "auto-unaided"
    strategy = partial(Auto, guesses=False) if unaided else STRATEGIES.pick(case.search)
    return partial(ours, strategy, RELAXERS[case.surface])


def measure(case):
    """The Run of a case."""
    trace = Trace(target_of(case.surface, case.natom, case.charge), case.max_calls, case.max_relaxations)
    start = random_cube(("Na",) * case.natom, seed=case.seed, index=0, charge=case.charge)
    with suppress(Spent):
        search_of(case)(trace, _surface(case.surface), start, case.seed)
    return Run(
        case=case,
        found=trace.found,
        calls=min(trace.calls, case.max_calls),
        relaxations=trace.relaxations,
        lowest=trace.lowest,
    )


def cases_of(arguments):
    """All cases that a command asks for, size by size."""
    searches = [name for name in arguments.strategies.split(",") if name]
    if arguments.peers:
        searches += ["ASE BasinHopping", "ASE MinimaHopping"] + ["ASE genetic"] * bool(find_spec("ase_ga"))
    return [
        Case(
            surface=arguments.surface,
            natom=natom,
            charge=charge,
            search=name,
            seed=seed,
            max_calls=arguments.calls,
            max_relaxations=arguments.relaxations,
        )
        for natom in arguments.atoms
        for charge in arguments.charge
        for name in searches
        for seed in range(arguments.runs)
    ]


def run_all(cases, path, jobs):
    """The Runs of all cases, those kept in a file taken from there and the others added to it."""
    runs = kept_runs(path)
    missing = [case for case in cases if case not in runs]
    with ProcessPoolExecutor(jobs) if jobs > 1 else nullcontext() as pool:
        for run in (map if pool is None else pool.map)(measure, missing):
            runs[run.case] = run
            keep(path, run)
    return runs


def check_budgets(runs):
    """Raises SystemExit where searches for one cluster had different budgets: they have no common median."""
    budgets = {}
    for case in (run.case for run in runs):
        budgets.setdefault((case.natom, case.charge), set()).add((case.max_calls, case.max_relaxations))
    mixed = [natom for (natom, _), some in budgets.items() if len(some) > 1]
    if mixed:
        raise SystemExit(
            f"runs of {mixed[0]} atoms are kept with different budgets; give another --kept file"
        )


def whole_numbers(text):
    """The numbers of a text such as 7, 2-8 or 7,13,19."""
    spans = [part.split("-") for part in text.split(",")]
    return [number for span in spans for number in range(int(span[0]), int(span[-1]) + 1)]


def parsed():
    """The options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--surface", choices=tuple(SURFACES), default="lennard-jones")
    parser.add_argument("--atoms", type=whole_numbers, default=[13], help="such as 13, 2-8 or 7,13,19")
    parser.add_argument("--charge", type=whole_numbers, default=[0], help="such as 1 or 0,1")
    parser.add_argument("--runs", type=int, default=20, help="seeds 0, 1, ... of each search")
    parser.add_argument("--calls", type=int, default=1_000_000, help="force calls of one search at most")
    parser.add_argument("--relaxations", type=int, default=5000, help="relaxations of one search at most")
    parser.add_argument("--strategies", default="random-starts,basin-hopping,genetic,auto-unaided,auto")
    parser.add_argument("--peers", action="store_true", help="ASE's searches too")
    parser.add_argument("--jobs", type=int, default=1, help="searches at a time")
    parser.add_argument("--kept", help="CSV file of all runs")
    parser.add_argument("--table", help="CSV file of the medians")
    parser.add_argument("--figure", help="picture of the Kaplan-Meier curves")
    parser.add_argument("--make-minima", action="store_true", help="search for the minima of sodium instead")
    return parser.parse_args()


def main():
    """Measures what the command line asks for, or makes the minima of sodium."""
    arguments = parsed()
    if arguments.make_minima:
        make_minima(arguments.atoms, arguments.charge)
        return
    cases = cases_of(arguments)
    runs = run_all(cases, arguments.kept, arguments.jobs)
    shown = [run for run in runs.values() if run.case.surface == arguments.surface]
    check_budgets(shown)
    print_table(shown)
    if arguments.table:
        write_table(shown, arguments.table)
    if arguments.figure:
        draw(shown, arguments.figure)


if __name__ == "__main__":
    main()
