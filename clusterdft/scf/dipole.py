"""The electric dipole moment of a result."""

import numpy as np
from numpy.typing import ArrayLike

from clusterdft.arrays import Floats, frozen_array
from clusterdft.integrals.one_electron import dipole
from clusterdft.scf.result import ScfResult


def dipole_moment(result: ScfResult, origin: ArrayLike | None = None) -> Floats:
    """Dipole moment of ions and electrons.

        d = sum_A Z_A (R_A - c) - tr[D (r - c)]

    Parameters
    ----------
    result : ScfResult
    origin : (3,) bohr, or None
        c; None for the centre of the ionic charges. A neutral cluster's moment does not depend on it.

    Returns
    -------
    (3,) elementary charge bohr, from the negative to the positive end
    """
    positions, ionic = result.cluster.positions, result.z_valence
    centre = ionic @ positions / ionic.sum() if origin is None else np.asarray(origin, float)
    moments = dipole(result.shells, positions - centre)
    electrons = np.einsum("xab,sba->x", moments, result.dm)
    return frozen_array(ionic @ (positions - centre) - electrons)
