"""The lowest isomers, as figures 1, 2, 4 and 5 of the 1985 paper."""

from clusterdft.report.geometry_figures import Drawing, draw_geometries
from clusterdft.units import HARTREE_EV

NEAR = 0.05 / HARTREE_EV  # hartree: isomers so near to the lowest are drawn too


def draw(series, tables, references, path):
    """The lowest isomer of every cluster, and those within 0.05 eV that are no saddle points."""
    groups = {(row["cluster"], row.get("isomer")): row.get("point_group") for row in tables["isomers"]}
    per_atom = {row["cluster"]: row["atomization_per_atom_ev"] for row in tables["atomization"]}
    drawings = []
    for entry in series.clusters():
        for number, isomer in enumerate(entry.isomers, start=1):
            above = isomer.energy - entry.energy
            if above <= NEAR and (number == 1 or isomer.verdict != "saddle"):
                energy = f"+{above * HARTREE_EV:.2f} eV" if number > 1 else _per_atom(per_atom[entry.name])
                group = groups.get((entry.name, number))
                drawings.append(Drawing(cluster=isomer.cluster, point_group=group, energy=energy))
    draw_geometries(drawings, path)


def _per_atom(energy):
    return None if energy is None else f"{energy:.2f} eV/atom"
