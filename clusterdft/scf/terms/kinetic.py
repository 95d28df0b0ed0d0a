"""Kinetic energy: T_ab = -1/2 <a| nabla^2 |b>."""

import numpy as np

from clusterdft.integrals.one_electron import kinetic, kinetic_gradient


def matrix(setup):
    """(nao, nao) hartree."""
    return kinetic(setup.shells, setup.positions)


def gradient(setup, dm):
    """Derivative of Tr(dm T): orbital centres, and no operator centre."""
    orbital = kinetic_gradient(setup.shells, setup.positions, dm)
    return orbital, np.zeros_like(orbital)
