"""What the command `symmetry` tells of a geometry and its electrons: for JSON, and for the terminal."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.groups.character_tables import character_table
from clusterdft.symmetry.irreps import motion_irreps, spherical_splitting
from clusterdft.symmetry.point_group import CONTINUOUS, PointGroup, ScanStep
from clusterdft.units import HARTREE_CM1, HARTREE_EV, MOMENTUM_LETTERS


def symmetry_values(
    cluster: Cluster,
    group: PointGroup,
    scan: Sequence[ScanStep] | None = None,
    electronic: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Everything about a point group as plain values.

    Parameters
    ----------
    cluster : Cluster
    group : PointGroup
    scan : sequence of ScanStep, optional
        As from `tolerance_scan`.
    electronic : dict, optional
        As from `electronic_values`.

    Returns
    -------
    dict
        Lengths in bohr.
    """
    values: dict[str, Any] = {
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
        values["vibrations"] = vibrations = motion_irreps(group)[1]
        irreps = [irrep for irrep in character_table(group.name).irreps if irrep.label in vibrations]
        values["infrared_active"] = [irrep.label for irrep in irreps if irrep.is_infrared_active]
        values["raman_active"] = [irrep.label for irrep in irreps if irrep.is_raman_active]
    if scan is not None:
        values["tolerance_scan"] = [
            {"from_bohr": low, "to_bohr": high, "point_group": part.name} for (low, high), part in scan
        ]
    if electronic is not None:
        values["electronic"] = dict(electronic)
    return values


def symmetry_lines(values: Mapping[str, Any]) -> Iterator[str]:
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
        yield "infrared active   " + (" + ".join(values["infrared_active"]) or "none")
        yield "Raman active      " + (" + ".join(values["raman_active"]) or "none")
    if "tolerance_scan" in values:
        yield "point group by tolerance"
    for part in values.get("tolerance_scan", []):
        yield f"  {part['from_bohr']:8.4f} to {part['to_bohr']:8.4f} bohr  {part['point_group']}"
    if "electronic" in values:
        yield from _electronic_lines(values["electronic"], values["point_group"])


def _electronic_lines(electronic: Mapping[str, Any], point_group: str) -> Iterator[str]:
    """State, shells, levels and modes."""
    state = electronic["state"]
    yield f"state             {state['label'] or 'undetermined'}, {state['configuration']}"
    if state["density_group"] != point_group:
        component = f"{state['density_group']}, {state['label_in_density_group']}"
        yield "of the density    " + ("a lower group" if state["density_group"] is None else component)
    yield "electrons         " + ", ".join(f"{n:g} in {shell}" for shell, n in electronic["shells"].items())
    yield "levels                spin     energy (eV)  electrons  shell  purity"
    for level in electronic["orbitals"]:
        energy = np.mean(level["energies_hartree"]) * HARTREE_EV
        yield (
            f"  {level['label']:<18}  {('up', 'down')[level['spin']]:<7}  {energy:11.3f}"
            f"  {sum(level['occupation']):9.3f}  {level['shell'] or '?':<5}  {level['purity']:6.3f}"
        )
    if "modes" in electronic:
        yield (
            "modes                 frequency (cm-1)  purity"
            if electronic["modes"]
            else "modes             none"
        )
    for mode in electronic.get("modes", []):
        frequency = np.mean(mode["frequencies_hartree"]) * HARTREE_CM1
        imaginary = "i" if frequency < 0 else " "
        yield f"  {mode['label']:<18}  {abs(frequency):15.1f}{imaginary}  {mode['purity']:6.3f}"


def _element_lines(axes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """How many elements of each kind, and the directions of the first kind."""
    if not axes:
        return
    kinds = Counter(axis["kind"] for axis in axes)
    yield "elements          " + ", ".join(f"{n} {kind}" for kind, n in kinds.items())
    first = axes[0]["kind"]
    for axis in axes[: kinds[first]]:
        yield f"  {first:<15} " + "".join(f"{round(c, 4) + 0.0:9.4f}" for c in axis["direction"])


def _atoms(symbols: Sequence[str], orbit: Sequence[int]) -> str:
    return f"{symbols[orbit[0]]}({', '.join(map(str, orbit))})"


def _sum(counts: Mapping[str, int]) -> str:
    return " + ".join(f"{n if n > 1 else ''}{label}" for label, n in counts.items())
