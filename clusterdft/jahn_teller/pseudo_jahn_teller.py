"""Pseudo-Jahn-Teller candidates: levels near each other that a soft or imaginary vibration mixes."""

from dataclasses import dataclass

from clusterdft.groups.character_tables import character_table

MAX_GAP = 0.04  # hartree between the levels
SOFT_FREQUENCY = 1.5e-4  # hartree: vibrations below are soft
EMPTY = 0.01  # electrons


@dataclass(frozen=True, kw_only=True)
class PseudoCandidate:
    """A filled and an empty level, and a vibration that mixes them.

    Attributes
    ----------
    filled, empty : labels of the levels;  spin : as in LevelSet
    gap : hartree
    irrep, frequency : of the vibration, hartree; imaginary ones negative
    """

    filled: str
    empty: str
    spin: int
    gap: float
    irrep: str
    frequency: float


def pseudo_candidates(group, level_sets, modes, n_spin, *, near=MAX_GAP, soft=SOFT_FREQUENCY):
    """All pairs of levels whose product holds a soft or imaginary vibration, the smallest gap first.

    Parameters
    ----------
    group : PointGroup of finite order
    level_sets : tuple of LevelSet
    modes : tuple of DegenerateModes, all vibrations
    n_spin : 1 for a closed shell, 2
    near, soft : hartree, limits of gaps and frequencies

    Returns
    -------
    tuple of PseudoCandidate
    """
    table = character_table(group.name)
    low = [one for one in modes if one.frequency < soft and one.irrep != table.labels[0]]
    full = 3 - n_spin
    found = []
    for a in level_sets:
        for b in level_sets:
            gap = b.energy - a.energy
            if a is b or a.spin != b.spin or not 0 <= gap < near:
                continue
            if a.electrons < EMPTY or b.electrons > full * b.degeneracy - EMPTY:
                continue
            mixed = table.product(a.irrep, b.irrep)
            found += [
                PseudoCandidate(
                    filled=a.label,
                    empty=b.label,
                    spin=a.spin,
                    gap=gap,
                    irrep=one.irrep,
                    frequency=one.frequency,
                )
                for one in low
                if one.irrep in mixed
            ]
    return tuple(sorted(found, key=lambda one: one.gap))
