"""Terms of open shells: spins and irreducible representations that the Pauli principle leaves.

Characters are those of finite tables with room for the terms of any point group. A linear group acts on
momenta up to M as an axial group of order above 2 M does; a term of an atom is known by the momenta about one
axis in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from clusterdft.arrays import Floats, Ints
from clusterdft.electronic_symmetry.finite_action import continuous_label
from clusterdft.errors import InputError
from clusterdft.groups.character_tables import CharacterTable, character_table
from clusterdft.groups.group_matrices import group_matrices, multiplication_table
from clusterdft.symmetry.irreps import angular_letter, spherical_splitting
from clusterdft.symmetry.point_group import CONTINUOUS

HIGHEST_MOMENTUM = 6  # of an electron in an open shell of a continuous group


@dataclass(frozen=True, kw_only=True)
class Term:
    """A term: 2 S + 1 and the representation of the orbital part.

    Attributes
    ----------
    multiplicity : int
        2 S + 1
    irrep : str
        Label as in the character table, such as "E'"; "Sigmag-", "Fg" in continuous groups.
    count : int
        How often it occurs.
    """

    multiplicity: int
    irrep: str
    count: int = 1

    @property
    def label(self) -> str:
        """Such as "2E'"."""
        return f"{self.multiplicity}{self.irrep}"


def configuration_terms(name: str, shells: Sequence[tuple[str, int]]) -> tuple[Term, ...]:
    """All terms of some open shells.

        Lambda^n(V x spin) = sum_S V_S x (2 S + 1),   chi_S = e_a e_b - e_(a+1) e_(b-1),
        a = n/2 + S,  b = n/2 - S,   e_k the character of the antisymmetric power Lambda^k V

    Parameters
    ----------
    name : str
        Schoenflies symbol, of a continuous group too.
    shells : sequence of (irrep, electrons)
        Of each open shell; none, or full ones, give the totally symmetric singlet.

    Returns
    -------
    tuple of Term
        Highest multiplicity first, then as in the character table.

    Raises
    ------
    InputError
        An unknown representation, or more electrons than it holds.

    Notes
    -----
    For any number of electrons.

    References
    ----------
    Weyl, The Classical Groups (1939), chapter IV, with the determinants of Jacobi and Trudi
    """
    table, characters = _shell_characters(name, shells)
    powers = _class_powers(table, max((n for _, n in shells), default=0))
    whole = {1: np.ones(len(table.classes))}
    for (irrep, n), chi in zip(shells, characters, strict=True):
        room = 2 * round(chi[0])
        if not 0 <= n <= room:
            raise InputError(f"{n} electrons in a shell {irrep} of {name}; it holds 0 to {room}")
        whole = _coupled(whole, _by_spin(chi[powers[:n]]))
    return tuple(
        Term(multiplicity=multiplicity, irrep=irrep, count=count)
        for multiplicity in sorted(whole, reverse=True)
        for irrep, count in _named_terms(name, table, whole[multiplicity]).items()
    )


def _class_powers(table: CharacterTable, most: int) -> Ints:
    """Class of g^k for g in each class and k = 1 .. most, (most, nclass)."""
    home = table.class_of
    products = multiplication_table(group_matrices(table.name))
    heads = np.array([c.members[0] for c in table.classes])
    power, home_of_power = heads, np.empty((most, len(heads)), dtype=np.int64)
    for k in range(most):
        home_of_power[k] = home[power]
        power = products[heads, power]
    return home_of_power


def _by_spin(sums: Floats) -> dict[int, Floats]:
    """{2 S + 1: orbital character} of n electrons in a shell, from chi(g^k), (n, nclass).

    k e_k = sum_i (-1)^(i-1) e_(k-i) chi(g^i)   (Newton)
    """
    n = len(sums)
    e = np.zeros((n + 2, sums.shape[1]))
    e[0] = 1.0
    for k in range(1, n + 1):
        e[k] = sum((-1) ** (i - 1) * e[k - i] * sums[i - 1] for i in range(1, k + 1)) / k
    characters = {n + 1: e[n]}
    for b in range(1, n // 2 + 1):
        characters[n - 2 * b + 1] = e[n - b] * e[b] - e[n - b + 1] * e[b - 1]
    return {multiplicity: chi for multiplicity, chi in characters.items() if np.abs(chi).max() > 0.5}


def _coupled(first: Mapping[int, Floats], second: Mapping[int, Floats]) -> dict[int, Floats]:
    """Orbital characters of two parts together, by multiplicity."""
    coupled: dict[int, Floats] = {}
    for p, chi in first.items():
        for q, other in second.items():
            for multiplicity in range(abs(p - q) + 1, p + q, 2):
                coupled[multiplicity] = coupled.get(multiplicity, np.zeros_like(chi)) + chi * other
    return coupled


def _shell_characters(name: str, shells: Sequence[tuple[str, int]]) -> tuple[CharacterTable, list[Floats]]:
    """A finite table, and the characters of shells in it, (nclass,) each."""
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
    parts = [spherical_splitting("Dinfh", momentum) for momentum in momenta]
    return table, [np.sum([rows[part] for part in of_shell], axis=0) for of_shell in parts]


def _named_terms(name: str, table: CharacterTable, characters: Floats) -> dict[str, int]:
    """Representations of a point group in a character on that table, {irrep: count}."""
    counts = table.reduce(characters)
    if name not in CONTINUOUS:
        return counts
    axial = "Dinfh" if name == "Kh" else name
    named = {continuous_label(axial, label): count for label, count in counts.items()}
    return _of_atom(named) if name == "Kh" else named


def _rows(name: str, table: CharacterTable) -> dict[str, Floats]:
    axial = "Dinfh" if name == "Kh" else name
    return {continuous_label(axial, label): table.character(label) for label in table.labels}


def _momentum(name: str, irrep: str) -> int:
    """Angular momentum, of Kh, or about the axis, of a representation of one electron."""
    if name == "Kh":
        known = {_atomic_label(k, "gu"[k % 2]): k for k in range(HIGHEST_MOMENTUM + 1)}
    else:
        ends = ("g", "u") if name == "Dinfh" else ("",)
        known = {f"Sigma{end}{sign}": 0 for end in ends for sign in "+-"}
        known |= {angular_letter(m) + end: m for m in range(1, HIGHEST_MOMENTUM + 1) for end in ends}
    if irrep not in known:
        raise InputError(f"{name} has no representation {irrep!r} of an orbital; it has {', '.join(known)}")
    return known[irrep]


def _atomic_label(momentum: int, parity: str) -> str:
    natural = next(iter(spherical_splitting("Kh", momentum)))
    return natural[:-1] + parity


def _of_atom(counts: Mapping[str, int]) -> dict[str, int]:
    """Terms L from the momenta M about an axis: as many as there are of M = L beyond those of M = L + 1."""
    terms: dict[str, int] = {}
    for parity in "gu":
        by_momentum = [sum(counts.get(f"Sigma{parity}{sign}", 0) for sign in "+-")]
        while (label := angular_letter(len(by_momentum)) + parity) in counts:
            by_momentum.append(counts[label])
        for momentum, count in enumerate(-np.diff([*by_momentum, 0])):
            if count:
                terms[_atomic_label(momentum, parity)] = int(count)
    return terms
