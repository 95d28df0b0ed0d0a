"""Hermite fitting functions through libcint's Cartesian shells: the oracle of the fitted-Coulomb tests."""

import numpy as np
from pyscf.gto import cart2sph
from pyscf.gto.moleintor import getints
from scipy.linalg import block_diag

from clusterdft.basis.shells import hermite_powers, n_hermite

FIRST = 20  # libcint reserves the first slots of env


def cartesian_tables(rows):
    """atm, bas, env for rows (position, l, exponent, coefficient), each shell on its own atom."""
    atm, bas, env = np.zeros((len(rows), 6), np.int32), np.zeros((len(rows), 8), np.int32), [0.0] * FIRST
    for k, (position, momentum, exponent, coefficient) in enumerate(rows):
        atm[k, 1] = len(env)
        bas[k] = [k, momentum, 1, 1, 0, len(env) + 3, len(env) + 4, 0]
        env += [*position, exponent, coefficient]
    return atm, bas, np.array(env)


def hermite_from_cartesian(fit):
    """(naux, ncartesian) fitting functions in monomials times Gaussians, shells of l = 0..lmax in turn."""
    blocks = []
    for lmax, a in zip(fit.lmax, fit.exponent, strict=True):
        powers = hermite_powers(int(lmax))
        block = np.zeros((n_hermite(int(lmax)),) * 2)
        for row, power in enumerate(powers):
            axes = [np.polynomial.hermite.herm2poly(np.eye(1, t + 1, t)[0]) for t in power]
            for t in np.ndindex(*(power + 1)):
                column = int(np.flatnonzero((powers == t).all(axis=1))[0])
                value = np.prod([axes[k][t[k]] * a ** ((power[k] + t[k]) / 2) for k in range(3)])
                block[row, column] = value * (a / np.pi) ** 1.5
        block[:, 0] /= np.sqrt(1 / (4 * np.pi))  # libcint's factors of s and p
        block[:, 1:4] /= np.sqrt(3 / (4 * np.pi))
        blocks.append(block)
    return block_diag(*blocks)


def fit_rows(fit, positions):
    return [
        (positions[atom], momentum, a, 1.0)
        for atom, lmax, a in zip(fit.atom, fit.lmax, fit.exponent, strict=True)
        for momentum in range(lmax + 1)
    ]


def three_index(name, shells, fit, positions, fit_positions):
    """(nao, nao, naux) (ab|k), from int3c2e or int3c1e."""
    from pyscf.gto import gto_norm

    orbital = [
        (positions[atom], momentum, a, gto_norm(momentum, a))
        for atom, momentum, a in zip(shells.atom, shells.l, shells.exponent, strict=True)
    ]
    rows = orbital + fit_rows(fit, fit_positions)
    n, m = len(orbital), len(rows)
    values = getints(f"{name}_cart", *cartesian_tables(rows), shls_slice=(0, n, 0, n, n, m))
    spherical = block_diag(*[cart2sph(int(momentum), normalized="sp") for momentum in shells.l])
    return np.einsum(
        "ijk,ia,jb,lk->abl", values, spherical, spherical, hermite_from_cartesian(fit), optimize=True
    )


def two_index(name, fit, positions):
    """(naux, naux) (k|l), from int2c2e or int1e_ovlp."""
    change = hermite_from_cartesian(fit)
    return change @ getints(f"{name}_cart", *cartesian_tables(fit_rows(fit, positions))) @ change.T
