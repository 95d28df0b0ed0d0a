"""What the command `jahn-teller` reports: values for JSON, lines for the terminal, files in its folder."""

import io
from math import inf
from pathlib import Path

import numpy as np

from clusterdft.errors import InputError
from clusterdft.files.writing import to_json, write_text
from clusterdft.jahn_teller.allowed_shells import shell_rule
from clusterdft.units import ATOMIC_TIME_SECONDS, BOHR_ANGSTROM, HARTREE_CM1, HARTREE_EV
from clusterdft.work.provenance import provenance

SPINS = ("up", "down")
SUMMARY_FILE, POINTS_FILE, STORE_FILE = "summary.json", "points.xyz", "store.sqlite"
# of a point in `points.xyz`
FRAME_FIELDS = ("point_group", "state", "stabilisation_hartree", "n_equivalent", "n_imaginary", "found_by")


def jahn_teller_values(found):
    """A JahnTeller as plain values.

    Parameters
    ----------
    found : JahnTeller
    """
    state = found.state
    n_spin = len(state.point.details["mo_energy"])
    n_electrons = round(float(state.point.details["occupation"].sum()))
    return {
        "symbols": list(state.cluster.symbols),
        "charge": state.cluster.charge,
        "n_unpaired": state.cluster.n_unpaired,
        "point_group": state.group.name,
        "energy_hartree": state.point.energy,
        "free_energy_hartree": found.free_energy,
        "positions_bohr": state.cluster.positions.tolist(),
        "high_spin": None if found.high_spin is None else _high_spin(found),
        "shell": [_level(one, n_spin) for one in state.levels],
        "rule": _rule(state.group.name, n_electrons, state.cluster.n_unpaired),
        "problem": state.problem or None,
        "active_modes": [_modes(one) for one in state.active_modes],
        "unstable_modes": [_modes(one) for one in state.unstable_modes],
        "couplings": [_coupling(one) for one in found.couplings],
        "linear_stabilisation_hartree": found.linear_stabilisation,
        "pseudo_jahn_teller": [
            {
                "filled": one.filled,
                "empty": one.empty,
                "spin": _spin(one.spin, n_spin),
                "gap_hartree": one.gap,
                "mode": one.irrep,
                "frequency_cm1": one.frequency * HARTREE_CM1,
            }
            for one in found.pseudo
        ],
        "minima": [_point(one) for one in found.minima],
        "saddles": [_point(one) for one in found.saddles],
        "uncertain": [_point(one) for one in found.points if one.kind == "uncertain"],
        "barrier_hartree": None if found.path is None else found.path.barrier,
        "barrier_over": _over(found),
        "verdict": _verdict(found.dynamics),
    }


def _rule(group, n_electrons, n_unpaired):
    """The paper's rule in a sentence, or None beyond the shells that it knows."""
    try:
        return shell_rule(group, n_electrons, n_unpaired).reason
    except InputError:
        return None


def _high_spin(found):
    state = found.high_spin
    lowest = min((point.energy for point in found.points), default=None)
    return {
        "n_unpaired": state.cluster.n_unpaired,
        "energy_hartree": state.point.energy,
        "stabilisation_hartree": found.state.point.energy - state.point.energy,
        "above_lowest_point_hartree": None if lowest is None else state.point.energy - lowest,
        "degenerate": bool(state.levels),
        "n_unstable_modes": sum(modes.dimension for modes in state.unstable_modes),
    }


def _spin(spin, n_spin):
    return "both" if n_spin == 1 else SPINS[spin]


def _level(level, n_spin):
    return {
        "label": level.label,
        "representation": level.irrep,
        "spin": _spin(level.spin, n_spin),
        "electrons": level.electrons,
        "capacity": level.full * level.degeneracy,
    }


def _modes(modes):
    return {
        "representation": modes.irrep,
        "frequency_cm1": modes.frequency * HARTREE_CM1,
        "force_constant_hartree_per_bohr2": modes.force_constant,
        "zero_point_amplitude_bohr": modes.amplitude if modes.frequency > 0 else None,
    }


def _coupling(one):
    return {
        "mode": one.direction.modes.irrep,
        "frequency_cm1": one.direction.modes.frequency * HARTREE_CM1,
        "subgroup": one.direction.subgroup.name,
        "sign": one.sign,
        "coupling_hartree_per_bohr": one.force,
        "coupling_of_levels_hartree_per_bohr": one.force_of_levels,
        "filling_energy_hartree": one.filling_energy,
        "stabilisation_hartree": one.stabilisation,
        "distortion_bohr": one.distortion,
    }


def _point(point):
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


def _over(found):
    """Point group of the geometry that the path between equivalent minima leads over."""
    if found.path is None:
        return None
    return found.state.group.name if found.path.over is None else found.points[found.path.over].point_group


def _verdict(dynamics):
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


def jahn_teller_lines(values):
    """The same for a reader; energies in meV below the symmetric state."""
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
    for one in values["pseudo_jahn_teller"]:
        yield (
            f"pseudo Jahn-Teller: {one['filled']} and {one['empty']} (spin {one['spin']}), "
            f"{one['gap_hartree'] * HARTREE_EV:.2f} eV apart, mixed by {one['mode']} at "
            f"{one['frequency_cm1']:.0f} cm-1"
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


def _mode_lines(values):
    for mode in values["active_modes"]:
        yield f"active mode {mode['representation']} at {mode['frequency_cm1']:.0f} cm-1"
    for mode in values["unstable_modes"]:
        yield f"unstable mode {mode['representation']} at {-mode['frequency_cm1']:.0f}i cm-1"
    for one in values["couplings"]:
        yield (
            f"  {one['mode']} ({one['frequency_cm1']:.0f} cm-1) -> {one['subgroup']:<4} "
            f"V {one['coupling_hartree_per_bohr']:.5f} hartree/bohr, "
            f"V2/2K {_mev(one['stabilisation_hartree'])}, filling {_mev(one['filling_energy_hartree'])}"
        )


def _point_lines(values):
    for kind, word in (("minima", "minimum"), ("saddles", "saddle"), ("uncertain", "uncertain")):
        for one in values[kind]:
            yield (
                f"{word:<9} {one['point_group']:<4} {one['state'] or '-':<4} "
                f"{_mev(one['stabilisation_hartree'])} below, distorted by "
                f"{one['distortion_bohr']:.2f} bohr, {one['n_equivalent']} equivalent, "
                f"{one['n_imaginary']} imaginary ({one['found_by']})"
            )
    if values["barrier_hartree"] is not None:
        barrier = _mev(values["barrier_hartree"])
        yield f"barrier between equivalent minima {barrier}, over {values['barrier_over']}"


def _mev(hartree):
    return "unknown" if hartree is None else f"{1000 * HARTREE_EV * hartree:.1f} meV"


def write_jahn_teller_files(values, surface, folder):
    """Write the files into a folder, each replaced at once.

    Parameters
    ----------
    values : of `jahn_teller_values`
    surface : description of the surface, ready for JSON
    folder : path

    Raises
    ------
    StoreError
        a file cannot be written
    """
    folder = Path(folder)
    write_text(folder / SUMMARY_FILE, to_json({**values, "surface": surface, **provenance()}))
    write_text(folder / POINTS_FILE, points_xyz(values))


def points_xyz(values):
    """The symmetric geometry and the stationary points below it as extended POINTS_FILE, angstrom and eV."""
    from ase import Atoms
    from ase.io import write

    symmetric = {name: values[name] for name in ("point_group", "energy_hartree", "positions_bohr")}
    kinds = (("minimum", "minima"), ("saddle", "saddles"), ("uncertain", "uncertain"))
    points = [("symmetric", symmetric), *((kind, one) for kind, name in kinds for one in values[name])]
    frames = []
    for kind, one in points:
        frame = Atoms(values["symbols"], np.array(one["positions_bohr"]) * BOHR_ANGSTROM)
        frame.info = {name: one[name] for name in FRAME_FIELDS if one.get(name) is not None}
        frame.info |= {"kind": kind, "charge": values["charge"], "n_unpaired": values["n_unpaired"]}
        frame.info["energy"] = one["energy_hartree"] * HARTREE_EV
        frames.append(frame)
    text = io.StringIO()
    write(text, frames, format="extxyz")
    return text.getvalue()
