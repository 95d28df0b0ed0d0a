"""Kinetic energy: T_ab = -1/2 <a| nabla^2 |b>."""

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.integrals.one_electron import kinetic, kinetic_gradient
from clusterdft.scf.setup import ScfSetup


def matrix(setup: ScfSetup) -> Floats:
    """(nao, nao) hartree."""
    return kinetic(setup.shells, setup.positions)


def gradient(setup: ScfSetup, dm: Floats) -> tuple[Floats, Floats]:
    """Derivative of Tr(dm T): orbital centres, and no operator centre."""
    orbital = kinetic_gradient(setup.shells, setup.positions, dm)
    return orbital, np.zeros_like(orbital)
