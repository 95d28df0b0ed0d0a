"""Forces: the derivative of the energy that is computed, and the paper's Hellmann-Feynman force beside it.

    dE/dR = sum over terms (orbital centres + operators + fit) - Tr(W dS) + dE_ions

    W = (S^-1 F P + P F S^-1) / 2 for each spin

which is exact for stationary density matrices. The Hellmann-Feynman force keeps the motion of the
pseudopotentials, their partial cores and the ions alone: Martins, Buttet, Car, Phys. Rev. B 31, 1804
(1985), eq. (3).
"""

from clusterdft.arrays import Floats
from clusterdft.integrals.coulomb import fit_gradient
from clusterdft.integrals.one_electron import overlap_gradient
from clusterdft.scf.energy_functional import EnergyFunctional, Evaluation
from clusterdft.scf.setup import ScfSetup
from clusterdft.scf.terms import hartree, nuclear


def forces(functional: EnergyFunctional, evaluation: Evaluation) -> tuple[Floats, Floats]:
    """Both kinds of force at a converged evaluation.

    Parameters
    ----------
    functional : EnergyFunctional
    evaluation : Evaluation
        At stationary density matrices.

    Returns
    -------
    total, hellmann_feynman : (natom, 3) hartree/bohr
    """
    setup = functional.setup
    dm_total = evaluation.dm.sum(axis=0)
    ions = nuclear.gradient(setup)
    parts = [term.gradient(setup, dm_total) for term in functional.one_electron_terms.values()]
    operators: Floats = ions + sum(operator for _, operator in parts)
    total: Floats = operators + sum(orbital for orbital, _ in parts)
    total += density_gradient(functional, evaluation)
    total -= overlap_gradient(setup.shells, setup.positions, energy_weighted(setup, evaluation))
    cores = functional.xc_term.core_gradient(evaluation.dm, evaluation.fit_coefficients)
    return -total, -(operators + cores)


def density_gradient(functional: EnergyFunctional, evaluation: Evaluation) -> Floats:
    """Derivative of Hartree and exchange-correlation energy at fixed density matrices.

    Parameters
    ----------
    functional, evaluation : as in `forces`

    Returns
    -------
    (natom, 3) hartree/bohr
    """
    setup, x, z = functional.setup, evaluation.fit_coefficients, evaluation.xc.fit_potential
    orbital, fit = fit_gradient(setup.pairs, evaluation.dm, x.sum(axis=0) + z, setup.fit, setup.positions)
    total = orbital + fit + hartree.metric_part_of_gradient(setup, x.sum(axis=0))
    return total + functional.xc_term.gradient(evaluation.dm, x, z)


def energy_weighted(setup: ScfSetup, evaluation: Evaluation) -> Floats:
    """W summed over spins.

    Parameters
    ----------
    setup : ScfSetup
    evaluation : as in `forces`

    Returns
    -------
    (nao, nao) hartree
    """
    inverse = setup.orthonormal @ setup.orthonormal.T
    half: Floats = sum(inverse @ fock @ dm for fock, dm in zip(evaluation.fock, evaluation.dm, strict=True))
    return 0.5 * (half + half.T)
