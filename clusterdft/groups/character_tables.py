"""Character tables of the finite point groups, with products, powers, and functions of x, y, z."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from clusterdft.arrays import Floats, Ints, frozen_array
from clusterdft.errors import InputError
from clusterdft.groups.group_matrices import ROUNDING, group_matrices, multiplication_table
from clusterdft.groups.labels import class_label, mulliken_labels, printed_order
from clusterdft.groups.rotation_characters import representations
from clusterdft.groups.symmetric_functions import LINEAR, symmetric_functions

COUNT_TOLERANCE = 1e-6  # a multiplicity farther from a whole number is none


@dataclass(frozen=True, kw_only=True, eq=False)
class OperationClass:
    """A conjugacy class.

    Attributes
    ----------
    label : str
        Symbol of its operations, such as C3, C2', sigma_v.
    members : (size,)
        Indices of operations in `group_matrices(name)`.
    square : int
        Index of the class that holds the squares.
    """

    label: str
    members: Ints
    square: int

    @property
    def size(self) -> int:
        """Number of operations."""
        return len(self.members)


@dataclass(frozen=True, kw_only=True, eq=False)
class Irrep:
    """A real irreducible representation; a pair of complex conjugate ones counts as one E.

    Attributes
    ----------
    label : str
        Mulliken's.
    dimension : int
        1 to 5
    separable : bool
        Whether it is a conjugate pair, degenerate by time reversal only.
    functions : tuple of tuples of str
        Partners among x, y, z, Rx, Ry, Rz and the quadratic functions.
    """

    label: str
    dimension: int
    separable: bool
    functions: tuple[tuple[str, ...], ...]

    @property
    def is_infrared_active(self) -> bool:
        """Whether x, y or z is among its functions, so that its vibrations change the dipole moment."""
        return any(partner in LINEAR for partners in self.functions for partner in partners)

    @property
    def is_raman_active(self) -> bool:
        """Whether a quadratic function is among its own, so that its vibrations change the polarizability."""
        return any(
            partner not in LINEAR and not partner.startswith("R")
            for partners in self.functions
            for partner in partners
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class CharacterTable:
    """Classes, irreducible representations and characters of a finite point group.

    Attributes
    ----------
    name : str
        Schoenflies symbol.
    classes : (nclass,) of OperationClass
        The identity first.
    irreps : (nirrep,) of Irrep
        The totally symmetric one first.
    characters : (nirrep, nclass)
        Real; of a conjugate pair the sum.
    """

    name: str
    classes: tuple[OperationClass, ...]
    irreps: tuple[Irrep, ...]
    characters: Floats

    @property
    def labels(self) -> tuple[str, ...]:
        """Mulliken's labels, (nirrep,)."""
        return tuple(irrep.label for irrep in self.irreps)

    @property
    def sizes(self) -> Ints:
        """Number of operations in each class, (nclass,)."""
        return np.array([c.size for c in self.classes])

    @property
    def order(self) -> int:
        """Number of operations of the group."""
        return int(self.sizes.sum())

    @property
    def class_of(self) -> Ints:
        """Index of the class of each operation, (order,)."""
        home = np.empty(self.order, dtype=np.int64)
        for k, operations in enumerate(self.classes):
            home[operations.members] = k
        return home

    @property
    def projection(self) -> Floats:
        """What projects on each irreducible representation, (nirrep, order).

        P_i = sum_g projection[i, g] D(g),   d_i chi_i(g) / (norm_i order),   norm 2 for conjugate pairs
        """
        weights = [irrep.dimension / (2 if irrep.separable else 1) for irrep in self.irreps]
        projection: Floats = self.characters[:, self.class_of] * np.array(weights)[:, None] / self.order
        return projection

    def character(self, label: str) -> Floats:
        """Characters of an irreducible representation, (nclass,).

        Raises
        ------
        InputError
            The group has none of that name.
        """
        if label not in self.labels:
            raise InputError(f"{self.name} has no representation {label!r}; it has {', '.join(self.labels)}")
        row: Floats = self.characters[self.labels.index(label)]
        return row

    def reduce(self, characters: ArrayLike) -> dict[str, int]:
        """How often each irreducible representation occurs.

            n_i = sum_c |c| chi_i(c) chi(c) / (order norm_i),   norm 2 for conjugate pairs

        Parameters
        ----------
        characters : (nclass,)
            Real.

        Returns
        -------
        dict of {label: count}
            Without zeros.

        Raises
        ------
        InputError
            They are not the characters of a representation over the real numbers.
        """
        norms = np.array([2 if irrep.separable else 1 for irrep in self.irreps])
        counts = self.characters @ (self.sizes * np.asarray(characters)) / (self.order * norms)
        if np.abs(counts - np.round(counts)).max() > COUNT_TOLERANCE or counts.min() < -COUNT_TOLERANCE:
            raise InputError(f"these are no characters of a representation of {self.name}")
        return {label: int(n) for label, n in zip(self.labels, np.round(counts), strict=True) if n}

    def product(self, *labels: str) -> dict[str, int]:
        """Irreducible representations in a direct product, as `reduce`."""
        return self.reduce(np.prod([self.character(label) for label in labels], axis=0))

    def symmetric_square(self, label: str) -> dict[str, int]:
        """[chi^2](g) = (chi(g)^2 + chi(g^2)) / 2, as `reduce`."""
        chi = self.character(label)
        return self.reduce((chi**2 + chi[[c.square for c in self.classes]]) / 2)


def character_table(name: str) -> CharacterTable:
    """The character table of a finite point group.

    Parameters
    ----------
    name : str
        Schoenflies symbol such as C2v, D5h, S4, Td or Ih.

    Returns
    -------
    CharacterTable

    Raises
    ------
    InputError
        The symbol is unknown, or the group is continuous.
    """
    matrices = group_matrices(name)
    complex_ones = representations(name)
    classes = _classes(name, matrices)
    labels = mulliken_labels(name, matrices, complex_ones)
    first = [k for k, r in enumerate(complex_ones) if not r.name.endswith("-")]
    first.sort(key=lambda k: printed_order(labels[k]))
    norms = np.array([2 if complex_ones[k].name.endswith("+") else 1 for k in first])
    real = np.stack([complex_ones[k].characters.real for k in first]) * norms[:, None]
    functions = symmetric_functions(matrices, real, norms)
    irreps = [
        Irrep(label=labels[k], dimension=round(chi[0]), separable=bool(norm == 2), functions=f)
        for k, chi, norm, f in zip(first, real, norms, functions, strict=True)
    ]
    heads = [c.members[0] for c in classes]
    return CharacterTable(
        name=name,
        classes=classes,
        irreps=tuple(irreps),
        characters=frozen_array(np.where(np.abs(real) < ROUNDING, 0.0, real)[:, heads]),
    )


def _classes(name: str, matrices: Floats) -> tuple[OperationClass, ...]:
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
