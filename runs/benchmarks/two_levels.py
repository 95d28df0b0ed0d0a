r"""A search from random starts with and without a coarse level: force calls, CPU seconds, isomers.

python runs/benchmarks/two_levels.py --composition Na8 --coarse gupta
python runs/benchmarks/two_levels.py --composition Na6 --pseudopotential bhs-core --basis opt-4s3p1d \
    --coarse paper-3s2p

The same starts are relaxed at the full level alone and then through `TwoLevels`. A relaxation that both need
is done once, and counts for both at what it cost. With --store, relaxations are kept in that file.
"""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse
from contextlib import closing
from dataclasses import replace

from clusterdft.generate.random_cube import random_cube
from clusterdft.geometry.formula import parse_formula
from clusterdft.isomer_search.relaxations import Relaxations
from clusterdft.isomer_search.session import STARTS_AHEAD, outcomes_in_order
from clusterdft.isomer_search.strategies.random_starts import RandomStarts
from clusterdft.isomer_search.strategies.setting import SearchSetting
from clusterdft.isomer_search.two_levels import TwoLevels
from clusterdft.isomers.identity import minimum_of, same_minimum
from clusterdft.isomers.pool import merge
from clusterdft.method import Method
from clusterdft.relaxation.relax import FMAX, MAX_CALLS
from clusterdft.surfaces.choose import spec_of
from clusterdft.surfaces.classical import Gupta
from clusterdft.units import HARTREE_EV
from clusterdft.work.store import open_store

RELAXATION = {"relaxer": "quasi-newton", "fmax": FMAX, "max_calls": MAX_CALLS}
ISOMER_WINDOW_EV = 0.3  # eV above the lowest isomer: what is looked for


def coarse_spec(name, method):
    """Gupta, or the method with a smaller basis and a looser SCF."""
    if name == "gupta":
        return Gupta()
    return spec_of(replace(method, basis=name, grid="coarse", tolerance=1e-4))


def outcomes_of(arguments, relaxations):
    """The outcomes of the starts one by one."""
    symbols = parse_formula(arguments.composition)

    def start(index):
        return random_cube(symbols, seed=arguments.seed, index=index, charge=arguments.charge)

    setting = SearchSetting(symbols=symbols, charge=arguments.charge, n_unpaired=None, generate=start)
    strategy, most = RandomStarts(setting), max(arguments.starts)
    for outcome, _ in outcomes_in_order(
        strategy, relaxations, seed=arguments.seed, window=STARTS_AHEAD, starts=most
    ):
        yield outcome


def isomers_of(outcomes):
    """An outcome for each isomer that is near the lowest, lowest first."""
    relaxed = {outcome.index: outcome for outcome in outcomes if outcome.relaxed}
    isomers = merge(relaxed.values())
    near = [
        isomer for isomer in isomers if (isomer.energy - isomers[0].energy) * HARTREE_EV < ISOMER_WINDOW_EV
    ]
    return [
        min((relaxed[index] for index in isomer.starts), key=lambda outcome: outcome.energy)
        for isomer in near
    ]


def missing(wanted, others):
    """Energies in meV above the lowest, in words, of the isomers wanted that are not among the others."""
    pairs = [(isomer, minimum_of(isomer)) for isomer in wanted]
    have = [minimum_of(isomer) for isomer in others]
    zero = min(isomer.energy for isomer in (*wanted, *others))
    lost = [isomer for isomer, end in pairs if not any(same_minimum(end, other) for other in have)]
    return ", ".join(f"{1000 * (isomer.energy - zero) * HARTREE_EV:.0f}" for isomer in lost) or "none"


def compare(starts, direct, outcomes, tally):
    """Prints what so many starts cost and found, both ways."""
    calls, seconds = (
        sum(getattr(outcome, what) for outcome in direct[:starts])
        for what in ("n_force_calls", "cpu_seconds")
    )
    alone, both = isomers_of(direct[:starts]), isomers_of(outcomes[:starts])
    spent = tally.coarse_seconds + tally.full_seconds
    print(
        f"{starts} starts: full level alone {calls} calls, {seconds:.1f} CPU s; with the coarse level "
        f"{tally.full_calls} full and {tally.coarse_calls} coarse calls, {spent:.1f} CPU s "
        f"({tally.coarse_seconds:.1f} of them coarse)\n"
        f"  ratios: full calls {calls / max(tally.full_calls, 1):.2f}, CPU time {seconds / spent:.2f}; "
        f"{tally.shortcuts} shortcuts, {tally.audits} audits, {tally.mismatches} mismatches\n"
        f"  isomers up to {ISOMER_WINDOW_EV} eV: {len(alone)} and {len(both)}; missed, meV above the lowest: "
        f"{missing(alone, both)}; only with the coarse level: {missing(both, alone)}",
        flush=True,
    )


def parsed():
    """The options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--composition", default="Na8")
    parser.add_argument("--charge", type=int, default=0)
    parser.add_argument("--pseudopotential", default="bhs")
    parser.add_argument("--basis", default="paper-3s2p")
    parser.add_argument("--coarse", default="gupta", help="gupta, or the name of a basis")
    parser.add_argument("--starts", type=int, nargs="+", default=[12, 30])
    parser.add_argument("--audit", type=int, nargs="+", default=[5])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--store", help="SQLite file; none for memory")
    return parser.parse_args()


def main():
    """Relaxes the same starts both ways and compares."""
    arguments = parsed()
    method = Method(pseudopotential=arguments.pseudopotential, basis=arguments.basis)
    full, coarse = spec_of(method), spec_of(coarse_spec(arguments.coarse, method))
    inputs = {name: getattr(arguments, name) for name in ("composition", "charge", "seed")}
    with open_store(arguments.store) as store:
        store.begin(inputs)
        full.warm_up()
        with closing(Relaxations(store, full, 1, RELAXATION)) as relaxations:
            direct = list(outcomes_of(arguments, relaxations))
        for audit in arguments.audit:
            print(f"{arguments.composition} charge {arguments.charge}, an audit every {audit} repeats")
            levels = (Relaxations(store, spec, 1, RELAXATION) for spec in (coarse, full))
            with closing(TwoLevels(*levels, audit_interval=audit)) as relaxations:
                outcomes = []
                for outcome in outcomes_of(arguments, relaxations):
                    outcomes.append(outcome)
                    if len(outcomes) in arguments.starts:
                        compare(len(outcomes), direct, outcomes, relaxations.tally)


if __name__ == "__main__":
    main()
