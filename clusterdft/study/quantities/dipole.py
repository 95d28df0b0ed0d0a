"""The electric dipole moment."""

import numpy as np

from clusterdft.scf.dipole import dipole_moment


def dipole_of(target):
    """Dipole moment about the centre of the ionic charges, as in `properties.dipole`."""
    moment = dipole_moment(target.scf())
    return {
        "dipole_electron_bohr": moment.tolist(),
        "dipole_length_electron_bohr": float(np.linalg.norm(moment)),
    }
