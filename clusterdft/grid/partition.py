"""Which share of space belongs to which atom: a smooth partition of unity for soft densities."""

import numpy as np

SLOPE = 1.8  # bohr^-1
SOFTNESS = 5.0  # bohr
LARGEST = 600.0  # exp of it still is a number


def shares(offsets, displacements, sizes, owner):
    """Share of every atom at points of one atom, and the slope of its logarithm.

        P_B(r) = q_B(r) / sum_C q_C(r),   ln q_B = -slope (|r - R_B|^2 / size_B^2 + softness^2)^(1/2)

    Parameters
    ----------
    offsets : (npoint, 3) bohr       r - R_A, A the owner
    displacements : (natom, 3) bohr  R_A - R_B
    sizes : (natom,)                 length scales relative to sodium
    owner : A

    Returns
    -------
    (natom, npoint) shares; (natom, npoint) bohr^-2 the factor of (r - R_B) in -d(ln q_B)/dr

    Notes
    -----
    For soft densities as good per point as Becke's polynomials, at a cost of points times atoms
    instead of points times atoms squared. The rounding at the nucleus keeps P smooth there.

    References
    ----------
    form of Franchini et al., J. Comput. Chem. 34, 1819 (2013), with a softened exponential
    """
    square = 2.0 * displacements @ offsets.T
    square += np.sum(displacements**2, axis=1)[:, None]
    square += np.sum(offsets**2, axis=1)
    square /= sizes[:, None] ** 2
    square += SOFTNESS**2
    distance = np.sqrt(square, out=square)
    relative = np.minimum(SLOPE * (distance[owner] - distance), LARGEST)
    np.exp(relative, out=relative)
    relative /= relative.sum(axis=0)
    return relative, SLOPE / (sizes[:, None] ** 2 * distance)
