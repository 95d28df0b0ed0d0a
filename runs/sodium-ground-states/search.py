"""Searches Na9 to Na20, the neutral clusters and the cations, and writes the three lowest isomers of each.

python runs/sodium-ground-states/search.py               # two processes, one a charge
python runs/sodium-ground-states/search.py --sizes 13 --check 0.3 --scan    # their vibrations and spins
python runs/sodium-ground-states/search.py --table       # the table alone, from what there is

Stopped, the same command goes on. Neutral clusters are searched with the lowest isomer of one atom less among
the seeds, cations with the three lowest isomers of the neutral cluster: what is a minimum in one charge is a
good start in the other. Results go to out/ beside this file, the table to isomers.csv.
"""

import argparse
import csv
import json
import subprocess
import sys
import time
from pathlib import Path

from clusterdft import Cluster, Method, search
from clusterdft.units import HARTREE_EV

HERE = Path(__file__).resolve().parent
SIZES = range(9, 21)
STARTS = {0: 36, 1: 30}
N_LISTED = 3
COLUMNS = ("cluster", "isomer", "above_lowest_ev", "binding_per_atom_ev", "point_group", "n_unpaired")
COLUMNS += (
    "hits",
    "independent_hits_of_lowest",
    "confidence",
    "state",
    "vibrations",
    "starts",
    "cpu_seconds",
)


def name_of(n, charge):
    """Such as Na13+."""
    return f"Na{n}{'+' if charge else ''}"


def summary_of(n, charge):
    """The summary of a search that has ended, or None."""
    path = HERE / "out" / name_of(n, charge) / "summary.json"
    summary = json.loads(path.read_text()) if path.is_file() else None
    return summary if summary and summary["stopped"] else None


def isomers(n, charge, most):
    """Geometries of the lowest isomers of a search that has ended."""
    summary = summary_of(n, charge)
    lowest = summary["isomers"][:most] if summary else []
    return [
        Cluster(symbols=tuple(isomer["symbols"]), positions=isomer["positions_bohr"], charge=charge)
        for isomer in lowest
    ]


def seeds_of(n, charge):
    """What a search starts from besides its own ideas; kept, so that it can be taken up again."""
    path = HERE / "out" / name_of(n, charge) / "seeds.json"
    if path.is_file():
        return [
            Cluster(symbols=("Na",) * len(positions), positions=positions)  # of the neutral cluster
            for positions in json.loads(path.read_text())
        ]
    seeds = new_seeds(n, charge)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([seed.positions.tolist() for seed in seeds]))
    return seeds


def new_seeds(n, charge):
    """Seeds from the searches before; a cation waits for that of the neutral cluster."""
    if charge == 0:
        return isomers(n - 1, 0, 1)
    while summary_of(n, 0) is None:
        time.sleep(5)
    return isomers(n, 0, N_LISTED)


def search_all(charge, sizes, check_within_ev, scan_spins):
    """Searches of one charge, the smallest cluster first."""
    for n in sizes:
        result = search(
            f"Na{n}",
            Method(),
            charge=charge,
            starts=STARTS[charge],
            seeds=seeds_of(n, charge),
            check_within=None if check_within_ev is None else check_within_ev / HARTREE_EV,
            scan_spins=scan_spins,
            out=HERE / "out" / name_of(n, charge),
        )
        print(name_of(n, charge), result.isomers[0].energy, f"{result.cpu_seconds:.0f} CPU s", flush=True)


def rows(n, charge):
    """Lines of the table, one for each of the lowest isomers."""
    summary = summary_of(n, charge)
    for rank, isomer in enumerate(summary["isomers"][:N_LISTED] if summary else [], start=1):
        yield {
            "cluster": name_of(n, charge),
            "isomer": rank,
            "above_lowest_ev": f"{isomer['energy_above_lowest_ev']:.3f}",
            "binding_per_atom_ev": f"{isomer['binding_energy_per_atom_ev']:.4f}",
            "point_group": isomer["point_group"],
            "n_unpaired": f"{abs(isomer['n_unpaired']):.2f}",
            "hits": isomer["n_hits"],
            "independent_hits_of_lowest": summary["independent_hits_of_lowest"] if rank == 1 else "",
            "confidence": f"{summary['confidence']:.2f}" if rank == 1 else "",
            "state": (isomer.get("electrons") or {}).get("state") or "",
            "vibrations": isomer["vibrations"] or "",
            "starts": summary["starts_finished"] if rank == 1 else "",
            "cpu_seconds": f"{summary['cpu_seconds']:.0f}" if rank == 1 else "",
        }


def write_table():
    """Writes isomers.csv."""
    with open(HERE / "isomers.csv", "w", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        for charge in (0, 1):
            for n in SIZES:
                table.writerows(rows(n, charge))


def main():
    """Searches both charges, each in a process of its own, and writes the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--charge", type=int, choices=(0, 1), help="one charge in this process")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="9 to 20 without it")
    parser.add_argument("--scan", action="store_true", help="other spins of these isomers")
    parser.add_argument(
        "--check", type=float, metavar="EV", help="vibrations of isomers up to so much higher"
    )
    parser.add_argument("--table", action="store_true", help="only write the table")
    arguments = parser.parse_args()
    if arguments.charge is not None:
        search_all(arguments.charge, arguments.sizes, arguments.check, arguments.scan)
        return
    if not arguments.table:
        extra = [] if arguments.check is None else ["--check", str(arguments.check)]
        extra += ["--scan"] * arguments.scan + ["--sizes", *map(str, arguments.sizes)]
        command = [sys.executable, __file__, *extra]
        both = [subprocess.Popen([*command, "--charge", str(charge)]) for charge in (0, 1)]
        if any([process.wait() for process in both]):
            sys.exit("a search failed; the same command goes on with the others")
    write_table()


if __name__ == "__main__":
    main()
