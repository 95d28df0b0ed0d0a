"""Local Gaussians of the pseudopotential: V = sum_k C_k r^(2k) exp(-a r^2), written in Hermite Gaussians."""

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.integrals.coulomb import fit_gradient, fit_potential
from clusterdft.scf.setup import ScfSetup


def matrix(setup: ScfSetup) -> Floats:
    """(nao, nao) hartree."""
    local = setup.local_gaussians
    if local is None:
        return np.zeros((setup.shells.nao, setup.shells.nao))
    v: Floats = fit_potential(
        setup.pairs, local.coefficients[None], local.shells, setup.positions, operator="overlap"
    )[0]
    return v


def gradient(setup: ScfSetup, dm: Floats) -> tuple[Floats, Floats]:
    """Derivative of Tr(dm V): orbital centres, operator centres."""
    local = setup.local_gaussians
    if local is None:
        return np.zeros_like(setup.positions), np.zeros_like(setup.positions)
    return fit_gradient(
        setup.pairs, dm[None], local.coefficients[None], local.shells, setup.positions, operator="overlap"
    )
