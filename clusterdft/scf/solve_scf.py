"""solve_scf: a cluster and a method in, a converged result out."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import ArrayLike

from clusterdft.arrays import Floats, frozen_array
from clusterdft.cluster import Cluster
from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.integrals.one_electron import load_library
from clusterdft.method import Method
from clusterdft.scf.energy_functional import EnergyFunctional
from clusterdft.scf.forces import forces
from clusterdft.scf.resolve import resolve
from clusterdft.scf.result import ScfResult
from clusterdft.scf.self_consistency import ScfStep, SelfConsistency, fractions_of
from clusterdft.scf.setup import ScfSetup, build_setup
from clusterdft.scf.start_densities import atomic_start, broken_symmetry
from clusterdft.work.environment import one_thread

SMALLEST_GAIN = 1e-6  # hartree: a further start must end this much lower to be another solution
# hartree: a further start this near to self-consistency and this much higher is given up
GIVE_UP_RESIDUAL, GIVE_UP_ENERGY = 2e-3, 5e-4
LATER_START_ITERATIONS = 40  # iterations that a start gets once another one has converged
SMALL_GAP = 0.02  # hartree: closed shells with less are also started with their spins apart
# bohr: atoms farther than this from all others keep their spins, so that is a start too
LONE_ATOM_DISTANCE = 9.0


def solve_scf(
    cluster: Cluster,
    method: Method,
    *,
    restart: ArrayLike | None = None,
    callback: Callable[[ScfStep], object] | None = None,
    field: ArrayLike | None = None,
) -> ScfResult:
    """Self-consistent Kohn-Sham solution with forces.

    Parameters
    ----------
    cluster : Cluster
        Its n_unpaired None makes the spin an outcome.
    method : Method
    restart : (nspin, naux) or None
        Fitting coefficients of a neighbouring geometry; without them the search starts from atoms, and with
        a free spin from several of them, the lowest solution being kept.
    callback : callable or None
        Called with each ScfStep.
    field : (3,) hartree/(elementary charge bohr), or None
        Static electric field along which positive charges are pulled; its potential is zero at the centre of
        the ionic charges, so that the energy is E - F.d with d of `dipole_moment`, and a charged cluster is
        not accelerated as a whole.

    Returns
    -------
    ScfResult

    Raises
    ------
    InputError
        Impossible element, charge, spin or field.
    ScfNotConverged
        No start converged; the exception carries the last step.
    """
    load_library()
    try:
        with one_thread():
            setup = build_setup(cluster, resolve(method, cluster.symbols), field)
            return _lowest_solution(setup, restart, callback)
    except np.linalg.LinAlgError as error:
        raise ScfNotConverged(f"the SCF broke down ({error}); are atoms too close?") from None


def _lowest_solution(
    setup: ScfSetup, restart: ArrayLike | None, callback: Callable[[ScfStep], object] | None
) -> ScfResult:
    """The lowest converged solution of all starts."""
    functional, method = EnergyFunctional(setup), setup.method
    best: ScfStep | None = None
    total = 0
    for x in _starts(setup, restart):
        if best is not None and restart is not None:
            break  # the neighbour's density led somewhere: atoms are for when it does not
        last, iterations = _run_from(functional, x, best, callback)
        best, total = _lower(last, best), total + iterations
        if restart is None and method.stability and _may_break_symmetry(functional, last):
            last, iterations = _run_from(functional, broken_symmetry(functional, last), best, callback)
            best, total = _lower(last, best), total + iterations
    if best is None:
        raise ScfNotConverged(
            f"the SCF did not converge in {total} iterations (commutator {last.residual:.1e} hartree, "
            f"allowed {method.tolerance:.1e}); try occupation 'fermi' with a width of 0.002 hartree, "
            "or more iterations",
            last,
        )
    return _result_of(functional, best, total)


def _run_from(
    functional: EnergyFunctional,
    x: Floats,
    best: ScfStep | None,
    callback: Callable[[ScfStep], object] | None,
) -> tuple[ScfStep, int]:
    """Last step of a run from one start, and the iterations it took."""
    cluster, limit = functional.setup.cluster, functional.setup.method.max_iterations
    n_unpaired = 0 if len(x) == 1 else cluster.n_unpaired  # a closed shell needs no constraint
    limit = limit if best is None else min(limit, LATER_START_ITERATIONS)
    run = SelfConsistency(functional, n_unpaired, limit)
    for last in run.steps(x):
        if callback is not None:
            callback(last)
        if best is not None and _is_hopeless(last, best):
            break
    return last, run.iteration


def _lower(step: ScfStep, best: ScfStep | None) -> ScfStep | None:
    """The better of a run's last step and the best one before."""
    is_better = step.converged and (best is None or step.energy < best.energy - SMALLEST_GAIN)
    return step if is_better else best


def _may_break_symmetry(functional: EnergyFunctional, step: ScfStep) -> bool:
    """Whether a closed shell has so small a gap that its spins may prefer different places."""
    pairs = functional.setup.n_electrons // 2
    if not step.converged or len(step.density) == 2 or pairs == 0 or pairs >= step.fock.shape[1]:
        return False
    level = np.linalg.eigvalsh(step.fock[0])
    return bool(level[pairs] - level[pairs - 1] < SMALL_GAP)


def _is_hopeless(step: ScfStep, best: ScfStep) -> bool:
    """Whether a further start is heading for a solution well above the best one, or for the same one."""
    same_spin = abs(_n_unpaired(step) - _n_unpaired(best)) < 1e-3
    if same_spin:
        return step.residual < 0.25 * GIVE_UP_RESIDUAL and step.energy > best.energy - SMALLEST_GAIN
    return step.residual < GIVE_UP_RESIDUAL and step.energy > best.energy + GIVE_UP_ENERGY


def _n_unpaired(step: ScfStep) -> float:
    """N_up - N_down of a step."""
    electrons = np.trace(step.density, axis1=1, axis2=2)
    return float(electrons[0] - electrons[-1])


def _starts(setup: ScfSetup, restart: ArrayLike | None) -> Iterator[Floats]:
    """Fitting coefficients of the densities to start from: the restart first, then atoms."""
    electrons, wanted = setup.n_electrons, setup.cluster.n_unpaired
    if restart is not None:
        x = np.ascontiguousarray(restart, dtype=float)
        if x.ndim != 2 or x.shape[0] not in (1, 2) or x.shape[1] != setup.fit.naux:
            raise InputError(
                f"the density to restart from has shape {x.shape}; this cluster and method need (1 or 2, "
                f"{setup.fit.naux}): give the fit_coefficients of the same atoms in the same method"
            )
        yield x
    spins = [electrons % 2 if wanted is None else wanted]
    if wanted is None and setup.method.stability and electrons > spins[0] + 1:
        spins.append(spins[0] + 2)
        if _has_far_atom(setup.positions):
            spins.append(electrons)
    for spin in dict.fromkeys(spins):
        yield atomic_start(setup, spin, 1 if spin == 0 else 2)


def _has_far_atom(positions: Floats) -> bool:
    """Whether an atom has no neighbour within `LONE_ATOM_DISTANCE`."""
    distance = np.linalg.norm(positions[:, None] - positions, axis=2) + np.diag([np.inf] * len(positions))
    return bool(np.any(distance.min(axis=1) > LONE_ATOM_DISTANCE))


def _result_of(functional: EnergyFunctional, step: ScfStep, n_iterations: int) -> ScfResult:
    setup, evaluation = functional.setup, step.evaluation
    total, hellmann_feynman = forces(functional, evaluation)
    mo_energy, orbitals = np.linalg.eigh(step.fock)
    fraction = fractions_of(step.density, orbitals)
    occupation = (3 - len(fraction)) * fraction
    electrons = occupation.sum(axis=1)
    entropy = step.entropy_energy
    return ScfResult(
        cluster=setup.cluster,
        method=setup.method,
        shells=setup.shells,
        z_valence=setup.z_valence,
        field=setup.field,
        energy=step.energy,
        zero_width_energy=step.energy - 0.5 * entropy,
        energies=evaluation.energies | {"entropy": entropy},
        forces=frozen_array(total),
        hellmann_feynman_forces=frozen_array(hellmann_feynman),
        n_unpaired=float(electrons[0] - electrons[1]) if len(electrons) == 2 else 0.0,
        n_iterations=n_iterations,
        mo_energy=frozen_array(mo_energy),
        mo_coeff=frozen_array(setup.orthonormal @ orbitals),
        occupation=frozen_array(occupation),
        fit_coefficients=frozen_array(evaluation.fit_coefficients),
        residual=step.residual,
    )
