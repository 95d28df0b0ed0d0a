"""Relaxation of one cluster to a local minimum of a surface."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import inf

from clusterdft.arrays import Floats
from clusterdft.cluster import Cluster
from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.geometry.fragments import fragments
from clusterdft.method import Method
from clusterdft.relaxation import RELAXERS
from clusterdft.relaxation.steps import Relaxer, RelaxStep
from clusterdft.surfaces.choose import surface_of
from clusterdft.surfaces.surface import Surface, SurfacePoint, SurfaceSpec
from clusterdft.units import HARTREE_PER_BOHR_EV_PER_ANGSTROM

FMAX = 0.01 / HARTREE_PER_BOHR_EV_PER_ANGSTROM  # hartree/bohr: 0.01 eV/angstrom
MAX_CALLS = 200
LOWER_STATE_DROP = 1e-5  # hartree: a confirmed energy this much lower is another state, to be relaxed in turn
EXPECTED_DROP = 1.25e-6  # hartree an atom, 0.03 meV, that may be left at the force limit above


@dataclass(frozen=True, kw_only=True, eq=False)
class RelaxOutcome:
    """How a relaxation ended, well or not.

    Attributes
    ----------
    cluster : Cluster
        The last geometry that was kept.
    point : SurfacePoint or None
        What the surface says there, without its density; None if not even the start converged.
    relaxed : bool
        Whether the forces are below the limit.
    reason : str
        Why not; empty when relaxed.
    n_force_calls : int
        Points computed, trials that were dropped included.
    energies : hartree
        Of every force call in order.
    """

    cluster: Cluster
    point: SurfacePoint | None
    relaxed: bool
    reason: str
    n_force_calls: int
    energies: tuple[float, ...]

    @property
    def energy(self) -> float | None:
        """Of the point, hartree."""
        return None if self.point is None else self.point.energy

    @property
    def forces(self) -> Floats | None:
        """At the point, (natom, 3) hartree/bohr."""
        return None if self.point is None else self.point.forces

    @property
    def n_unpaired(self) -> float | None:
        """At the point, electrons."""
        return None if self.point is None else self.point.n_unpaired


def relax(
    cluster: Cluster,
    surface: Method | SurfaceSpec | Surface,
    *,
    relaxer: str | Relaxer = "quasi-newton",
    fmax: float = FMAX,
    max_calls: int = MAX_CALLS,
    callback: Callable[[RelaxStep], None] | None = None,
) -> RelaxOutcome:
    """Relax a cluster until no force is larger than `fmax`, or say why that was not reached.

    Soft modes and nearby saddle points have small forces far from the minimum. So a relaxer that knows
    better goes on until it expects the energy to fall by less than 0.03 meV an atom (for the default
    `fmax`; it scales with its square). On sodium-like surfaces that costs one or two calls in twenty.

    Parameters
    ----------
    cluster : Cluster
        The start.
    surface : Method, SurfaceSpec or Surface
    relaxer : str or function
        Name in RELAXERS, or a function (cluster, surface) -> generator of RelaxStep.
    fmax : hartree/bohr
        Largest norm of the force on an atom.
    max_calls : int
        Points computed at most.
    callback : function or None
        Called with every RelaxStep.

    Returns
    -------
    RelaxOutcome
        Not relaxed, with its reason, when the SCF failed, the calls ran out, or the cluster fell
        apart into more fragments than it had at the start (noticed as soon as it happens).

    Raises
    ------
    InputError
        An unknown relaxer, or limits that are not positive.
    """
    check_limits(fmax, max_calls)
    surface = surface_of(surface)
    steps: Relaxer = RELAXERS.pick(relaxer) if isinstance(relaxer, str) else relaxer
    path = _Path(cluster, surface, fmax, max_calls)
    reason = path.follow(steps, callback)
    kept = path.kept
    return RelaxOutcome(
        cluster=cluster if kept is None else kept.cluster,
        point=None if kept is None else replace(kept.point, restart=None),
        relaxed=not reason,
        reason=reason,
        n_force_calls=len(path.energies),
        energies=tuple(path.energies),
    )


def check_limits(fmax: float, max_calls: int) -> None:
    """Raises InputError unless both limits are positive."""
    if not 0 < fmax < inf:
        raise InputError(f"the largest force of a relaxed cluster is given as {fmax}; give a positive number")
    if max_calls < 1:
        raise InputError(f"at most {max_calls} force calls; give at least 1")


class _Path:
    """A relaxation under way: the step that was kept last, and the energies of all force calls."""

    def __init__(self, start: Cluster, surface: Surface, fmax: float, max_calls: int) -> None:
        self.kept: RelaxStep | None = None
        self.energies: list[float] = []
        self._start, self._surface = start, surface
        self._fmax, self._max_calls = fmax, max_calls
        self._n_fragments = len(fragments(start))

    def follow(self, steps: Relaxer, callback: Callable[[RelaxStep], None] | None) -> str:
        """Take steps as long as they are needed; why the end is not relaxed, or an empty string."""
        walk, reason = steps(self._start, self._surface), ""
        try:
            while not reason:
                step, reason = self._next(walk)
                if step is None:
                    break
                kept = self._take(step)
                if callback is not None:
                    callback(step)
                if self._is_expected_end(kept):
                    confirmed, reason = self._confirm(kept)
                    is_lower = confirmed.point.energy < kept.point.energy - LOWER_STATE_DROP
                    kept = self.kept = confirmed
                    if reason or not (is_lower and len(self.energies) < self._max_calls):
                        break
                    walk.close()
                    walk = steps(kept.cluster, self._surface)
                reason = reason or self._stop_reason(kept)
        finally:
            walk.close()
        # it may have stopped on the way to a smaller force than was asked for
        return "" if self._is_relaxed() else reason

    def _next(self, walk: Iterator[RelaxStep]) -> tuple[RelaxStep | None, str]:
        """The next step of a relaxer, or None and the reason why there is none."""
        try:
            return next(walk), ""
        except ScfNotConverged as error:
            return None, str(error)
        except InputError as error:
            if self.kept is None:  # the start itself is impossible: the caller's mistake, not a failure
                raise
            return None, f"the relaxation left the surface: {error}"

    def _take(self, step: RelaxStep) -> RelaxStep:
        """The step that is kept, now that one more was made."""
        self.energies.append(step.point.energy)
        if step.accepted or self.kept is None:
            self.kept = step
        return self.kept

    def _is_expected_end(self, kept: RelaxStep) -> bool:
        """Whether the forces are small, and the relaxer expects little of going on."""
        expected_drop = EXPECTED_DROP * self._start.natom * (self._fmax / FMAX) ** 2
        return kept.point.largest_force <= self._fmax and kept.expected_drop <= expected_drop

    def _confirm(self, kept: RelaxStep) -> tuple[RelaxStep, str]:
        """The step with its point solved once more without a path's memory, and why that failed."""
        try:
            point = self._surface.confirm(kept.cluster)
        except ScfNotConverged as error:
            return kept, str(error)
        if point is None:
            return kept, ""
        self.energies.append(point.energy)
        return replace(kept, point=point), ""

    def _is_relaxed(self) -> bool:
        if self.kept is None or self.kept.point.largest_force > self._fmax:
            return False
        return len(fragments(self.kept.cluster)) <= self._n_fragments

    def _stop_reason(self, kept: RelaxStep) -> str:
        """Why the relaxation should not go on; empty when it should."""
        pieces, n_calls = fragments(kept.cluster), len(self.energies)
        if len(pieces) > self._n_fragments:
            sizes = " and ".join(str(len(piece)) for piece in pieces)
            return f"fell apart into fragments of {sizes} atoms"
        if n_calls >= self._max_calls:
            force = kept.point.largest_force
            return f"not relaxed after {n_calls} force calls: the largest force is {force:.1e} hartree/bohr"
        return ""
