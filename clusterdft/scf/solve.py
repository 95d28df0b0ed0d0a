"""solve_scf: a cluster and a method in, a converged result out."""

import numpy as np

from clusterdft.cluster import frozen_array
from clusterdft.errors import ScfNotConverged
from clusterdft.scf.evaluate import Functional
from clusterdft.scf.forces import forces
from clusterdft.scf.frame import build_frame
from clusterdft.scf.guess import atomic_start
from clusterdft.scf.result import ScfResult
from clusterdft.scf.steps import SelfConsistency

SAME_ENERGY = 1e-6  # hartree: a start must go lower than this to be another solution


def solve_scf(cluster, method, *, restart=None, callback=None):
    """Self-consistent Kohn-Sham solution with forces.

    Parameters
    ----------
    cluster : Cluster; n_unpaired None makes the spin an outcome
    method : Method
    restart : (nspin, naux) fitting coefficients of a neighbouring geometry; without them the search starts
        from atoms, and with a free spin from several of them, the lowest solution being kept
    callback : called with each ScfStep
    Returns
    -------
    ScfResult
    Raises
    ------
    InputError   impossible element, charge or spin
    ScfNotConverged   no start converged; the exception carries the last step
    """
    functional = Functional(build_frame(cluster, method))
    starts = [(len(restart), restart)] if restart is not None else _starts(functional.frame)
    best, last, total = None, None, 0
    for nspin, x in starts:
        run = SelfConsistency(functional, _constraint(cluster, nspin))
        last = None
        for last in run.steps(np.ascontiguousarray(x)):
            if callback is not None:
                callback(last)
        total += run.iteration
        if last.converged and (best is None or last.energy < best.energy - SAME_ENERGY):
            best = last
    if best is None:
        raise ScfNotConverged(
            f"the SCF did not converge in {total} iterations (commutator {last.residual:.1e} hartree, "
            f"allowed {method.tolerance:.1e}); try occupation 'fermi' with a width of 0.002 hartree, "
            "or more iterations",
            last,
        )
    return _result(functional, best, total)


def _constraint(cluster, nspin):
    """Unpaired electrons that the occupation keeps; a closed shell needs no constraint."""
    return 0 if nspin == 1 else cluster.n_unpaired


def _starts(frame):
    """(nspin, fitting coefficients) of the densities to start from."""
    electrons, wanted = frame.n_electrons, frame.cluster.n_unpaired
    if wanted is not None:
        nspin = 1 if wanted == 0 else 2
        return [(nspin, atomic_start(frame, wanted, nspin))]
    low = electrons % 2
    start_spins = [low]
    if frame.method.stability:
        start_spins += [spin for spin in (low + 2, electrons) if spin <= electrons]
    return [
        (1 if spin == 0 else 2, atomic_start(frame, spin, 1 if spin == 0 else 2))
        for spin in dict.fromkeys(start_spins)
    ]


def _result(functional, step, n_iterations):
    frame, evaluation = functional.frame, step.evaluation
    total, hellmann_feynman = forces(functional, evaluation)
    mo_energy, orbitals = np.linalg.eigh(step.fock)
    fraction = np.einsum("sai,sab,sbi->si", orbitals, step.density, orbitals, optimize=True)
    occupation = (3 - len(fraction)) * fraction
    electrons = occupation.sum(axis=1)
    entropy = step.entropy_energy
    return ScfResult(
        cluster=frame.cluster,
        method=frame.method,
        energy=step.energy,
        zero_width_energy=step.energy - 0.5 * entropy,
        energies=evaluation.energies | {"entropy": entropy},
        forces=frozen_array(total),
        hellmann_feynman_forces=frozen_array(hellmann_feynman),
        n_unpaired=float(electrons[0] - electrons[1]) if len(electrons) == 2 else 0.0,
        n_iterations=n_iterations,
        mo_energy=frozen_array(mo_energy),
        mo_coeff=frozen_array(frame.orthonormal @ orbitals),
        occupation=frozen_array(occupation),
        fit_coefficients=frozen_array(evaluation.fit_coefficients),
        residual=step.residual,
    )
