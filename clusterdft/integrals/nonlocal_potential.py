"""Matrix and gradient of the nonlocal pseudopotential, from projections of the orbitals onto spheres.

A normalised orbital at D from the ion, seen on the sphere of radius r about it, is a finite sum

    <Y_LM|phi>(r) = N_l 4 pi (2a)^-l sum_n F_L^(n)(r, D^2) A_n(D)
    F_L = exp(-a (r^2 + D^2)) (2 a r)^L i_L(z) / z^L,   z = 2 a r D,    F_L^(1) = -2a F_L + 2 a r F_(L+1)

with i_L the modified spherical Bessel functions of the first kind, so that every channel is a sum of squares
over radii and the matrix is one product. Nothing is divided by D: an orbital on the ion is no special case.
"""

import numpy as np
from numba import njit
from scipy.special import gamma

from clusterdft.errors import InputError
from clusterdft.integrals.projection_angular import angular_table
from clusterdft.integrals.radial_rule import radial_rule

FAST = {"reassoc", "contract", "arcp", "nsz"}
MEMORY = 4_000_000  # doubles in one block of projections
NEGLIGIBLE = 42.0  # exp(-42) = 6e-19
ASYMPTOTIC = 8.0  # above this z the upward recursion of i_L is safe, below the series is short


def nonlocal_matrix(shells, positions, pseudopotentials):
    """Matrix of the nonlocal part of all pseudopotentials.

        V_ab = sum_C sum_lm sum_c strength_c <a|f_c Y_lm> <f_c Y_lm|b>

    Parameters
    ----------
    shells : OrbitalShells, l = 0..2
    positions : (natom, 3) bohr
    pseudopotentials : natom instances of Pseudopotential, channels l = 0..3
    Returns
    -------
    (nao, nao) hartree, symmetric
    Raises
    ------
    InputError   orbitals beyond d, or too tight for the radial rule of a channel
    Notes   cost nao^2 natom per radius and component, about 1 ms for 8 atoms of 9 functions
    """
    nao = shells.nao
    matrix = np.zeros((nao, nao))
    for rule, centres in _blocks(shells, pseudopotentials):
        projected = _project_block(shells, positions, centres, rule)
        weighted = (projected * rule.strength).reshape(nao, -1)
        matrix += weighted @ projected.reshape(nao, -1).T
    return 0.5 * (matrix + matrix.T)


def nonlocal_gradient(shells, positions, pseudopotentials, dm):
    """Derivative of the nonlocal energy with respect to the positions.

        E = sum_ab dm_ab V_ab

    Parameters
    ----------
    dm : (nao, nao) symmetric total density matrix
    shells, positions, pseudopotentials : as in `nonlocal_matrix`
    Returns
    -------
    (natom, 3) hartree/bohr   as the basis functions of an atom move
    (natom, 3) hartree/bohr   as its pseudopotential moves; the gradient is the sum of both
    """
    nao, natom = shells.nao, len(positions)
    orbital_centres, operator_centres = np.zeros((natom, 3)), np.zeros((natom, 3))
    for rule, centres in _blocks(shells, pseudopotentials):
        projected = _project_block(shells, positions, centres, rule)
        weighted = ((2 * dm) @ projected.reshape(nao, -1)).reshape(projected.shape) * rule.strength
        if rule.columns is not None:
            weighted = weighted @ rule.columns.T
        vectors = positions[None, :, :] - positions[centres][:, None, :]
        table = angular_table(rule.l, int(shells.l.max()), gradient=True)
        _contract_gradient(
            _squares(vectors), table.evaluate(vectors), table.start, *_columns(shells), rule.l, rule.radii,
            centres, np.ascontiguousarray(weighted), orbital_centres, operator_centres,
        )  # fmt: skip
    return orbital_centres, operator_centres


def _blocks(shells, pseudopotentials):
    """(radial rule, atoms it acts on): one channel of one pseudopotential, in blocks that fit in memory."""
    if shells.l.max() > 2:
        raise InputError(
            f"orbitals of l = {shells.l.max()} are not supported; the basis may hold s, p and d shells"
        )
    exponents = tuple(sorted(set(shells.exponent.tolist())))
    atoms = {}
    for atom, pseudopotential in enumerate(pseudopotentials):
        atoms.setdefault(pseudopotential, []).append(atom)
    for pseudopotential, centres in atoms.items():
        for channel in pseudopotential.channels:
            rule = radial_rule(channel, exponents)
            size = max(1, MEMORY // (shells.nao * (2 * rule.l + 1) * rule.radii.size))
            for first in range(0, len(centres), size):
                yield rule, np.array(centres[first : first + size], np.int64)


def _project_block(shells, positions, centres, rule):
    """(nao, ncentre, 2L+1, ncolumn): <f_c Y_LM|phi> for each orbital and centre."""
    vectors = positions[None, :, :] - positions[centres][:, None, :]
    table = angular_table(rule.l, int(shells.l.max()), gradient=False)
    values = np.zeros((shells.nao, len(centres), 2 * rule.l + 1, rule.radii.size))
    _project(
        _squares(vectors), table.evaluate(vectors), table.start, *_columns(shells), rule.l, rule.radii, values
    )
    return values if rule.columns is None else values @ rule.columns


def _squares(vectors):
    return np.sum(vectors**2, axis=-1)


def _columns(shells):
    """atom, l, exponent, prefactor and offset of each shell, writable (the kernels have one signature)."""
    l, a = shells.l, shells.exponent  # noqa: E741
    norm = np.sqrt(2 * (2 * a) ** (l + 1.5) / gamma(l + 1.5))
    return shells.atom.copy(), l.copy(), a.copy(), 4 * np.pi * norm / (2 * a) ** l, shells.offset


@njit(cache=True, nogil=True, fastmath=FAST)
def _bessel_factors(bessel, prefactor, a, distance, top, radii):
    """bessel[L] = prefactor exp(-a (r^2 + D^2)) i_L(z) / z^L at all (ascending) radii, L = 0..top."""
    nr = radii.size
    split = 0
    while split < nr and 2 * a * distance * radii[split] < ASYMPTOTIC:
        split += 1
    low = max(top - 1, 0)  # small z: the series at the two highest L, then downward
    double_factorial = 1.0
    for j in range(1, top):
        double_factorial *= 2 * j + 1
    for j in range(low, top + 1):
        bessel[j, :split] = 1.0
        for k in range(30, 0, -1):
            term = 2 * (a * distance) ** 2 / (k * (2 * j + 2 * k + 1))
            for q in range(split):
                bessel[j, q] = 1.0 + bessel[j, q] * term * radii[q] * radii[q]
    for q in range(split):
        scale = prefactor * np.exp(-a * (radii[q] * radii[q] + distance * distance)) / double_factorial
        bessel[low, q] *= scale
        if top > 0:
            bessel[top, q] *= scale / (2 * top + 1)
    for j in range(top - 1, 0, -1):
        for q in range(split):
            z2 = (2 * a * distance * radii[q]) ** 2
            bessel[j - 1, q] = (2 * j + 1) * bessel[j, q] + z2 * bessel[j + 1, q]
    for q in range(split, nr):  # large z: closed form at L = 0 and 1, then upward
        z = 2 * a * distance * radii[q]
        scale = 0.5 * prefactor * np.exp(-a * (radii[q] - distance) ** 2)
        decay = np.exp(-2 * z)
        bessel[0, q] = scale * (1 - decay) / z
        if top > 0:
            bessel[1, q] = (scale * (1 + decay) - bessel[0, q]) / (z * z)
    for j in range(1, top):
        for q in range(split, nr):
            z = 2 * a * distance * radii[q]
            bessel[j + 1, q] = (bessel[j - 1, q] - (2 * j + 1) * bessel[j, q]) / (z * z)


@njit(cache=True, nogil=True, fastmath=FAST)
def _radial_factors(factor, bessel, prefactor, a, square, channel_l, order, radii):
    """factor[n] = prefactor F_L^(n) at all radii, n = 0..order; False where all of it is negligible."""
    distance = np.sqrt(square)
    nr = radii.size
    gap = max(distance - radii[nr - 1], 0.0)
    if a * gap * gap > NEGLIGIBLE:
        return False
    top = channel_l + order
    _bessel_factors(bessel, prefactor, a, distance, top, radii)
    for j in range(channel_l, top + 1):
        for q in range(nr):
            bessel[j, q] *= (2 * a * radii[q]) ** j
    for n in range(order + 1):
        for q in range(nr):
            factor[n, q] = bessel[channel_l, q]
        for j in range(channel_l, top - n):
            for q in range(nr):
                bessel[j, q] = 2 * a * (radii[q] * bessel[j + 1, q] - bessel[j, q])
    return True


@njit(cache=True, nogil=True, fastmath=FAST)
def _project(square, angular, start, atom, l, exponent, prefactor, offset, channel_l, radii, values):  # noqa: E741
    """values[orbital, centre, M, q] = <Y_LM|phi> at radius q about the centre; zero where negligible."""
    factor = np.empty((4, radii.size))
    bessel = np.empty((7, radii.size))
    for c in range(square.shape[0]):
        for s in range(atom.size):
            order = l[s]
            if not _radial_factors(
                factor, bessel, prefactor[s], exponent[s], square[c, atom[s]], channel_l, order, radii
            ):
                continue
            place = start[order]
            for n in range(order + 1):
                for big in range(2 * channel_l + 1):
                    for m in range(2 * order + 1):
                        weight = angular[c, atom[s], place]
                        place += 1
                        for q in range(radii.size):
                            values[offset[s] + m, c, big, q] += weight * factor[n, q]


@njit(cache=True, nogil=True, fastmath=FAST)
def _contract_gradient(
    square, angular, start, atom, l, exponent, prefactor, offset, channel_l, radii,  # noqa: E741
    centres, weighted, orbital_centres, operator_centres,
):  # fmt: skip
    """Add weighted * d<Y_LM|phi>/dD, summed over projections, to the orbital's atom, minus it to the ion."""
    factor = np.empty((4, radii.size))
    bessel = np.empty((7, radii.size))
    for c in range(square.shape[0]):
        for s in range(atom.size):
            order = l[s]
            if not _radial_factors(
                factor, bessel, prefactor[s], exponent[s], square[c, atom[s]], channel_l, order + 1, radii
            ):
                continue
            size = (2 * channel_l + 1) * (2 * order + 1)
            for big in range(2 * channel_l + 1):
                for m in range(2 * order + 1):
                    for n in range(order + 2):
                        total = 0.0
                        for q in range(radii.size):
                            total += factor[n, q] * weighted[offset[s] + m, c, big, q]
                        for k in range(3):
                            place = start[order] + (3 * n + k) * size + big * (2 * order + 1) + m
                            slope = total * angular[c, atom[s], place]
                            orbital_centres[atom[s], k] += slope
                            operator_centres[centres[c], k] -= slope
