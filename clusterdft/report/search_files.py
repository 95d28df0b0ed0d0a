"""The readable files of a search: isomers.xyz, summary.json and search.log."""

import io
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from clusterdft.cluster import geometry_values
from clusterdft.files.writing import to_json, write_text
from clusterdft.isomer_search.outcome import Outcome
from clusterdft.isomer_search.search_result import CheckedIsomer, SearchResult
from clusterdft.isomer_search.spin_scan import SpinScan
from clusterdft.report.tables import progress_line
from clusterdft.units import BOHR_ANGSTROM, HARTREE_CM1, HARTREE_EV
from clusterdft.work.environment import provenance

XYZ_FILE, SUMMARY_FILE, LOG_FILE = "isomers.xyz", "summary.json", "search.log"


def write_search_files(
    result: SearchResult, folder: str | PathLike[str], seconds_left: float | None = None
) -> None:
    """Write the files of a search into a folder, each replaced at once.

    Parameters
    ----------
    result : SearchResult
        So far.
    folder : path
        An existing one.
    seconds_left : s
        About how long the search will go on, for the log; or None.

    Raises
    ------
    StoreError
        A file cannot be written.
    """
    folder = Path(folder)
    write_text(folder / SUMMARY_FILE, to_json(summary(result)))
    write_text(folder / LOG_FILE, log(result, seconds_left))
    write_text(folder / XYZ_FILE, isomers_xyz(result))


def summary(result: SearchResult) -> dict[str, Any]:
    """A SearchResult as a dict ready for JSON, with inputs, versions, isomers and failures."""
    origins = {outcome.index: outcome.origin for outcome in result.outcomes}
    return {
        "inputs": result.inputs,
        "starts": result.n_starts,
        "starts_finished": result.n_ended,
        "stopped": result.stopped,
        "confidence": result.confidence,
        "independent_hits_of_lowest": result.hits_of_lowest,
        "new_isomer_probability": result.new_isomer_probability,
        "n_force_calls": result.n_force_calls,
        "cpu_seconds": result.cpu_seconds,
        **provenance(),
        "isomers": [_isomer(isomer, result.isomers[0].energy, origins) for isomer in result.isomers],
        "failures": [_failure(outcome) for outcome in result.failures],
    }


def _isomer(isomer: CheckedIsomer, lowest: float, origins: dict[int, str]) -> dict[str, Any]:
    binding = isomer.binding_energy_per_atom
    return {
        "energy_hartree": isomer.energy,
        "energy_above_lowest_ev": (isomer.energy - lowest) * HARTREE_EV,
        "binding_energy_per_atom_ev": None if binding is None else binding * HARTREE_EV,
        **geometry_values(isomer.cluster),
        "n_unpaired": isomer.n_unpaired,
        "point_group": isomer.point_group,
        "chiral": isomer.chiral,
        "electrons": isomer.electrons,
        "vibrations": isomer.verdict or None,
        "vibrations_remark": isomer.verdict_reason or None,
        "frequencies_per_cm": (
            None if isomer.frequencies is None else [w * HARTREE_CM1 for w in isomer.frequencies]
        ),
        "infrared_km_per_mol": None if isomer.absorption is None else list(isomer.absorption),
        "spin_scan": None if isomer.spin_scan is None else _spin_scan(isomer.spin_scan),
        "shortest_distance_bohr": isomer.shortest_distance,
        "mean_distance_bohr": isomer.mean_distance,
        "distance_spread_bohr": isomer.distance_spread,
        "n_hits": isomer.n_hits,
        "starts": list(isomer.starts),
        "origins": [origins[start] for start in isomer.starts],
        "n_force_calls": isomer.n_force_calls,
    }


def _spin_scan(scan: SpinScan) -> dict[str, Any]:
    ground = scan.ground
    return {
        "ground_n_unpaired": None if ground is None else ground.n_unpaired,
        "crossings": [list(pair) for pair in scan.crossings],
        "states": [
            {
                "n_unpaired": state.n_unpaired,
                "kind": state.kind,
                "reason": state.reason,
                "vertical_energy_hartree": state.vertical_energy,
                "energy_hartree": state.energy,
                "same_geometry": state.same_geometry if state.energy is not None else None,
            }
            for state in scan.states
        ],
    }


def _failure(outcome: Outcome) -> dict[str, Any]:
    return {
        "start": outcome.index,
        "origin": outcome.origin,
        "reason": outcome.reason,
        "energy_hartree": outcome.energy,
        "largest_force_hartree_per_bohr": outcome.largest_force,
        "n_force_calls": outcome.n_force_calls,
        **geometry_values(outcome.cluster),
    }


def log(result: SearchResult, seconds_left: float | None = None) -> str:
    """One line a finished start, and where the search stands in the last."""
    starts = "as many starts as it takes" if result.n_starts is None else f"{result.n_starts} starts"
    lines = [f"{result.inputs['formula']} charge {result.inputs['charge']:+d}, {starts}"]
    for outcome in result.outcomes:
        energy = "no energy" if outcome.energy is None else f"{outcome.energy:.6f} hartree"
        cost = f"{outcome.n_force_calls} force calls, {outcome.cpu_seconds:.1f} CPU s"
        kind, end = "follow-up" if outcome.role == "follow-up" else "start", outcome.reason or "relaxed"
        lines.append(f"{kind} {outcome.index}: {end}; {energy}; {cost}; {outcome.origin}")
    lines.append(f"{result.stopped or 'going on'}: {progress_line(result, seconds_left)}")
    return "\n".join(lines) + "\n"


def isomers_xyz(result: SearchResult) -> str:
    """All isomers as extended XYZ, in angstrom and eV as that format has it, lowest first."""
    from ase import Atoms
    from ase.io import write

    frames = []
    for item in summary(result)["isomers"]:
        frame = Atoms(item["symbols"], np.array(item["positions_bohr"]) * BOHR_ANGSTROM)
        names = (
            "energy_hartree",
            "energy_above_lowest_ev",
            "binding_energy_per_atom_ev",
            "charge",
            "n_unpaired",
            "point_group",
            "vibrations",
        )
        frame.info = {name: item[name] for name in (*names, "n_hits") if item[name] is not None}
        frame.info["energy"] = item["energy_hartree"] * HARTREE_EV
        frames.append(frame)
    text = io.StringIO()
    if frames:
        write(text, frames, format="extxyz")
    return text.getvalue()
