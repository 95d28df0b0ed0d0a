"""Electron configurations: which shells hold how many electrons of either spin."""

import re
from dataclasses import dataclass
from functools import cached_property

from ase.data import atomic_numbers

from clusterdft.errors import InputError
from clusterdft.units import MOMENTUM_LETTERS

SHELL_LETTERS = MOMENTUM_LETTERS[:6]  # s to h
NOBLE = ("He", "Ne", "Ar", "Kr", "Xe", "Rn")
HEAVIEST = 86  # nuclear charge, of Rn
ELECTRON_ROUNDING = 1e-9  # electrons
SHELL_PATTERN = re.compile(r"(\d+)([a-z])(\d+(?:\.\d*)?|\.\d+)(?:,(\d+(?:\.\d*)?|\.\d+))?")

# shells beyond the noble-gas core that do not follow the order of filling
IRREGULAR_CONFIGURATIONS = {
    "Cr": "[Ar] 3d5 4s1",
    "Cu": "[Ar] 3d10 4s1",
    "Nb": "[Kr] 4d4 5s1",
    "Mo": "[Kr] 4d5 5s1",
    "Ru": "[Kr] 4d7 5s1",
    "Rh": "[Kr] 4d8 5s1",
    "Pd": "[Kr] 4d10",
    "Ag": "[Kr] 4d10 5s1",
    "La": "[Xe] 5d1 6s2",
    "Ce": "[Xe] 4f1 5d1 6s2",
    "Gd": "[Xe] 4f7 5d1 6s2",
    "Pt": "[Xe] 4f14 5d9 6s1",
    "Au": "[Xe] 4f14 5d10 6s1",
}
AUFBAU_ORDER = (  # (n, l), as shells are filled beyond the noble gas
    (1, 0),
    (2, 0),
    (2, 1),
    (3, 0),
    (3, 1),
    (4, 0),
    (3, 2),
    (4, 1),
    (5, 0),
    (4, 2),
    (5, 1),
    (6, 0),
    (4, 3),
    (5, 2),
    (6, 1),
)


@dataclass(frozen=True)
class Shell:
    """Electrons of one n and l.

    Attributes
    ----------
    n, l : int
        Quantum numbers.
    up, down : float
        Electrons of either spin, fractions allowed.
    """

    n: int
    l: int  # noqa: E741 - the angular momentum is called l
    up: float
    down: float

    def __post_init__(self) -> None:
        if not 0 <= self.l < min(self.n, len(SHELL_LETTERS)):
            raise InputError(
                f"there is no shell with n = {self.n} and l = {self.l}; l is below n, such as 1s, 2p or 3d"
            )
        most = 2 * self.l + 1
        if not (0 <= self.up <= most + ELECTRON_ROUNDING and 0 <= self.down <= most + ELECTRON_ROUNDING):
            raise InputError(
                f"the shell {self.name} cannot hold {self.up:g} electrons up and {self.down:g} down; "
                f"give 0 to {most} of each, {2 * most} together"
            )

    @property
    def name(self) -> str:
        """Such as "3s"."""
        return f"{self.n}{SHELL_LETTERS[self.l]}"

    @property
    def electrons(self) -> float:
        """Electrons of both spins."""
        return self.up + self.down


@dataclass(frozen=True)
class Configuration:
    """The shells of an atom.

    Attributes
    ----------
    symbol : str
        Chemical symbol.
    shells : tuple of Shell
        Each n and l once.
    """

    symbol: str
    shells: tuple[Shell, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "shells", tuple(self.shells))
        z = nuclear_charge(self.symbol)
        names = [shell.name for shell in self.shells]
        for name in names:
            if names.count(name) > 1:
                raise InputError(f"the configuration of {self.symbol} has {name} twice; give each shell once")
        if not self.n_electrons > 0:
            raise InputError(f"the configuration of {self.symbol} has no electrons; give one such as 1s1")
        if self.n_electrons > z + 1 + ELECTRON_ROUNDING:
            raise InputError(
                f"the configuration of {self.symbol} has {self.n_electrons:g} electrons; "
                f"at most {z + 1} are allowed, one more than the neutral atom has"
            )

    @cached_property
    def n_electrons(self) -> float:
        """Electrons in all shells."""
        return sum(shell.electrons for shell in self.shells)

    @property
    def z(self) -> int:
        """Nuclear charge."""
        return nuclear_charge(self.symbol)

    @property
    def charge(self) -> float:
        """Charge of the whole atom, if these are all its electrons."""
        return self.z - self.n_electrons

    @cached_property
    def text(self) -> str:
        """The configuration as `parse_configuration` reads it, such as "[Ne] 3s1"."""
        for noble in reversed(NOBLE):
            core = _filled(atomic_numbers[noble])
            if len(core) < len(self.shells) and self.shells[: len(core)] == core:
                return " ".join([f"[{noble}]", *map(_text, self.shells[len(core) :])])
        return " ".join(_text(shell) for shell in self.shells)

    def index(self, name: str) -> int:
        """Place of a shell such as "3s" among the shells.

        Returns
        -------
        int

        Raises
        ------
        InputError
            It is not one of them.
        """
        names = [shell.name for shell in self.shells]
        if name not in names:
            raise InputError(
                f"{name!r} is no shell of {self.symbol} {self.text}; give one of {', '.join(names)}"
            )
        return names.index(name)


def nuclear_charge(symbol: str) -> int:
    """Atomic number of an element from H to Rn.

    Returns
    -------
    int

    Raises
    ------
    InputError
        No such element.
    """
    z: int = atomic_numbers.get(symbol, 0)
    if not 1 <= z <= HEAVIEST:
        raise InputError(f"unknown element {symbol!r}; give a chemical symbol from H to Rn")
    return z


def parse_configuration(symbol: str, text: str) -> Configuration:
    """A configuration from text such as "[Ne] 3s1", "3s0.5 3p0.5" or "[Ne] 3s2 3p2,0".

    Parameters
    ----------
    symbol : str
        Chemical symbol.
    text : str
        Shells with their electrons; a noble gas in brackets stands for its shells; "3p2,1" is two
        electrons up and one down, "3p3" as many up as possible (Hund's rule).

    Returns
    -------
    Configuration

    Raises
    ------
    InputError
        text that is not understood, or an impossible configuration
    """
    shells: list[Shell] = []
    for index, word in enumerate(str(text).split()):
        if index == 0 and word[0] == "[" and word[-1] == "]":
            shells += _noble_core(symbol, word[1:-1])
            continue
        match = SHELL_PATTERN.fullmatch(word)
        if not match or match[2] not in SHELL_LETTERS:
            raise InputError(
                f"{word!r} in the configuration {text!r} of {symbol} is not understood; "
                "write it as in '[Ne] 3s1 3p0' or, for both spins, '3p2,1'"
            )
        n, l = int(match[1]), SHELL_LETTERS.index(match[2])  # noqa: E741
        if match[4] is None:
            shells.append(_hund(n, l, float(match[3])))
        else:
            shells.append(Shell(n, l, float(match[3]), float(match[4])))
    return Configuration(symbol, tuple(shells))


def ground_configuration(symbol: str) -> Configuration:
    """The configuration of the neutral atom in its ground state, H to Rn.

    Returns
    -------
    Configuration

    Raises
    ------
    InputError
        No such element.

    References
    ----------
    Kramida et al., NIST Atomic Spectra Database
    """
    z = nuclear_charge(symbol)
    if symbol in IRREGULAR_CONFIGURATIONS:
        return parse_configuration(symbol, IRREGULAR_CONFIGURATIONS[symbol])
    return Configuration(symbol, _filled(z))


def core_shells(symbol: str, z_valence: float) -> tuple[Shell, ...]:
    """The shells that a pseudopotential of that ionic charge has removed.

    Parameters
    ----------
    symbol : str
        Chemical symbol.
    z_valence : float
        Electrons outside the core, the outermost shells of the ground state (highest n, then l).

    Returns
    -------
    tuple of Shell
        In order of n and l.

    Raises
    ------
    InputError
        That many electrons are not a number of whole shells.
    """
    left = sorted(ground_configuration(symbol).shells, key=lambda shell: (shell.n, shell.l))
    allowed: list[str] = []
    outside = 0.0
    while left and outside < z_valence - ELECTRON_ROUNDING:
        outside += left.pop().electrons
        allowed.append(f"{outside:g}")
    if abs(outside - z_valence) > ELECTRON_ROUNDING or not outside:
        raise InputError(
            f"{z_valence} valence electrons of {symbol} do not leave a core of whole shells; "
            f"the nearest that do: {', '.join(allowed[-2:]) or '1'}"
        )
    return tuple(left)


def _noble_core(symbol: str, noble: str) -> tuple[Shell, ...]:
    z = nuclear_charge(symbol)
    if noble not in NOBLE or atomic_numbers[noble] > z:
        allowed = ", ".join(f"[{gas}]" for gas in NOBLE if atomic_numbers[gas] <= z)
        raise InputError(f"[{noble}] is no noble-gas core of {symbol}; give {allowed or 'no core'}")
    return _filled(atomic_numbers[noble])


def _filled(z: int) -> tuple[Shell, ...]:
    """Shells of z electrons in the order of filling: those of the noble gas, then by n and l."""
    inner = max((atomic_numbers[gas] for gas in NOBLE if atomic_numbers[gas] < z), default=0)
    core = _filled(inner) if inner else ()
    shells: list[Shell] = []
    left = z
    for n, l in AUFBAU_ORDER:  # noqa: E741
        electrons = min(left, 4 * l + 2)
        if electrons:
            shells.append(_hund(n, l, float(electrons)))
        left -= electrons
    outer = [shell for shell in shells if shell not in core]
    return (*core, *sorted(outer, key=lambda shell: (shell.n, shell.l)))


def _hund(n: int, l: int, electrons: float) -> Shell:  # noqa: E741
    if electrons > 4 * l + 2 + ELECTRON_ROUNDING:
        raise InputError(
            f"the shell {n}{SHELL_LETTERS[l]} cannot hold {electrons:g} electrons; give 0 to {4 * l + 2}"
        )
    up = min(electrons, 2.0 * l + 1)
    return Shell(n, l, up, max(electrons - up, 0.0))


def _text(shell: Shell) -> str:
    if shell.up == min(shell.electrons, 2.0 * shell.l + 1):
        return f"{shell.name}{shell.electrons:.12g}"
    return f"{shell.name}{shell.up:.12g},{shell.down:.12g}"
