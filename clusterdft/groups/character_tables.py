"""Character tables of the finite point groups, with products, powers, and functions of x, y, z."""

from dataclasses import dataclass

import numpy as np

from clusterdft.arrays import frozen_array
from clusterdft.errors import InputError
from clusterdft.groups.group_matrices import group_matrices, multiplication_table
from clusterdft.groups.labels import class_label, mulliken_labels, printed_order
from clusterdft.groups.rotation_characters import representations
from clusterdft.groups.symmetric_functions import symmetric_functions

ZERO = 1e-14  # characters below are rounding
WHOLE = 1e-6  # a multiplicity this far from a whole number is none


@dataclass(frozen=True, kw_only=True, eq=False)
class OperationClass:
    """A conjugacy class.

    Attributes
    ----------
    label : symbol of its operations, such as C3, C2', sigma_v
    members : (size,) indices of operations in `group_matrices(name)`
    square : index of the class that holds the squares
    """

    label: str
    members: np.ndarray
    square: int

    @property
    def size(self):
        return len(self.members)


@dataclass(frozen=True, kw_only=True, eq=False)
class Irrep:
    """A real irreducible representation; a pair of complex conjugate ones counts as one E.

    Attributes
    ----------
    label : Mulliken's
    dimension : 1 to 5
    separable : whether it is a conjugate pair, degenerate by time reversal only
    functions : tuples of partners among x, y, z, Rx, Ry, Rz and the quadratic functions
    """

    label: str
    dimension: int
    separable: bool
    functions: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class CharacterTable:
    """Classes, irreducible representations and characters of a finite point group.

    Attributes
    ----------
    name : Schoenflies symbol
    classes : (nclass,) of OperationClass, the identity first
    irreps : (nirrep,) of Irrep, the totally symmetric one first
    characters : (nirrep, nclass) real; of a conjugate pair the sum
    complex_characters : (nclass, nclass)   every complex representation, pairs beside each other
    complex_labels : (nclass,)
    """

    name: str
    classes: tuple[OperationClass, ...]
    irreps: tuple[Irrep, ...]
    characters: np.ndarray
    complex_characters: np.ndarray
    complex_labels: tuple[str, ...]

    @property
    def labels(self):
        return tuple(irrep.label for irrep in self.irreps)

    @property
    def sizes(self):
        """Number of operations in each class, (nclass,)."""
        return np.array([c.size for c in self.classes])

    @property
    def order(self):
        return int(self.sizes.sum())

    @property
    def class_of(self):
        """Index of the class of each operation, (order,)."""
        found = np.empty(self.order, dtype=int)
        for k, one in enumerate(self.classes):
            found[one.members] = k
        return found

    @property
    def projection(self):
        """What projects on each irreducible representation, (nirrep, order).

        P_i = sum_g projection[i, g] D(g),   d_i chi_i(g) / (norm_i order),   norm 2 for conjugate pairs
        """
        weights = [one.dimension / (2 if one.separable else 1) for one in self.irreps]
        return self.characters[:, self.class_of] * np.array(weights)[:, None] / self.order

    def character(self, label):
        """Characters of an irreducible representation, (nclass,).

        Raises
        ------
        InputError
            the group has none of that name
        """
        if label not in self.labels:
            raise InputError(f"{self.name} has no representation {label!r}; it has {', '.join(self.labels)}")
        return self.characters[self.labels.index(label)]

    def reduce(self, characters):
        """How often each irreducible representation occurs, {label: count} without zeros.

            n_i = sum_c |c| chi_i(c) chi(c) / (order norm_i),   norm 2 for conjugate pairs

        Parameters
        ----------
        characters : (nclass,) real

        Raises
        ------
        InputError
            they are not the characters of a representation over the real numbers
        """
        norms = np.array([2 if irrep.separable else 1 for irrep in self.irreps])
        counts = self.characters @ (self.sizes * characters) / (self.order * norms)
        if np.abs(counts - np.round(counts)).max() > WHOLE or counts.min() < -WHOLE:
            raise InputError(f"these are no characters of a representation of {self.name}")
        return {label: int(n) for label, n in zip(self.labels, np.round(counts), strict=True) if n}

    def product(self, *labels):
        """Irreducible representations in a direct product, as `reduce`."""
        return self.reduce(np.prod([self.character(label) for label in labels], axis=0))

    def symmetric_square(self, label):
        """[chi^2](g) = (chi(g)^2 + chi(g^2)) / 2, as `reduce`."""
        return self.reduce(self._square(label, 1))

    def antisymmetric_square(self, label):
        """{chi^2}(g) = (chi(g)^2 - chi(g^2)) / 2, as `reduce`."""
        return self.reduce(self._square(label, -1))

    def _square(self, label, sign):
        chi = self.character(label)
        of_squares = chi[[c.square for c in self.classes]]
        return (chi**2 + sign * of_squares) / 2


def character_table(name):
    """The character table of a finite point group.

    Parameters
    ----------
    name : Schoenflies symbol such as C2v, D5h, S4, Td or Ih

    Returns
    -------
    CharacterTable

    Raises
    ------
    InputError
        the symbol is unknown, or the group is continuous
    """
    matrices = group_matrices(name)
    found = representations(name)
    each = np.stack([r.characters for r in found])
    classes = _classes(name, matrices)
    labels = mulliken_labels(name, matrices, each, [r.parity for r in found], [r.name for r in found])
    first = [k for k, r in enumerate(found) if not r.name.endswith("-")]
    first.sort(key=lambda k: printed_order(labels[k]))
    pair = np.array([2 if found[k].name.endswith("+") else 1 for k in first])
    real = each[first].real * pair[:, None]
    heads = [c.members[0] for c in classes]
    functions = symmetric_functions(matrices, real, pair)
    irreps = [
        Irrep(label=labels[k], dimension=round(chi[0]), separable=bool(twice == 2), functions=f)
        for k, chi, twice, f in zip(first, real, pair, functions, strict=True)
    ]
    return CharacterTable(
        name=name,
        classes=classes,
        irreps=tuple(irreps),
        characters=frozen_array(np.where(np.abs(real) < ZERO, 0.0, real)[:, heads]),
        complex_characters=each[:, heads],
        complex_labels=labels,
    )


def _classes(name, matrices):
    """Conjugacy classes, in the order of their first operations."""
    table = multiplication_table(matrices)
    order = len(table)
    inverse = np.argmax(table == 0, axis=1)
    conjugates = table[table, inverse[:, None]]  # [h, g] is h g h^-1
    home = conjugates.min(axis=0)
    heads = np.unique(home)
    squares = home[np.diag(table)]
    return tuple(
        OperationClass(
            label=class_label(name, matrices[np.flatnonzero(home == head)]),
            members=np.arange(order)[home == head],
            square=int(np.searchsorted(heads, squares[head])),
        )
        for head in heads
    )
