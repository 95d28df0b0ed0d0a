"""Semilocal and separable channels: V = sum_lm |Y_lm> U_l <Y_lm|, or |p_i Y_lm> h_ij <p_j Y_lm|."""

from clusterdft.integrals.nonlocal_potential import nonlocal_gradient, nonlocal_matrix


def matrix(frame):
    """(nao, nao) hartree."""
    return nonlocal_matrix(frame.shells, frame.positions, frame.pseudopotentials)


def gradient(frame, dm):
    """Derivative of Tr(dm V): orbital centres, operator centres."""
    return nonlocal_gradient(frame.shells, frame.positions, frame.pseudopotentials, dm)
