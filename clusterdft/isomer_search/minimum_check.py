"""Is an isomer a minimum? Vibrations tell, and kicks along an imaginary mode lead on from a saddle point."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.errors import ScfNotConverged
from clusterdft.isomer_search.outcome import task_key
from clusterdft.method import Method
from clusterdft.properties.force_constants import HESSIAN_STEP
from clusterdft.properties.infrared import infrared
from clusterdft.properties.vibrations import Vibrations, vibrations
from clusterdft.relaxation.relax import FMAX
from clusterdft.surfaces.surface import Surface, SurfaceSpec
from clusterdft.symmetry.point_group import find_point_group
from clusterdft.units import INFRARED_KM_PER_MOL

FORCE_ERROR = 5e-6  # hartree/bohr, of the Kohn-Sham surface's forces on the way
CERTAINTY = 2.0  # errors that a squared frequency must be away from zero
MAX_FORCE_RATIO = 2.0  # to the force limit of the relaxation: more is not stationary
# hartree, electrons: displaced points that are farther off are in another electronic state
MAX_ENERGY_MISMATCH, MAX_SPIN_CHANGE = 5e-5, 0.2
KICK_GAIN = 2e-4  # hartree, 5 meV, by which a kick lowers the energy
MIN_KICK, MAX_KICK = 0.1, 0.8  # bohr, of the atom that moves most
FURTHER_MODES_WEIGHT = 0.5  # of further imaginary modes in a kick, with random signs
KICK_NOISE = 0.005  # bohr, random displacement of all atoms, which breaks what symmetry is left

Positions: TypeAlias = list[list[float]]  # as JSON has them


@dataclass(frozen=True, kw_only=True, eq=False)
class Verdict:
    """What the vibrations say about a geometry.

    Attributes
    ----------
    kind : str
        "minimum", "saddle" or "uncertain"
    reason : str
        Why not a minimum; empty for one.
    imaginary : tuple of int
        Indices of the modes that are imaginary beyond their error.
    vibrations : Vibrations
    """

    kind: str
    reason: str
    imaginary: tuple[int, ...]
    vibrations: Vibrations


def check_minimum(
    cluster: Cluster,
    surface: Method | SurfaceSpec | Surface,
    *,
    step: float = HESSIAN_STEP,
    fmax: float = FMAX,
    force_error: float = FORCE_ERROR,
    certainty: float = CERTAINTY,
) -> Verdict:
    """Whether a relaxed geometry is a minimum, a saddle point, or too flat to tell.

        minimum: all omega^2 > c d(omega^2);  saddle: one omega^2 < -c d(omega^2);  else uncertain

    Parameters
    ----------
    cluster : Cluster
        relaxed
    surface : Method, SurfaceSpec or Surface
    step : bohr
        Of the differences.
    fmax : hartree/bohr
        The force limit of its relaxation; with more than twice that, uncertain.
    force_error : hartree/bohr
        Of the surface's forces; the measured errors count where they are larger.
    certainty : float
        c

    Returns
    -------
    Verdict
        Uncertain too where displaced points are in another electronic state.

    Raises
    ------
    ScfNotConverged
        At the geometry or at a displaced one.
    """
    modes = vibrations(cluster, surface, step=step)
    error = certainty * modes.square_errors(force_error / (np.sqrt(2) * step))
    square = np.sign(modes.frequencies) * modes.frequencies**2
    imaginary = tuple(np.flatnonzero(square < -error).tolist())
    kind, reason = "minimum", ""
    force = modes.largest_force
    if cluster.natom > 1 and force is not None and force > MAX_FORCE_RATIO * fmax:
        kind, reason = "uncertain", f"not stationary: the largest force is {force:.1e} hartree/bohr"
    elif modes.energy_mismatch > MAX_ENERGY_MISMATCH or modes.spin_change > MAX_SPIN_CHANGE:
        kind, reason = "uncertain", "the electronic state changes under small displacements"
    elif imaginary:
        kind, reason = "saddle", f"{len(imaginary)} imaginary frequenc{'y' if len(imaginary) == 1 else 'ies'}"
    elif np.any(np.abs(square) <= error):
        kind, reason = "uncertain", "the lowest frequency is zero within its error"
    return Verdict(kind=kind, reason=reason, imaginary=imaginary, vibrations=modes)


def kick(cluster: Cluster, vibrations: Vibrations, rng: np.random.Generator) -> tuple[Cluster, ...]:
    """The two geometries to either side of a saddle point, along its lowest mode.

        R +- s u + noise,   1/2 k s^2 = -5 meV with the curvature k = u.H.u < 0

    The direction u is the lowest mode with a share of the further imaginary ones; s is kept within limits
    so that the atom that moves most goes 0.1 to 0.8 bohr. Along a soft mode the energy may rise at first, as
    straight displacements stretch bonds; a relaxation takes that back before all else. Without an imaginary
    mode the lowest one is taken with |k|: a geometry that is a minimum after all will come back.

    Parameters
    ----------
    cluster : Cluster
        Of at least two atoms.
    vibrations : Vibrations
        There.
    rng : numpy Generator

    Returns
    -------
    two Clusters, to be relaxed
    """
    sign = rng.choice([-1.0, 1.0], size=len(vibrations.frequencies))
    weight = np.where(vibrations.frequencies < 0, FURTHER_MODES_WEIGHT * sign, 0.0)
    weight[0] = 1.0
    u = np.einsum("k,kix->ix", weight, vibrations.displacements)
    curvature = u.ravel() @ vibrations.hessian @ u.ravel()
    longest = np.linalg.norm(u, axis=1).max()
    s = np.sqrt(2 * KICK_GAIN / max(abs(curvature), 1e-12))
    s = np.clip(s, MIN_KICK / longest, MAX_KICK / longest)
    noise = KICK_NOISE * rng.normal(size=(2, cluster.natom, 3))
    return tuple(cluster.at(cluster.positions + side * s * u + noise[n]) for n, side in enumerate((1, -1)))


@dataclass(frozen=True, kw_only=True, eq=False)
class CheckTask:
    """One isomer to check.

    Attributes
    ----------
    key : str
        Hash of everything that decides the result.
    cluster : Cluster
        Its geometry.
    fmax : hartree/bohr
        The force limit it was relaxed to.
    vibrations : bool
        Whether these are computed, or only what is said of its electrons.
    """

    key: str
    cluster: Cluster
    fmax: float
    vibrations: bool = True


@dataclass(frozen=True, kw_only=True)
class Check:
    """What the vibrations of an isomer say, as it is kept in the store.

    Attributes
    ----------
    key : str
        That of the task.
    kind, reason : str
        As in the Verdict; empty where vibrations were not asked for.
    frequencies : list of hartree or None
        Lowest first, imaginary ones negative; None where an SCF failed.
    hessian : rows of (3 natom, 3 natom) hartree/bohr^2 or None
        None where an SCF failed.
    absorption : list of km/mol or None
        Of each mode; None where the surface has no dipoles, or an SCF failed.
    kicked : sequence of (natom, 3) bohr
        Positions of the two geometries to go on from; empty for a minimum.
    electrons : dict or None
        state and shells, ready for JSON; None on a surface without electrons
    n_force_calls, cpu_seconds : int, float
        What it cost.
    """

    key: str
    kind: str
    reason: str
    frequencies: list[float] | None = None
    hessian: list[list[float]] | None = None
    absorption: list[float] | None = None
    kicked: Sequence[Positions] = ()
    electrons: dict[str, Any] | None = None
    n_force_calls: int = 0
    cpu_seconds: float = 0.0


def check_task(cluster: Cluster, surface_key: str, fmax: float, *, vibrations: bool = True) -> CheckTask:
    """CheckTask of a relaxed geometry; its key is the same in every run.

    Parameters
    ----------
    cluster : Cluster
        relaxed
    surface_key : str
    fmax : hartree/bohr
        The force limit it was relaxed to.
    vibrations : bool
        Whether these are computed.

    Returns
    -------
    CheckTask
    """
    content: dict[str, Any] = {"electrons": True}
    if vibrations:
        content["vibrations"] = {"step": HESSIAN_STEP, "fmax": fmax}
    key = task_key(cluster, surface_key, content)
    return CheckTask(key=key, cluster=cluster, fmax=fmax, vibrations=vibrations)


def run_check(task: CheckTask, surface: Surface) -> Check:
    """Check one isomer.

    Parameters
    ----------
    task : CheckTask
    surface : Surface

    Returns
    -------
    Check
        A pure function of its inputs but for the time; uncertain where an SCF failed.
    """
    began = time.process_time()
    try:
        electrons = _electrons(task.cluster, surface)
        verdict = check_minimum(task.cluster, surface, fmax=task.fmax) if task.vibrations else None
    except ScfNotConverged as error:
        kind, spent = "uncertain" if task.vibrations else "", time.process_time() - began
        return Check(key=task.key, kind=kind, reason=str(error), cpu_seconds=spent)
    if verdict is None:
        spent = time.process_time() - began
        return Check(
            key=task.key, kind="", reason="", electrons=electrons, n_force_calls=1, cpu_seconds=spent
        )
    kicked: tuple[Positions, ...] = ()
    if verdict.kind != "minimum" and task.cluster.natom > 1:
        rng = np.random.default_rng(int(task.key[:15], 16))
        kicked = tuple(side.positions.tolist() for side in kick(task.cluster, verdict.vibrations, rng))
    return Check(
        key=task.key,
        kind=verdict.kind,
        reason=verdict.reason,
        frequencies=verdict.vibrations.frequencies.tolist(),
        hessian=verdict.vibrations.hessian.tolist(),
        absorption=absorption(verdict.vibrations),
        kicked=kicked,
        electrons=electrons,
        n_force_calls=verdict.vibrations.n_force_calls,
        cpu_seconds=time.process_time() - began,
    )


def _electrons(cluster: Cluster, surface: Surface) -> dict[str, Any] | None:
    """State and shells of a geometry, ready for JSON; None on a surface without electrons."""
    result = surface.electronic_result(cluster)
    if result is None:
        return None
    from clusterdft.electronic_symmetry.summary import state_and_shells  # loads the integrals

    return state_and_shells(result, find_point_group(cluster))


def absorption(vibrations: Vibrations) -> list[float] | None:
    """Infrared absorption of each mode, km/mol, as `infrared` has it; None where there are no dipoles.

    Parameters
    ----------
    vibrations : Vibrations

    Returns
    -------
    list of float or None
        km/mol
    """
    if vibrations.dipole_gradient is None:
        return None
    strengths: list[float] = (infrared(vibrations).strengths * INFRARED_KM_PER_MOL).tolist()
    return strengths


def check_values(check: Check) -> dict[str, Any]:
    """A Check as a dict ready for JSON; `Check(**values)` gives it back.

    Parameters
    ----------
    check : Check

    Returns
    -------
    dict
    """
    return asdict(check)
