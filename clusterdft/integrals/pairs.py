"""Products of two orbital shells as Hermite Gaussians: the pair table of a geometry."""

from dataclasses import dataclass
from functools import lru_cache
from math import gamma, pi

import numpy as np
from numba import njit

from clusterdft.basis.shells import n_hermite
from clusterdft.errors import InputError
from clusterdft.integrals.hermite import hermite_index, sum_index

LMAX = 2  # highest angular momentum of an orbital shell

# real solid harmonics in libcint's order: (l, m-th function) -> [(powers of x, y, z, coefficient)]
_P = np.sqrt(3 / (4 * pi))
_D = np.sqrt(15 / (4 * pi))
_D0 = np.sqrt(5 / (16 * pi))
SOLID_HARMONICS = (
    (((0, 0, 0, np.sqrt(1 / (4 * pi))),),),
    (((1, 0, 0, _P),), ((0, 1, 0, _P),), ((0, 0, 1, _P),)),
    (
        ((1, 1, 0, _D),),
        ((0, 1, 1, _D),),
        ((0, 0, 2, 2 * _D0), (2, 0, 0, -_D0), (0, 2, 0, -_D0)),
        ((1, 0, 1, _D),),
        ((2, 0, 0, _D / 2), (0, 2, 0, -_D / 2)),
    ),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class PairTable:
    """Shell pairs of a geometry, sorted by l_a + l_b, and their Hermite expansions.

        phi_a phi_b = sum_t E_abt Lambda_t(p, P),   p = a + b,   P = (a A + b B) / p

    Attributes
    ----------
    shells : (npair, 8) int     atom, l, first function of A; the same of B; place in the flat Hermite
        density; place in `expansion`
    exponents : (npair, 2) bohr^-2     a and b
    separation : (npair, 3) bohr     A - B
    exponent, centre : (npair,) p and (npair, 3) P
    groups : tuple of (lmax, first pair, last pair + 1), one for each l_a + l_b
    expansion : flat; for each pair (functions of A x functions of B, n_hermite(l_a + l_b))
    nao, nhermite, natom : int     functions, length of a flat Hermite density, atoms
    """

    shells: np.ndarray
    exponents: np.ndarray
    separation: np.ndarray
    exponent: np.ndarray
    centre: np.ndarray
    groups: tuple
    expansion: np.ndarray
    nao: int
    nhermite: int
    natom: int


def make_pairs(shells, positions, cutoff=1e-12):
    """The pair table of a geometry.

    Parameters
    ----------
    shells : OrbitalShells, l <= 2
    positions : (natom, 3) bohr
    cutoff : pairs with exp(-a b / (a + b) |A - B|^2) below it are left out
    Returns
    -------
    PairTable
    Source  McMurchie and Davidson, J. Comput. Phys. 26, 218 (1978), eqs. (2.19)-(2.22)
    """
    positions = np.ascontiguousarray(positions, dtype=float)
    first, second = _shell_pairs(shells)
    separation = positions[shells.atom[first]] - positions[shells.atom[second]]
    a, b = shells.exponent[first], shells.exponent[second]
    kept = a * b / (a + b) * np.einsum("px,px->p", separation, separation) < -np.log(cutoff)
    first, second, separation, a, b = first[kept], second[kept], separation[kept], a[kept], b[kept]
    la, lb = shells.l[first], shells.l[second]
    centre = positions[shells.atom[second]] + (a / (a + b))[:, None] * separation
    nherm = n_hermite(la + lb)
    length = (2 * la + 1) * (2 * lb + 1) * nherm
    offset = shells.offset
    rows = np.column_stack(
        [shells.atom[first], la, offset[first], shells.atom[second], lb, offset[second], _starts(nherm), _starts(length)]
    )
    exponents = np.column_stack([a, b])
    expansion = np.zeros(int(length.sum()))
    _expansion_kernel(rows, exponents, separation, *_harmonic_terms(), _places(), expansion)
    degrees, starts = np.unique(la + lb, return_index=True)
    stops = [*starts[1:], first.size]
    return PairTable(
        shells=rows,
        exponents=exponents,
        separation=separation,
        exponent=a + b,
        centre=centre,
        groups=tuple((int(d), int(i), int(k)) for d, i, k in zip(degrees, starts, stops, strict=True)),
        expansion=expansion,
        nao=shells.nao,
        nhermite=int(nherm.sum()),
        natom=len(positions),
    )


def pair_density(pairs, dm):
    """Hermite density of a density matrix, both triangles of it.

        H_t = sum_ab dm_ab E_abt

    Parameters
    ----------
    pairs : PairTable
    dm : (nset, nao, nao)
    Returns
    -------
    (nset, nhermite)
    """
    dm = np.ascontiguousarray(dm)
    density = np.zeros((len(dm), pairs.nhermite))
    _density_kernel(pairs.shells, pairs.expansion, dm, density)
    return density


def pair_matrix(pairs, potential):
    """Matrix of a potential that is given by its Hermite moments at the pairs.

        V_ab = sum_t E_abt V_t

    Parameters
    ----------
    pairs : PairTable
    potential : (nset, nhermite)
    Returns
    -------
    (nset, nao, nao)
    """
    matrix = np.zeros((len(potential), pairs.nao, pairs.nao))
    _matrix_kernel(pairs.shells, pairs.expansion, np.ascontiguousarray(potential), matrix)
    return matrix


def pair_gradient(pairs, dm, density, potential):
    """Gradient of sum_ab dm_ab V_ab in motions of the orbital centres, at fixed sources of the potential.

        dV_ab/dA = a/p dV_ab/dP + dV_ab/dR,   dV_ab/dB = b/p dV_ab/dP - dV_ab/dR,   R = A - B

    Parameters
    ----------
    pairs : PairTable
    dm : (nset, nao, nao)
    density : (nset, nhermite)     its `pair_density`
    potential : list over pairs.groups of (nset, npair of the group, n_hermite(lmax + 1))
    Returns
    -------
    (natom, 3)
    """
    gradient = np.zeros((pairs.natom, 3))
    dm = np.ascontiguousarray(dm)
    for (lmax, start, stop), values in zip(pairs.groups, potential, strict=True):
        _gradient_kernel(
            pairs.shells[start:stop],
            pairs.exponents[start:stop],
            pairs.separation[start:stop],
            *_harmonic_terms(),
            _places(),
            dm,
            density,
            values,
            sum_index(1, lmax)[1:],
            gradient,
        )
    return gradient


def _starts(lengths):
    """Place of the first element of each of consecutive blocks."""
    return np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)


@lru_cache(maxsize=8)
def _shell_pairs(shells):
    """All pairs of shells with l_a >= l_b, sorted by l_a + l_b, then l_a."""
    if shells.l.max() > LMAX:
        raise InputError(f"an orbital shell has l = {shells.l.max()}; integrals go up to l = {LMAX} (d)")
    i, j = np.tril_indices(shells.l.size)
    swap = shells.l[i] < shells.l[j]
    first, second = np.where(swap, j, i), np.where(swap, i, j)
    order = np.lexsort((shells.l[first], shells.l[first] + shells.l[second]))
    return first[order], second[order]


@lru_cache(maxsize=1)
def _harmonic_terms():
    """Flat solid harmonics: first term of (l, m) (l, m) -> l^2 + m, powers and coefficients of the terms."""
    functions = [terms for degree in SOLID_HARMONICS for terms in degree]
    rows = [term for terms in functions for term in terms]
    first = np.cumsum([0] + [len(terms) for terms in functions]).astype(np.int64)
    return first, np.array([row[:3] for row in rows], np.int64), np.array([row[3] for row in rows])


@lru_cache(maxsize=1)
def _places():
    """(2 LMAX + 1,)*3 place of (t, u, v) among the Hermite Gaussians."""
    grid = np.stack(np.meshgrid(*[np.arange(2 * LMAX + 1)] * 3, indexing="ij"), axis=-1)
    return np.ascontiguousarray(hermite_index(grid))


_RADIAL_NORM = np.array([np.sqrt(2 / gamma(l + 1.5)) for l in range(LMAX + 1)])  # noqa: E741


@njit(cache=True, nogil=True)
def _axis_tables(la, lb, a, b, distance, e, d):
    """Expansion coefficients e[i, j, t] of x_A^i x_B^j along an axis and their derivatives d by A - B."""
    p = a + b
    e[:] = 0.0
    d[:] = 0.0
    e[0, 0, 0] = np.exp(-a * b / p * distance * distance)
    d[0, 0, 0] = -2.0 * a * b / p * distance * e[0, 0, 0]
    for i in range(la + 1):
        for j in range(lb + 1):
            if i + j == 0:
                continue
            up, side = (i - 1, j) if j == 0 else (i, j - 1)
            shift = -b / p if j == 0 else a / p  # P - A or P - B in units of A - B
            for t in range(i + j + 1):
                below = t > 0
                e[i, j, t] = shift * distance * e[up, side, t] + (t + 1) * e[up, side, t + 1]
                d[i, j, t] = shift * (distance * d[up, side, t] + e[up, side, t]) + (t + 1) * d[up, side, t + 1]
                if below:
                    e[i, j, t] += 0.5 / p * e[up, side, t - 1]
                    d[i, j, t] += 0.5 / p * d[up, side, t - 1]


@njit(cache=True, nogil=True)
def _fill_block(la, lb, first, powers, weights, scale, ex, ey, ez, places, nh, out, start):
    """Add the expansion of all products of a shell pair to out[start:]."""
    for m in range(la * la, (la + 1) * (la + 1)):
        for n in range(lb * lb, (lb + 1) * (lb + 1)):
            for k in range(first[m], first[m + 1]):
                for q in range(first[n], first[n + 1]):
                    w = scale * weights[k] * weights[q]
                    ax, ay, az = powers[k, 0], powers[k, 1], powers[k, 2]
                    bx, by, bz = powers[q, 0], powers[q, 1], powers[q, 2]
                    for t in range(ax + bx + 1):
                        for u in range(ay + by + 1):
                            f = w * ex[ax, bx, t] * ey[ay, by, u]
                            for v in range(az + bz + 1):
                                out[start + places[t, u, v]] += f * ez[az, bz, v]
            start += nh


@njit(cache=True, nogil=True)
def _scale(la, lb, a, b):
    """Norms of both shells times (pi/p)^(3/2), because Lambda carries unit charge."""
    norm_a = _RADIAL_NORM[la] * (2.0 * a) ** (0.5 * la + 0.75)
    norm_b = _RADIAL_NORM[lb] * (2.0 * b) ** (0.5 * lb + 0.75)
    return norm_a * norm_b * (np.pi / (a + b)) ** 1.5


@njit(cache=True, nogil=True)
def _expansion_kernel(shells, exponents, separation, first, powers, weights, places, expansion):
    e = np.zeros((3, LMAX + 1, LMAX + 1, 2 * LMAX + 2))
    d = np.zeros_like(e)
    for i in range(len(shells)):
        la, lb = shells[i, 1], shells[i, 4]
        a, b = exponents[i]
        for axis in range(3):
            _axis_tables(la, lb, a, b, separation[i, axis], e[axis], d[axis])
        nh = (la + lb + 1) * (la + lb + 2) * (la + lb + 3) // 6
        scale = _scale(la, lb, a, b)
        _fill_block(la, lb, first, powers, weights, scale, e[0], e[1], e[2], places, nh, expansion, shells[i, 7])


@njit(cache=True, nogil=True, fastmath=True)
def _density_kernel(shells, expansion, dm, density):
    for i in range(len(shells)):
        la, a0, lb, b0, h, k = shells[i, 1], shells[i, 2], shells[i, 4], shells[i, 5], shells[i, 6], shells[i, 7]
        nh = (la + lb + 1) * (la + lb + 2) * (la + lb + 3) // 6
        for s in range(len(dm)):
            place = k
            for a in range(a0, a0 + 2 * la + 1):
                for b in range(b0, b0 + 2 * lb + 1):
                    weight = dm[s, a, b] if a0 == b0 else dm[s, a, b] + dm[s, b, a]
                    for t in range(nh):
                        density[s, h + t] += weight * expansion[place + t]
                    place += nh


@njit(cache=True, nogil=True, fastmath=True)
def _matrix_kernel(shells, expansion, potential, matrix):
    for i in range(len(shells)):
        la, a0, lb, b0, h, k = shells[i, 1], shells[i, 2], shells[i, 4], shells[i, 5], shells[i, 6], shells[i, 7]
        nh = (la + lb + 1) * (la + lb + 2) * (la + lb + 3) // 6
        for s in range(len(matrix)):
            place = k
            for a in range(a0, a0 + 2 * la + 1):
                for b in range(b0, b0 + 2 * lb + 1):
                    value = 0.0
                    for t in range(nh):
                        value += potential[s, h + t] * expansion[place + t]
                    matrix[s, a, b] = value
                    matrix[s, b, a] = value
                    place += nh


@njit(cache=True, nogil=True)
def _gradient_kernel(
    shells, exponents, separation, first, powers, weights, places, dm, density, potential, raised, gradient
):
    e = np.zeros((3, LMAX + 1, LMAX + 1, 2 * LMAX + 2))
    d = np.zeros_like(e)
    nh = raised.shape[1]
    block = np.empty((2 * LMAX + 1) ** 2 * nh)
    for i in range(len(shells)):
        atom_a, la, a0, atom_b, lb, b0, h = shells[i, :7]
        a, b = exponents[i]
        for axis in range(3):
            total = 0.0
            for s in range(len(dm)):
                for t in range(nh):
                    total += density[s, h + t] * potential[s, i, raised[axis, t]]
            gradient[atom_a, axis] += a / (a + b) * total
            gradient[atom_b, axis] += b / (a + b) * total
        if atom_a == atom_b:
            continue
        for axis in range(3):
            _axis_tables(la, lb, a, b, separation[i, axis], e[axis], d[axis])
        scale = _scale(la, lb, a, b)
        for axis in range(3):
            block[:] = 0.0
            x, y, z = d[0] if axis == 0 else e[0], d[1] if axis == 1 else e[1], d[2] if axis == 2 else e[2]
            _fill_block(la, lb, first, powers, weights, scale, x, y, z, places, nh, block, 0)
            relative = _contract_block(dm, potential[:, i], block, a0, 2 * la + 1, b0, 2 * lb + 1, nh)
            gradient[atom_a, axis] += relative
            gradient[atom_b, axis] -= relative


@njit(cache=True, nogil=True, fastmath=True)
def _contract_block(dm, potential, block, a0, na, b0, nb, nh):
    """sum_sab (dm_sab + dm_sba) sum_t block_abt V_st for a pair of different shells."""
    total = 0.0
    place = 0
    for a in range(a0, a0 + na):
        for b in range(b0, b0 + nb):
            for s in range(len(dm)):
                value = 0.0
                for t in range(nh):
                    value += block[place + t] * potential[s, t]
                total += (dm[s, a, b] + dm[s, b, a]) * value
            place += nh
    return total
