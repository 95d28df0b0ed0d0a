"""Hartree energy of the fitted density, variational in the fit (Dunlap).

    E_H = x.b - x.A.x / 2,   A x = b,   b_k = sum_ab dm_ab (ab|k),   A_kl = (k|l)

With x the solution, E_H = x.b / 2, and its derivative by the density matrix is sum_k (ab|k) x_k.

References
----------
Dunlap, Connolly, Sabin, J. Chem. Phys. 71, 3396 (1979)
"""

from clusterdft.integrals.coulomb import metric_gradient


def energy(fit_total, moments_total):
    """hartree, from the fitting coefficients and moments of the whole density, (naux,) each."""
    return 0.5 * float(fit_total @ moments_total)


def metric_part_of_gradient(setup, fit_total):
    """(natom, 3) derivative of -x.A.x / 2 at fixed x; the moments' part belongs to `fit_gradient`."""
    return -0.5 * metric_gradient(setup.fit, setup.positions, fit_total, fit_total)
