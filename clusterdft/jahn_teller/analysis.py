"""The whole analysis of one symmetric geometry: state, couplings, descent, zero-point motion."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.jahn_teller.couplings import Coupling, couplings_along
from clusterdft.jahn_teller.degenerate_modes import Direction, directions
from clusterdft.jahn_teller.descent import Summit, descend, start_along, starts_of_couplings
from clusterdft.jahn_teller.descent_work import Start
from clusterdft.jahn_teller.dynamics import COLD_BEAM, Dynamics, Measurement, classify_dynamics
from clusterdft.jahn_teller.level_filling import EqualOccupationSurface
from clusterdft.jahn_teller.open_shells import hund_spin
from clusterdft.jahn_teller.pseudo_jahn_teller import PseudoCandidate, pseudo_candidates
from clusterdft.jahn_teller.stationary_points import ExchangePath, StationaryPoint, path_between
from clusterdft.jahn_teller.symmetric_state import (
    DESCENT_FMAX,
    SymmetricState,
    nonlinear_group,
    symmetric_state,
)
from clusterdft.method import Method
from clusterdft.scf.resolve import check_electrons, resolve
from clusterdft.surfaces.choose import spec_of, surface_of
from clusterdft.symmetry.point_group import POINT_GROUP_TOLERANCE
from clusterdft.work.store import open_store
from clusterdft.work.workplace import Workplace

MIN_COUPLING = 1e-5  # hartree/bohr
EQUAL_OCCUPATIONS = ("aufbau", "equal")  # whose energies are those of equal shares, without an entropy


@dataclass(frozen=True, kw_only=True)
class JahnTellerPlan:
    """How far an analysis goes.

    Attributes
    ----------
    tolerance : float, bohr
        Of the point group.
    fmax : float, hartree/bohr
        Of relaxations.
    high_spin : bool
        Whether the symmetric state that fills the open level with one electron an orbital is solved.
    descend : bool
        Whether displaced geometries are relaxed.
    lower : bool
        Whether the descent starts into lower epikernels too, where many directions keep as much symmetry.
    n_verified : int
        As in `descend`: points, lowest first, whose vibrations are computed; None for all.
    seed : int
        Of the directions where a subgroup leaves a choice.
    """

    tolerance: float = POINT_GROUP_TOLERANCE
    fmax: float = DESCENT_FMAX
    high_spin: bool = True
    descend: bool = True
    lower: bool = True
    n_verified: int | None = None
    seed: int = 0


FULL_PLAN = JahnTellerPlan()


@dataclass(frozen=True, kw_only=True, eq=False)
class JahnTeller:
    """What is known of a symmetric geometry and of the way down from it.

    Attributes
    ----------
    state : SymmetricState
    free_energy : float, hartree
        At that geometry without the restriction to equal shares; None without an SCF.
    high_spin : SymmetricState
        With one electron an orbital in the open level, or None where that is no other.
    couplings : tuple of Coupling
        The largest stabilisation first.
    pseudo : tuple of PseudoCandidate
    points : tuple of StationaryPoint
        Lowest first; empty where no descent was asked for or needed.
    path : ExchangePath
        Between equivalent minima, or None.
    dynamics : Dynamics
    """

    state: SymmetricState
    free_energy: float | None
    high_spin: SymmetricState | None
    couplings: tuple[Coupling, ...]
    pseudo: tuple[PseudoCandidate, ...]
    points: tuple[StationaryPoint, ...]
    path: ExchangePath | None
    dynamics: Dynamics

    @property
    def minima(self) -> tuple[StationaryPoint, ...]:
        """The points that are minima, lowest first."""
        return tuple(point for point in self.points if point.kind == "minimum")

    @property
    def saddles(self) -> tuple[StationaryPoint, ...]:
        """The points that are saddle points, lowest first."""
        return tuple(point for point in self.points if point.kind == "saddle")


def jahn_teller(
    cluster: Cluster,
    method: Method,
    plan: JahnTellerPlan = FULL_PLAN,
    *,
    measurement: Measurement = COLD_BEAM,
    store: Path | None = None,
    jobs: int = 1,
    progress: Callable[[str], None] | None = None,
) -> JahnTeller:
    """Analysis of a symmetric geometry and descent to what it distorts to.

    Parameters
    ----------
    cluster : Cluster
        Nearly symmetric; with a free spin the lowest number of unpaired electrons is taken.
    method : Method
        Without smearing and with total forces.
    plan : JahnTellerPlan
        How far the analysis goes.
    measurement : Measurement
        What decides between static and dynamic.
    store : Path
        File that keeps relaxations and vibrations of the descent, and gives them back the next time, or None.
    jobs : int
        As in `Workplace`.
    progress : callable
        Called with a sentence on each of them, or None.

    Returns
    -------
    JahnTeller

    Raises
    ------
    InputError, ScfNotConverged, StoreError
        As `symmetric_state` and `open_store`; for a method with smearing or other forces.

    Notes
    -----
    The descent keeps the number of unpaired electrons. Energies count from the state with equal
    shares, which in local-density theory lies next to those with whole electrons.
    """
    _check_input(cluster, method, plan.tolerance)
    rng = np.random.default_rng(plan.seed)
    with _workplace(store, jobs) as workplace:
        state = symmetric_state(cluster, method, tolerance=plan.tolerance, fmax=plan.fmax)
        couplings = _couplings(state, method, rng)
        summit = _summit(state, method, plan)
        starts = _starts(summit, state, couplings, rng, plan)
        points = descend(summit, starts, n_verified=plan.n_verified, workplace=workplace, progress=progress)
    path = path_between(state.cluster, state.group, points, state.vibrations.masses)
    return JahnTeller(
        state=state,
        free_energy=_free_energy(state.cluster, method),
        high_spin=_high_spin(state, method, plan) if plan.high_spin else None,
        couplings=couplings,
        pseudo=pseudo_candidates(state.group, state.level_sets, state.modes, state.n_spin),
        points=points,
        path=path,
        dynamics=_dynamics(state, points, path, measurement),
    )


def _check_input(cluster: Cluster, method: Method, tolerance: float) -> None:
    """Refuses, before a store is made, what the analysis is not about.

    A method's energies and forces must be those of the state with equal shares.
    """
    if method.occupation not in EQUAL_OCCUPATIONS or method.forces != "total":
        raise InputError(
            f"occupation {method.occupation!r} and forces {method.forces!r}: the symmetric state, from which "
            "energies count, has no smearing and follows total forces; "
            f"give occupation {' or '.join(map(repr, EQUAL_OCCUPATIONS))} and forces 'total'"
        )
    nonlinear_group(cluster, tolerance)
    check_electrons(cluster, resolve(method, cluster.symbols))


@contextmanager
def _workplace(store: Path | None, jobs: int) -> Iterator[Workplace]:
    """A Workplace with the store of a path, bound to what it holds; in memory without a path."""
    with open_store(store) as kept, Workplace(kept, jobs=jobs) as workplace:
        kept.begin({"contents": "stationary points below symmetric geometries"})
        yield workplace


def _couplings(state: SymmetricState, method: Method, rng: np.random.Generator) -> tuple[Coupling, ...]:
    """Couplings of all active modes along the directions that epikernels single out, best first."""
    surface = EqualOccupationSurface(method=method)
    couplings = [
        coupling
        for modes in state.active_modes
        for direction in directions(state.group, modes, rng)
        if direction.unique
        for coupling in couplings_along(direction, state.cluster, state.levels, surface)
    ]
    return tuple(sorted(couplings, key=lambda coupling: -(coupling.stabilisation or np.inf)))


def _summit(state: SymmetricState, method: Method, plan: JahnTellerPlan) -> Summit:
    return Summit(
        cluster=state.cluster,
        energy=state.point.energy,
        group=state.group,
        spec=spec_of(method),
        fmax=plan.fmax,
    )


def _starts(
    summit: Summit,
    state: SymmetricState,
    couplings: Sequence[Coupling],
    rng: np.random.Generator,
    plan: JahnTellerPlan,
) -> list[Start]:
    """Starts along couplings, into lower epikernels, and along modes that are unstable by themselves."""
    if not plan.descend:
        return []
    strong = [coupling for coupling in couplings if coupling.force > MIN_COUPLING]
    further = _further_directions(state, rng, plan.lower)
    return [
        *starts_of_couplings(summit, strong),
        *(start_along(summit, direction, sign) for direction in further for sign in direction.signs),
    ]


def _further_directions(state: SymmetricState, rng: np.random.Generator, lower: bool) -> Iterator[Direction]:
    """Into lower epikernels of the active modes, and along modes that are unstable by themselves."""
    softest = {modes.irrep: modes for modes in reversed(state.active_modes)}
    for modes in softest.values() if lower else ():
        yield from (d for d in directions(state.group, modes, rng) if not d.unique)
    for modes in state.unstable_modes:
        if modes.irrep not in softest:
            yield from (d for d in directions(state.group, modes, rng) if lower or d.unique)


def _high_spin(state: SymmetricState, method: Method, plan: JahnTellerPlan) -> SymmetricState | None:
    """The state of the symmetric geometry that Hund's rule asks for, where it is another one."""
    unpaired = hund_spin(state.levels, state.n_unpaired)
    if unpaired == state.n_unpaired:
        return None
    cluster = replace(state.cluster, n_unpaired=unpaired)
    try:
        return symmetric_state(cluster, method, tolerance=plan.tolerance, fmax=plan.fmax)
    except (InputError, ScfNotConverged):
        return None  # its degenerate level is not the next one, or the density breaks the symmetry


def _free_energy(cluster: Cluster, method: Method) -> float | None:
    try:
        return surface_of(method).point(cluster).energy
    except ScfNotConverged:
        return None


def _dynamics(
    state: SymmetricState,
    points: Sequence[StationaryPoint],
    path: ExchangePath | None,
    measurement: Measurement,
) -> Dynamics:
    minima = [point for point in points if point.kind == "minimum"]
    if not minima:
        return Dynamics(
            kind="none",
            reason="no distorted minimum was looked for or found",
            zero_point_energy=None,
            amplitude=None,
            time_scale=measurement.time_scale,
        )
    return classify_dynamics(
        state.active_modes or state.unstable_modes,
        stabilisation=minima[0].stabilisation,
        distortion=minima[0].distortion,
        barrier=None if path is None else path.barrier,
        length=None if path is None else path.length,
        frequency=minima[0].lowest_frequency,
        measurement=measurement,
    )
