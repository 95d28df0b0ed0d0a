"""Hartree energy of the fitted density, variational in the fit (Dunlap).

    E_H = x.b - x.A.x / 2,   A x = b,   b_k = sum_ab dm_ab (ab|k),   A_kl = (k|l)

With x the solution, E_H = x.b / 2, and its derivative by the density matrix is sum_k (ab|k) x_k.

References
----------
Dunlap, Connolly, Sabin, J. Chem. Phys. 71, 3396 (1979)
"""

from clusterdft.arrays import Floats
from clusterdft.integrals.coulomb import metric_gradient
from clusterdft.scf.setup import ScfSetup


def energy(fit_total: Floats, moments_total: Floats) -> float:
    """Hartree energy of a density.

    Parameters
    ----------
    fit_total, moments_total : (naux,)
        x and b of both spins together.

    Returns
    -------
    float, hartree
    """
    return 0.5 * float(fit_total @ moments_total)


def metric_part_of_gradient(setup: ScfSetup, fit_total: Floats) -> Floats:
    """Derivative of -x.A.x / 2 at fixed x; that of x.b belongs to `fit_gradient`.

    Parameters
    ----------
    setup : ScfSetup
    fit_total : (naux,)
        x of both spins together.

    Returns
    -------
    (natom, 3) hartree/bohr
    """
    return -0.5 * metric_gradient(setup.fit, setup.positions, fit_total, fit_total)
