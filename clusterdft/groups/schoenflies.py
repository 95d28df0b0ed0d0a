"""The Schoenflies symbol of a set of matrices."""

import re
from collections.abc import Sequence

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.groups.operations import determinants, has_inversion, rotation_axis

POLYHEDRAL_ROTATIONS = {(12, 3): "T", (24, 4): "O", (60, 5): "I"}  # by order and highest axis
PARALLEL_TOLERANCE = 1e-4  # two axes are parallel where their cosine differs from 1 by less


def schoenflies(matrices: Floats) -> str:
    """Schoenflies symbol of a finite group in any orientation.

    Parameters
    ----------
    matrices : (order, 3, 3)

    Returns
    -------
    str
        Such as C2v, D5h, S4, Td, Ih.
    """
    sign = determinants(matrices)
    rotations, mirrors = matrices[sign > 0], _mirrors(matrices)
    n = _highest_axis(rotations)
    order = len(rotations)
    inverts = has_inversion(matrices)
    if (order, n) in POLYHEDRAL_ROTATIONS:
        return _polyhedral(POLYHEDRAL_ROTATIONS[order, n], order < len(matrices), inverts)
    dihedral = order == 2 * n
    if order == len(matrices):
        return f"{'D' if dihedral else 'C'}{n}"
    if n == 1:
        return "Ci" if inverts else "Cs"
    if dihedral:
        level = inverts if n == 2 else _has_level_mirror(rotations, mirrors, n)
        return f"D{n}{'h' if level else 'd'}"
    if _has_level_mirror(rotations, mirrors, n):
        return f"C{n}h"
    return f"C{n}v" if mirrors else f"S{2 * n}"


def _highest_axis(rotations: Floats) -> int:
    """The highest order of any rotation axis of a group, from the smallest angle."""
    cosine = (np.trace(rotations, axis1=1, axis2=2) - 1) / 2
    turned = cosine < 1 - 1e-9
    return round(2 * np.pi / np.arccos(np.clip(cosine[turned].max(), -1, 1))) if turned.any() else 1


def _polyhedral(rotations: str, improper: bool, inverts: bool) -> str:
    if not improper:
        return rotations
    return rotations + ("h" if inverts else "d")


def _mirrors(matrices: Floats) -> list[Floats]:
    """Reflections: determinant -1, trace 1."""
    traces = np.trace(matrices, axis1=1, axis2=2)
    return [
        m for m, t, d in zip(matrices, traces, determinants(matrices), strict=True) if d < 0 and t > 1 - 1e-6
    ]


def _has_level_mirror(rotations: Floats, mirrors: Sequence[Floats], n: int) -> bool:
    """Whether a mirror stands across an axis of the highest order."""
    traces = np.trace(rotations, axis1=1, axis2=2)
    principal = rotation_axis(rotations[np.argmin(np.abs(traces - 1 - 2 * np.cos(2 * np.pi / n)))])
    return any(abs(rotation_axis(m) @ principal) > 1 - PARALLEL_TOLERANCE for m in mirrors)


def is_chiral(name: str) -> bool:
    """Whether a point group has rotations only, so that the mirror image is another geometry.

    Parameters
    ----------
    name : str
        Schoenflies symbol.

    Returns
    -------
    bool
    """
    return re.fullmatch(r"[CD]\d+|[TOI]", name) is not None
