"""Valence configurations of an atom in which a pseudopotential is put to the test, found by rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from clusterdft.atom import Shell, core_shells, ground_configuration, parse_configuration
from clusterdft.units import MOMENTUM_LETTERS

HIGHEST_TESTED_MOMENTUM = 3  # f

_Occupation: TypeAlias = dict[tuple[int, int], float]  # {(n, l): electrons}
_Changes: TypeAlias = Sequence[tuple[tuple[int, int], float]]  # ((n, l), electrons) added


@dataclass(frozen=True, kw_only=True)
class ValenceConfiguration:
    """Electrons outside the core.

    Attributes
    ----------
    label : str
        What it is, such as "ground" or "ionised".
    shells : tuple of Shell
        Spins by Hund's rule; none for the bare ion.
    spin_polarized : bool
        Whether the atom is solved with two spins.
    """

    label: str
    shells: tuple[Shell, ...]
    spin_polarized: bool = True

    @property
    def text(self) -> str:
        """Such as "3s0.5 3p0.5", or "bare ion"."""
        return " ".join(f"{shell.name}{shell.electrons:g}" for shell in self.shells) or "bare ion"


def valence_configurations(symbol: str, z_valence: float) -> tuple[ValenceConfiguration, ...]:
    """Ground state, ions and excited states, each occupation once.

        ground; half, once and twice ionised; s to p; outermost to d; ion with half an electron in p or d

    Parameters
    ----------
    symbol : str
        Chemical symbol.
    z_valence : float
        Number of valence electrons of the neutral atom.

    Returns
    -------
    tuple of ValenceConfiguration
        The spin-polarised ground state first.

    Raises
    ------
    InputError
        No such element or valence.
    """
    ground = ground_occupation(symbol, z_valence)
    lowest = lowest_shells(symbol, z_valence)
    s, p, d = lowest[0], lowest[1], lowest[2]
    outer = max(ground)
    moves: dict[str, _Changes | None] = {
        "half ionised": ((outer, -0.5),),
        "ionised": ((outer, -1.0),),
        "twice ionised": _ionization_changes(ground, 2.0),
        "s to p": ((s, -1.0), (p, 1.0)),
        f"{MOMENTUM_LETTERS[outer[1]]} to d": ((outer, -1.0), (d, 1.0)),
        "ion with half a p": ((outer, -1.0), (p, 0.5)),
        "ion with half a d": ((outer, -1.0), (d, 0.5)),
    }
    occupations = {"ground": ground}
    for label, changes in moves.items():
        occupation = _changed(ground, changes)
        if occupation is not None and occupation not in occupations.values():
            occupations[label] = occupation
    states = [
        ValenceConfiguration(label=label, shells=_shells(symbol, held)) for label, held in occupations.items()
    ]
    if any(shell.up != shell.down for shell in states[0].shells):
        states.insert(
            1,
            ValenceConfiguration(label="ground, unpolarised", shells=states[0].shells, spin_polarized=False),
        )
    return tuple(states)


def reference_configuration(symbol: str, z_valence: float, l: int) -> ValenceConfiguration:  # noqa: E741
    """The unpolarised configuration that shows the orbital of an angular momentum.

    The ground state where it holds one, otherwise the ion with half an electron in it: in the neutral
    atom such an orbital is weakly bound or not at all.

    Returns
    -------
    ValenceConfiguration
    """
    ground = ground_occupation(symbol, z_valence)
    shell, outer = lowest_shells(symbol, z_valence)[l], max(ground)
    if shell in ground:
        return ValenceConfiguration(
            label="ground, unpolarised", shells=_shells(symbol, ground), spin_polarized=False
        )
    held = _changed(ground, ((outer, -1.0), (shell, 0.5))) or {}
    label = f"ion with half a {MOMENTUM_LETTERS[l]}, unpolarised"
    return ValenceConfiguration(label=label, shells=_shells(symbol, held), spin_polarized=False)


def ground_occupation(symbol: str, z_valence: float) -> _Occupation:
    """Electrons outside the core of the neutral atom.

    Parameters
    ----------
    symbol : str
        Chemical symbol.
    z_valence : float
        Number of valence electrons.

    Returns
    -------
    {(n, l): electrons}
    """
    inner = {(shell.n, shell.l) for shell in core_shells(symbol, z_valence)}
    shells = [(shell.n, shell.l, shell.electrons) for shell in ground_configuration(symbol).shells]
    return {(n, l): electrons for n, l, electrons in shells if (n, l) not in inner}  # noqa: E741


def lowest_shells(symbol: str, z_valence: float) -> dict[int, tuple[int, int]]:
    """The lowest s, p, d and f shell outside the core.

    Parameters
    ----------
    symbol : str
        Chemical symbol.
    z_valence : float
        Number of valence electrons of the neutral atom.

    Returns
    -------
    {l: (n, l)}
    """
    inner = {(shell.n, shell.l) for shell in core_shells(symbol, z_valence)}
    return {
        l: (max((n for n, other in inner if other == l), default=l) + 1, l)
        for l in range(HIGHEST_TESTED_MOMENTUM + 1)  # noqa: E741
    }


def _ionization_changes(ground: _Occupation, electrons: float) -> _Changes | None:
    """Changes that take electrons from the outermost shells; None where there are too few."""
    changes = []
    for shell in sorted(ground, reverse=True):
        n_taken = min(electrons, ground[shell])
        changes.append((shell, -n_taken))
        electrons -= n_taken
    return None if electrons > 0 else changes


def _changed(ground: _Occupation, changes: _Changes | None) -> _Occupation | None:
    """The occupation after changes (shell, electrons); None where a shell holds too few or too many."""
    if changes is None:
        return None
    held = dict(ground)
    for shell, change in changes:
        held[shell] = held.get(shell, 0.0) + change
    if not all(0 <= electrons <= 4 * shell[1] + 2 for shell, electrons in held.items()):
        return None
    return {shell: electrons for shell, electrons in sorted(held.items()) if electrons > 0}


def _shells(symbol: str, held: Mapping[tuple[int, int], float]) -> tuple[Shell, ...]:
    text = " ".join(f"{n}{MOMENTUM_LETTERS[l]}{electrons:g}" for (n, l), electrons in held.items())  # noqa: E741
    return parse_configuration(symbol, text).shells if text else ()
