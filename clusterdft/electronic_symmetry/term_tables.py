"""Finite character tables with room for the terms of any point group, the continuous ones too.

A linear group acts on momenta up to M as an axial group of order above 2 M does; a term of an atom is known
by the momenta about one axis in it.
"""

import numpy as np

from clusterdft.electronic_symmetry.finite_action import angular_letter, continuous_label
from clusterdft.errors import InputError
from clusterdft.groups.character_tables import character_table
from clusterdft.symmetry.irreps import spherical_splitting
from clusterdft.symmetry.point_group import CONTINUOUS

HIGHEST_SHELL = 6


def shell_characters(name, shells):
    """A finite table, and the characters of shells in it.

    Parameters
    ----------
    name : Schoenflies symbol, of a continuous group too
    shells : (irrep, electrons) of each

    Returns
    -------
    CharacterTable, list of (nclass,)

    Raises
    ------
    InputError
        the group has no such representation
    """
    if name not in CONTINUOUS:
        table = character_table(name)
        return table, [table.character(irrep) for irrep, _ in shells]
    momenta = [_momentum(name, irrep) for irrep, _ in shells]
    most = sum(momentum * n for momentum, (_, n) in zip(momenta, shells, strict=True))
    order = 2 * max(most, *momenta, 2) + 2
    table = character_table(f"C{order}v" if name == "Cinfv" else f"D{order}h")
    rows = _rows(name, table)
    if name != "Kh":
        return table, [rows[irrep] for irrep, _ in shells]
    return table, [sum(rows[part] for part in spherical_splitting("Dinfh", l)) for l in momenta]  # noqa: E741


def named_terms(name, table, characters):
    """Representations of a point group in a character on that table, {irrep: count}."""
    counts = table.reduce(characters)
    if name not in CONTINUOUS:
        return counts
    axial = "Dinfh" if name == "Kh" else name
    named = {continuous_label(axial, label): count for label, count in counts.items()}
    return _of_atom(named) if name == "Kh" else named


def _rows(name, table):
    axial = "Dinfh" if name == "Kh" else name
    return {continuous_label(axial, label): table.character(label) for label in table.labels}


def _momentum(name, irrep):
    """Angular momentum, of Kh, or about the axis, of a representation of one electron."""
    if name == "Kh":
        known = {_atomic_label(k, "gu"[k % 2]): k for k in range(HIGHEST_SHELL + 1)}
    else:
        ends = ("g", "u") if name == "Dinfh" else ("",)
        known = {f"Sigma{end}{sign}": 0 for end in ends for sign in "+-"}
        known |= {angular_letter(m) + end: m for m in range(1, HIGHEST_SHELL + 1) for end in ends}
    if irrep not in known:
        raise InputError(f"{name} has no representation {irrep!r} of an orbital; it has {', '.join(known)}")
    return known[irrep]


def _atomic_label(momentum, parity):
    natural = next(iter(spherical_splitting("Kh", momentum)))
    return natural[:-1] + parity


def _of_atom(counts):
    """Terms L from the momenta M about an axis: as many as there are of M = L beyond those of M = L + 1."""
    found = {}
    for parity in "gu":
        by_momentum = [sum(counts.get(f"Sigma{parity}{sign}", 0) for sign in "+-")]
        while (label := angular_letter(len(by_momentum)) + parity) in counts:
            by_momentum.append(counts[label])
        for momentum, count in enumerate(-np.diff([*by_momentum, 0])):
            if count:
                found[_atomic_label(momentum, parity)] = int(count)
    return found
