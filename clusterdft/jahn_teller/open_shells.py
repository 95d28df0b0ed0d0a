"""The degenerate level that is partly filled, and the vibrations that can lift its degeneracy."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from clusterdft.errors import InputError
from clusterdft.groups.character_tables import character_table
from clusterdft.symmetry.irreps import motion_irreps
from clusterdft.symmetry.point_group import CONTINUOUS

COINCIDENCE_FRACTION = 0.1  # of the splitting of a level
PARTIAL_SHARE = 0.01  # share of a full level: less is empty, within as much of full is full


@dataclass(frozen=True, kw_only=True)
class OpenLevel:
    """A degenerate level of one spin that is partly filled.

    Attributes
    ----------
    label : such as "1e'"
    irrep : of its orbitals
    spin : 0 for up, or for both spins of a closed shell; 1 for down
    indices : places among the orbitals of that spin
    electrons : in it
    full : electrons that one of its orbitals can hold, 1, or 2 where `spin` stands for both
    """

    label: str
    irrep: str
    spin: int
    indices: tuple[int, ...]
    electrons: float
    full: int

    @property
    def degeneracy(self):
        """Number of orbitals."""
        return len(self.indices)


def open_levels(level_sets, n_spin):
    """The partly filled degenerate levels among the levels of a symmetric state.

    Parameters
    ----------
    level_sets : tuple of LevelSet, as from `orbital_irreps`
    n_spin : 1 for a closed shell, 2

    Returns
    -------
    tuple of OpenLevel
    """
    full = 3 - n_spin
    return tuple(
        OpenLevel(
            label=one.label,
            irrep=one.irrep,
            spin=one.spin,
            indices=tuple(one.indices),
            electrons=round(one.electrons, 6),
            full=full,
        )
        for one in level_sets
        if one.degeneracy > 1 and PARTIAL_SHARE < one.electrons / (full * one.degeneracy) < 1 - PARTIAL_SHARE
    )


def active_irreps(group, levels):
    """Representations of the vibrations that couple linearly to open levels.

        [Gamma^2] without the totally symmetric part, and Gamma x Gamma' of two open levels of one spin,
        among vibrations: displacements leave spins alone

    Parameters
    ----------
    group : PointGroup of finite order
    levels : tuple of OpenLevel

    Returns
    -------
    tuple of labels, in the order of the character table

    Raises
    ------
    InputError
        the group is continuous

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
    coupled = set()
    for level in levels:
        coupled |= set(table.symmetric_square(level.irrep))
    for one, other in combinations(levels, 2):
        if one.spin == other.spin:
            coupled |= set(table.product(one.irrep, other.irrep))
    vibrations = motion_irreps(group)[1]
    return tuple(label for label in table.labels[1:] if label in coupled and label in vibrations)


def problem_name(levels, active):
    """Name of the coupling problem, such as "E' x e'" or "T2 x (e + t2)"; empty without an open level."""
    if not levels:
        return ""
    electronic = " + ".join(dict.fromkeys(level.irrep for level in levels))
    modes = " + ".join(label[0].lower() + label[1:] for label in active)
    if not active:
        return f"{electronic}, no active vibration"
    return f"{electronic} x {modes if len(active) == 1 else f'({modes})'}"


def lowest_sum(slopes, level):
    """Least first-order change of the energy of an open level's electrons, whole numbers in its orbitals.

        min over fillings of  sum_i n_i s_i - n <s>

    Parameters
    ----------
    slopes : (degeneracy,) of the orbital energies
    level : OpenLevel
    """
    ordered = np.sort(slopes) - np.mean(slopes)
    room = np.clip(level.electrons / level.full - np.arange(level.degeneracy), 0.0, 1.0)
    return float(level.full * ordered @ room)


def split_filling(energies, level, which=1):
    """Fractions of the orbitals of a split level, lowest first; what coincides shares equally.

    Parameters
    ----------
    energies : (degeneracy,) hartree, of the orbitals
    level : OpenLevel
    which : 1 fills the lowest, -1 the highest orbitals

    Returns
    -------
    (degeneracy,) between 0 and 1, in the order of `energies`

    Notes
    -----
    orbitals closer than a tenth of the whole splitting coincide: an epikernel can leave part of a
    level degenerate, and whole electrons in it would break the symmetry further
    """
    order = np.argsort(which * np.asarray(energies), kind="stable")
    ordered = np.asarray(energies)[order]
    breaks = np.flatnonzero(np.abs(np.diff(ordered)) > COINCIDENCE_FRACTION * np.ptp(ordered)) + 1
    left, shares = level.electrons / level.full, []
    for part in np.split(ordered, breaks):
        share = min(1.0, left / len(part))
        shares += [share] * len(part)
        left = max(left - len(part), 0.0)
    result = np.empty(len(ordered))
    result[order] = shares
    return result


def hund_spin(levels, n_unpaired):
    """Unpaired electrons with as many open orbitals singly filled as there are electrons for.

    Parameters
    ----------
    levels : tuple of OpenLevel;  n_unpaired : of the state that they belong to

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
