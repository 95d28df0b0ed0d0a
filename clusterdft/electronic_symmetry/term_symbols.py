"""Terms of open shells: spins and irreducible representations that the Pauli principle leaves."""

from dataclasses import dataclass

import numpy as np

from clusterdft.electronic_symmetry.term_tables import named_terms, shell_characters
from clusterdft.errors import InputError
from clusterdft.groups.group_matrices import group_matrices, multiplication_table


@dataclass(frozen=True, kw_only=True)
class Term:
    """A term: 2 S + 1 and the representation of the orbital part.

    Attributes
    ----------
    multiplicity : 2 S + 1
    irrep : label as in the character table, such as "E'"; "Sigmag-", "Fg" in continuous groups
    count : how often it occurs
    """

    multiplicity: int
    irrep: str
    count: int = 1

    @property
    def label(self):
        """Such as "2E'"."""
        return f"{self.multiplicity}{self.irrep}"


def configuration_terms(name, shells):
    """All terms of some open shells.

        Lambda^n(V x spin) = sum_S V_S x (2 S + 1),   chi_S = e_a e_b - e_(a+1) e_(b-1),
        a = n/2 + S,  b = n/2 - S,   e_k the character of the antisymmetric power Lambda^k V

    Parameters
    ----------
    name : Schoenflies symbol, of a continuous group too
    shells : (irrep, electrons) of each open shell; none, or full ones, give the totally symmetric singlet

    Returns
    -------
    tuple of Term, highest multiplicity first, then as in the character table

    Raises
    ------
    InputError
        an unknown representation, or more electrons than it holds

    Notes
    -----
    for any number of electrons

    References
    ----------
    Weyl, The Classical Groups (1939), chapter IV, with the determinants of Jacobi and Trudi
    """
    table, characters = shell_characters(name, shells)
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
        for irrep, count in named_terms(name, table, whole[multiplicity]).items()
    )


def _class_powers(table, most):
    """Class of g^k for g in each class and k = 1 .. most, (most, nclass)."""
    home = table.class_of
    products = multiplication_table(group_matrices(table.name))
    heads = np.array([c.members[0] for c in table.classes])
    power, found = heads, np.empty((most, len(heads)), dtype=int)
    for k in range(most):
        found[k] = home[power]
        power = products[heads, power]
    return found


def _by_spin(sums):
    """{2 S + 1: orbital character} of n electrons in a shell, from chi(g^k), (n, nclass).

    k e_k = sum_i (-1)^(i-1) e_(k-i) chi(g^i)   (Newton)
    """
    n = len(sums)
    e = np.zeros((n + 2, sums.shape[1]))
    e[0] = 1.0
    for k in range(1, n + 1):
        e[k] = sum((-1) ** (i - 1) * e[k - i] * sums[i - 1] for i in range(1, k + 1)) / k
    found = {n + 1: e[n]}
    for b in range(1, n // 2 + 1):
        found[n - 2 * b + 1] = e[n - b] * e[b] - e[n - b + 1] * e[b - 1]
    return {multiplicity: chi for multiplicity, chi in found.items() if np.abs(chi).max() > 0.5}


def _coupled(first, second):
    """Orbital characters of two parts together, by multiplicity."""
    found: dict[int, np.ndarray] = {}
    for p, chi in first.items():
        for q, other in second.items():
            for multiplicity in range(abs(p - q) + 1, p + q, 2):
                found[multiplicity] = found.get(multiplicity, 0.0) + chi * other
    return found
