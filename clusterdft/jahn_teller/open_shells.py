"""The degenerate level that is partly filled, and the vibrations that can lift its degeneracy."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from clusterdft.arrays import Floats
from clusterdft.electronic_symmetry.level_irreps import LevelSet
from clusterdft.errors import InputError
from clusterdft.groups.character_tables import character_table
from clusterdft.symmetry.irreps import motion_irreps
from clusterdft.symmetry.point_group import CONTINUOUS, PointGroup

COINCIDENCE_FRACTION = 0.1  # of the splitting of a level: orbitals that are closer coincide
PARTIAL_SHARE = 0.01  # share of a full level: less is empty, within as much of full is full


@dataclass(frozen=True, kw_only=True)
class OpenLevel:
    """A degenerate level of one spin that is partly filled.

    Attributes
    ----------
    label : str
        Such as "1e'".
    irrep : str
        Of its orbitals.
    spin : int
        0 for up, or for both spins of a closed shell; 1 for down.
    indices : tuple of int
        Of its orbitals among those of that spin.
    electrons : float
        In it.
    full : int
        Electrons that one of its orbitals can hold, 1, or 2 where `spin` stands for both.
    """

    label: str
    irrep: str
    spin: int
    indices: tuple[int, ...]
    electrons: float
    full: int

    @property
    def degeneracy(self) -> int:
        """Number of orbitals."""
        return len(self.indices)


def open_levels(level_sets: Sequence[LevelSet], n_spin: int) -> tuple[OpenLevel, ...]:
    """The partly filled degenerate levels among the levels of a symmetric state.

    Parameters
    ----------
    level_sets : sequence of LevelSet
        As from `orbital_irreps`.
    n_spin : int
        1 for a closed shell, else 2.

    Returns
    -------
    tuple of OpenLevel
    """
    full = 3 - n_spin
    return tuple(
        OpenLevel(
            label=level.label,
            irrep=level.irrep,
            spin=level.spin,
            indices=tuple(level.indices),
            electrons=round(level.electrons, 6),
            full=full,
        )
        for level in level_sets
        if level.degeneracy > 1
        and PARTIAL_SHARE < level.electrons / (full * level.degeneracy) < 1 - PARTIAL_SHARE
    )


def active_irreps(group: PointGroup, levels: Sequence[OpenLevel]) -> tuple[str, ...]:
    """Representations of the vibrations that couple linearly to open levels.

        [Gamma^2] without the totally symmetric part, and Gamma x Gamma' of two open levels of one spin,
        among vibrations: displacements leave spins alone

    Parameters
    ----------
    group : PointGroup
        Of finite order.
    levels : sequence of OpenLevel

    Returns
    -------
    tuple of str
        Labels, in the order of the character table.

    Raises
    ------
    InputError
        The group is continuous.

    References
    ----------
    Jahn and Teller, Proc. R. Soc. A 161, 220 (1937)
    """
    if group.name in CONTINUOUS:
        raise InputError(
            f"{group.name}: a linear cluster does not distort to first order (its bending couples in second "
            "order, the Renner-Teller effect); give a nonlinear geometry"
        )
    table = character_table(group.name)
    coupled: set[str] = set()
    for level in levels:
        coupled |= set(table.symmetric_square(level.irrep))
    for level, other in combinations(levels, 2):
        if level.spin == other.spin:
            coupled |= set(table.product(level.irrep, other.irrep))
    vibrations = motion_irreps(group)[1]
    return tuple(label for label in table.labels[1:] if label in coupled and label in vibrations)


def problem_name(levels: Sequence[OpenLevel], active: Sequence[str]) -> str:
    """Name of the coupling problem, such as "E' x e'" or "T2 x (e + t2)".

    Parameters
    ----------
    levels : sequence of OpenLevel
    active : labels
        Of the representations that couple linearly.

    Returns
    -------
    str
        Empty without an open level.
    """
    if not levels:
        return ""
    electronic = " + ".join(dict.fromkeys(level.irrep for level in levels))
    modes = " + ".join(label[0].lower() + label[1:] for label in active)
    if not active:
        return f"{electronic}, no active vibration"
    return f"{electronic} x {modes if len(active) == 1 else f'({modes})'}"


def lowest_sum(slopes: ArrayLike, level: OpenLevel) -> float:
    """Least first-order change of the energy of an open level's electrons, whole numbers in its orbitals.

        min over fillings of  sum_i n_i s_i - n <s>

    Parameters
    ----------
    slopes : (degeneracy,) hartree/bohr
        Of the orbital energies.
    level : OpenLevel

    Returns
    -------
    float, hartree/bohr
    """
    ordered = np.sort(np.asarray(slopes, float)) - np.mean(np.asarray(slopes, float))
    room = np.clip(level.electrons / level.full - np.arange(level.degeneracy), 0.0, 1.0)
    return float(level.full * ordered @ room)


def split_filling(energies: ArrayLike, level: OpenLevel, which: int = 1) -> Floats:
    """Fractions of the orbitals of a split level, lowest first; what coincides shares equally.

    Parameters
    ----------
    energies : (degeneracy,) hartree
        Of the orbitals.
    level : OpenLevel
    which : 1 or -1
        1 fills the lowest, -1 the highest orbitals.

    Returns
    -------
    (degeneracy,)
        Between 0 and 1, in the order of `energies`.

    Notes
    -----
    Orbitals closer than a tenth of the whole splitting coincide: an epikernel can leave part of a
    level degenerate, and whole electrons in it would break the symmetry further.
    """
    order = np.argsort(which * np.asarray(energies), kind="stable")
    ordered = np.asarray(energies)[order]
    breaks = np.flatnonzero(np.abs(np.diff(ordered)) > COINCIDENCE_FRACTION * np.ptp(ordered)) + 1
    remaining = level.electrons / level.full
    shares: list[float] = []
    for part in np.split(ordered, breaks):
        share = min(1.0, remaining / len(part))
        shares += [share] * len(part)
        remaining = max(remaining - len(part), 0.0)
    fractions = np.empty(len(ordered))
    fractions[order] = shares
    return fractions


def hund_spin(levels: Sequence[OpenLevel], n_unpaired: int) -> int:
    """Unpaired electrons with as many open orbitals singly filled as there are electrons for.

    Parameters
    ----------
    levels : sequence of OpenLevel
    n_unpaired : int
        Of the state that they belong to.

    Returns
    -------
    int

    Notes
    -----
    The open levels count as one shell, whatever their representations: of t2g and eg, parts of a d
    shell, eg can be open for one spin and t2g for the other.
    """
    both = [level for level in levels if level.full == 2]
    if both:
        held = sum(level.electrons for level in both)
        return n_unpaired + round(min(held, 2 * sum(level.degeneracy for level in both) - held))
    # up and down are levels of their own: electrons go from down to up while there is room
    free = sum(level.degeneracy - level.electrons for level in levels if level.spin == 0)
    down = sum(level.electrons for level in levels if level.spin == 1)
    return n_unpaired + 2 * round(min(free, down))
