"""Attraction by the erf cores, the potential of Gaussian charges.

V = -(Z/r) sum_i c_i erf(sqrt(alpha_i) r)
"""

from clusterdft.arrays import Floats
from clusterdft.integrals.coulomb import fit_gradient, fit_potential
from clusterdft.scf.setup import ScfSetup


def matrix(setup: ScfSetup) -> Floats:
    """(nao, nao) hartree."""
    core = setup.core_charges
    v: Floats = fit_potential(setup.pairs, core.coefficients[None], core.shells, setup.positions)[0]
    return v


def gradient(setup: ScfSetup, dm: Floats) -> tuple[Floats, Floats]:
    """Derivative of Tr(dm V): orbital centres, operator centres."""
    core = setup.core_charges
    return fit_gradient(setup.pairs, dm[None], core.coefficients[None], core.shells, setup.positions)
