"""Matrix and gradient of the nonlocal pseudopotential, from projections of the orbitals onto spheres.

A normalised orbital at D from the ion, seen on the sphere of radius r about it, is a finite sum

    <Y_LM|phi>(r) = N_l 4 pi (2a)^-l sum_n F_L^(n)(r, D^2) A_n(D)
    F_L = exp(-a (r^2 + D^2)) (2 a r)^L i_L(z) / z^L,   z = 2 a r D,    F_L^(1) = -2a F_L + 2 a r F_(L+1)

with i_L the modified spherical Bessel functions of the first kind, so that every channel is a sum of squares
over radii and the matrix is one product. Nothing is divided by D: an orbital on the ion is no special case.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import factorial, gamma, prod

import numpy as np

from clusterdft.arrays import Floats, Ints
from clusterdft.basis.shells import OrbitalShells
from clusterdft.errors import InputError
from clusterdft.integrals.radial_rule import RadialRule, radial_rule
from clusterdft.integrals.solid_harmonics import angular_table
from clusterdft.pseudo.potential import Pseudopotential

MOST_VALUES = 4_000_000  # in one block of projections
PROJECTION_EXPONENT = 42.0  # exp(-42) = 6e-19 is left out


def nonlocal_matrix(
    shells: OrbitalShells, positions: Floats, pseudopotentials: Sequence[Pseudopotential]
) -> Floats:
    """Matrix of the nonlocal part of all pseudopotentials.

        V_ab = sum_C sum_lm sum_c strength_c <a|f_c Y_lm> <f_c Y_lm|b>

    Parameters
    ----------
    shells : OrbitalShells
        l = 0 to 2.
    positions : (natom, 3) bohr
    pseudopotentials : (natom,) Pseudopotential
        With channels l = 0 to 3.

    Returns
    -------
    (nao, nao) hartree
        Symmetric.

    Raises
    ------
    InputError
        Orbitals beyond d, or too tight for the radial rule of a channel.

    Notes
    -----
    Cost nao^2 natom per radius and component, about 1 ms for 8 atoms of 9 functions
    """
    nao = shells.nao
    matrix = np.zeros((nao, nao))
    for rule, centres in _blocks(shells, pseudopotentials):
        projected = _project(_seen_from(shells, positions, centres, rule, gradient=False), shells, rule)
        weighted = (projected * rule.strength).reshape(nao, -1)
        matrix += weighted @ projected.reshape(nao, -1).T
    return 0.5 * (matrix + matrix.T)


def nonlocal_gradient(
    shells: OrbitalShells, positions: Floats, pseudopotentials: Sequence[Pseudopotential], dm: Floats
) -> tuple[Floats, Floats]:
    """Derivative of the nonlocal energy with respect to the positions.

        E = sum_ab dm_ab V_ab

    Parameters
    ----------
    shells, positions, pseudopotentials
        As in `nonlocal_matrix`.
    dm : (nao, nao)
        Total density matrix, symmetric.

    Returns
    -------
    orbital_centres : (natom, 3) hartree/bohr
        As the basis functions of an atom move.
    operator_centres : (natom, 3) hartree/bohr
        As its pseudopotential moves; the gradient is the sum of both.
    """
    nao, natom = shells.nao, len(positions)
    orbital_centres, operator_centres = np.zeros((natom, 3)), np.zeros((natom, 3))
    for rule, centres in _blocks(shells, pseudopotentials):
        seen = _seen_from(shells, positions, centres, rule, gradient=True)
        projected = _project(seen, shells, rule)
        weighted = ((2 * dm) @ projected.reshape(nao, -1)).reshape(projected.shape) * rule.strength
        if rule.columns is not None:
            weighted = weighted @ rule.columns.T
        slopes = _slopes(seen, shells, rule, weighted)
        np.add.at(orbital_centres, shells.atom, slopes.sum(axis=0))
        operator_centres[centres] -= slopes.sum(axis=1)
    return orbital_centres, operator_centres


def _blocks(
    shells: OrbitalShells, pseudopotentials: Sequence[Pseudopotential]
) -> Iterator[tuple[RadialRule, Ints]]:
    """(radial rule, atoms it acts on): one channel of one pseudopotential, in blocks that fit in memory."""
    if shells.l.max() > 2:
        raise InputError(
            f"orbitals of l = {shells.l.max()} are not supported; the basis may hold s, p and d shells"
        )
    exponents = tuple(sorted(set(shells.exponent.tolist())))
    atoms: dict[Pseudopotential, list[int]] = {}
    for atom, pseudopotential in enumerate(pseudopotentials):
        atoms.setdefault(pseudopotential, []).append(atom)
    for pseudopotential, centres in atoms.items():
        for channel in pseudopotential.channels:
            rule = radial_rule(channel, exponents)
            size = max(1, MOST_VALUES // (shells.nao * (2 * rule.l + 1) * rule.radii.size))
            for first in range(0, len(centres), size):
                yield rule, np.array(centres[first : first + size], np.int64)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Seen:
    """Shells seen from ions: `vectors` (ncentre, natom, 3) and radial factors (n, ncentre, nshell, nr)."""

    vectors: Floats
    radial: Floats


@lru_cache(maxsize=8)
def _momentum_groups(shells: OrbitalShells) -> tuple[list[tuple[int, Ints, Ints]], Floats]:
    """(l, shells, functions (nshell, 2l+1)) of each l, and 4 pi N_l (2a)^-l of all shells."""
    groups = []
    for l in np.unique(shells.l):  # noqa: E741
        rows = np.flatnonzero(shells.l == l)
        groups.append((int(l), rows, shells.offset[rows][:, None] + np.arange(2 * l + 1)))
    twice = 2 * shells.exponent
    gammas = np.array([gamma(l + 1.5) for l in shells.l])  # noqa: E741
    return groups, 4 * np.pi * np.sqrt(2 * twice ** (shells.l + 1.5) / gammas) / twice**shells.l


def _seen_from(
    shells: OrbitalShells, positions: Floats, centres: Ints, rule: RadialRule, *, gradient: bool
) -> _Seen:
    """Vectors and radial factors of all shells seen from the centres, for projections or their gradients."""
    vectors = positions[None, :, :] - positions[centres][:, None, :]
    distance = np.sqrt(np.sum(vectors**2, axis=-1))[:, shells.atom]
    order = int(shells.l.max()) + gradient
    gap = np.maximum(distance - rule.radii[-1], 0.0)
    near, shell = np.nonzero(shells.exponent * gap**2 < PROJECTION_EXPONENT)
    radial = np.zeros((order + 1, *distance.shape, rule.radii.size))
    radial[:, near, shell] = _radial_factors(
        distance[near, shell], _momentum_groups(shells)[1][shell], shells.exponent[shell], rule, order
    )
    return _Seen(vectors=vectors, radial=radial)


def _radial_factors(
    distance: Floats, prefactor: Floats, exponent: Floats, rule: RadialRule, order: int
) -> Floats:
    """(order + 1, npair, nr) prefactor F_L^(n) at all radii for pairs of a centre and a shell."""
    a, r, top = exponent[:, None], rule.radii, rule.l + order
    x = 2 * a * r
    bessel = _scaled_bessel(x * distance[:, None], top)
    scale = prefactor[:, None] * np.exp(-a * (r - distance[:, None]) ** 2)
    f = np.stack([scale * x**k * bessel[k] for k in range(rule.l, top + 1)])
    factors = [f[0]]
    while len(f) > 1:
        f = x * f[1:] - 2 * a * f[:-1]
        factors.append(f[0])
    return np.stack(factors)


def _scaled_bessel(z: Floats, top: int) -> Floats:
    """exp(-z) i_L(z) / z^L, L = 0..top, of an array of z >= 0."""
    bessel = np.empty((top + 1, *z.shape))
    limit = max(2.0, 2.0 * top - 4.0)  # above it the upward recursion is safe, below it the series is short
    small = z < limit
    bessel[:, small] = _downward(z[small], top, limit)
    bessel[:, ~small] = _upward(z[~small], top)
    return bessel


def _downward(z: Floats, top: int, limit: float) -> Floats:
    """From the ascending series of the two highest orders."""
    z2 = z * z
    coefficients = _series(top, int(4 + 3 * limit))
    series = np.zeros((len(coefficients[0]), z.size))
    for coefficient in coefficients:
        series *= z2
        series += coefficient
    values = list(np.exp(-z) * series)
    for j in range(top - 1, 0, -1):
        values.insert(0, (2 * j + 1) * values[0] + z2 * values[1])
    return np.array(values)


@lru_cache(maxsize=32)
def _series(top: int, nterm: int) -> Floats:
    """(nterm, norder, 1) coefficients of z^2k, highest first, in i_L(z) / z^L of the two highest orders."""
    orders = range(max(top - 1, 0), top + 1)
    return np.array(
        [
            [[0.5**k / (factorial(k) * prod(range(1, 2 * (j + k) + 2, 2)))] for j in orders]
            for k in range(nterm - 1, -1, -1)
        ]
    )


def _upward(z: Floats, top: int) -> Floats:
    """From the closed forms of L = 0 and 1."""
    inverse = 1 / (z * z)
    decay = np.exp(-2 * z)
    values = [0.5 * (1 - decay) / z]
    if top > 0:
        values.append((0.5 * (1 + decay) - values[0]) * inverse)
    for j in range(1, top):
        values.append((values[j - 1] - (2 * j + 1) * values[j]) * inverse)
    return np.array(values)


def _project(seen: _Seen, shells: OrbitalShells, rule: RadialRule) -> Floats:
    """(nao, ncentre, 2L+1, ncolumn): <f_c Y_LM|phi> for each orbital and centre."""
    ncentre, big = len(seen.vectors), 2 * rule.l + 1
    table = angular_table(rule.l, int(shells.l.max()), gradient=False)
    factors = table.evaluate(seen.vectors)
    values = np.empty((shells.nao, ncentre, big, rule.radii.size))
    for l, rows, functions in _momentum_groups(shells)[0]:  # noqa: E741
        shape = (l + 1, big, 2 * l + 1)
        angular = factors[:, :, table.start[l] : table.start[l] + prod(shape)][:, shells.atom[rows]]
        angular = angular.reshape(ncentre, rows.size, *shape).transpose(2, 1, 4, 0, 3)  # n s m c M
        radial = seen.radial[: l + 1, :, rows].transpose(0, 2, 1, 3)
        values[functions] = sum(
            angle[..., None] * part[:, None, :, None, :] for angle, part in zip(angular, radial, strict=True)
        )
    return values if rule.columns is None else values @ rule.columns


def _slopes(seen: _Seen, shells: OrbitalShells, rule: RadialRule, weighted: Floats) -> Floats:
    """(ncentre, nshell, 3) weighted * d<Y_LM|phi>/dD, summed over projections."""
    ncentre, big = len(seen.vectors), 2 * rule.l + 1
    table = angular_table(rule.l, int(shells.l.max()), gradient=True)
    factors = table.evaluate(seen.vectors)
    slopes = np.empty((ncentre, shells.l.size, 3))
    for l, rows, functions in _momentum_groups(shells)[0]:  # noqa: E741
        shape = (l + 2, 3, big * (2 * l + 1))
        angular = factors[:, :, table.start[l] : table.start[l] + prod(shape)][:, shells.atom[rows]]
        radial = seen.radial[: l + 2, :, rows].transpose(1, 2, 0, 3)  # c s n q
        own = weighted[functions].transpose(2, 0, 4, 3, 1)  # c s q M m
        total = radial @ own.reshape(ncentre, rows.size, rule.radii.size, -1)
        slopes[:, rows] = np.einsum("csnp,csnkp->csk", total, angular.reshape(ncentre, rows.size, *shape))
    return slopes
