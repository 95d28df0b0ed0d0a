"""The dear parts of a descent, as pieces of work: relaxations, and vibrations with what follows from them."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.electronic_symmetry.summary import state_and_shells
from clusterdft.errors import ScfNotConverged
from clusterdft.isomer_search.minimum_check import check_minimum, kick
from clusterdft.jahn_teller.symmetric_relaxation import relax_within_group
from clusterdft.keys import content_hash
from clusterdft.properties.force_constants import HESSIAN_STEP
from clusterdft.relaxation.relax import relax
from clusterdft.surfaces.choose import surface_of
from clusterdft.symmetry.point_group import find_point_group, largest_tolerance
from clusterdft.work.workplace import Work

VERSION = 1  # of what is kept; a higher one computes all of it again
POINT_GROUP_TOLERANCE = 0.08  # bohr, tolerance of the point groups of what is found
KICK_SCATTER = 0.1  # bohr along each axis, where no mode is known


@dataclass(frozen=True, kw_only=True, eq=False)
class Start:
    """A geometry to relax from.

    Attributes
    ----------
    cluster : displaced geometry
    origin : how it was made, such as "e' -> C2v"
    members : indices of the operations that the relaxation keeps, or None for a free one
    kicks : how many, one after the other, led there
    """

    cluster: Cluster
    origin: str
    members: tuple[int, ...] | None = None
    kicks: int = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class Subject:
    """What a piece of work is done on: a geometry, its surface, and the operations to keep.

    Attributes
    ----------
    cluster : Cluster
    spec : SurfaceSpec
    fmax, max_calls : as in `relax`
    group, members : PointGroup and indices of its operations; None without restriction
    """

    cluster: Cluster
    spec: Any
    fmax: float
    max_calls: int
    group: Any = None
    members: tuple[int, ...] | None = None


def relaxation(start, group, spec, fmax, max_calls):
    """The Work of relaxing a Start of a descent from a PointGroup's geometry; see `relaxed`."""
    restricted = {} if start.members is None else {"group": group, "members": tuple(start.members)}
    subject = Subject(cluster=start.cluster, spec=spec, fmax=fmax, max_calls=max_calls, **restricted)
    return Work(key=_key(subject), kind="descent", function=relaxed, name="", subject=subject)


def check(cluster, spec, fmax, max_calls):
    """The Work of finding out whether a geometry is a minimum; see `checked`."""
    subject = Subject(cluster=cluster, spec=spec, fmax=fmax, max_calls=max_calls)
    return Work(
        key=_key(subject, step=HESSIAN_STEP), kind="check", function=checked, name="", subject=subject
    )


def relaxed(_, subject):
    """How the relaxation of a Subject ended, ready for JSON.

    Returns
    -------
    dict
        relaxed, reason, energy_hartree, positions_bohr
    """
    how = {"fmax": subject.fmax, "max_calls": subject.max_calls}
    surface = surface_of(subject.spec)
    try:
        if subject.members is None:
            end = relax(subject.cluster, surface, **how)
        else:
            end = relax_within_group(subject.cluster, surface, subject.group, subject.members, **how)
    except ScfNotConverged as error:
        return {"relaxed": False, "reason": str(error), "energy_hartree": None, "positions_bohr": None}
    return {
        "relaxed": end.relaxed,
        "reason": end.reason,
        "energy_hartree": end.energy,
        "positions_bohr": end.cluster.positions.tolist(),
    }


def checked(_, subject):
    """What vibrations and electrons of a Subject say, ready for JSON.

    Returns
    -------
    dict
        kind, reason, n_imaginary, lowest_frequency_hartree and kicked as in `check_minimum` and `kick`;
        state, the label of the electronic state or None

    Notes
    -----
    without an SCF at a displaced point the kicks are random displacements
    """
    cluster, surface = subject.cluster, surface_of(subject.spec)
    rng = np.random.default_rng(int(_key(subject, step=HESSIAN_STEP)[:15], 16))
    try:
        verdict = check_minimum(cluster, surface, fmax=subject.fmax)
        state = _state_label(cluster, surface)
    except ScfNotConverged as error:
        shift = rng.normal(scale=KICK_SCATTER, size=cluster.positions.shape)
        return {
            "kind": "uncertain",
            "reason": str(error),
            "n_imaginary": 0,
            "lowest_frequency_hartree": None,
            "kicked": [(cluster.positions + sign * shift).tolist() for sign in (1, -1)],
            "state": None,
        }
    sides = () if verdict.kind == "minimum" else kick(cluster, verdict.vibrations, rng)
    frequencies = verdict.vibrations.frequencies
    return {
        "kind": verdict.kind,
        "reason": verdict.reason,
        "n_imaginary": len(verdict.imaginary),
        "lowest_frequency_hartree": float(frequencies[0]) if len(frequencies) else None,
        "kicked": [side.positions.tolist() for side in sides],
        "state": state,
    }


def _state_label(cluster, surface):
    """Label of the electronic state; None without one, or on a surface without electrons."""
    result = surface.electronic_result(cluster)
    if result is None:
        return None
    group = find_point_group(cluster, tolerance=point_group_tolerance(cluster))
    return state_and_shells(result, group)["state"]


def point_group_tolerance(cluster):
    """Tolerance of the point group of a stationary point, bohr: small distortions are to be seen."""
    return min(POINT_GROUP_TOLERANCE, 0.9 * largest_tolerance(cluster))


def point_group_of(cluster):
    """Schoenflies symbol of a stationary point."""
    return find_point_group(cluster, tolerance=point_group_tolerance(cluster)).name


def _key(subject, **more):
    """Hash of everything that decides a result."""
    cluster, kept = subject.cluster, None
    if subject.members is not None:
        kept = [subject.group.operations[list(subject.members)].tolist(), [*map(int, subject.members)]]
    content = {
        "version": VERSION,
        "symbols": cluster.symbols,
        "positions": cluster.positions.tolist(),
        "charge": cluster.charge,
        "n_unpaired": cluster.n_unpaired,
        "surface": subject.spec.key,
        "fmax": subject.fmax,
        "max_calls": subject.max_calls,
        "kept": kept,
        **more,
    }
    return content_hash(content)
