"""Forces: the derivative of the energy that is computed, and the paper's Hellmann-Feynman force beside it.

    dE/dR = sum over terms (orbital centres + operators + fit) - Tr(W dS) + dE_ions

    W = (S^-1 F P + P F S^-1) / 2 for each spin

which is exact for stationary density matrices. The Hellmann-Feynman force keeps the motion of the
pseudopotentials, their partial cores and the ions alone: Martins, Buttet, Car, Phys. Rev. B 31, 1804
(1985), eq. (3).
"""

import numpy as np

from clusterdft.integrals.coulomb import fit_gradient
from clusterdft.integrals.one_electron import overlap_gradient
from clusterdft.scf.terms import hartree, nuclear


def forces(functional, evaluation):
    """Both kinds of force at a converged evaluation.

    Returns
    -------
    (natom, 3) total force, hartree/bohr
    (natom, 3) Hellmann-Feynman force, hartree/bohr
    """
    setup = functional.setup
    dm_total = evaluation.dm.sum(axis=0)
    ions = nuclear.gradient(setup)
    parts = [term.gradient(setup, dm_total) for term in setup.one_electron_terms.values()]
    operators = ions + sum(operator for _, operator in parts)
    total = operators + sum(orbital for orbital, _ in parts)
    total += density_gradient(functional, evaluation)
    total -= overlap_gradient(setup.shells, setup.positions, energy_weighted(setup, evaluation))
    cores = functional.xc_term.core_gradient(evaluation.dm, evaluation.fit_coefficients)
    return -total, -(operators + cores)


def density_gradient(functional, evaluation):
    """(natom, 3) derivative of Hartree and exchange-correlation energy at fixed density matrices."""
    setup, x, z = functional.setup, evaluation.fit_coefficients, evaluation.xc.fit_potential
    orbital, fit = fit_gradient(setup.pairs, evaluation.dm, x.sum(axis=0) + z, setup.fit, setup.positions)
    total = orbital + fit + hartree.metric_part_of_gradient(setup, x.sum(axis=0))
    return total + functional.xc_term.gradient(evaluation.dm, x, z)


def energy_weighted(setup, evaluation):
    """(nao, nao) W summed over spins."""
    inverse = setup.orthonormal @ setup.orthonormal.T
    half = sum(inverse @ fock @ dm for fock, dm in zip(evaluation.fock, evaluation.dm, strict=True))
    return 0.5 * (half + half.T)


def audit(total, hellmann_feynman):
    """Largest and root-mean-square difference between the two forces, hartree/bohr."""
    difference = np.asarray(total) - np.asarray(hellmann_feynman)
    return float(np.max(np.abs(difference))), float(np.sqrt(np.mean(difference**2)))
