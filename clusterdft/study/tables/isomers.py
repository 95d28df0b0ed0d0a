"""All isomers of every cluster, with their point groups."""

from clusterdft.errors import InputError
from clusterdft.geometry.distances import neighbour_distances
from clusterdft.study.tables.rows import row
from clusterdft.symmetry.point_group import find_point_group
from clusterdft.units import HARTREE_EV


def isomers(series):
    """One row an isomer, the lowest of each cluster first."""
    found = []
    for entry in series.clusters():
        if not entry.isomers:
            found.append(row(entry, {"isomer": None}, entry.reason))
        for number, isomer in enumerate(entry.isomers, start=1):
            group, remark = _point_group(isomer)
            near = neighbour_distances(isomer.cluster)
            values = {
                "isomer": number,
                "energy_above_lowest_ev": (isomer.energy - entry.energy) * HARTREE_EV,
                "point_group": group,
                "n_unpaired": abs(isomer.n_unpaired),
                "hits": isomer.n_hits,
                "vibrations": isomer.verdict or None,
                "shortest_bohr": float(near.min()),
                "mean_bohr": float(near.mean()),
                "energy_hartree": isomer.energy,
            }
            found.append(row(entry, values, remark, _vibrations(isomer)))
    return found


def _vibrations(isomer):
    """Why they are not those of a minimum, or not known."""
    return isomer.verdict_reason if isomer.verdict else "vibrations not examined"


def _point_group(isomer):
    """Its symbol, or None with the reason."""
    if isomer.point_group is not None:
        return isomer.point_group, ""
    try:
        return find_point_group(isomer.cluster).name, ""
    except InputError as error:
        return None, str(error)
