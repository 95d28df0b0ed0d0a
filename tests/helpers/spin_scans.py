"""Spin scans of one cluster without a search around them."""

from dataclasses import replace

from clusterdft.isomer_search.outcome import Task, run_task
from clusterdft.isomer_search.spin_scan import first_spins, impossible, next_spins, scan_of, spin_state
from clusterdft.relaxation.relax import FMAX, MAX_CALLS
from clusterdft.surfaces.choose import spec_of
from clusterdft.surfaces.surface import separated_energy

HOW = {"relaxer": "quasi-newton", "fmax": FMAX, "max_calls": MAX_CALLS}


def spin_scan(cluster, surface, *, spins=None):
    """The SpinScan of a relaxed cluster; without given spins they are tried as a search tries them."""
    spec, free = spec_of(surface), replace(cluster, n_unpaired=None)
    point, states = spec.build().point(free), {}
    wanted = first_spins(free, spec, point.n_unpaired) if spins is None else spins
    while wanted:
        for spin in wanted:
            start = replace(free, n_unpaired=spin)
            states[spin] = impossible(start, spec) or spin_state(start, relaxed(start, spec, spin))
        wanted = next_spins(states.values()) if spins is None else ()
    separated = separated_energy(spec, cluster.symbols, cluster.charge)
    return scan_of(free, point.energy, point.n_unpaired, states.values(), separated)


def relaxed(start, spec, number):
    """The Outcome of a start."""
    return run_task(Task(index=number, key="", start=start), spec.build(), HOW)
