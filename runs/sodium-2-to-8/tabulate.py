"""Writes isomers.csv, paper.csv and, where matplotlib is installed, isomers.png from the searches in out/."""

import csv
import json
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
SIZES = range(2, 9)
BOND = 7.8  # bohr, the longest that is drawn
PAPER = {  # Martins, Buttet and Car, Phys. Rev. B 31, 1804 (1985), Sec. III A: group of the lowest isomer,
    # and group and energy of the next that the paper names
    "Na2": ("Dinfh", None, None),
    "Na2+": ("Dinfh", None, None),
    "Na3": ("C2v", None, None),
    "Na3+": ("D3h", None, None),
    "Na4": ("D2h", None, "> 0.15"),
    "Na4+": ("D2h", None, None),
    "Na5": ("C2v", None, "> 0.15"),
    "Na5+": ("D2", None, None),
    "Na6": ("C5v", "D3h", "0.04"),
    "Na6+": ("Cs", "D2h", "0.03"),
    "Na7": ("D5h", None, None),
    "Na7+": ("D5h", None, None),
    "Na8": ("D2d", None, None),
    "Na8+": ("C2v", None, None),
}


REMARKS = {
    "Na5": "the distorted bipyramid, a minimum, is nearer than in the paper",
    "Na5+": "two triangles that share an atom; their twist is almost free, flat costs 0.017 eV",
    "Na6+": "within D2h 0.076 eV higher and no minimum: two imaginary frequencies (na6_cation_d2h.py)",
    "Na8+": "a C2v isomer is 0.035 eV higher",
}


def searches():
    """Name and summary of the searches, by size and charge."""
    for n in SIZES:
        for charge in (0, 1):
            yield name(n, charge), json.loads((HERE / "out" / f"Na{n}-{charge}" / "summary.json").read_text())


def name(n, charge):
    """Such as Na4+."""
    return f"Na{n}" + "+" * charge


def write_table():
    """One row an isomer."""
    columns = ["cluster", "isomer", "energy_hartree", "above_lowest_ev", "binding_energy_per_atom_ev"]
    columns += [
        "point_group",
        "n_unpaired",
        "vibrations",
        "n_hits",
        "confidence",
        "force_calls",
        "cpu_seconds",
    ]
    with (HERE / "isomers.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(columns)
        for cluster, summary in searches():
            for rank, isomer in enumerate(summary["isomers"], start=1):
                row = [cluster, rank, f"{isomer['energy_hartree']:.6f}"]
                row += [f"{isomer['energy_above_lowest_ev']:.3f}"]
                row += [f"{isomer['binding_energy_per_atom_ev']:.3f}", isomer["point_group"]]
                row += [f"{abs(isomer['n_unpaired']):.2f}", isomer["vibrations"] or "", isomer["n_hits"]]
                cost = [summary["n_force_calls"], f"{summary['cpu_seconds']:.0f}"]
                row += [f"{summary['confidence']:.3f}", *cost] if rank == 1 else ["", "", ""]
                table.writerow(row)
    print(f"{sum(summary['cpu_seconds'] for _, summary in searches()):.0f} CPU s in all")


def write_comparison():
    """Point groups of the lowest isomers, and the energies of the next ones that the paper names, in eV."""
    with (HERE / "paper.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(
            ["cluster", "paper_group", "group", "next_group", "paper_next_ev", "next_ev", "remark"]
        )
        for cluster, summary in searches():
            paper, group, energy = PAPER[cluster]
            lowest, *others = [isomer for isomer in summary["isomers"] if isomer["vibrations"] != "saddle"]
            named = next((isomer for isomer in others if group in (None, isomer["point_group"])), None)
            shown = (
                ["", ""]
                if named is None
                else [named["point_group"], f"{named['energy_above_lowest_ev']:.3f}"]
            )
            row = [cluster, paper, lowest["point_group"], shown[0], energy or "", shown[1]]
            table.writerow([*row, REMARKS.get(cluster, "")])


def principal(positions):
    """Positions along the axes of inertia, the flattest view first."""
    centred = positions - positions.mean(axis=0)
    return centred @ np.linalg.svd(centred)[2].T


def draw():
    """The lowest isomers, neutral above, cations below, bonds to neighbours drawn."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, len(SIZES), figsize=(13, 4))
    for cluster, summary in searches():
        isomer, charge = summary["isomers"][0], cluster.count("+")
        n = len(isomer["symbols"])
        axis = axes[charge, n - SIZES[0]]
        xyz = principal(np.array(isomer["positions_bohr"]))
        tilt = 0.35
        flat = np.column_stack([xyz[:, 0], xyz[:, 1] * np.cos(tilt) + xyz[:, 2] * np.sin(tilt)])
        depth = xyz[:, 2]
        for i in range(n):
            for j in range(i):
                if np.linalg.norm(xyz[i] - xyz[j]) < BOND:
                    axis.plot(*flat[[i, j]].T, color="0.6", linewidth=2, zorder=1)
        axis.scatter(*flat.T, s=270, c=depth, cmap="Blues", vmin=-9, vmax=6, edgecolors="0.2", zorder=2)
        energy = isomer["binding_energy_per_atom_ev"]
        label = cluster.replace(str(n), f"$_{n}$").replace("+", "$^+$")
        axis.set_title(f"{label}   {energy:.3f} eV/atom", fontsize=10)
        axis.set_xlim(-9.5, 9.5)
        axis.set_ylim(-7.5, 7.5)
        axis.set_aspect("equal")
        axis.axis("off")
    figure.tight_layout()
    figure.savefig(HERE / "isomers.png", dpi=110)


if __name__ == "__main__":
    write_table()
    write_comparison()
    try:
        draw()
    except ImportError:
        print("matplotlib is not installed: no picture")
