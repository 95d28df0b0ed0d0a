"""The electric dipole moment of a result."""

import numpy as np

from clusterdft.arrays import frozen_array
from clusterdft.integrals.one_electron import dipole
from clusterdft.properties.density import shells_of
from clusterdft.properties.populations import ionic_charges


def dipole_moment(result, origin=None):
    """Dipole moment of ions and electrons.

        d = sum_A Z_A (R_A - c) - tr[D (r - c)]

    Parameters
    ----------
    result : ScfResult
    origin : (3,) bohr, c; None for the centre of the ionic charges, which a neutral cluster's moment does not
        depend on

    Returns
    -------
    (3,) elementary charge bohr, from the negative to the positive end
    """
    positions, ionic = result.cluster.positions, ionic_charges(result)
    centre = ionic @ positions / ionic.sum() if origin is None else np.asarray(origin, float)
    moments = dipole(shells_of(result), positions - centre)
    electrons = np.einsum("xab,sba->x", moments, result.dm)
    return frozen_array(ionic @ (positions - centre) - electrons)
