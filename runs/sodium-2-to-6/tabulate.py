"""Writes isomers.csv, and isomers.png where matplotlib is installed, from the searches in out/."""

import csv
import json
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
HARTREE_EV = 27.211386245988


def searches():
    """Summaries of the searches, by size and charge."""
    for n in range(2, 7):
        for charge in (0, 1):
            yield n, charge, json.loads((HERE / "out" / f"Na{n}-{charge}" / "summary.json").read_text())


def name(n, charge):
    return f"Na{n}" + "+" * charge


def write_table():
    """One row an isomer."""
    columns = ["cluster", "isomer", "energy_hartree", "above_lowest_ev", "binding_energy_per_atom_ev"]
    with (HERE / "isomers.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow([*columns, "n_unpaired", "n_hits"])
        for n, charge, summary in searches():
            lowest = summary["isomers"][0]["energy_hartree"]
            for rank, isomer in enumerate(summary["isomers"], start=1):
                energy = isomer["energy_hartree"]
                numbers = [f"{energy:.6f}", f"{(energy - lowest) * HARTREE_EV:.3f}"]
                numbers += [f"{isomer['binding_energy_per_atom_ev']:.3f}", f"{abs(isomer['n_unpaired']):.2f}"]
                table.writerow([name(n, charge), rank, *numbers, isomer["n_hits"]])


def principal(positions):
    """Positions along the axes of inertia, the flattest view first."""
    centred = positions - positions.mean(axis=0)
    return centred @ np.linalg.svd(centred)[2].T


def draw():
    """The lowest isomers, neutral above, cations below, bonds to neighbours within 7.8 bohr."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, 5, figsize=(10, 4))
    for n, charge, summary in searches():
        axis, isomer = axes[charge, n - 2], summary["isomers"][0]
        xyz = principal(np.array(isomer["positions_bohr"]))
        tilt = 0.35
        flat = np.column_stack([xyz[:, 0], xyz[:, 1] * np.cos(tilt) + xyz[:, 2] * np.sin(tilt)])
        depth = xyz[:, 2]
        for i in range(n):
            for j in range(i):
                if np.linalg.norm(xyz[i] - xyz[j]) < 7.8:
                    axis.plot(*flat[[i, j]].T, color="0.6", linewidth=2, zorder=1)
        axis.scatter(*flat.T, s=330, c=depth, cmap="Blues", vmin=-9, vmax=6, edgecolors="0.2", zorder=2)
        energy = isomer["binding_energy_per_atom_ev"]
        label = name(n, charge).replace(str(n), f"$_{n}$").replace("+", "$^+$")
        axis.set_title(f"{label}   {energy:.3f} eV/atom", fontsize=10)
        axis.set_xlim(-9.5, 9.5)
        axis.set_ylim(-7.5, 7.5)
        axis.set_aspect("equal")
        axis.axis("off")
    figure.tight_layout()
    figure.savefig(HERE / "isomers.png", dpi=110)


if __name__ == "__main__":
    write_table()
    try:
        draw()
    except ImportError:
        print("matplotlib is not installed: no picture")
