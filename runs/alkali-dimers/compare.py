"""Dimers of the alkali metals with the shipped pseudopotentials beside all-electron LSD and experiment.

python compare.py        writes dimers.csv and prints it as a table; two minutes
"""

import csv
from pathlib import Path

from clusterdft import Method
from clusterdft.making.quality.dimer_curve import dimer_test
from clusterdft.units import HARTREE_CM1, HARTREE_EV

ELEMENTS = ("Li", "Na", "K", "Rb", "Cs")
LIBRARIES = ("bhs", "bhs-core")
BASIS = "even-6s5p3d"
QUANTITIES = ("re_bohr", "de_ev", "we_per_cm", "ip_ev")


def rows(element, library):
    """One row for the dimer, one for its cation."""
    relativity = "none" if element == "Li" else "scalar"  # the all-electron table has no other for lithium
    test = dimer_test(element, Method(pseudopotential=library, basis=BASIS), relativity=relativity)
    for dimer, name in ((test.neutral, f"{element}2"), (test.cation, f"{element}2+")):
        ours = {"re_bohr": dimer.re, "de_ev": dimer.de * HARTREE_EV, "we_per_cm": dimer.we * HARTREE_CM1}
        if dimer.charge == 0:
            ours["ip_ev"] = test.ionization_energy * HARTREE_EV
        row = {"cluster": name, "pseudopotential": library}
        for quantity in QUANTITIES:
            digits = 1 if quantity == "we_per_cm" else 3
            for source, values in (
                ("", ours),
                ("_all_electron", test.all_electron.get(name, {})),
                ("_experiment", test.experiment.get(name, {})),
            ):
                value = values.get(quantity)
                row[quantity + source] = "" if value is None else f"{value:.{digits}f}"
            reference = test.all_electron.get(name, {}).get(quantity)
            if quantity in ours and reference is not None:
                row[quantity + "_error"] = f"{ours[quantity] - reference:+.{digits}f}"
        yield row


def main():
    """Writes and prints the table."""
    table = [row for element in ELEMENTS for library in LIBRARIES for row in rows(element, library)]
    columns = list(dict.fromkeys(key for row in table for key in row))
    with (Path(__file__).parent / "dimers.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(table)
    for row in table:
        print("  ".join(f"{row.get(key, ''):>8}" for key in ("cluster", "pseudopotential", *QUANTITIES)))


if __name__ == "__main__":
    main()
