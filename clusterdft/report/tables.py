"""Tables and lines for the terminal."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from rich.box import SIMPLE, SIMPLE_HEAD
from rich.table import Table

from clusterdft.geometry.formula import formula_of
from clusterdft.isomer_search.search_result import CheckedIsomer, SearchResult
from clusterdft.isomer_search.spin_scan import SpinScan, SpinState
from clusterdft.units import HARTREE_EV


def isomer_table(result: SearchResult) -> Table:
    """The isomers of a SearchResult, lowest first."""
    inputs = result.inputs
    name = formula_of(inputs["symbols"], inputs["charge"])
    units = "eV above the lowest, binding in eV an atom, bonds in bohr"
    table = Table(
        title=f"Isomers of {name} ({units})", box=SIMPLE_HEAD, collapse_padding=True, pad_edge=False
    )
    for heading in ("", "above", "binding", "group", "mean bond", "unpaired", "hits"):
        table.add_column(heading, justify="right", no_wrap=True)
    has_states = any(isomer.electrons for isomer in result.isomers)
    if has_states:
        table.add_column("state", no_wrap=True)
    has_verdicts = any(isomer.verdict for isomer in result.isomers)
    if has_verdicts:
        table.add_column("vibrations", no_wrap=True)
    for rank, isomer in enumerate(result.isomers, start=1):
        binding = isomer.binding_energy_per_atom
        table.add_row(
            str(rank),
            f"{(isomer.energy - result.isomers[0].energy) * HARTREE_EV:.3f}",
            "-" if binding is None else f"{binding * HARTREE_EV:.3f}",
            isomer.point_group,
            "-"
            if isomer.mean_distance is None
            else f"{isomer.mean_distance:.2f}±{isomer.distance_spread:.2f}",
            _spin(isomer.n_unpaired),
            str(isomer.n_hits),
            *([_state(isomer)] if has_states else []),
            *([isomer.verdict or "-"] if has_verdicts else []),
        )
    return table


def _state(isomer: CheckedIsomer) -> str:
    """Label of the electronic state; of those that a configuration allows, the first."""
    label: str | None = (isomer.electrons or {}).get("state")
    return "-" if label is None else label.split(" + ")[0] + (" ..." if " + " in label else "")


def verdict_lines(result: SearchResult) -> list[str]:
    """One line for each isomer that is not clearly a minimum."""
    return [
        f"isomer {rank}: {isomer.verdict}, {isomer.verdict_reason}"
        for rank, isomer in enumerate(result.isomers, start=1)
        if isomer.verdict_reason
    ]


def spin_table(result: SearchResult) -> Table:
    """The spins of the isomers that were scanned: relaxed energies above each one's own lowest state."""
    table = Table(title="Other spins (eV above the lowest state of the isomer)", box=SIMPLE_HEAD)
    for heading in ("isomer", "unpaired", "vertical", "relaxed"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for rank, isomer in enumerate(result.isomers, start=1):
        scan = isomer.spin_scan
        zero = None if scan is None or scan.ground is None else scan.ground.energy
        if scan is None or zero is None:
            continue
        for state in scan.states:
            energies = [
                "-" if energy is None else f"{(energy - zero) * HARTREE_EV:.3f}"
                for energy in (state.vertical_energy, state.energy)
            ]
            table.add_row(str(rank), str(state.n_unpaired), *energies, _of_state(state, scan))
    return table


def _of_state(state: SpinState, scan: SpinScan) -> str:
    """What is to be said of one spin."""
    words = [state.kind if state.kind != "bound" else ""]
    if state is scan.ground:
        words.append("ground state")
    elif state.energy is not None and not state.same_geometry:
        words.append("another geometry")
    crossed = [str(a + b - state.n_unpaired) for a, b in scan.crossings if state.n_unpaired in (a, b)]
    if crossed:
        words.append(f"crosses {' and '.join(crossed)}")
    return ", ".join(word for word in words if word)


def _spin(n_unpaired: float) -> str:
    """Unpaired electrons to two digits: 1, 0.67."""
    return f"{abs(n_unpaired):.2f}".rstrip("0").rstrip(".")


def _largest(forces: ArrayLike) -> str:
    """Largest norm of the force on an atom."""
    return f"{np.linalg.norm(np.asarray(forces), axis=1).max():.2e} hartree/bohr"


def failure_lines(result: SearchResult) -> list[str]:
    """One line for each start that is not relaxed."""
    return [
        f"start {outcome.index} ({outcome.origin}) is not relaxed: {outcome.reason}"
        for outcome in result.failures
    ]


def progress_line(result: SearchResult, seconds_left: float | None = None) -> str:
    """Where a search stands, in one line."""
    n_isomers = len(result.isomers)
    parts = ["nothing relaxed yet"]
    if result.isomers:
        hits = result.isomers[0].n_hits
        parts = [f"lowest {result.isomers[0].energy:.6f} hartree, hit {_times(hits)}"]
        parts += [f"{n_isomers} isomer{'' if n_isomers == 1 else 's'}"]
    parts.append(f"{result.n_force_calls} force calls")
    if result.isomers:
        parts.append(f"confidence {_percent(result.confidence)}")
    if seconds_left is not None:
        parts.append(f"about {_duration(seconds_left)} left")
    if result.failures:
        parts.append(f"{len(result.failures)} failed")
    return ", ".join(parts)


def confidence_line(result: SearchResult) -> str:
    """How sure a search is of its lowest isomer, and what that rests on."""
    hits = f"{_times(result.hits_of_lowest)} found independently"
    sure = f"confidence {_percent(result.confidence)} that no isomer is lower ({hits})"
    new = result.new_isomer_probability
    return sure if new is None else f"{sure}; {_percent(new)} of further starts would find new isomers"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def _percent(share: float) -> str:
    """A share as a percentage that never rounds up to certainty."""
    return f"{100 * share if share == 1 else min(100 * share, 99.9):.3g} %"


def _duration(seconds: float) -> str:
    """A time in the unit that fits: 40 s, 3 min, 2.5 h."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def point_table(values: Mapping[str, Any]) -> Table:
    """Energies, forces and their audit for one geometry; `values` of `report.point_values`."""
    table = Table(title=formula_of(values["symbols"], values["charge"]), show_header=False, box=SIMPLE)
    if not values["converged"]:
        table.add_row("converged", "no")
        table.add_row("reason", values["reason"])
        return table
    table.add_row("converged", f"yes, in {values['n_iterations']} iterations")
    table.add_row("energy", f"{values['energy_hartree']:.8f} hartree")
    for name, energy in values["energies"].items():
        if energy == 0.0:  # a term that this method does not have
            continue
        table.add_row(f"  {name.replace('_', ' ')}", f"{energy:.8f} hartree")
    table.add_row("unpaired electrons", _spin(values["n_unpaired"]))
    table.add_row("largest force", _largest(values["forces_hartree_per_bohr"]))
    audit = values["force_audit_hartree_per_bohr"]
    if audit is not None:
        table.add_row("  Hellmann-Feynman", _largest(values["hellmann_feynman_forces_hartree_per_bohr"]))
        difference = f"largest {audit['largest']:.1e}, rms {audit['rms']:.1e} hartree/bohr"
        table.add_row("Hellmann-Feynman off by", difference)
    return table
