"""Local Gaussians of the pseudopotential: V = sum_k C_k r^(2k) exp(-a r^2), written in Hermite Gaussians."""

import numpy as np

from clusterdft.integrals.coulomb import fit_gradient, fit_potential


def matrix(setup):
    """(nao, nao) hartree."""
    local = setup.local_gaussians
    if local is None:
        return np.zeros((setup.shells.nao, setup.shells.nao))
    return fit_potential(
        setup.pairs, local.coefficients[None], local.shells, setup.positions, operator="overlap"
    )[0]


def gradient(setup, dm):
    """Derivative of Tr(dm V): orbital centres, operator centres."""
    local = setup.local_gaussians
    if local is None:
        return np.zeros((2, setup.cluster.natom, 3))
    return fit_gradient(
        setup.pairs, dm[None], local.coefficients[None], local.shells, setup.positions, operator="overlap"
    )
