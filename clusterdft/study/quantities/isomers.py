"""All isomers of every cluster, with their point groups."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from clusterdft.errors import InputError
from clusterdft.geometry.distances import neighbour_distances
from clusterdft.report.geometry_figures import Drawing, draw_geometries
from clusterdft.study.quantities.rows_and_curves import Row, row_of
from clusterdft.study.references import Reference
from clusterdft.study.series import FoundIsomer, Series
from clusterdft.symmetry.point_group import find_point_group
from clusterdft.units import HARTREE_EV

DRAWN_WINDOW = 0.05 / HARTREE_EV  # hartree above the lowest isomer up to which others are drawn too


def isomer_rows(series: Series) -> list[Row]:
    """One row an isomer, the lowest of each cluster first."""
    rows = []
    for entry in series.clusters():
        if not entry.isomers:
            rows.append(row_of(entry, {"isomer": None}, entry.reason))
        for number, isomer in enumerate(entry.isomers, start=1):
            group, remark = _point_group(isomer)
            near = neighbour_distances(isomer.cluster)
            values = {
                "isomer": number,
                "energy_above_lowest_ev": (isomer.energy - entry.isomers[0].energy) * HARTREE_EV,
                "point_group": group,
                "n_unpaired": None if isomer.n_unpaired is None else abs(isomer.n_unpaired),
                "hits": isomer.n_hits,
                "vibrations": isomer.verdict or None,
                "shortest_bohr": float(near.min()),
                "mean_bohr": float(near.mean()),
                "energy_hartree": isomer.energy,
            }
            rows.append(row_of(entry, values, remark, _vibrations(isomer)))
    return rows


def isomer_figure(
    series: Series, tables: Mapping[str, Sequence[Row]], references: Sequence[Reference], path: Path
) -> None:
    """Draw the lowest isomer of every cluster, and those within 0.05 eV that are no saddle points.

    As figures 1, 2, 4 and 5 of the 1985 paper.
    """
    groups = {(row["cluster"], row.get("isomer")): row.get("point_group") for row in tables["isomers"]}
    per_atom = {row["cluster"]: row["atomization_per_atom_ev"] for row in tables["atomization"]}
    drawings = []
    for entry in series.clusters():
        for number, isomer in enumerate(entry.isomers, start=1):
            above = isomer.energy - entry.isomers[0].energy
            if above <= DRAWN_WINDOW and (number == 1 or isomer.verdict != "saddle"):
                energy = f"+{above * HARTREE_EV:.2f} eV" if number > 1 else _per_atom(per_atom[entry.name])
                group = groups.get((entry.name, number))
                drawings.append(Drawing(cluster=isomer.cluster, point_group=group, energy=energy))
    draw_geometries(drawings, path)


def _per_atom(energy: float | None) -> str | None:
    return None if energy is None else f"{energy:.2f} eV/atom"


def _vibrations(isomer: FoundIsomer) -> str:
    """Why they are not those of a minimum, or not known."""
    return isomer.verdict_reason if isomer.verdict else "vibrations not examined"


def _point_group(isomer: FoundIsomer) -> tuple[str | None, str]:
    """Its symbol, or None with the reason."""
    if isomer.point_group is not None:
        return isomer.point_group, ""
    try:
        return find_point_group(isomer.cluster).name, ""
    except InputError as error:
        return None, str(error)
