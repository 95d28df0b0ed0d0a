"""The whole analysis of one symmetric geometry: state, couplings, descent, zero-point motion."""

from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.jahn_teller.constrained import EqualOccupationSurface
from clusterdft.jahn_teller.couplings import Coupling, coupling
from clusterdft.jahn_teller.degenerate_modes import directions
from clusterdft.jahn_teller.descent import Descent
from clusterdft.jahn_teller.dynamics import TEMPERATURE, TIME_SCALE, Dynamics, classify_dynamics
from clusterdft.jahn_teller.open_shells import hund_spin
from clusterdft.jahn_teller.pseudo_jahn_teller import PseudoCandidate, pseudo_candidates
from clusterdft.jahn_teller.stationary_points import ExchangePath, StationaryPoint, path_between
from clusterdft.jahn_teller.symmetric_state import (
    DESCENT_FMAX,
    SymmetricState,
    nonlinear_group,
    symmetric_state,
)
from clusterdft.scf.resolve import check_electrons, resolve
from clusterdft.surfaces.choose import surface_of
from clusterdft.symmetry.point_group import TOLERANCE
from clusterdft.work.store import open_store
from clusterdft.work.workplace import Workplace

MIN_COUPLING = 1e-5  # hartree/bohr
FILLING_ENERGY_TOLERANCE = 2e-5  # hartree: along two modes, one filling costs the same within it
OCCUPATIONS = ("aufbau", "equal")  # whose energies are those of equal shares, without an entropy


@dataclass(frozen=True, kw_only=True, eq=False)
class JahnTeller:
    """What is known of a symmetric geometry and of the way down from it.

    Attributes
    ----------
    state : SymmetricState
    free_energy : hartree, at that geometry without the restriction to equal shares; None without an SCF
    high_spin : SymmetricState with one electron an orbital in the open level, or None where that is no other
    couplings : tuple of Coupling, the largest stabilisation first
    pseudo : tuple of PseudoCandidate
    points : tuple of StationaryPoint, lowest first; empty where no descent was asked for or needed
    path : ExchangePath between equivalent minima, or None
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
    def minima(self):
        """The points that are minima, lowest first."""
        return tuple(point for point in self.points if point.kind == "minimum")

    @property
    def saddles(self):
        """The points that are saddle points, lowest first."""
        return tuple(point for point in self.points if point.kind == "saddle")

    @property
    def linear_stabilisation(self):
        """Gain in the linear model, hartree, at its largest; None without couplings, or with a soft mode.

        sum of V^2 / 2K over modes of one representation that share an epikernel, less the energy of filling;
        an upper bound where a representation couples in two ways, as h does in H x h;
        a filling that is not known along each of these modes is left out
        """
        if not self.couplings or any(one.stabilisation is None for one in self.couplings):
            return None
        return max(
            (
                sum(one.stabilisation for one in shared) - max(one.filling_energy for one in shared)
                for shared in _fillings(self.couplings)
            ),
            default=None,
        )


def jahn_teller(
    cluster,
    method,
    *,
    tolerance=TOLERANCE,
    descend=True,
    verify=None,
    lower=True,
    high_spin=True,
    fmax=DESCENT_FMAX,
    seed=0,
    time_scale=TIME_SCALE,
    temperature=TEMPERATURE,
    store=None,
    jobs=1,
    progress=None,
):
    """Analysis of a symmetric geometry and descent to what it distorts to.

    Parameters
    ----------
    cluster : Cluster, nearly symmetric; with a free spin the lowest number of unpaired electrons is taken
    method : Method, without smearing and with total forces
    tolerance : bohr, of the point group
    descend : whether to relax displaced geometries
    verify : how many of the points found, lowest first, are told minima or saddle points by their vibrations
        and followed down by kicks; None for all. The others stay uncertain.
    lower : whether the descent starts into lower epikernels too, where many directions keep as much symmetry
    high_spin : whether the symmetric state that fills the open level with one electron an orbital is solved
    fmax : hartree/bohr
    seed : of the directions where a subgroup leaves a choice
    time_scale, temperature : atomic units and kelvin, of static against dynamic; see `classify_dynamics`
    store : path of a file that keeps the relaxations and vibrations of the descent and gives them back when
        the same is asked again, or None
    jobs : of those at a time; 1 does them in this process
    progress : called with a sentence whenever one of them was computed, or None

    Returns
    -------
    JahnTeller

    Raises
    ------
    InputError, ScfNotConverged
        as `symmetric_state`; for a method with smearing or other forces
    StoreError
        as `open_store`

    Notes
    -----
    The descent keeps the number of unpaired electrons. Energies count from the state with equal
    shares, which in local-density theory lies next to those with whole electrons.
    """
    _check_functional(method)  # before the store is made
    nonlinear_group(cluster, tolerance)
    check_electrons(cluster, resolve(method, cluster.symbols))
    with _workplace(store, jobs) as workplace:
        state = symmetric_state(cluster, method, tolerance=tolerance, fmax=fmax)
        rng = np.random.default_rng(seed)
        couplings = _couplings(state, method, rng)
        walk = Descent(
            state.cluster,
            state.point.energy,
            state.group,
            method,
            workplace=workplace,
            fmax=fmax,
            progress=progress,
        )
        if descend:
            starts = walk.starts_of_couplings([one for one in couplings if one.force > MIN_COUPLING])
            further = _further_directions(state, rng, lower)
            walk.relax([*starts, *(walk.start(one, sign) for one in further for sign in one.signs)])
            walk.verify(verify)
    points = walk.sorted_points()
    path = path_between(state.cluster, state.group, points, state.vibrations.masses)
    return JahnTeller(
        state=state,
        free_energy=_free_energy(state.cluster, surface_of(method)),
        high_spin=_high_spin(state, method, tolerance, fmax) if high_spin else None,
        couplings=couplings,
        pseudo=pseudo_candidates(
            state.group, state.level_sets, state.modes, len(state.point.details["mo_energy"])
        ),
        points=points,
        path=path,
        dynamics=_dynamics(state, points, path, time_scale, temperature),
    )


def _check_functional(method):
    """Refuses a method whose energies or forces are not those of the state with equal shares."""
    if method.occupation not in OCCUPATIONS or method.forces != "total":
        raise InputError(
            f"occupation {method.occupation!r} and forces {method.forces!r}: the symmetric state, from which "
            "energies count, has no smearing and follows total forces; "
            f"give occupation {' or '.join(map(repr, OCCUPATIONS))} and forces 'total'"
        )


@contextmanager
def _workplace(store, jobs):
    """A Workplace with the store of a path, bound to what it holds; in memory without a path."""
    with open_store(store) as kept, Workplace(kept, jobs=jobs) as workplace:
        kept.begin({"contents": "stationary points below symmetric geometries"})
        yield workplace


def _couplings(state, method, rng):
    """Couplings of all active modes along the directions that epikernels single out, best first."""
    equal = EqualOccupationSurface(method=method)
    found = [
        one
        for modes in state.active_modes
        for direction in directions(state.group, modes, rng)
        if direction.unique
        for one in coupling(state.cluster, state.levels, direction, equal)
    ]
    return tuple(sorted(found, key=lambda one: -(one.stabilisation or np.inf)))


def _high_spin(state, method, tolerance, fmax):
    """The state of the symmetric geometry that Hund's rule asks for, where it is another one."""
    unpaired = hund_spin(state.levels, state.cluster.n_unpaired)
    if unpaired == state.cluster.n_unpaired:
        return None
    try:
        return symmetric_state(
            replace(state.cluster, n_unpaired=unpaired), method, tolerance=tolerance, fmax=fmax
        )
    except (InputError, ScfNotConverged):
        return None  # its degenerate level is not the next one, or the density breaks the symmetry


def _further_directions(state, rng, lower):
    """Into lower epikernels of the active modes, and along modes that are unstable by themselves."""
    softest = {one.irrep: one for one in reversed(state.active_modes)}
    for modes in softest.values() if lower else ():
        yield from (one for one in directions(state.group, modes, rng) if not one.unique)
    for modes in state.unstable_modes:
        if modes.irrep not in softest:
            yield from (one for one in directions(state.group, modes, rng) if lower or one.unique)


def _free_energy(cluster, surface):
    try:
        return surface.point(cluster).energy
    except ScfNotConverged:
        return None


def _dynamics(state, points, path, time_scale, temperature):
    minima = [point for point in points if point.kind == "minimum"]
    if not minima:
        reason = "no distorted minimum was looked for or found"
        return Dynamics(
            kind="none", reason=reason, zero_point_energy=None, amplitude=None, time_scale=time_scale
        )
    home = minima[0]
    modes = state.active_modes or state.unstable_modes
    return classify_dynamics(
        modes,
        stabilisation=home.stabilisation,
        distortion=home.distortion,
        barrier=None if path is None else path.barrier,
        length=None if path is None else path.length,
        frequency=home.lowest_frequency,
        time_scale=time_scale,
        temperature=temperature,
    )


def _fillings(couplings):
    """Tuples of couplings with one representation, epikernel and filling, one coupling of each mode.

    Notes
    -----
    which sign of a direction is which is arbitrary, mode by mode; the same electrons in the same
    orbitals cost the same energy of filling along each
    """
    shared = {}
    for one in couplings:
        key = (one.direction.modes.irrep, tuple(one.direction.subgroup.members))
        shared.setdefault(key, {}).setdefault(id(one.direction), []).append(one)
    for modes in shared.values():
        yield from (choice for choice in product(*modes.values()) if _same_filling(choice))


def _same_filling(couplings):
    energies = [one.filling_energy for one in couplings]
    return None not in energies and float(np.ptp(energies)) < FILLING_ENERGY_TOLERANCE
