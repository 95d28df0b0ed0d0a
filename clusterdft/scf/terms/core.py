"""Attraction by the erf cores, the potential of Gaussian charges.

V = -(Z/r) sum_i c_i erf(sqrt(alpha_i) r)
"""

from clusterdft.integrals.coulomb import fit_gradient, fit_potential


def matrix(frame):
    """(nao, nao) hartree."""
    core = frame.core_charges
    return fit_potential(frame.pairs, core.coefficients[None], core.shells, frame.positions)[0]


def gradient(frame, dm):
    """Derivative of Tr(dm V): orbital centres, operator centres."""
    core = frame.core_charges
    return fit_gradient(frame.pairs, dm[None], core.coefficients[None], core.shells, frame.positions)
