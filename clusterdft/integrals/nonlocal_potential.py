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
        seen = _orbitals_from(shells, positions, centres, rule, gradient=True)
        _contract_gradient(
            *seen, rule.l, centres, np.ascontiguousarray(weighted), orbital_centres, operator_centres
        )
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
    values = np.zeros((shells.nao, len(centres), 2 * rule.l + 1, rule.radii.size))
    _project(*_orbitals_from(shells, positions, centres, rule, gradient=False), rule.l, values)
    return values if rule.columns is None else values @ rule.columns


def _orbitals_from(shells, positions, centres, rule, *, gradient):
    """Radial and angular factors of all shells seen from the centres, and the shells' atom, l and offset."""
    l, a = shells.l.copy(), shells.exponent  # noqa: E741 - writable copies: the kernels have one signature
    atom = shells.atom.copy()
    prefactor = 4 * np.pi * np.sqrt(2 * (2 * a) ** (l + 1.5) / gamma(l + 1.5)) / (2 * a) ** l
    vectors = positions[None, :, :] - positions[centres][:, None, :]
    distance = np.sqrt(np.sum(vectors**2, axis=-1))[:, atom]
    radial = np.zeros((len(centres), l.size, int(l.max()) + 1 + gradient, rule.radii.size))
    _radial_factors(distance, prefactor, a.copy(), l + gradient, rule.l, rule.radii, radial)
    table = angular_table(rule.l, int(l.max()), gradient=gradient)
    return radial, table.evaluate(vectors), table.start, atom, l, shells.offset


@njit(cache=True, nogil=True, fastmath=FAST)
def _series(series, slope, radii, top):
    """series[L] = (2L+1)!! i_L(z) / z^L, two highest L, at radii of small z = slope r; their number."""
    below = 0
    while below < radii.size and slope * radii[below] < ASYMPTOTIC:
        below += 1
    for j in range(max(top - 1, 0), top + 1):
        for q in range(below):
            series[j, q] = 1.0
        for k in range(30, 0, -1):
            factor = 0.5 * slope * slope / (k * (2 * j + 2 * k + 1))
            for q in range(below):
                series[j, q] = 1.0 + series[j, q] * factor * radii[q] * radii[q]
    return below


@njit(cache=True, nogil=True, fastmath=FAST)
def _bessel_factors(g, series, q, below, prefactor, a, d, r, top):
    """g[L] = prefactor exp(-a (r^2 + D^2)) (2 a r)^L i_L(z) / z^L, L = 0..top."""
    x = 2 * a * r
    z2 = (x * d) ** 2
    if q < below:  # downward from the series
        odd = 1.0
        for j in range(1, top):
            odd *= 2 * j + 1
        scale = prefactor * np.exp(-a * (r * r + d * d)) / odd
        g[top] = scale * series[top, q] / (2 * top + 1)
        if top > 0:
            g[top - 1] = scale * series[top - 1, q]
        for j in range(top - 1, 0, -1):
            g[j - 1] = (2 * j + 1) * g[j] + z2 * g[j + 1]
    else:  # upward from the closed forms at L = 0 and 1
        scale = 0.5 * prefactor * np.exp(-a * (r - d) ** 2)
        decay = np.exp(-2 * x * d)
        g[0] = scale * (1 - decay) / (x * d)
        if top > 0:
            g[1] = (scale * (1 + decay) - g[0]) / z2
        for j in range(1, top):
            g[j + 1] = (g[j - 1] - (2 * j + 1) * g[j]) / z2
    power = 1.0
    for j in range(top + 1):
        g[j] *= power
        power *= x


@njit(cache=True, nogil=True, fastmath=FAST)
def _radial_factors(distance, prefactor, exponent, order, channel_l, radii, radial):
    """radial[centre, shell, n] = prefactor F_L^(n) at all radii, n = 0..order; untouched where negligible."""
    series = np.empty((channel_l + radial.shape[2], radii.size))
    g = np.empty(channel_l + radial.shape[2])
    for c in range(distance.shape[0]):
        for s in range(exponent.size):
            a, d = exponent[s], distance[c, s]
            if a * max(d - radii[-1], 0.0) ** 2 > NEGLIGIBLE:
                continue
            top = channel_l + order[s]
            below = _series(series, 2 * a * d, radii, top)
            for q in range(radii.size):
                r = radii[q]
                _bessel_factors(g, series, q, below, prefactor[s], a, d, r, top)
                for n in range(order[s] + 1):
                    radial[c, s, n, q] = g[channel_l]
                    for j in range(channel_l, top - n):
                        g[j] = 2 * a * (r * g[j + 1] - g[j])


@njit(cache=True, nogil=True, fastmath=FAST)
def _project(radial, angular, start, atom, l, offset, channel_l, values):  # noqa: E741
    """values[orbital, centre, M, q] += <Y_LM|phi> at radius q about the centre."""
    for c in range(radial.shape[0]):
        for s in range(atom.size):
            place = start[l[s]]
            for n in range(l[s] + 1):
                for big in range(2 * channel_l + 1):
                    for m in range(2 * l[s] + 1):
                        weight = angular[c, atom[s], place]
                        place += 1
                        for q in range(radial.shape[3]):
                            values[offset[s] + m, c, big, q] += weight * radial[c, s, n, q]


@njit(cache=True, nogil=True, fastmath=FAST)
def _contract_gradient(
    radial, angular, start, atom, l, offset, channel_l,  # noqa: E741
    centres, weighted, orbital_centres, operator_centres,
):  # fmt: skip
    """Add weighted * d<Y_LM|phi>/dD, summed over projections, to the orbital's atom, minus it to the ion."""
    for c in range(radial.shape[0]):
        for s in range(atom.size):
            size = (2 * channel_l + 1) * (2 * l[s] + 1)
            for n in range(l[s] + 2):
                for part in range(size):
                    big, m = divmod(part, 2 * l[s] + 1)
                    total = 0.0
                    for q in range(radial.shape[3]):
                        total += radial[c, s, n, q] * weighted[offset[s] + m, c, big, q]
                    for k in range(3):
                        slope = total * angular[c, atom[s], start[l[s]] + (3 * n + k) * size + part]
                        orbital_centres[atom[s], k] += slope
                        operator_centres[centres[c], k] -= slope
