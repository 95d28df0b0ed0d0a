"""Whether two versions of the program give the same numbers: points of 20 clusters, and two searches.

With one version installed, write its numbers and keep the stores of its searches; with another, compare:

    python runs/benchmarks/same_numbers.py record numbers/
    python runs/benchmarks/same_numbers.py compare numbers/

`compare` solves and searches everything again, then takes up the recorded searches from their stores, which
must open and give the same isomers. Differences above 1e-12 hartree are printed, and end it with 1. Tables of
a study are text: `diff -r` compares them.
"""

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np

from clusterdft import Cluster, Method, search, solve_scf

TOLERANCE = 1e-12  # hartree, hartree/bohr
CORE = {"pseudopotential": "bhs-core", "basis": "opt-4s3p1d"}
SHAPES = {  # bohr
    1: [[0, 0, 0]],
    2: [[0, 0, 0], [0, 0.3, 5.7]],
    3: [[0, 0, 0], [6, 0.2, 0], [2.9, 5.4, 0.1]],
    4: [[0, 0, 0], [6, 0.2, 0], [2.9, 5.4, 0.1], [8.8, 5.5, -0.3]],
    5: [[0, 0, 0], [6, 0.2, 0], [2.9, 5.4, 0.1], [8.8, 5.5, -0.3], [4.4, 2.6, 5.2]],
    6: [[0, 0, 0], [6, 0.2, 0], [2.9, 5.4, 0.1], [8.8, 5.5, -0.3], [4.4, 2.6, 5.2], [4.6, 2.3, -5.0]],
    8: [[x, y + 0.1 * x, z] for x in (0, 5.9) for y in (0, 6.1) for z in (0, 6.0)],
}
CASES = {  # name: (symbols, charge, unpaired electrons, method)
    "Na": (["Na"], 0, None, {}),
    "Na2": (["Na"] * 2, 0, None, {}),
    "Na2+": (["Na"] * 2, 1, None, {}),
    "Na3": (["Na"] * 3, 0, None, {}),
    "Na3-": (["Na"] * 3, -1, None, {}),
    "Na4": (["Na"] * 4, 0, None, {}),
    "Na4 triplet": (["Na"] * 4, 0, 2, {}),
    "Na5+": (["Na"] * 5, 1, None, {}),
    "Na6": (["Na"] * 6, 0, None, {}),
    "Na8": (["Na"] * 8, 0, None, {}),
    "Na4 smeared": (["Na"] * 4, 0, None, {"occupation": "fermi", "width": 0.005}),
    "Na3 equal": (["Na"] * 3, 0, None, {"occupation": "equal"}),
    "Na3 orbital density": (["Na"] * 3, 0, None, {"density": "orbital", "fitting": "large"}),
    "Na3 PBE": (["Na"] * 3, 0, None, {"functional": "pbe"}),
    "Na4 GTH": (["Na"] * 4, 0, None, {"pseudopotential": "gth-pade-q1", "functional": "lda-pw"}),
    "Na4 even": (["Na"] * 4, 0, None, {"basis": "even-6s5p3d"}),
    "Na4 core": (["Na"] * 4, 0, None, CORE),
    "K3": (["K"] * 3, 0, None, CORE),
    "LiNaK+": (["Li", "Na", "K"], 1, None, CORE),
    "Al2Mg2": (["Al", "Mg", "Al", "Mg"], 0, None, CORE),
}


def points():
    """{case: energy, forces of both kinds, spin and levels}."""
    values = {}
    for name, (symbols, charge, n_unpaired, method) in CASES.items():
        cluster = Cluster(
            symbols=symbols, positions=SHAPES[len(symbols)], charge=charge, n_unpaired=n_unpaired
        )
        result = solve_scf(cluster, Method(**method))
        values[name] = {
            "energy": result.energy,
            "forces": result.forces.tolist(),
            "hellmann_feynman_forces": result.hellmann_feynman_forces.tolist(),
            "n_unpaired": result.n_unpaired,
            "mo_energy": result.mo_energy.tolist(),
        }
    return values


def searches(folder):
    """{search: energies, positions, hits and force calls}; taken up from the stores where these are there."""
    from clusterdft.surfaces.classical import LennardJones

    plans = {
        "Na6": ("Na6", Method(), {"starts": 6, "check_within": 0.002}),
        "Lennard-Jones 13": ("Na13", LennardJones(), {"starts": 60}),
    }
    values = {}
    for name, (formula, surface, how) in plans.items():
        found = search(formula, surface, seed=7, out=folder / name.replace(" ", "-"), **how)
        values[name] = {
            "n_force_calls": found.n_force_calls,
            "isomers": [
                {
                    "energy": isomer.energy,
                    "n_hits": isomer.n_hits,
                    "point_group": isomer.point_group,
                    "positions": np.asarray(isomer.cluster.positions).tolist(),
                }
                for isomer in found.isomers
            ],
        }
    return values


def differences(before, now, where=""):
    """Lines about everything in which two nested values differ."""
    if isinstance(before, dict):
        if not isinstance(now, dict) or before.keys() != now.keys():
            return [f"{where}: other keys"]
        return [line for key in before for line in differences(before[key], now[key], f"{where}/{key}")]
    if isinstance(before, list):
        if not isinstance(now, list) or len(before) != len(now):
            return [f"{where}: another length"]
        pairs = enumerate(zip(before, now, strict=True))
        return [line for i, (a, b) in pairs for line in differences(a, b, f"{where}/{i}")]
    if isinstance(before, float):
        return [] if abs(before - now) <= TOLERANCE else [f"{where}: {before!r} became {now!r}"]
    return [] if before == now else [f"{where}: {before!r} became {now!r}"]


def main():
    """Records or compares; 1 where numbers differ."""
    action, folder = sys.argv[1], Path(sys.argv[2])
    if action == "record":
        values = {"points": points(), "searches": searches(folder / "searches")}
        (folder / "numbers.json").write_text(json.dumps(values))
        return 0
    before = json.loads((folder / "numbers.json").read_text())
    with tempfile.TemporaryDirectory() as temporary:
        now = {"points": points(), "searches": searches(Path(temporary) / "new")}
        lines = differences(before, now)
        shutil.copytree(folder / "searches", Path(temporary) / "old")
        lines += differences(before["searches"], searches(Path(temporary) / "old"), "from the store: ")
    print("\n".join(lines) or "the same numbers")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
