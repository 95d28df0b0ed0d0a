"""What the command `jahn-teller` reports: values for JSON, lines for the terminal, files in its folder."""

import io
from collections.abc import Iterator, Mapping
from math import inf
from pathlib import Path
from typing import Any

import numpy as np

from clusterdft.errors import InputError
from clusterdft.files.writing import to_json, write_text
from clusterdft.jahn_teller.allowed_shells import shell_rule
from clusterdft.jahn_teller.analysis import JahnTeller
from clusterdft.jahn_teller.couplings import Coupling, linear_stabilisation
from clusterdft.jahn_teller.degenerate_modes import DegenerateModes
from clusterdft.jahn_teller.dynamics import Dynamics
from clusterdft.jahn_teller.open_shells import OpenLevel
from clusterdft.jahn_teller.stationary_points import StationaryPoint
from clusterdft.jahn_teller.symmetric_state import SymmetricState
from clusterdft.units import ATOMIC_TIME_SECONDS, BOHR_ANGSTROM, HARTREE_CM1, HARTREE_EV
from clusterdft.work.environment import provenance

SPIN_NAMES = ("up", "down")
SUMMARY_FILE, POINTS_FILE, DESCENT_STORE_FILE = "summary.json", "points.xyz", "store.sqlite"
# of a point in `points.xyz`
FRAME_FIELDS = ("point_group", "state", "stabilisation_hartree", "n_equivalent", "n_imaginary", "found_by")


def jahn_teller_values(analysis: JahnTeller) -> dict[str, Any]:
    """A JahnTeller as plain values.

    Parameters
    ----------
    analysis : JahnTeller

    Returns
    -------
    dict
        Ready for JSON; the unit is in the name.
    """
    state = analysis.state
    n_spin = state.n_spin
    n_electrons = round(float(state.point.details["occupation"].sum()))
    return {
        "symbols": list(state.cluster.symbols),
        "charge": state.cluster.charge,
        "n_unpaired": state.n_unpaired,
        "point_group": state.group.name,
        "energy_hartree": state.point.energy,
        "free_energy_hartree": analysis.free_energy,
        "positions_bohr": state.cluster.positions.tolist(),
        "high_spin": None if analysis.high_spin is None else _high_spin(analysis, analysis.high_spin),
        "shell": [_level(level, n_spin) for level in state.levels],
        "rule": _rule(state.group.name, n_electrons, state.n_unpaired),
        "problem": state.problem or None,
        "active_modes": [_modes(modes) for modes in state.active_modes],
        "unstable_modes": [_modes(modes) for modes in state.unstable_modes],
        "couplings": [_coupling(coupling) for coupling in analysis.couplings],
        "linear_stabilisation_hartree": linear_stabilisation(analysis.couplings),
        "pseudo_jahn_teller": [
            {
                "filled": candidate.filled,
                "empty": candidate.empty,
                "spin": _spin(candidate.spin, n_spin),
                "gap_hartree": candidate.gap,
                "mode": candidate.irrep,
                "frequency_cm1": candidate.frequency * HARTREE_CM1,
            }
            for candidate in analysis.pseudo
        ],
        "minima": [_point(point) for point in analysis.minima],
        "saddles": [_point(point) for point in analysis.saddles],
        "uncertain": [_point(point) for point in analysis.points if point.kind == "uncertain"],
        "barrier_hartree": None if analysis.path is None else analysis.path.barrier,
        "barrier_over": _over(analysis),
        "verdict": _verdict(analysis.dynamics),
    }


def _rule(group: str, n_electrons: int, n_unpaired: int) -> str | None:
    """The paper's rule in a sentence, or None beyond the shells that it knows."""
    try:
        return shell_rule(group, n_electrons, n_unpaired).reason
    except InputError:
        return None


def _high_spin(analysis: JahnTeller, state: SymmetricState) -> dict[str, Any]:
    lowest = min((point.energy for point in analysis.points), default=None)
    return {
        "n_unpaired": state.n_unpaired,
        "energy_hartree": state.point.energy,
        "stabilisation_hartree": analysis.state.point.energy - state.point.energy,
        "above_lowest_point_hartree": None if lowest is None else state.point.energy - lowest,
        "degenerate": bool(state.levels),
        "n_unstable_modes": sum(modes.dimension for modes in state.unstable_modes),
    }


def _spin(spin: int, n_spin: int) -> str:
    return "both" if n_spin == 1 else SPIN_NAMES[spin]


def _level(level: OpenLevel, n_spin: int) -> dict[str, Any]:
    return {
        "label": level.label,
        "representation": level.irrep,
        "spin": _spin(level.spin, n_spin),
        "electrons": level.electrons,
        "capacity": level.full * level.degeneracy,
    }


def _modes(modes: DegenerateModes) -> dict[str, Any]:
    return {
        "representation": modes.irrep,
        "frequency_cm1": modes.frequency * HARTREE_CM1,
        "force_constant_hartree_per_bohr2": modes.force_constant,
        "zero_point_amplitude_bohr": modes.amplitude if modes.frequency > 0 else None,
    }


def _coupling(coupling: Coupling) -> dict[str, Any]:
    return {
        "mode": coupling.direction.modes.irrep,
        "frequency_cm1": coupling.direction.modes.frequency * HARTREE_CM1,
        "subgroup": coupling.direction.subgroup.name,
        "sign": coupling.sign,
        "coupling_hartree_per_bohr": coupling.force,
        "coupling_of_levels_hartree_per_bohr": coupling.force_of_levels,
        "filling_energy_hartree": coupling.filling_energy,
        "stabilisation_hartree": coupling.stabilisation,
        "distortion_bohr": coupling.distortion,
    }


def _point(point: StationaryPoint) -> dict[str, Any]:
    low = point.lowest_frequency
    return {
        "point_group": point.point_group,
        "state": point.state,
        "energy_hartree": point.energy,
        "stabilisation_hartree": point.stabilisation,
        "distortion_bohr": point.distortion,
        "largest_displacement_bohr": point.largest,
        "n_equivalent": point.n_equivalent,
        "n_imaginary": point.n_imaginary,
        "reason": point.reason,
        "lowest_frequency_cm1": None if low is None else low * HARTREE_CM1,
        "found_by": point.origin,
        "positions_bohr": point.cluster.positions.tolist(),
    }


def _over(analysis: JahnTeller) -> str | None:
    """Point group of the geometry that the path between equivalent minima leads over."""
    path = analysis.path
    if path is None:
        return None
    return analysis.state.group.name if path.over is None else analysis.points[path.over].point_group


def _verdict(dynamics: Dynamics) -> dict[str, Any]:
    time, crossover = dynamics.jump_time, dynamics.crossover_temperature
    return {
        "kind": dynamics.kind,
        "reason": dynamics.reason,
        "zero_point_energy_hartree": dynamics.zero_point_energy,
        "zero_point_amplitude_bohr": dynamics.amplitude,
        "tunnelling_splitting_hartree": dynamics.splitting,
        "tunnelling_time_seconds": None if time in (None, inf) else time * ATOMIC_TIME_SECONDS,
        "crossover_temperature_kelvin": None if crossover == inf else crossover,
        "time_scale_seconds": dynamics.time_scale * ATOMIC_TIME_SECONDS,
    }


def jahn_teller_lines(values: Mapping[str, Any]) -> Iterator[str]:
    """The same for a reader; energies in meV below the symmetric state.

    Parameters
    ----------
    values : mapping
        Of `jahn_teller_values`.

    Yields
    ------
    str
        A line without its end.
    """
    yield (
        f"Symmetric state {values['point_group']}, {values['n_unpaired']} unpaired, "
        f"{values['energy_hartree']:.6f} hartree"
    )
    if values["free_energy_hartree"] is not None:
        yield f"without equal shares {_mev(values['energy_hartree'] - values['free_energy_hartree'])} below"
    if values["rule"]:
        yield values["rule"]
    for level in values["shell"]:
        yield (
            f"open level {level['label']} (spin {level['spin']}): {level['electrons']:g} of "
            f"{level['capacity']} electrons"
        )
    yield (
        f"problem {values['problem']}"
        if values["problem"]
        else "no degenerate level is open: no Jahn-Teller effect"
    )
    yield from _mode_lines(values)
    for pair in values["pseudo_jahn_teller"]:
        yield (
            f"pseudo Jahn-Teller: {pair['filled']} and {pair['empty']} (spin {pair['spin']}), "
            f"{pair['gap_hartree'] * HARTREE_EV:.2f} eV apart, mixed by {pair['mode']} at "
            f"{pair['frequency_cm1']:.0f} cm-1"
        )
    yield from _point_lines(values)
    high = values["high_spin"]
    if high:
        kind = "stable" if not high["n_unstable_modes"] else f"{high['n_unstable_modes']} unstable modes"
        yield (
            f"high spin {values['point_group']}, {high['n_unpaired']} unpaired: "
            f"{_mev(high['stabilisation_hartree'])} below, {kind}"
        )
    verdict = values["verdict"]
    if verdict["kind"] != "none":
        yield f"verdict: {verdict['kind']}; {verdict['reason']}"


def _mode_lines(values: Mapping[str, Any]) -> Iterator[str]:
    for mode in values["active_modes"]:
        yield f"active mode {mode['representation']} at {mode['frequency_cm1']:.0f} cm-1"
    for mode in values["unstable_modes"]:
        yield f"unstable mode {mode['representation']} at {-mode['frequency_cm1']:.0f}i cm-1"
    for line in values["couplings"]:
        gain, cost = _mev(line["stabilisation_hartree"]), _mev(line["filling_energy_hartree"])
        yield (
            f"  {line['mode']} ({line['frequency_cm1']:.0f} cm-1) -> {line['subgroup']:<4} "
            f"V {line['coupling_hartree_per_bohr']:.5f} hartree/bohr, V2/2K {gain}, filling {cost}"
        )


def _point_lines(values: Mapping[str, Any]) -> Iterator[str]:
    for kind, word in (("minima", "minimum"), ("saddles", "saddle"), ("uncertain", "uncertain")):
        for point in values[kind]:
            yield (
                f"{word:<9} {point['point_group']:<4} {point['state'] or '-':<4} "
                f"{_mev(point['stabilisation_hartree'])} below, distorted by "
                f"{point['distortion_bohr']:.2f} bohr, {point['n_equivalent']} equivalent, "
                f"{point['n_imaginary']} imaginary ({point['found_by']})"
            )
    if values["barrier_hartree"] is not None:
        barrier = _mev(values["barrier_hartree"])
        yield f"barrier between equivalent minima {barrier}, over {values['barrier_over']}"


def _mev(hartree: float | None) -> str:
    return "unknown" if hartree is None else f"{1000 * HARTREE_EV * hartree:.1f} meV"


def write_jahn_teller_files(values: Mapping[str, Any], surface: Mapping[str, Any], folder: Path) -> None:
    """Write the files into a folder, each replaced at once.

    Parameters
    ----------
    values : mapping
        Of `jahn_teller_values`.
    surface : mapping
        Description of the surface, ready for JSON.
    folder : Path

    Raises
    ------
    StoreError
        A file cannot be written.
    """
    write_text(folder / SUMMARY_FILE, to_json({**values, "surface": surface, **provenance()}))
    write_text(folder / POINTS_FILE, points_xyz(values))


def points_xyz(values: Mapping[str, Any]) -> str:
    """The symmetric geometry and the stationary points below it as extended XYZ, angstrom and eV.

    Parameters
    ----------
    values : mapping
        Of `jahn_teller_values`.

    Returns
    -------
    str
        The whole file.
    """
    from ase import Atoms
    from ase.io import write

    symmetric = {name: values[name] for name in ("point_group", "energy_hartree", "positions_bohr")}
    kinds = (("minimum", "minima"), ("saddle", "saddles"), ("uncertain", "uncertain"))
    points = [("symmetric", symmetric), *((kind, point) for kind, name in kinds for point in values[name])]
    frames = []
    for kind, point in points:
        frame = Atoms(values["symbols"], np.array(point["positions_bohr"]) * BOHR_ANGSTROM)
        frame.info = {name: point[name] for name in FRAME_FIELDS if point.get(name) is not None}
        frame.info |= {"kind": kind, "charge": values["charge"], "n_unpaired": values["n_unpaired"]}
        frame.info["energy"] = point["energy_hartree"] * HARTREE_EV
        frames.append(frame)
    text = io.StringIO()
    write(text, frames, format="extxyz")
    return text.getvalue()
