"""Relaxation of one cluster to a local minimum of a surface."""

from dataclasses import dataclass, replace
from math import inf

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.geometry.fragments import fragments
from clusterdft.relaxation import RELAXERS
from clusterdft.surfaces.choose import surface_of
from clusterdft.surfaces.surface import SurfacePoint
from clusterdft.units import HARTREE_PER_BOHR_EV_PER_ANGSTROM

FMAX = 0.01 / HARTREE_PER_BOHR_EV_PER_ANGSTROM  # hartree/bohr: 0.01 eV/angstrom
MAX_CALLS = 200
OTHER_STATE = 1e-5  # hartree: a confirmed energy this much lower is another state, to be relaxed in turn
ENERGY_LEFT = 1.25e-6  # hartree an atom, 0.03 meV, at the force limit above


@dataclass(frozen=True, kw_only=True, eq=False)
class RelaxOutcome:
    """How a relaxation ended, well or not.

    Attributes
    ----------
    cluster : the last geometry that was kept
    point : what the surface says there, without its density; None if not even the start converged
    relaxed : whether the forces are below the limit
    reason : why not; empty when relaxed
    n_force_calls : points computed, trials that were dropped included
    energies : hartree, of every force call in order
    """

    cluster: Cluster
    point: SurfacePoint | None
    relaxed: bool
    reason: str
    n_force_calls: int
    energies: tuple[float, ...]

    @property
    def energy(self):
        return None if self.point is None else self.point.energy

    @property
    def forces(self):
        return None if self.point is None else self.point.forces

    @property
    def n_unpaired(self):
        return None if self.point is None else self.point.n_unpaired


def relax(cluster, surface, *, relaxer="quasi-newton", fmax=FMAX, max_calls=MAX_CALLS, callback=None):
    """Relax a cluster until no force is larger than `fmax`, or say why that was not reached.

    Soft modes and nearby saddle points have small forces far from the minimum. So a relaxer that knows
    better goes on until it expects the energy to fall by less than 0.03 meV an atom (for the default
    `fmax`; it scales with its square). On sodium-like surfaces that costs one or two calls in twenty.

    Parameters
    ----------
    cluster : Cluster, the start
    surface : Method, SurfaceSpec or Surface
    relaxer : name in RELAXERS, or a function (cluster, surface) -> iterator of RelaxStep
    fmax : hartree/bohr, largest norm of the force on an atom
    max_calls : points computed at most
    callback : called with every RelaxStep, or None

    Returns
    -------
    RelaxOutcome
        not relaxed, with its reason, when the SCF failed, the calls ran out, or the cluster fell
        apart into more fragments than it had at the start (noticed as soon as it happens)

    Raises
    ------
    InputError
        an unknown relaxer, or limits that are not positive
    """
    check_limits(fmax, max_calls)
    surface = surface_of(surface)
    steps = RELAXERS.pick(relaxer) if isinstance(relaxer, str) else relaxer
    n_fragments = len(fragments(cluster))
    energy_left = ENERGY_LEFT * cluster.natom * (fmax / FMAX) ** 2
    kept, energies, reason = None, [], ""
    walk = steps(cluster, surface)
    try:
        while not reason:
            step, reason = _next(walk, kept)
            if step is None:
                break
            energies.append(step.point.energy)
            kept = step if step.accepted else kept
            if callback is not None:
                callback(step)
            if kept.point.largest_force <= fmax and kept.expected_drop <= energy_left:
                confirmed, reason = _confirmed(kept, surface)
                energies += [confirmed.point.energy] * (confirmed is not kept)
                lower = confirmed.point.energy < kept.point.energy - OTHER_STATE
                kept = confirmed
                if reason or not (lower and len(energies) < max_calls):
                    break
                walk.close()
                walk = steps(kept.cluster, surface)
            reason = reason or _stop_reason(kept, n_fragments, len(energies), max_calls)
    finally:
        walk.close()
    if kept is not None and kept.point.largest_force <= fmax and len(fragments(kept.cluster)) <= n_fragments:
        reason = ""  # it stopped on the way to a smaller force than was asked for
    return RelaxOutcome(
        cluster=cluster if kept is None else kept.cluster,
        point=None if kept is None else replace(kept.point, restart=None),
        relaxed=not reason,
        reason=reason,
        n_force_calls=len(energies),
        energies=tuple(energies),
    )


def _confirmed(step, surface):
    """The step with its point solved once more without a path's memory, and why that failed."""
    try:
        confirmed = surface.confirm(step.cluster)
    except ScfNotConverged as error:
        return step, str(error)
    return (step if confirmed is None else replace(step, point=confirmed)), ""


def _next(walk, kept):
    """The next step of a relaxer, or None and the reason why there is none."""
    try:
        return next(walk), ""
    except ScfNotConverged as error:
        return None, str(error)
    except InputError as error:
        if kept is None:  # the start itself is impossible: the caller's mistake, not a failure
            raise
        return None, f"the relaxation left the surface: {error}"


def check_limits(fmax, max_calls):
    """Raises InputError unless both limits are positive."""
    if not 0 < fmax < inf:
        raise InputError(f"the largest force of a relaxed cluster is given as {fmax}; give a positive number")
    if max_calls < 1:
        raise InputError(f"at most {max_calls} force calls; give at least 1")


def _stop_reason(kept, n_fragments, n_calls, max_calls):
    """Why the relaxation should not go on; empty when it should."""
    pieces = fragments(kept.cluster)
    if len(pieces) > n_fragments:
        sizes = " and ".join(str(len(piece)) for piece in pieces)
        return f"fell apart into fragments of {sizes} atoms"
    if n_calls >= max_calls:
        force = kept.point.largest_force
        return f"not relaxed after {n_calls} force calls: the largest force is {force:.1e} hartree/bohr"
    return ""
