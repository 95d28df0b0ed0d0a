"""What a search does besides its starts: isomers are checked, saddle points left, other spins tried."""

from collections.abc import Callable, Container, Sequence
from dataclasses import fields, replace
from math import inf
from typing import Any

from clusterdft.isomer_search.minimum_check import Check, CheckTask, check_task
from clusterdft.isomer_search.outcome import Outcome
from clusterdft.isomer_search.search_result import CheckedIsomer
from clusterdft.isomer_search.spin_scan import (
    SpinScan,
    SpinState,
    first_spins,
    impossible,
    next_spins,
    scan_of,
    spin_state,
)
from clusterdft.isomer_search.strategies.setting import Proposal
from clusterdft.isomers.pool import Isomer
from clusterdft.surfaces.surface import SurfaceSpec
from clusterdft.units import HARTREE_EV

CHECK_WINDOW = 0.3 / HARTREE_EV  # hartree above the lowest isomer
KICK_FMAX_DIVISOR = 3.0  # kicked relaxations go to a smaller force: near a saddle point all forces are small
CHECK_ENERGY_TOLERANCE = 1e-5  # hartree: a check of another geometry of the isomer, not higher, counts for it
MAX_ROUNDS = 6  # kicks of what kicks led to, at most

NumberedProposal = tuple[Proposal, Callable[[int], None]]


class FollowUps:
    """Checks and further starts that the isomers so far call for, and what came of them.

    A round is `due_checks`, `add_check` for each, then `due_proposals`, each numbered, and `add_outcome`
    when it has ended.

    Parameters
    ----------
    spec : SurfaceSpec
    fmax : hartree/bohr
        Force limit of the search.
    within : hartree or None
        Above the lowest isomer, for checks and scans; None for no checks.
    spins : bool
        Whether other spins are tried.
    """

    def __init__(
        self, spec: SurfaceSpec, fmax: float, *, within: float | None = CHECK_WINDOW, spins: bool = False
    ) -> None:
        self._spec, self._fmax = spec, fmax
        self._within, self._spins = within, spins
        # all by the number of the start whose geometry was checked, kicked or scanned
        self._checks: dict[int, Check] = {}
        self._vibrations: dict[int, Check] = {}  # of these, the checks with vibrations
        self._kicks: dict[int, list[int]] = {}  # the numbers of the two kicked starts
        self._scans: dict[int, dict[int, SpinState | int]] = {}  # {spin: state, or number of its start}
        self._outcomes: dict[int, Outcome] = {}
        self._annotated: dict[int, tuple[Isomer, CheckedIsomer]] = {}  # by the lowest start

    @property
    def all_checks(self) -> tuple[Check, ...]:
        """The Checks so far."""
        return tuple(self._checks.values())

    def add_outcome(self, outcome: Outcome) -> None:
        """Take in an outcome of the search; all of them are needed."""
        self._outcomes[outcome.index] = outcome

    def due_checks(self, isomers: Sequence[Isomer]) -> list[tuple[int, CheckTask]]:
        """[(number of the start that is checked, CheckTask)] of the isomers that need one."""
        if self._within is None:
            return []
        near = self._near(isomers, self._within)
        due = [
            self._task(isomer, vibrations=True)
            for isomer in near
            if self._lowest_start(isomer, self._vibrations) is None
        ]
        if self._spec.has_electrons:
            due += [
                self._task(isomer, vibrations=False)
                for isomer in isomers[len(near) :]
                if self._lowest_start(isomer, self._checks) is None
            ]
        return due

    def add_check(self, number: int, check: Check) -> None:
        """Take in the check of a start's geometry."""
        self._checks[number] = check
        if check.kind:
            self._vibrations[number] = check

    def _task(self, isomer: Isomer, *, vibrations: bool) -> tuple[int, CheckTask]:
        task = check_task(isomer.cluster, self._spec.key, self._fmax, vibrations=vibrations)
        return isomer.lowest_start, task

    def due_proposals(self, isomers: Sequence[Isomer]) -> list[NumberedProposal]:
        """[(Proposal, function to call with the number it gets)] of kicks and spins."""
        due = []
        for isomer in self._near(isomers, inf if self._within is None else self._within):
            number = self._lowest_start(isomer, self._vibrations)
            if number is not None and number not in self._kicks:
                due += self._kicked(number)
        if self._spins:
            reach = CHECK_WINDOW if self._within is None else self._within
            for isomer in self._near(isomers, reach):
                due += self._spin_starts(isomer)
        return due

    def annotate(self, isomers: Sequence[Isomer], separated: float | None) -> list[CheckedIsomer]:
        """The isomers with what is known of them from checks and scans.

        One of which nothing new is known is the same object as before: its point group is known.

        Parameters
        ----------
        isomers : sequence of Isomer, lowest first
        separated : hartree or None
            Energy of the separated atoms.

        Returns
        -------
        list of CheckedIsomer
        """
        return [self._annotate(isomer, separated) for isomer in isomers]

    def _annotate(self, isomer: Isomer, separated: float | None) -> CheckedIsomer:
        knowledge = self._knowledge_of(isomer, separated)
        before, annotated = self._annotated.get(isomer.lowest_start, (None, None))
        if annotated is None or before is not isomer or knowledge:
            values = {field.name: getattr(isomer, field.name) for field in fields(isomer)}
            annotated = CheckedIsomer(**values, **knowledge)
            self._annotated[isomer.lowest_start] = isomer, annotated
        return annotated

    @staticmethod
    def _near(isomers: Sequence[Isomer], within: float) -> list[Isomer]:
        return [isomer for isomer in isomers if isomer.energy <= isomers[0].energy + within]

    def _energy_of(self, number: int) -> float:
        """Energy that a start ended with, hartree; infinite without one."""
        energy = self._outcomes[number].energy
        return inf if energy is None else energy

    def _lowest_start(self, isomer: Isomer, verdicts: Container[int]) -> int | None:
        """The lowest of the checked starts that ended in an isomer, or None where all are higher than it."""
        starts = [start for start in isomer.starts if start in verdicts]
        lowest = min(starts, key=self._energy_of, default=None)
        if lowest is None or self._energy_of(lowest) > isomer.energy + CHECK_ENERGY_TOLERANCE:
            return None
        return lowest

    def _kicked(self, number: int) -> list[NumberedProposal]:
        """The two kicks from a checked start that is no minimum."""
        check, here = self._vibrations[number], self._outcomes[number].cluster
        self._kicks[number] = []
        return [
            (
                Proposal(
                    cluster=here.at(positions),
                    origin=f"kick from {number}",
                    parents=(number,),
                    role="follow-up",
                    fmax=self._fmax / KICK_FMAX_DIVISOR,
                ),
                self._kicks[number].append,
            )
            for positions in check.kicked
        ]

    def _spin_starts(self, isomer: Isomer) -> list[NumberedProposal]:
        """Starts with other spins, of a minimum whose spin was free."""
        free = [n for n in isomer.starts if self._outcomes[n].cluster.n_unpaired is None]
        if not free or self._verdict(isomer)[0] == "saddle":
            return []
        anchor = next((n for n in free if n in self._scans), free[0])
        outcome = self._outcomes[anchor]
        if anchor in self._scans:
            spins = next_spins(self._states(anchor))
        else:
            self._scans[anchor] = {}
            spins = first_spins(outcome.cluster, self._spec, _spin_of(outcome))
        return [self._spin_start(anchor, spin) for spin in spins if self._possible(anchor, spin)]

    def _possible(self, anchor: int, spin: int) -> bool:
        """Whether the surface takes a spin; what it does not take is noted as a state."""
        start = replace(self._outcomes[anchor].cluster, n_unpaired=spin)
        state = impossible(start, self._spec)
        if state is not None:
            self._scans[anchor][spin] = state
        return state is None

    def _spin_start(self, anchor: int, spin: int) -> NumberedProposal:
        start = replace(self._outcomes[anchor].cluster, n_unpaired=spin)
        proposal = Proposal(
            cluster=start, origin=f"{spin} unpaired at {anchor}", parents=(anchor,), role="follow-up"
        )

        def note(number: int) -> None:
            self._scans[anchor][spin] = number

        return proposal, note

    def _states(self, anchor: int) -> list[SpinState]:
        """SpinStates of a scan, as far as its relaxations have ended."""
        start, states = self._outcomes[anchor].cluster, []
        for spin, state in self._scans[anchor].items():
            if isinstance(state, SpinState):
                states.append(state)
            elif state in self._outcomes:
                states.append(spin_state(replace(start, n_unpaired=spin), self._outcomes[state]))
        return states

    def _knowledge_of(self, isomer: Isomer, separated: float | None) -> dict[str, Any]:
        """The fields of a CheckedIsomer that checks and scans give; empty where there were none."""
        described = self._lowest_start(isomer, self._checks)
        anchor = next((start for start in isomer.starts if start in self._scans), None)
        if described is None and anchor is None:
            return {}
        verdict, reason = self._verdict(isomer)
        number = self._lowest_start(isomer, self._vibrations)
        check = None if number is None else self._vibrations[number]
        return {
            "verdict": verdict,
            "verdict_reason": reason,
            "frequencies": None if check is None else _as_tuple(check.frequencies),
            "absorption": None if check is None else _as_tuple(check.absorption),
            "spin_scan": None if anchor is None else self._scan(anchor, separated),
            "electrons": None if described is None else self._checks[described].electrons,
        }

    def _scan(self, anchor: int, separated: float | None) -> SpinScan:
        outcome, states = self._outcomes[anchor], self._states(anchor)
        return scan_of(outcome.cluster, self._energy_of(anchor), _spin_of(outcome), states, separated)

    def _verdict(self, isomer: Isomer) -> tuple[str, str]:
        """(verdict, reason) of an isomer, with what became of the kicks."""
        number = self._lowest_start(isomer, self._vibrations)
        if number is None:
            return "", ""
        check = self._vibrations[number]
        kicked = [start for start in self._kicks.get(number, []) if start in self._outcomes]
        if check.kind == "minimum" or not kicked:
            return check.kind, check.reason
        if all(start in isomer.starts for start in kicked):
            # a flat geometry is as good as it gets; between two wells of one isomer there is a saddle point
            kind = "minimum" if check.kind == "uncertain" else check.kind
            return kind, f"{check.reason}, but kicks come back to it"
        ends = [self._energy_of(start) for start in kicked if self._outcomes[start].relaxed]
        drop = isomer.energy - min(ends, default=inf)
        if drop > CHECK_ENERGY_TOLERANCE:
            return check.kind, f"{check.reason}; a kick leads {drop:.5f} hartree down"
        return check.kind, f"{check.reason}; kicks neither come back to it nor lead lower"


def _as_tuple(values: Sequence[float] | None) -> tuple[float, ...] | None:
    return None if values is None else tuple(values)


def _spin_of(outcome: Outcome) -> float:
    """Unpaired electrons that a start ended with."""
    return 0.0 if outcome.n_unpaired is None else outcome.n_unpaired
