"""Small studies on the Lennard-Jones surface, and series made by hand."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.errors import ScfNotConverged
from clusterdft.geometry.formula import parse_formula
from clusterdft.study import TABLES
from clusterdft.study.plan import ClusterPlan, Study
from clusterdft.study.references import beside
from clusterdft.study.runner import read_properties, run_study
from clusterdft.study.series import Entry, FoundIsomer, Series, in_order
from clusterdft.surfaces.classical import LennardJones

CALLS = []  # every point that a Counted surface has computed: (atoms, charge)
FAST = ("distances", "shape", "vertical-ionization", "vertical-attachment", "vibrations")

STUDY_FILE = """
[study]
name = "small"
element = "Na"
sizes = "2-4"
charges = [0, 1]
references = ["martins1985"]
[surface]
name = "lennard-jones"
[search]
starts = 4
strategy = "random-starts"
"""


@dataclass(frozen=True, kw_only=True)
class Counted(LennardJones):
    """Lennard-Jones that counts its points; a charge costs 0.1 hartree, and charge `broken` fails."""

    broken: int | None = None

    def atom_energy(self, symbol, charge=0):
        return 0.1 * abs(charge)

    def point(self, cluster, restart=None):
        CALLS.append((cluster.natom, cluster.charge))
        if cluster.charge == self.broken:
            raise ScfNotConverged("200 iterations were not enough")
        point = super().point(cluster)
        shifted = point.energy + 0.1 * abs(cluster.charge)
        return type(point)(energy=shifted, forces=point.forces)


def small_study(spec=None, *, formulas=("Na2", "Na3", "Na4"), charges=(0, 1), properties=FAST, starts=4):
    """A Study with few starts."""
    how = {"starts": starts, "strategy": "random-starts", "seeds": (), "check_within": None}
    return Study(
        name="small",
        spec=spec or Counted(),
        clusters=tuple(
            ClusterPlan(symbols=parse_formula(f), charge=q, n_unpaired=None, search=how)
            for f in formulas
            for q in charges
        ),
        charges=charges,
        elements=("Na",),
        properties=properties,
        references=("martins1985",),
        folder=".",
    )


def run(study, out, **more):
    """The study, without figures."""
    return run_study(study, out, figures=False, **more)


def read(folders, out=None, **more):
    """The properties of searches, without figures."""
    return read_properties(folders, out, figures=False, **more)


def entry(formula, charge, energy, *, positions=None, **more):
    """An Entry with one isomer of that energy, its atoms in a row unless positions are given."""
    symbols = parse_formula(formula)
    if energy is None:
        return Entry(symbols=symbols, charge=charge, isomers=(), reason="none of 4 starts relaxed")
    if positions is None:
        positions = 6.0 * np.arange(len(symbols))[:, None] * np.array([1.0, 0.0, 0.0])
    cluster = Cluster(symbols=symbols, positions=positions, charge=charge)
    isomer = FoundIsomer(**{"cluster": cluster, "energy": energy, "n_unpaired": 0.0, "n_hits": 1, **more})
    return Entry(symbols=symbols, charge=charge, isomers=(isomer,))


def series(*entries, solved=None):
    """A Series of entries."""
    return Series(entries=in_order(entries), spec=LennardJones(), solved=solved or {})


def small_series():
    """Na to Na4 and their cations, with a few properties of Na2."""
    entries = [
        entry("Na" if n == 1 else f"Na{n}", q, -0.2 * n - 0.01 * n**2 + 0.19 * q)
        for n in (1, 2, 3, 4)
        for q in (0, 1)
    ]
    levels = {
        "shells": "1s2",
        "gap_ev": 2.0,
        "energy_ev": [[-4.0, -2.0]],
        "occupation": [[2.0, 0.0]],
        "character": [[[1.0, 0, 0, 0, 0], [0, 1.0, 0, 0, 0]]],
        "centre_bohr": [0.0, 0.0, 0.0],
        "filling": [{"shell": "1s", "electrons": 2.0, "energy_ev": -4.0}],
    }
    vibrations = {
        "kind": "minimum",
        "reason": "",
        "frequencies_cm1": [150.0],
        "infrared_km_per_mol": [0.0],
        "zero_point_energy_ev": 0.01,
    }
    jellium = {
        "electrons": 2,
        "energy_hartree": -0.2,
        "gap_ev": 1.0,
        "radius_per_electron_bohr": 3.93,
        "levels": [{"level": "1s", "energy_hartree": -0.15, "electrons": 2.0}],
    }
    solved = {"levels": levels, "vibrations": vibrations, "jellium": jellium}
    return series(*entries, solved={("Na2", name): value for name, value in solved.items()})


def tables_of(clusters, references):
    """All tables of a Series, with the references' columns."""
    return {name: beside(name, TABLES[name](clusters), references) for name in TABLES}


def rows_of(rows):
    """{cluster: first row}."""
    found = {}
    for row in rows:
        found.setdefault(row["cluster"], row)
    return found


def read_csv(path):
    """{cluster: first row} of a table."""
    import csv

    with Path(path).open(newline="") as file:
        return rows_of(csv.DictReader(file))
