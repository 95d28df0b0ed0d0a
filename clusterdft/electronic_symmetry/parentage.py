"""Shells of the cluster as a whole, 1s 1p 1d 2s ..., and what they become in its point group."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from clusterdft.arrays import Floats, frozen_array
from clusterdft.electronic_symmetry.level_irreps import LevelSet
from clusterdft.properties.levels import CHARACTER_LETTERS, angular_character, centre_of_charge
from clusterdft.scf.result import ScfResult
from clusterdft.symmetry.irreps import spherical_splitting
from clusterdft.symmetry.point_group import PointGroup

MIN_SHELL_ELECTRONS = 0.005  # a shell with fewer is not listed


@dataclass(frozen=True, kw_only=True, eq=False)
class Parentage:
    """The spherical shell that a set of levels comes from.

    Attributes
    ----------
    level : LevelSet
    character : (5,)
        Mean shares of s, p, d, f and higher about the centre of charge.
    shell : str or None
        Such as "1p"; None where s, p, d and f hold nothing of the representation.
    """

    level: LevelSet
    character: Floats
    shell: str | None

    @property
    def label(self) -> str:
        """Such as "1p -> 1t2"."""
        return f"{self.shell or '?'} -> {self.level.label}"


def parentage(result: ScfResult, level_sets: Sequence[LevelSet], group: PointGroup) -> tuple[Parentage, ...]:
    """Spherical parents of level sets.

        p -> t2 in Td, p -> t1u and d -> eg + t2g in Oh, ...

    Parameters
    ----------
    result : ScfResult
        With electrons.
    level_sets : sequence of LevelSet
        Of the result in the group.
    group : PointGroup

    Returns
    -------
    tuple of Parentage
        In the order of the level sets.

    Notes
    -----
    Of the momenta that hold the representation, that with the largest share; the second set of
    one momentum and representation comes from the second shell, where the first holds it once.
    """
    character = angular_character(result, centre_of_charge(result))
    splittings = [spherical_splitting(group.name, k) for k in range(len(CHARACTER_LETTERS))]
    count: Counter[tuple[int, int, str]] = Counter()
    parents = []
    for level in level_sets:
        shares = frozen_array(character[level.spin, list(level.indices)].mean(axis=0))
        momenta = [k for k, parts in enumerate(splittings) if level.irrep in parts]
        shell = None
        if momenta:
            momentum = max(momenta, key=shares.__getitem__)
            before = count[level.spin, momentum, level.irrep]
            count[level.spin, momentum, level.irrep] += 1
            shell = f"{before // splittings[momentum][level.irrep] + 1}{CHARACTER_LETTERS[momentum]}"
        parents.append(Parentage(level=level, character=shares, shell=shell))
    return tuple(parents)


def shell_configuration(parents: Iterable[Parentage]) -> dict[str, float]:
    """Electrons in each spherical shell, lowest first, such as {"1s": 2.0, "1p": 3.0}."""
    held: dict[str, list[LevelSet]] = {}
    for parent in parents:
        if parent.level.electrons > 0:
            held.setdefault(parent.shell or "?", []).append(parent.level)
    energy = {
        name: np.average([level.energy for level in sets], weights=[level.electrons for level in sets])
        for name, sets in held.items()
    }
    totals = {
        name: float(sum(level.electrons for level in held[name]))
        for name in sorted(held, key=energy.__getitem__)
    }
    return {name: electrons for name, electrons in totals.items() if electrons >= MIN_SHELL_ELECTRONS}
