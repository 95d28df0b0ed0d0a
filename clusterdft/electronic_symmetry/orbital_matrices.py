"""Operations of a point group as matrices between the orbital basis functions."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from clusterdft.arrays import Floats, Ints
from clusterdft.basis.shells import OrbitalShells
from clusterdft.errors import InputError

Move: TypeAlias = Callable[[int, Floats], Floats]  # (operation, columns of coefficients) to their images

# symmetric matrices Q of unit norm, d_m(r) = r Q r up to a common factor: xy, yz, 3 z2 - r2, xz, x2 - y2
_D_FORMS = np.array(
    [
        [[0, 1, 0], [1, 0, 0], [0, 0, 0]],
        [[0, 0, 0], [0, 0, 1], [0, 1, 0]],
        np.diag([-1.0, -1.0, 2.0]) / np.sqrt(3),
        [[0, 0, 1], [0, 0, 0], [1, 0, 0]],
        np.diag([1.0, -1.0, 0.0]),
    ]
) / np.sqrt(2)


def shell_rotation(momentum: int, matrix: Floats) -> Floats:
    """How an orthogonal matrix mixes the functions of one shell.

        f_m(g^-1 r) = sum_n f_n(r) D_nm(g)

    Parameters
    ----------
    momentum : int
        l = 0, 1 or 2
    matrix : (3, 3)
        g

    Returns
    -------
    (2 l + 1, 2 l + 1)
        Orthogonal; functions in the order of OrbitalShells.

    Raises
    ------
    InputError
        A higher l.
    """
    if momentum == 0:
        return np.ones((1, 1))
    if momentum == 1:
        return np.array(matrix, dtype=float)
    if momentum == 2:
        mixed: Floats = np.einsum("nij,ik,mkl,jl->nm", _D_FORMS, matrix, _D_FORMS, matrix, optimize=True)
        return mixed
    raise InputError(f"shells of angular momentum {momentum} are not rotated; use a basis of s, p and d")


def shell_moves(shells: OrbitalShells, operations: Floats, permutations: Ints) -> Move:
    """A function that applies an operation to coefficients of basis functions.

        (g phi_Am)(r) = phi_Am(g^-1 r) = sum_n phi_{gA,n}(r) D_nm(g)

    Parameters
    ----------
    shells : OrbitalShells
        The same on atoms that are permuted.
    operations : (m, 3, 3)
    permutations : (m, natom)

    Returns
    -------
    function
        move(k, x) is D(g_k) x for x of (nao, n)

    Notes
    -----
    D(g) is orthogonal and an exact representation, also where the geometry has the symmetry only
    nearly
    """
    first = np.searchsorted(shells.atom, shells.atom)
    index_on_atom = np.arange(len(shells.atom)) - first
    start = np.searchsorted(shells.atom, np.arange(permutations.shape[1]))
    by_momentum = {int(momentum): np.flatnonzero(shells.l == momentum) for momentum in np.unique(shells.l)}

    def move(k: int, x: Floats) -> Floats:
        moved = np.empty_like(x)
        for momentum, members in by_momentum.items():
            functions = np.arange(2 * momentum + 1)
            images = start[permutations[k][shells.atom[members]]] + index_on_atom[members]
            turned = shell_rotation(momentum, operations[k]) @ x[shells.offset[members][:, None] + functions]
            moved[shells.offset[images][:, None] + functions] = turned
        return moved

    return move


def orthogonal_orbitals(mo_coeff: Floats, overlap: Floats) -> Floats:
    """Orbitals in symmetrically orthogonalised functions, on which operations act as D(g).

        A = S^(1/2) C,   A^T A = 1

    Parameters
    ----------
    mo_coeff : (..., nao, nmo)
    overlap : (nao, nao)
        S

    Returns
    -------
    (..., nao, nmo)

    Notes
    -----
    Of a geometry with noise these are the orbitals of the exactly symmetric one next to it; so
    D(g) needs no overlap matrix of its own.

    References
    ----------
    Lowdin, J. Chem. Phys. 18, 365 (1950)
    """
    values, vectors = np.linalg.eigh(overlap)
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    orthogonal: Floats = root @ mo_coeff
    return orthogonal
