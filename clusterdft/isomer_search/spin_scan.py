"""The spin of a minimum: its geometry solved and relaxed again with other numbers of unpaired electrons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import floor

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.geometry.fragments import fragments
from clusterdft.isomer_search.outcome import Outcome
from clusterdft.isomers.identity import same_isomer
from clusterdft.surfaces.surface import SurfaceSpec

SPIN_ORDER_TOLERANCE = 1e-5  # hartree: states nearer than this have no order
LOOSE_BINDING_SHARE = 0.25  # of that of the best bound state: with less, only weak forces hold the atoms


@dataclass(frozen=True, kw_only=True, eq=False)
class SpinState:
    """One number of unpaired electrons.

    Attributes
    ----------
    n_unpaired : int
    kind : str
        "bound"; "loose" (hardly lower than separated atoms, as the triplet of Na2 is); "apart" (fell into
        fragments); "failed" (no self-consistent answer, or not relaxed); "not possible"
    reason : str
        In words; empty for a bound state.
    vertical_energy : hartree or None
        At the geometry of the minimum; None where there is none.
    energy : hartree or None
        relaxed (adiabatic); None unless bound or loose
    cluster : Cluster or None
        Its geometry, or the last one; None where nothing was computed.
    same_geometry : bool
        Whether it relaxed to what counts as the same geometry; otherwise it is another isomer's.
    n_force_calls : int
        What it cost.
    """

    n_unpaired: int
    kind: str
    reason: str
    vertical_energy: float | None = None
    energy: float | None = None
    cluster: Cluster | None = None
    same_geometry: bool = False
    n_force_calls: int = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class SpinScan:
    """The spins of one minimum.

    Attributes
    ----------
    cluster : Cluster
        The minimum, its spin free.
    free_energy, free_n_unpaired : hartree, electrons
        Where the spin is an outcome.
    states : tuple of SpinState
        By number of unpaired electrons.
    crossings : tuple of pairs of n_unpaired
        Whose order at the geometry of the minimum is not that of their own minima: their surfaces cross on
        the way.
    n_force_calls : int
        All together.
    """

    cluster: Cluster
    free_energy: float
    free_n_unpaired: float
    states: tuple[SpinState, ...]
    crossings: tuple[tuple[int, int], ...]
    n_force_calls: int

    @property
    def ground(self) -> SpinState | None:
        """SpinState of lowest relaxed energy (of equals the one with fewest unpaired electrons), or None."""
        return _ground(self.states)


def scan_of(
    cluster: Cluster,
    energy: float,
    n_unpaired: float,
    states: Iterable[SpinState],
    separated: float | None,
) -> SpinScan:
    """The SpinScan of a minimum from its states.

    Begun with `first_spins`, a scan is extended with `next_spins` as long as the lowest state is at an end
    of it. A spin that the surface refuses (`impossible`) is a state too, and so is one that failed.

    Parameters
    ----------
    cluster, energy, n_unpaired : Cluster, hartree, electrons
        The minimum where the spin is free.
    states : SpinStates
        In any order.
    separated : hartree or None
        energy of the separated atoms

    Returns
    -------
    SpinScan

    Notes
    -----
    A free spin may come out fractional, below every state with a fixed one: levels that meet the
    chemical potential share electrons. The spins of a fixed singlet have the same density; a free one may
    break that symmetry and be lower.
    """
    ordered = _with_loose_marked(sorted(states, key=lambda state: state.n_unpaired), separated)
    return SpinScan(
        cluster=cluster,
        free_energy=energy,
        free_n_unpaired=n_unpaired,
        states=ordered,
        crossings=_crossings(ordered),
        n_force_calls=sum(state.n_force_calls for state in ordered),
    )


def first_spins(cluster: Cluster, spec: SurfaceSpec, free: float) -> list[int]:
    """The possible number of unpaired electrons nearest to a free outcome, and its neighbours.

    Returns
    -------
    list of int

    Raises
    ------
    InputError
        None near it is possible.
    """
    return _neighbours(_nearest(cluster, spec, abs(free)))


def next_spins(states: Iterable[SpinState]) -> list[int]:
    """The spin beyond the end of a scan where the ground state is at that end; none elsewhere.

    Parameters
    ----------
    states : SpinStates
        Of the scan so far.

    Returns
    -------
    list of int
    """
    states = list(states)
    ground = _ground(states)
    if ground is None:
        return []
    known = {state.n_unpaired for state in states}
    return [spin for spin in _neighbours(ground.n_unpaired) if spin not in known]


def impossible(start: Cluster, spec: SurfaceSpec) -> SpinState | None:
    """The SpinState of a spin that the surface does not take, or None where it does.

    Parameters
    ----------
    start : Cluster
        The minimum with a fixed spin.
    spec : SurfaceSpec

    Returns
    -------
    SpinState or None
    """
    mistake = _mistake(start, spec)
    if mistake is None:
        return None
    return SpinState(n_unpaired=_fixed_spin(start), kind="not possible", reason=mistake)


def spin_state(start: Cluster, outcome: Outcome) -> SpinState:
    """The SpinState that a relaxation ended in, loose ones not yet told from bound ones.

    Parameters
    ----------
    start : Cluster
        The minimum with a fixed spin.
    outcome : Outcome
        Of its relaxation.

    Returns
    -------
    SpinState
    """
    state = SpinState(
        n_unpaired=_fixed_spin(start),
        kind="bound",
        reason=outcome.reason,
        vertical_energy=outcome.start_energy,
        cluster=outcome.cluster,
        n_force_calls=outcome.n_force_calls,
    )
    if not outcome.relaxed:
        apart = len(fragments(outcome.cluster)) > len(fragments(start))
        return replace(state, kind="apart" if apart else "failed")
    return replace(state, energy=outcome.energy, same_geometry=same_isomer(start, outcome.cluster).same)


def _fixed_spin(start: Cluster) -> int:
    if start.n_unpaired is None:
        raise ValueError("a SpinState has a fixed number of unpaired electrons, this start has none")
    return start.n_unpaired


def _nearest(cluster: Cluster, spec: SurfaceSpec, free: float) -> int:
    """The possible number of unpaired electrons nearest to a free outcome."""
    low = floor(free)
    candidates = sorted(range(max(low - 1, 0), low + 3), key=lambda spin: abs(spin - free))
    for spin in candidates:
        if _mistake(replace(cluster, n_unpaired=spin), spec) is None:
            return spin
    raise InputError(
        f"no number of unpaired electrons near {free:.2f} is possible on this surface; give spins of your own"
    )


def _mistake(cluster: Cluster, spec: SurfaceSpec) -> str | None:
    """Why the spin is impossible, or None."""
    try:
        spec.check(cluster)
    except InputError as error:
        return str(error)
    return None


def _neighbours(spin: int) -> list[int]:
    """The spin with two unpaired electrons fewer and more; never a negative one."""
    return [near for near in (spin - 2, spin, spin + 2) if near >= 0]


def _ground(states: Iterable[SpinState]) -> SpinState | None:
    """The lowest relaxed state, or None."""
    relaxed = [(state.energy, state) for state in states if state.energy is not None]
    if not relaxed:
        return None
    limit = min(energy for energy, _ in relaxed) + SPIN_ORDER_TOLERANCE
    return min((state for energy, state in relaxed if energy <= limit), key=lambda state: state.n_unpaired)


def _with_loose_marked(states: Sequence[SpinState], separated: float | None) -> tuple[SpinState, ...]:
    """The states, those that are hardly bound against separated atoms marked."""
    energies = [state.energy for state in states if state.energy is not None]
    if separated is None or not energies:
        return tuple(states)
    limit = separated - LOOSE_BINDING_SHARE * max(separated - min(energies), 0.0)
    reason = "hardly lower than separated atoms"
    return tuple(
        replace(state, kind="loose", reason=reason)
        if state.energy is not None and state.energy > limit
        else state
        for state in states
    )


def _crossings(states: Iterable[SpinState]) -> tuple[tuple[int, int], ...]:
    """Pairs of spins that are in one order at the geometry of the minimum and in the other when relaxed."""
    energies = [
        (state.n_unpaired, state.vertical_energy, state.energy)
        for state in states
        if state.energy is not None and state.vertical_energy is not None
    ]
    crossings = []
    for (spin_a, vertical_a, relaxed_a), (spin_b, vertical_b, relaxed_b) in combinations(energies, 2):
        vertical, adiabatic = vertical_a - vertical_b, relaxed_a - relaxed_b
        if vertical * adiabatic < 0 and min(abs(vertical), abs(adiabatic)) > SPIN_ORDER_TOLERANCE:
            crossings.append((spin_a, spin_b))
    return tuple(crossings)
