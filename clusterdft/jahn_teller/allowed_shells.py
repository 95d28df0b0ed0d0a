"""Which point groups can hold a closed shell: the paper's rule for 1s, 1p, 1d, ... of a cluster."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from clusterdft.errors import InputError
from clusterdft.groups.character_tables import character_table
from clusterdft.symmetry.irreps import spherical_splitting
from clusterdft.symmetry.point_group import CONTINUOUS
from clusterdft.units import MOMENTUM_LETTERS

JELLIUM_SHELL_ORDER = ("1s", "1p", "1d", "2s", "1f", "2p", "1g", "2d", "1h", "3s")  # of the spherical jellium
MAX_ELECTRONS = 92  # that these shells hold


Filling: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]  # labels with both spins, with one


@dataclass(frozen=True, kw_only=True)
class ShellRule:
    """Whether a point group leaves an orbitally degenerate ground state a choice.

    Attributes
    ----------
    group : str
        Schoenflies symbol.
    n_electrons : int
        In all.
    n_unpaired : int
        Those of one spin more than of the other.
    shell : str
        The spherical shell that is partly filled, such as "1p"; empty where the last one is full.
    electrons : int
        In that shell.
    sublevels : dict of {label: count}
        Of the shell in the group.
    fillings : tuple
        Sublevels of the shell that hold the electrons where they are closed, one tuple for each
        possibility: (full with both spins, with one spin only).
    """

    group: str
    n_electrons: int
    n_unpaired: int
    shell: str
    electrons: int
    sublevels: dict[str, int]
    fillings: tuple[Filling, ...]

    @property
    def allowed(self) -> bool:
        """Whether some order of the sublevels leaves none of them partly filled in either spin."""
        return not self.shell or bool(self.fillings)

    @property
    def reason(self) -> str:
        """In a sentence."""
        if not self.shell:
            return f"{self.n_electrons} electrons fill whole shells: {self.group} is allowed"
        parts = " + ".join(f"{n if n > 1 else ''}{label}" for label, n in self.sublevels.items())
        start = (
            f"{self.shell} holds {self.electrons} of {self.n_electrons} electrons, {self.n_unpaired} of them "
            f"unpaired, and splits into {parts} in {self.group}"
        )
        if not self.allowed:
            return f"{start}: a degenerate level stays open, so {self.group} is ruled out"
        orders = " or ".join(" ".join(_written(*filling)) for filling in self.fillings)
        return f"{start}: {self.group} is allowed where {orders} lies lowest"


def _written(double: Sequence[str], single: Sequence[str]) -> list[str]:
    """Labels with the electrons that each orbital holds, such as 2 T2g."""
    return [f"{label} (2 each)" for label in double] + [f"{label} (1 each)" for label in single]


def shell_rule(group: str, n_electrons: int, n_unpaired: int | None = None) -> ShellRule:
    """Whether a point group can hold a number of electrons without an open degenerate level.

    Shells are filled as in a sphere; the next one splits as the group prescribes, in whatever order the shape
    makes. The number of electrons of each spin in it must be a sum of the dimensions of some sublevels, those
    of the fewer spin among those of the other.

    Parameters
    ----------
    group : str
        Schoenflies symbol, of a continuous group too.
    n_electrons : int
        1 to 92.
    n_unpaired : int
        N_up - N_down; None for the lowest, 0 or 1.

    Returns
    -------
    ShellRule

    Raises
    ------
    InputError
        Numbers that do not go together, or an unknown group.

    Notes
    -----
    A linear cluster does not distort to first order however its levels are filled. The order of
    2s and 1d, and mixing between shells, are those of the sphere.

    References
    ----------
    Martins, Buttet and Car, Phys. Rev. B 31, 1804 (1985), Sec. IV
    """
    n_unpaired = n_electrons % 2 if n_unpaired is None else n_unpaired
    _check_electrons(n_electrons, n_unpaired)
    shell, below = _open_shell(n_electrons)
    inside = n_electrons - below
    sublevels = {} if not inside else spherical_splitting(group, MOMENTUM_LETTERS.index(shell[1:]))
    up, down = (inside + n_unpaired) // 2, (inside - n_unpaired) // 2
    return ShellRule(
        group=group,
        n_electrons=n_electrons,
        n_unpaired=n_unpaired,
        shell=shell if inside else "",
        electrons=inside,
        sublevels=sublevels,
        fillings=_fillings(_dimensions(group, sublevels), up, down) if inside else (),
    )


def _check_electrons(n_electrons: int, n_unpaired: int) -> None:
    """Refuses numbers that the shells, or the one that is partly filled, cannot hold."""
    if not 1 <= n_electrons <= MAX_ELECTRONS:
        raise InputError(f"{n_electrons} electrons; the shells 1s to 3s hold 1 to {MAX_ELECTRONS}")
    if n_unpaired < 0 or n_unpaired > n_electrons or (n_electrons - n_unpaired) % 2:
        raise InputError(
            f"{n_unpaired} unpaired electrons are impossible with {n_electrons}; give {n_electrons % 2}, "
            f"{n_electrons % 2 + 2}, ... up to {n_electrons}"
        )
    shell, below = _open_shell(n_electrons)
    inside = n_electrons - below
    if not inside and n_unpaired:
        raise InputError(
            f"{n_unpaired} of {n_electrons} electrons unpaired: {n_electrons} fill whole shells, which leave "
            "none unpaired; give 0"
        )
    if inside and (n_unpaired > inside or inside + n_unpaired > _capacity(shell)):
        raise InputError(
            f"{n_unpaired} unpaired electrons do not fit into {shell}, which holds {inside} of "
            f"{n_electrons} electrons; give fewer"
        )


def _capacity(shell: str) -> int:
    return 2 * (2 * MOMENTUM_LETTERS.index(shell[1:]) + 1)


def _open_shell(n_electrons: int) -> tuple[str, int]:
    """The shell that the last electron is in and the electrons below it; all of them where it is full."""
    below = 0
    for shell in JELLIUM_SHELL_ORDER:
        if below + _capacity(shell) > n_electrons:
            return shell, below
        below += _capacity(shell)
    return JELLIUM_SHELL_ORDER[-1], below


def _dimensions(group: str, sublevels: dict[str, int]) -> list[tuple[str, int]]:
    """(label, dimension) of every sublevel."""
    if group == "Kh":
        known = {label: 2 * MOMENTUM_LETTERS.index(label[0].lower()) + 1 for label in sublevels}
    elif group in CONTINUOUS:
        known = {label: 1 if label.startswith("Sigma") else 2 for label in sublevels}
    else:
        known = {irrep.label: irrep.dimension for irrep in character_table(group).irreps}
    return [(label, known[label]) for label, count in sublevels.items() for _ in range(count)]


def _fillings(levels: Sequence[tuple[str, int]], up: int, down: int) -> tuple[Filling, ...]:
    """All choices (labels with both spins, labels with one) that hold so many electrons of each spin."""
    fillings = set()
    for spins in product((0, 1, 2), repeat=len(levels)):
        filled = list(zip(levels, spins, strict=True))
        if [sum(n for (_, n), s in filled if s >= least) for least in (1, 2)] == [up, down]:
            double, single = (tuple(label for (label, _), s in filled if s == k) for k in (2, 1))
            fillings.add((double, single))
    return tuple(sorted(fillings))
