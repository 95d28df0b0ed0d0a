"""A static homogeneous electric field F, whose potential is zero at the centre c of the ionic charges.

    E = F.sum_i (r_i - c) - F.sum_A Z_A (R_A - c) = F.Tr[dm (r - c)],   c = sum_A Z_A R_A / sum_A Z_A

The ions' part is zero by the choice of c. Electrons have the charge -1. The energy of a charged cluster
depends on where the potential is zero; with c it does not change when the cluster is shifted, so that the
force Q F on the cluster as a whole is left out.
"""

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.integrals.one_electron import dipole, dipole_gradient
from clusterdft.scf.setup import ScfSetup


def matrix(setup: ScfSetup) -> Floats:
    """(nao, nao) hartree."""
    moments = dipole(setup.shells, setup.positions - _centre(setup))
    v: Floats = np.einsum("x,xab->ab", _field(setup), moments)
    return v


def gradient(setup: ScfSetup, dm: Floats) -> tuple[Floats, Floats]:
    """Derivative of Tr(dm V): orbital centres; ions, which carry the centre of their charges along."""
    orbital = dipole_gradient(setup.shells, setup.positions - _centre(setup), _field(setup), dm)
    return orbital, -np.outer(setup.z_valence / setup.z_valence.sum(), orbital.sum(axis=0))


def _field(setup: ScfSetup) -> Floats:
    return np.zeros(3) if setup.field is None else setup.field


def _centre(setup: ScfSetup) -> Floats:
    """(3,) bohr, of the ionic charges."""
    centre: Floats = setup.z_valence @ setup.positions / setup.z_valence.sum()
    return centre
