"""Products of two orbital shells as Hermite Gaussians: the pair table of a geometry."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numba import njit
from numpy.typing import ArrayLike

from clusterdft.arrays import Floats, Ints
from clusterdft.basis.shells import OrbitalShells, n_hermite
from clusterdft.errors import InputError
from clusterdft.integrals.expansion import LMAX, axis_coefficients, product_expansion
from clusterdft.integrals.interaction import Distribution, target_gradient


@dataclass(frozen=True, kw_only=True, eq=False)
class PairClass:
    """The shell pairs of one (l_a, l_b), l_a >= l_b, and their Hermite expansions.

        phi_a phi_b = sum_t E_abt Lambda_t(p, P),   p = a + b,   P = (a A + b B) / p

    Attributes
    ----------
    la, lb : int
    atoms : (npair, 2) int
        Of A and B.
    functions : (npair, 2) int
        First orbital of each shell.
    a, b : (npair,) bohr^-2
    separation : (npair, 3) bohr
        A - B.
    exponent : (npair,) bohr^-2
        p.
    centre : (npair, 3) bohr
        P.
    expansion : (npair, functions of A x functions of B, n_hermite(la + lb))
    """

    la: int
    lb: int
    atoms: Ints
    functions: Ints
    a: Floats
    b: Floats
    separation: Floats
    exponent: Floats
    centre: Floats
    expansion: Floats

    @property
    def nfunction(self) -> int:
        """Number of Hermite functions of all pairs."""
        return self.exponent.size * n_hermite(self.la + self.lb)

    @cached_property
    def slope(self) -> Floats:
        """Derivative of the expansion by A - B, (3, npair, functions of A x functions of B, n_hermite)."""
        e, d = axis_coefficients(self.la, self.lb, self.a, self.b, self.separation)
        axes = [[d[k] if k == axis else e[k] for k in range(3)] for axis in range(3)]
        return np.stack([product_expansion(self.la, self.lb, self.a, self.b, *line) for line in axes])


@dataclass(frozen=True, kw_only=True, eq=False)
class PairTable:
    """All pairs of shells of a geometry.

    Attributes
    ----------
    classes : tuple of PairClass
    nao, natom : int
    """

    classes: tuple[PairClass, ...]
    nao: int
    natom: int

    @cached_property
    def distribution(self) -> Distribution:
        """The Hermite Gaussians of all pairs, a group for each class."""
        return Distribution(
            lmax=tuple(c.la + c.lb for c in self.classes),
            count=tuple(c.exponent.size for c in self.classes),
            exponent=np.concatenate([c.exponent for c in self.classes]),
            centre=np.concatenate([c.centre for c in self.classes]),
        )


def make_pairs(shells: OrbitalShells, positions: ArrayLike, cutoff: float = 1e-12) -> PairTable:
    """The pair table of a geometry.

    Parameters
    ----------
    shells : OrbitalShells
        l <= 2.
    positions : (natom, 3) bohr
    cutoff : float
        Pairs with exp(-a b / (a + b) |A - B|^2) below it are left out.

    Returns
    -------
    PairTable

    Raises
    ------
    InputError
        When a shell has l > 2.
    """
    centres = np.asarray(positions, dtype=float)
    classes = (_pair_class(*kind, shells, centres, cutoff) for kind in _shell_pairs(shells))
    return PairTable(classes=tuple(c for c in classes if c is not None), nao=shells.nao, natom=len(centres))


def pair_density(pairs: PairTable, dm: Floats) -> Floats:
    """Hermite density of a density matrix, both triangles of it.

        H_t = sum_ab dm_ab E_abt

    Parameters
    ----------
    pairs : PairTable
    dm : (nset, nao, nao)

    Returns
    -------
    (nset, nfunction of pairs.distribution)
    """
    dm = np.require(dm, float, ["C", "W"])  # one signature, one compilation, also for read-only arrays
    density = np.zeros((len(dm), pairs.distribution.nfunction))
    first = 0
    for c in pairs.classes:
        density_kernel(c.functions, 2 * c.lb + 1, c.expansion, dm, density, first)
        first += c.nfunction
    return density


def pair_matrix(pairs: PairTable, potential: Floats) -> Floats:
    """Matrix of a potential that is given by its Hermite moments at the pairs.

        V_ab = sum_t E_abt V_t

    Parameters
    ----------
    pairs : PairTable
    potential : (nset, nfunction of pairs.distribution)

    Returns
    -------
    (nset, nao, nao)
    """
    matrix = np.zeros((len(potential), pairs.nao, pairs.nao))
    first = 0
    for c in pairs.classes:
        matrix_kernel(c.functions, 2 * c.lb + 1, c.expansion, potential, first, matrix)
        first += c.nfunction
    return matrix


def pair_gradient(pairs: PairTable, dm: Floats, density: Floats, potential: Floats) -> Floats:
    """Gradient of sum_ab dm_ab V_ab when the orbital centres move and the sources of the potential do not.

        dV_ab/dA = a/p dV_ab/dP + dV_ab/dR,   dV_ab/dB = b/p dV_ab/dP - dV_ab/dR,   R = A - B

    Parameters
    ----------
    pairs : PairTable
    dm : (nset, nao, nao)
    density : (nset, nfunction of pairs.distribution)
        The `pair_density` of dm.
    potential : (nset, nfunction of pairs.distribution.raised())

    Returns
    -------
    (natom, 3)
    """
    gradient = np.zeros((pairs.natom, 3))
    own_parts = pairs.distribution.split(density)
    parts = pairs.distribution.raised().split(potential)
    for c, own, values in zip(pairs.classes, own_parts, parts, strict=True):
        total = target_gradient(own, values, c.la + c.lb)
        relative = np.einsum("iwt,xiwt->ix", _weigh_expansion(c, dm, values), c.slope)
        np.add.at(gradient, c.atoms[:, 0], (c.a / c.exponent)[:, None] * total + relative)
        np.add.at(gradient, c.atoms[:, 1], (c.b / c.exponent)[:, None] * total - relative)
    return gradient


def _weigh_expansion(c: PairClass, dm: Floats, potential: Floats) -> Floats:
    """(npair, na nb, n_hermite) derivative of the energy by the expansion coefficients."""
    i = (c.functions[:, :1] + np.arange(2 * c.la + 1))[:, :, None]
    j = (c.functions[:, 1:] + np.arange(2 * c.lb + 1))[:, None, :]
    weights = (dm[:, i, j] + dm[:, j, i]).reshape(len(dm), c.exponent.size, -1)
    nh = n_hermite(c.la + c.lb)
    terms = (w[:, :, None] * v[:, None, :nh] for w, v in zip(weights, potential, strict=True))
    total: Floats = sum(terms, start=np.zeros(()))
    return total


@lru_cache(maxsize=8)
def _shell_pairs(shells: OrbitalShells) -> tuple[tuple[int, int, Ints, Ints], ...]:
    """(l_a, l_b, first shells, second shells) of all pairs with l_a >= l_b, class by class."""
    if shells.l.max() > LMAX:
        raise InputError(f"an orbital shell has l = {shells.l.max()}; integrals go up to l = {LMAX} (d)")
    i, j = np.tril_indices(shells.l.size)
    swap = shells.l[i] < shells.l[j]
    first, second = np.where(swap, j, i), np.where(swap, i, j)
    kind = shells.l[first] * (LMAX + 1) + shells.l[second]
    return tuple((*divmod(int(k), LMAX + 1), first[kind == k], second[kind == k]) for k in np.unique(kind))


def _pair_class(
    la: int,
    lb: int,
    first: Ints,
    second: Ints,
    shells: OrbitalShells,
    positions: Floats,
    cutoff: float,
) -> PairClass | None:
    """The `PairClass`, or None when all its pairs are negligible."""
    atoms = np.column_stack([shells.atom[first], shells.atom[second]])
    separation = positions[atoms[:, 0]] - positions[atoms[:, 1]]
    a, b = shells.exponent[first], shells.exponent[second]
    kept = a * b / (a + b) * np.einsum("ix,ix->i", separation, separation) < -np.log(cutoff)
    if not kept.any():
        return None
    first, second, atoms = first[kept], second[kept], atoms[kept]
    separation, a, b = separation[kept], a[kept], b[kept]
    offset = shells.offset
    return PairClass(
        la=la,
        lb=lb,
        atoms=atoms,
        functions=np.column_stack([offset[first], offset[second]]),
        a=a,
        b=b,
        separation=separation,
        exponent=a + b,
        centre=positions[atoms[:, 1]] + (a / (a + b))[:, None] * separation,
        expansion=product_expansion(la, lb, a, b, *axis_coefficients(la, lb, a, b, separation)[0]),
    )


@njit(cache=True, nogil=True, no_cfunc_wrapper=True, fastmath=True)
def density_kernel(
    functions: Ints, nb: int, expansion: Floats, dm: Floats, density: Floats, first: int
) -> None:
    """density[s, first + ...] += E_abt dm_ab of one class of pairs, both triangles."""
    npair, nrow, nh = expansion.shape
    for s in range(len(dm)):
        for i in range(npair):
            a0, b0 = functions[i, 0], functions[i, 1]
            for row in range(nrow):
                a, b = a0 + row // nb, b0 + row % nb
                weight = dm[s, a, b] if a0 == b0 else dm[s, a, b] + dm[s, b, a]
                for t in range(nh):
                    density[s, first + i * nh + t] += weight * expansion[i, row, t]


@njit(cache=True, nogil=True, no_cfunc_wrapper=True, fastmath=True)
def matrix_kernel(
    functions: Ints, nb: int, expansion: Floats, potential: Floats, first: int, matrix: Floats
) -> None:
    """matrix_ab = matrix_ba = sum_t E_abt potential[s, first + ...] of one class of pairs."""
    npair, nrow, nh = expansion.shape
    for s in range(len(matrix)):
        for i in range(npair):
            for row in range(nrow):
                a, b = functions[i, 0] + row // nb, functions[i, 1] + row % nb
                value = 0.0
                for t in range(nh):
                    value += potential[s, first + i * nh + t] * expansion[i, row, t]
                matrix[s, a, b] = value
                matrix[s, b, a] = value
