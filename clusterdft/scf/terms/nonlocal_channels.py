"""Semilocal and separable channels: V = sum_lm |Y_lm> U_l <Y_lm|, or |p_i Y_lm> h_ij <p_j Y_lm|."""

from clusterdft.arrays import Floats
from clusterdft.integrals.nonlocal_potential import nonlocal_gradient, nonlocal_matrix
from clusterdft.scf.setup import ScfSetup


def matrix(setup: ScfSetup) -> Floats:
    """(nao, nao) hartree."""
    return nonlocal_matrix(setup.shells, setup.positions, setup.pseudopotentials)


def gradient(setup: ScfSetup, dm: Floats) -> tuple[Floats, Floats]:
    """Derivative of Tr(dm V): orbital centres, operator centres."""
    return nonlocal_gradient(setup.shells, setup.positions, setup.pseudopotentials, dm)
