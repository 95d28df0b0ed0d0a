"""Pseudo-Jahn-Teller candidates: levels near each other that a soft or imaginary vibration mixes."""

from collections.abc import Sequence
from dataclasses import dataclass

from clusterdft.electronic_symmetry.level_irreps import LevelSet
from clusterdft.groups.character_tables import character_table
from clusterdft.jahn_teller.degenerate_modes import DegenerateModes
from clusterdft.symmetry.point_group import PointGroup

MAX_GAP = 0.04  # hartree, between the levels
SOFT_FREQUENCY = 1.5e-4  # hartree: vibrations below are soft
MIN_OCCUPATION = 0.01  # electrons that a level must hold, or have room for


@dataclass(frozen=True, kw_only=True)
class PseudoCandidate:
    """A filled and an empty level, and a vibration that mixes them.

    Attributes
    ----------
    filled, empty : str
        Labels of the levels.
    spin : int
        As in LevelSet.
    gap : float, hartree
        Between them.
    irrep : str
        Of the vibration.
    frequency : float, hartree
        Of the vibration; imaginary ones negative.
    """

    filled: str
    empty: str
    spin: int
    gap: float
    irrep: str
    frequency: float


def pseudo_candidates(
    group: PointGroup,
    level_sets: Sequence[LevelSet],
    modes: Sequence[DegenerateModes],
    n_spin: int,
) -> tuple[PseudoCandidate, ...]:
    """All pairs of levels whose product holds a soft or imaginary vibration, the smallest gap first.

    Parameters
    ----------
    group : PointGroup
        Of finite order.
    level_sets : sequence of LevelSet
    modes : sequence of DegenerateModes
        All vibrations.
    n_spin : int
        1 for a closed shell, else 2.

    Returns
    -------
    tuple of PseudoCandidate
    """
    table = character_table(group.name)
    low = [m for m in modes if m.frequency < SOFT_FREQUENCY and m.irrep != table.labels[0]]
    full = 3 - n_spin
    candidates = []
    for a in level_sets:
        for b in level_sets:
            gap = b.energy - a.energy
            if a is b or a.spin != b.spin or not 0 <= gap < MAX_GAP:
                continue
            if a.electrons < MIN_OCCUPATION or b.electrons > full * b.degeneracy - MIN_OCCUPATION:
                continue
            mixed = table.product(a.irrep, b.irrep)
            candidates += [
                PseudoCandidate(
                    filled=a.label,
                    empty=b.label,
                    spin=a.spin,
                    gap=gap,
                    irrep=m.irrep,
                    frequency=m.frequency,
                )
                for m in low
                if m.irrep in mixed
            ]
    return tuple(sorted(candidates, key=lambda candidate: candidate.gap))
