"""Local Gaussians of the pseudopotential: V = sum_k C_k r^(2k) exp(-a r^2), written in Hermite Gaussians."""

import numpy as np

from clusterdft.integrals.coulomb import fit_gradient, fit_potential


def matrix(frame):
    """(nao, nao) hartree."""
    local = frame.local_gaussians
    if local is None:
        return np.zeros((frame.shells.nao, frame.shells.nao))
    return fit_potential(
        frame.pairs, local.coefficients[None], local.shells, frame.positions, operator="overlap"
    )[0]


def gradient(frame, dm):
    """Derivative of Tr(dm V): orbital centres, operator centres."""
    local = frame.local_gaussians
    if local is None:
        return np.zeros((2, frame.cluster.natom, 3))
    return fit_gradient(
        frame.pairs, dm[None], local.coefficients[None], local.shells, frame.positions, operator="overlap"
    )
