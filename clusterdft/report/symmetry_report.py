"""What the command `symmetry` tells of a point group: values for JSON, lines for the terminal."""

import math
from collections import Counter

import numpy as np

from clusterdft.symmetry.irreps import motion_irreps, spherical_splitting
from clusterdft.symmetry.point_group import CONTINUOUS
from clusterdft.units import MOMENTUM_LETTERS


def symmetry_values(cluster, group, scan=None):
    """Everything about a point group, bohr, as plain values.

    Parameters
    ----------
    cluster : Cluster
    group : PointGroup
    scan : result of `tolerance_scan`, or None
    """
    values = {
        "symbols": list(cluster.symbols),
        "point_group": group.name,
        "order": None if math.isinf(group.order) else int(group.order),
        "tolerance_bohr": group.tolerance,
        "deviation_bohr": group.deviation,
        "symmetry_number": group.symmetry_number,
        "equivalent_atoms": [list(orbit) for orbit in group.equivalent_atoms],
        "centre_bohr": group.centre.tolist(),
        "axes": [{"kind": a.kind, "direction": a.direction.tolist()} for a in group.axes],
        "symmetrized_positions_bohr": group.symmetrized_positions.tolist(),
        "displacements_bohr": group.displacements.tolist(),
        "shells": {s: spherical_splitting(group.name, k) for k, s in enumerate(MOMENTUM_LETTERS[:4])},
    }
    if group.name not in CONTINUOUS:
        values["vibrations"] = motion_irreps(group)[1]
    if scan is not None:
        values["tolerance_scan"] = [
            {"from_bohr": low, "to_bohr": high, "point_group": found.name} for (low, high), found in scan
        ]
    return values


def symmetry_lines(values):
    """The same for a reader."""
    order = "infinite order" if values["order"] is None else f"order {values['order']}"
    moved = np.max(values["displacements_bohr"])
    yield f"Point group {values['point_group']} ({order}, symmetry number {values['symmetry_number']})"
    yield f"largest deviation {values['deviation_bohr']:.4f} bohr of {values['tolerance_bohr']:g} allowed"
    yield f"symmetrised, an atom moves by {moved:.4f} bohr at most"
    yield from _element_lines(values["axes"])
    yield "equivalent atoms  " + "  ".join(
        _atoms(values["symbols"], orbit) for orbit in values["equivalent_atoms"]
    )
    yield "shells            " + ",  ".join(f"{s} -> {_sum(n)}" for s, n in values["shells"].items())
    if "vibrations" in values:
        yield "vibrations        " + (_sum(values["vibrations"]) or "none")
    if "tolerance_scan" in values:
        yield "point group by tolerance"
    for part in values.get("tolerance_scan", []):
        yield f"  {part['from_bohr']:8.4f} to {part['to_bohr']:8.4f} bohr  {part['point_group']}"


def _element_lines(axes):
    """How many elements of each kind, and the directions of the first kind."""
    if not axes:
        return
    kinds = Counter(axis["kind"] for axis in axes)
    yield "elements          " + ", ".join(f"{n} {kind}" for kind, n in kinds.items())
    first = axes[0]["kind"]
    for axis in axes[: kinds[first]]:
        yield f"  {first:<15} " + "".join(f"{round(c, 4) + 0.0:9.4f}" for c in axis["direction"])


def _atoms(symbols, orbit):
    return f"{symbols[orbit[0]]}({', '.join(map(str, orbit))})"


def _sum(counts):
    return " + ".join(f"{n if n > 1 else ''}{label}" for label, n in counts.items())
