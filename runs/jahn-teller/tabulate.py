"""Gathers out/*/summary.json in distortions.csv: a line for each symmetric geometry, energies in meV."""

import csv
import json
from pathlib import Path

from clusterdft.units import HARTREE_EV

HERE = Path(__file__).parent
COLUMNS = (
    "geometry",
    "charge",
    "point_group",
    "n_unpaired",
    "problem",
    "linear_mev",
    "lowest",
    "lowest_kind",
    "lowest_state",
    "energy_hartree",
    "lowest_hartree",
    "stabilisation_mev",
    "distortion_bohr",
    "zero_point_amplitude_bohr",
    "barrier_mev",
    "barrier_over",
    "crossover_kelvin",
    "verdict",
    "high_spin_unpaired",
    "high_spin_mev",
    "high_spin_unstable_modes",
)


def mev(hartree):
    """An energy in whole meV, or nothing."""
    return "" if hartree is None else f"{1000 * HARTREE_EV * hartree:.0f}"


def row(name, summary):
    """The line of one geometry, from its summary."""
    points = sorted(
        (
            (point["energy_hartree"], kind, point)
            for kind in ("minima", "saddles", "uncertain")
            for point in summary[kind]
        ),
        key=lambda ranked: ranked[0],
    )
    kind, low = (points[0][1], points[0][2]) if points else ("", {})
    verdict, high = summary["verdict"], summary["high_spin"] or {}
    amplitude, crossover = verdict["zero_point_amplitude_bohr"], verdict["crossover_temperature_kelvin"]
    return (
        name,
        summary["charge"],
        summary["point_group"],
        summary["n_unpaired"],
        summary["problem"] or "",
        mev(summary["linear_stabilisation_hartree"]),
        low.get("point_group", ""),
        {"minima": "minimum", "saddles": "saddle"}.get(kind, kind),
        low.get("state") or "",
        f"{summary['energy_hartree']:.6f}",
        f"{low['energy_hartree']:.6f}" if low else "",
        mev(low.get("stabilisation_hartree")),
        f"{low['distortion_bohr']:.2f}" if low else "",
        "" if amplitude is None else f"{amplitude:.2f}",
        mev(summary["barrier_hartree"]),
        summary["barrier_over"] or "",
        "" if crossover is None else f"{crossover:.0f}",
        verdict["kind"],
        high.get("n_unpaired", ""),
        mev(high.get("stabilisation_hartree")),
        high.get("n_unstable_modes", ""),
    )


def main():
    """Writes the table."""
    paths = sorted((HERE / "out").glob("*/summary.json"))
    rows = [row(path.parent.name, json.loads(path.read_text())) for path in paths]
    with open(HERE / "distortions.csv", "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])


if __name__ == "__main__":
    main()
