"""The stationary point of Na6+ with D2h symmetry, a local minimum in the paper: what is it here?

python runs/sodium-2-to-8/na6_cation_d2h.py

Two atoms on one axis, four in the plane across it (a flattened octahedron), relaxed within D2h.
"""

import csv
from pathlib import Path

from clusterdft import Cluster, Method
from clusterdft.isomer_search.minimum_check import check_minimum
from clusterdft.jahn_teller.symmetric_relaxation import relax_within_group
from clusterdft.symmetry.point_group import find_point_group
from clusterdft.units import HARTREE_CM1, HARTREE_EV

X, Y, Z = 3.2, 4.6, 2.8  # bohr, near the stationary point
START = [[0, 0, Z], [0, 0, -Z], [X, Y, 0], [-X, -Y, 0], [X, -Y, 0], [-X, Y, 0]]


def main():
    """Relaxes it within its group and says what its vibrations make of it."""
    with open(Path(__file__).parent / "isomers.csv") as file:
        lowest = next(
            float(row["energy_hartree"]) for row in csv.DictReader(file) if row["cluster"] == "Na6+"
        )
    start = Cluster(symbols=("Na",) * 6, positions=START, charge=1)
    end = relax_within_group(start, Method(), find_point_group(start))
    verdict = check_minimum(end.cluster, Method())
    above = (end.energy - lowest) * HARTREE_EV
    soft = ", ".join(f"{HARTREE_CM1 * frequency:.0f}" for frequency in verdict.vibrations.frequencies[:4])
    print(f"{find_point_group(end.cluster).name}, {above:.3f} eV above the lowest isomer: {verdict.kind}")
    print(f"lowest frequencies {soft} per cm, imaginary ones negative")


if __name__ == "__main__":
    main()
