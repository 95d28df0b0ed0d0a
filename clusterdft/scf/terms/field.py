"""A static homogeneous electric field F, whose potential is zero at the centre c of the ionic charges.

    E = F.sum_i (r_i - c) - F.sum_A Z_A (R_A - c) = F.Tr[dm (r - c)],   c = sum_A Z_A R_A / sum_A Z_A

The ions' part is zero by the choice of c. Electrons have the charge -1. The energy of a charged cluster
depends on where the potential is zero; with c it does not change when the cluster is shifted, so that the
force Q F on the cluster as a whole is left out.
"""

import numpy as np

from clusterdft.arrays import frozen_array
from clusterdft.errors import InputError
from clusterdft.integrals.one_electron import dipole, dipole_gradient

STRONGEST = 0.1  # hartree/(e bohr): far beyond it electrons leave atoms, and only the basis holds them


def checked_field(field):
    """(3,) of a field, or None for none or zero; raises InputError for anything else."""
    if field is None:
        return None
    try:
        found = frozen_array(field, (3,))
    except (TypeError, ValueError):
        raise InputError(f"the electric field is {field!r}; give its x, y, z") from None
    size = float(np.linalg.norm(found))
    if not size <= STRONGEST:
        raise InputError(
            f"the electric field has a strength of {size:g} hartree/(e bohr); "
            f"give one of at most {STRONGEST}, such as 0.001"
        )
    return found if size > 0 else None


def matrix(setup):
    """(nao, nao) hartree."""
    return np.einsum("x,xab->ab", setup.field, dipole(setup.shells, setup.positions - _centre(setup)))


def gradient(setup, dm):
    """Derivative of Tr(dm V): orbital centres; ions, which carry the centre of their charges along."""
    orbital = dipole_gradient(setup.shells, setup.positions - _centre(setup), setup.field, dm)
    return orbital, -np.outer(setup.z_valence / setup.z_valence.sum(), orbital.sum(axis=0))


def _centre(setup):
    """(3,) bohr, of the ionic charges."""
    return setup.z_valence @ setup.positions / setup.z_valence.sum()
