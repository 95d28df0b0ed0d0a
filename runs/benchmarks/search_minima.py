"""The lowest known minima, and when a search has found one.

Imported by search.py.
"""

import json
from functools import cache, partial
from pathlib import Path

from clusterdft.cluster import Cluster
from clusterdft.isomers.identity import same_isomer
from clusterdft.method import Method
from clusterdft.surfaces.classical import LennardJones
from clusterdft.units import HARTREE_EV

LENNARD_JONES = {  # global minima in epsilon, Wales and Doye, J. Phys. Chem. A 101, 5111 (1997)
    **{6: -12.712062, 7: -16.505384, 8: -19.821489, 9: -24.113360, 10: -28.422532, 11: -32.765970},
    **{12: -37.967600, 13: -44.326801, 19: -72.659782, 26: -108.315616, 31: -133.586422, 38: -173.928427},
}
FOUND_TOLERANCE = 2e-3  # epsilon above the global minimum at most
FOUND_SODIUM = 0.010 / HARTREE_EV  # hartree above the lowest known minimum at most
SODIUM = Path(__file__).parents[1] / "search-statistics" / "sodium-minima.json"
SEED = 1000  # of the searches for sodium's minima; the searches that are measured have lower ones
STARTS_PER_ATOM = 5


def target_of(surface, natom, charge):
    """The function (cluster, energy) -> whether that is the lowest known minimum.

    Raises
    ------
    SystemExit
        it is not known
    """
    if surface == "lennard-jones":
        if natom not in LENNARD_JONES:
            raise SystemExit(f"no minimum of {natom} atoms is listed; there are {sorted(LENNARD_JONES)}")
        return partial(_is_low, LennardJones().epsilon * (LENNARD_JONES[natom] + FOUND_TOLERANCE))
    known = _minima()["minima"]
    for minimum in known:
        if (minimum["natom"], minimum["charge"]) == (natom, charge):
            cluster = Cluster(
                symbols=("Na",) * natom, positions=minimum["positions_bohr"], charge=minimum["charge"]
            )
            return partial(_is_same, cluster, minimum["energy_hartree"])
    raise SystemExit(f"no minimum of {natom} atoms and charge {charge} is in {SODIUM}; use --make-minima")


def _is_low(highest, cluster, energy):
    return energy <= highest


def _is_same(lowest, lowest_energy, cluster, energy):
    difference = energy - lowest_energy
    return abs(difference) <= FOUND_SODIUM and same_isomer(lowest, cluster, energy_difference=difference).same


@cache
def _minima():
    """The file of sodium's minima; one of another method is refused."""
    if not SODIUM.is_file():
        return {"minima": []}
    known = json.loads(SODIUM.read_text())
    if known["method"] != Method().description:
        raise SystemExit(f"{SODIUM} was made with another method; remove it and use --make-minima")
    return known


def make_minima(natoms, charges):
    """Search for sodium's minima from random starts, and write each into the file when it is found."""
    from clusterdft.report.search_run import search

    minima = {(m["natom"], m["charge"]): m for m in _minima()["minima"]}
    for natom in natoms:
        for charge in charges:
            starts = STARTS_PER_ATOM * natom
            result = search(f"Na{natom}", Method(), charge=charge, starts=starts, seed=SEED)
            lowest = result.isomers[0]
            minima[natom, charge] = {
                "natom": natom,
                "charge": charge,
                "energy_hartree": round(lowest.energy, 7),
                "n_unpaired": round(abs(lowest.n_unpaired), 3),
                "hits": lowest.n_hits,
                "starts": starts,
                "force_calls": result.n_force_calls,
                "cpu_seconds": round(result.cpu_seconds, 1),
                "isomers": len(result.isomers),
                "next_isomer_ev": [
                    round((isomer.energy - lowest.energy) * HARTREE_EV, 4) for isomer in result.isomers[1:4]
                ],
                "positions_bohr": lowest.cluster.positions.round(5).tolist(),
            }
            _write(minima)
            shown = [f"{k} {v}" for k, v in minima[natom, charge].items() if k != "positions_bohr"]
            print(", ".join(shown), flush=True)


def _write(minima):
    """One minimum a line."""
    lines = ",\n".join(json.dumps(minima[key]) for key in sorted(minima))
    head = f'{{"seed": {SEED}, "method": {json.dumps(Method().description)}, "minima": [\n'
    SODIUM.parent.mkdir(exist_ok=True)
    SODIUM.write_text(f"{head}{lines}\n]}}\n")
