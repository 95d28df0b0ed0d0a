"""Kinetic energy: T_ab = -1/2 <a| nabla^2 |b>."""

import numpy as np

from clusterdft.integrals.one_electron import kinetic, kinetic_gradient


def matrix(frame):
    """(nao, nao) hartree."""
    return kinetic(frame.shells, frame.positions)


def gradient(frame, dm):
    """Derivative of Tr(dm T): orbital centres, and no operator centre."""
    orbital = kinetic_gradient(frame.shells, frame.positions, dm)
    return orbital, np.zeros_like(orbital)
