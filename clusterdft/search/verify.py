"""Is an isomer a minimum? Vibrations tell, and kicks along an imaginary mode lead on from a saddle point."""

import pickle
from dataclasses import dataclass

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.errors import ScfNotConverged
from clusterdft.properties.hessian import STEP
from clusterdft.properties.vibrations import Vibrations, vibrations
from clusterdft.relax.relaxation import FMAX
from clusterdft.relax.surface import spec_of, surface_of
from clusterdft.search.fingerprint import (
    ENERGY_TOLERANCE,
    distance_tolerance,
    fingerprint,
    fingerprint_distance,
)
from clusterdft.search.outcome import Outcome, Task, run_task, task_key
from clusterdft.units import HARTREE_EV

WITHIN = 0.3 / HARTREE_EV  # hartree above the lowest isomer
FORCE_ERROR = 5e-6  # hartree/bohr, of the Kohn-Sham surface's forces on the way
CERTAINTY = 2.0  # errors that a squared frequency must be away from zero
NOT_STATIONARY = 2.0  # times the force limit of a relaxation
OTHER_STATE, OTHER_SPIN = 5e-5, 0.2  # hartree, electrons: displaced points so far off are another state
DROP = 2e-4  # hartree, 5 meV: what a kick gains
SHORTEST_KICK, LONGEST_KICK = 0.1, 0.8  # bohr, of the atom that moves most
MIXING = 0.5  # share of further imaginary modes, of random sign
FINER = 3.0  # force limit of kicked relaxations, so much smaller: near a saddle point all forces are small
SCATTER = 0.005  # bohr, random displacement of all atoms, which breaks what symmetry is left


@dataclass(frozen=True, kw_only=True, eq=False)
class Verdict:
    """What the vibrations say about a geometry.

    Attributes
    ----------
    kind : "minimum", "saddle" or "uncertain"
    reason : why not a minimum; empty for one
    imaginary : indices of the modes that are imaginary beyond their error
    vibrations : Vibrations
    """

    kind: str
    reason: str
    imaginary: tuple[int, ...]
    vibrations: Vibrations


@dataclass(frozen=True, kw_only=True, eq=False)
class VerifyTask:
    """One isomer to verify.

    Attributes
    ----------
    key : hash of everything that decides the result
    cluster, energy : the isomer's, hartree
    seed : int >= 0, for the kicks
    """

    key: str
    cluster: Cluster
    energy: float
    seed: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Verification:
    """How the verification of an isomer ended.

    Attributes
    ----------
    key : that of the task
    kind : "minimum", "saddle" or "uncertain", with what became of the kicks
    reason : in words
    verdict : Verdict, or None where an SCF failed
    kicked : outcomes of the relaxations after kicks, none for a clear minimum; merged with the others, they
        give new isomers, or a lower geometry of this one
    n_force_calls : all together
    """

    key: str
    kind: str
    reason: str
    verdict: Verdict | None
    kicked: tuple[Outcome, ...] = ()
    n_force_calls: int = 0


def check_minimum(cluster, surface, *, step=STEP, fmax=FMAX, force_error=FORCE_ERROR, certainty=CERTAINTY):
    """Whether a relaxed geometry is a minimum, a saddle point, or too flat to tell.

        minimum: all omega^2 > c d(omega^2);  saddle: one omega^2 < -c d(omega^2);  else uncertain

    Parameters
    ----------
    cluster : Cluster, relaxed
    surface : Method, SurfaceSpec or Surface
    step : bohr, of the differences
    fmax : hartree/bohr, the force limit of its relaxation; with more than twice that, uncertain
    force_error : hartree/bohr, of the surface's forces; the measured errors count where they are larger
    certainty : c
    Returns
    -------
    Verdict   uncertain too where displaced points are in another electronic state
    Raises
    ------
    ScfNotConverged   at the geometry or at a displaced one
    """
    found = vibrations(cluster, surface, step=step)
    error = certainty * found.square_errors(force_error / (np.sqrt(2) * step))
    square = np.sign(found.frequencies) * found.frequencies**2
    imaginary = tuple(np.flatnonzero(square < -error).tolist())
    kind, reason = "minimum", ""
    if cluster.natom > 1 and found.largest_force > NOT_STATIONARY * fmax:
        force = found.largest_force
        kind, reason = "uncertain", f"not stationary: the largest force is {force:.1e} hartree/bohr"
    elif found.energy_mismatch > OTHER_STATE or found.spin_change > OTHER_SPIN:
        kind, reason = "uncertain", "the electronic state changes under small displacements"
    elif imaginary:
        kind, reason = "saddle", f"{len(imaginary)} imaginary frequencies"
    elif np.any(np.abs(square) <= error):
        kind, reason = "uncertain", "the lowest frequency is zero within its error"
    return Verdict(kind=kind, reason=reason, imaginary=imaginary, vibrations=found)


def kick(cluster, vibrations, rng):
    """The two geometries to either side of a saddle point, along its lowest mode.

        R +- s u + noise,   1/2 k s^2 = -5 meV with the curvature k = u.H.u < 0

    The direction u is the lowest mode with a share of the further imaginary ones; s is kept within limits
    so that the atom that moves most goes 0.1 to 0.8 bohr. Along a soft mode the energy may rise at first, as
    straight displacements stretch bonds; a relaxation takes that back before all else. Without an imaginary
    mode the lowest one is taken with |k|: a geometry that is a minimum after all will come back.

    Parameters
    ----------
    cluster : Cluster of at least two atoms
    vibrations : Vibrations there
    rng : numpy Generator
    Returns
    -------
    two Clusters, to be relaxed
    """
    sign = rng.choice([-1.0, 1.0], size=len(vibrations.frequencies))
    weight = np.where(vibrations.frequencies < 0, MIXING * sign, 0.0)
    weight[0] = 1.0
    u = np.einsum("k,kix->ix", weight, vibrations.displacements)
    curvature = u.ravel() @ vibrations.hessian @ u.ravel()
    longest = np.linalg.norm(u, axis=1).max()
    s = np.sqrt(2 * DROP / max(abs(curvature), 1e-12))
    s = np.clip(s, SHORTEST_KICK / longest, LONGEST_KICK / longest)
    noise = SCATTER * rng.normal(size=(2, cluster.natom, 3))
    return tuple(cluster.at(cluster.positions + side * s * u + noise[n]) for n, side in enumerate((1, -1)))


def verification_tasks(isomers, spec, relaxation, *, within=WITHIN, seed=0):
    """VerifyTask of every isomer near the lowest.

    Parameters
    ----------
    isomers : sequence of Isomer, lowest first
    spec : Method or SurfaceSpec
    relaxation : mapping with relaxer, fmax, max_calls, for the kicked geometries
    within : hartree above the lowest isomer
    seed : int >= 0
    Returns
    -------
    list of VerifyTask; its key is the same in every run, so what was verified need not be so again
    """
    near = [isomer for isomer in isomers if isomer.energy <= isomers[0].energy + within]
    content = {**relaxation, "verify": seed}
    return [
        VerifyTask(
            key=task_key(isomer.cluster, spec_of(spec).key, content),
            cluster=isomer.cluster,
            energy=isomer.energy,
            seed=seed,
        )
        for isomer in near
    ]


def run_verification(task, surface, relaxation):
    """Verify one isomer: vibrations, and where these show no clear minimum, two kicks relaxed again.

    Parameters
    ----------
    task : VerifyTask
    surface : Surface
    relaxation : mapping with relaxer, fmax, max_calls; after kicks a third of fmax is asked for
    Returns
    -------
    Verification   a pure function of its inputs; the relaxed outcomes have the indices 0 and 1
    """
    try:
        verdict = check_minimum(task.cluster, surface, fmax=relaxation.get("fmax", FMAX))
    except ScfNotConverged as error:
        return Verification(key=task.key, kind="uncertain", reason=str(error), verdict=None)
    calls = verdict.vibrations.n_force_calls
    if verdict.kind == "minimum":
        return Verification(key=task.key, kind="minimum", reason="", verdict=verdict, n_force_calls=calls)
    rng = np.random.default_rng([task.seed, int(task.key[:15], 16)])
    finer = {**relaxation, "fmax": relaxation.get("fmax", FMAX) / FINER}
    kicked = tuple(
        run_task(Task(index=i, key=f"{task.key}-{i}", start=start), surface, finer)
        for i, start in enumerate(kick(task.cluster, verdict.vibrations, rng))
    )
    kind, reason = _with_kicks(task, verdict, kicked)
    calls += sum(outcome.n_force_calls for outcome in kicked)
    return Verification(
        key=task.key, kind=kind, reason=reason, verdict=verdict, kicked=kicked, n_force_calls=calls
    )


def run_pickled_verification(task, pickled_spec, relaxation):
    """`run_verification` for a worker process, which is sent the SurfaceSpec as bytes."""
    return run_verification(task, pickle.loads(pickled_spec).build(), relaxation)


def verified(isomers, spec, relaxation, *, within=WITHIN, seed=0):
    """Verifications of every isomer near the lowest, one after the other in this process.

    Parameters as in `verification_tasks`. Yields Verification, in the order of the isomers. Isomers that the
    kicks lead to are not verified in turn: merge the outcomes and call again.
    """
    surface = surface_of(spec)
    for task in verification_tasks(isomers, spec, relaxation, within=within, seed=seed):
        yield run_verification(task, surface, relaxation)


def _with_kicks(task, verdict, kicked):
    """(kind, reason) once the kicks are relaxed."""
    mark, reach = fingerprint(task.cluster), distance_tolerance(task.cluster.natom)
    relaxed = [outcome for outcome in kicked if outcome.relaxed]
    back = [
        abs(outcome.energy - task.energy) < ENERGY_TOLERANCE
        and fingerprint_distance(fingerprint(outcome.cluster), mark) < reach
        for outcome in relaxed
    ]
    if len(relaxed) == len(kicked) and all(back):
        # a lower geometry of the same isomer is to be verified in turn; a flat one is as good as it gets
        kind = "minimum" if verdict.kind == "uncertain" else verdict.kind
        return kind, f"{verdict.reason}, but kicks come back to it"
    lower = min((outcome.energy for outcome in relaxed), default=task.energy) - task.energy
    if lower < -ENERGY_TOLERANCE:
        return verdict.kind, f"{verdict.reason}; a kick leads {-lower:.5f} hartree down"
    return verdict.kind, f"{verdict.reason}; kicks do not come back to it, nor lead lower"
