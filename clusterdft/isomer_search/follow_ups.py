"""What a search does besides its starts: isomers are checked, saddle points left, other spins tried."""

from dataclasses import replace
from math import inf

from clusterdft.isomer_search.minimum_check import check_task
from clusterdft.isomer_search.spin_scan import (
    SpinState,
    first_spins,
    impossible,
    next_spins,
    scan_of,
    spin_state,
)
from clusterdft.isomer_search.strategies.setting import Proposal
from clusterdft.units import HARTREE_EV

WITHIN = 0.3 / HARTREE_EV  # hartree above the lowest isomer
FINER = 3.0  # force limit of kicked relaxations, so much smaller: near a saddle point all forces are small
AS_LOW = 1e-5  # hartree: a check of another geometry of the isomer, not higher than this, counts for it
ROUNDS = 6  # kicks of what kicks led to, at most


class FollowUps:
    """Checks and further starts that the isomers found so far call for, and what came of them.

    A round is `checks`, `checked` for each, then `proposals`, each numbered and `told` when it has ended.

    Parameters
    ----------
    spec : SurfaceSpec
    fmax : hartree/bohr, force limit of the search
    within : hartree above the lowest isomer, for checks and scans; None for no checks
    spins : whether other spins are tried
    """

    def __init__(self, spec, fmax, *, within=WITHIN, spins=False):
        self._spec, self._fmax = spec, fmax
        self._within, self._spins = within, spins
        self._checks = {}  # by the number of the start whose geometry was checked
        self._described = {}  # the same with those whose electrons alone were looked at
        self._kicks = {}  # by that number too: the numbers of the two kicked starts
        self._scans = {}  # by the number of the start whose geometry was scanned: {spin: SpinState or number}
        self._outcomes = {}

    @property
    def all_checks(self):
        """The Checks so far."""
        return tuple(self._described.values())

    def told(self, outcome):
        """Hears of every outcome of the search."""
        self._outcomes[outcome.index] = outcome

    def checks(self, isomers):
        """[(number of the start that is checked, CheckTask)] of the isomers that need one."""
        if self._within is None:
            return []
        near = self._near(isomers, self._within)
        needed = [self._task(one, True) for one in near if self._speaker(one, self._checks) is None]
        if self._spec.has_electrons:
            others = isomers[len(near) :]
            needed += [
                self._task(one, False) for one in others if self._speaker(one, self._described) is None
            ]
        return needed

    def checked(self, number, check):
        """Hears of a check."""
        self._described[number] = check
        if check.kind:
            self._checks[number] = check

    def _task(self, isomer, vibrations):
        task = check_task(isomer.cluster, self._spec.key, self._fmax, vibrations=vibrations)
        return isomer.lowest_start, task

    def proposals(self, isomers):
        """[(Proposal, function to call with the number it gets)] of kicks and spins."""
        asked = []
        for isomer in self._near(isomers, inf if self._within is None else self._within):
            number = self._check_of(isomer)
            if number is not None and number not in self._kicks:
                asked += self._kicked(number)
        if self._spins:
            reach = WITHIN if self._within is None else self._within
            for isomer in self._near(isomers, reach):
                asked += self._spin_starts(isomer)
        return asked

    def judged(self, isomers, separated):
        """The isomers with what is known of them from checks and scans.

        Parameters
        ----------
        isomers : sequence of Isomer, lowest first
        separated : hartree, energy of the separated atoms, or None
        """
        return [self._judged(isomer, separated) for isomer in isomers]

    @staticmethod
    def _near(isomers, within):
        return [isomer for isomer in isomers if isomer.energy <= isomers[0].energy + within]

    def _check_of(self, isomer):
        """Number of the start whose vibrations speak for an isomer, or None."""
        return self._speaker(isomer, self._checks)

    def _speaker(self, isomer, checks):
        """Number of the start among the checked ones that speaks for an isomer, or None."""
        known = [start for start in isomer.starts if start in checks]
        lowest = min(known, key=lambda start: self._outcomes[start].energy, default=None)
        if lowest is None or self._outcomes[lowest].energy > isomer.energy + AS_LOW:
            return None
        return lowest

    def _kicked(self, number):
        """The two kicks from a checked start that is no minimum."""
        check, here = self._checks[number], self._outcomes[number].cluster
        self._kicks[number] = []
        return [
            (
                Proposal(
                    cluster=here.at(positions),
                    origin=f"kick from {number}",
                    parents=(number,),
                    role="follow-up",
                    fmax=self._fmax / FINER,
                ),
                self._kicks[number].append,
            )
            for positions in check.kicked
        ]

    def _spin_starts(self, isomer):
        """Starts with other spins, of a minimum whose spin was free."""
        free = [n for n in isomer.starts if self._outcomes[n].cluster.n_unpaired is None]
        if not free or self._verdict(isomer)[0] == "saddle":
            return []
        anchor = next((n for n in free if n in self._scans), free[0])
        found = self._outcomes[anchor]
        if anchor in self._scans:
            spins = next_spins(self._states(anchor))
        else:
            self._scans[anchor] = {}
            spins = first_spins(found.cluster, self._spec, found.n_unpaired)
        return [self._spin_start(anchor, spin) for spin in spins if self._possible(anchor, spin)]

    def _possible(self, anchor, spin):
        """Whether the surface takes a spin; what it does not take is noted as a state."""
        start = replace(self._outcomes[anchor].cluster, n_unpaired=spin)
        state = impossible(start, self._spec)
        if state is not None:
            self._scans[anchor][spin] = state
        return state is None

    def _spin_start(self, anchor, spin):
        start = replace(self._outcomes[anchor].cluster, n_unpaired=spin)
        proposal = Proposal(
            cluster=start, origin=f"{spin} unpaired at {anchor}", parents=(anchor,), role="follow-up"
        )
        return proposal, lambda number: self._scans[anchor].__setitem__(spin, number)

    def _states(self, anchor):
        """SpinStates of a scan, as far as its relaxations have ended."""
        start, states = self._outcomes[anchor].cluster, []
        for spin, state in self._scans[anchor].items():
            if isinstance(state, SpinState):
                states.append(state)
            elif state in self._outcomes:
                states.append(spin_state(replace(start, n_unpaired=spin), self._outcomes[state]))
        return states

    def _judged(self, isomer, separated):
        told = self._speaker(isomer, self._described)
        anchor = next((start for start in isomer.starts if start in self._scans), None)
        if told is None and anchor is None:
            return isomer  # itself: what it has found out about its geometry is kept
        verdict, reason = self._verdict(isomer)
        number = self._check_of(isomer)
        check = None if number is None else self._checks[number]
        scan = None
        if anchor is not None:
            found = self._outcomes[anchor]
            scan = scan_of(found.cluster, found.energy, found.n_unpaired, self._states(anchor), separated)
        return replace(
            isomer,
            verdict=verdict,
            verdict_reason=reason,
            frequencies=_numbers(check and check.frequencies),
            absorption=_numbers(check and check.absorption),
            spin_scan=scan,
            electrons=None if told is None else self._described[told].electrons,
        )

    def _verdict(self, isomer):
        """(verdict, reason) of an isomer, with what became of the kicks."""
        number = self._check_of(isomer)
        if number is None:
            return "", ""
        check = self._checks[number]
        kicked = [start for start in self._kicks.get(number, []) if start in self._outcomes]
        if check.kind == "minimum" or not kicked:
            return check.kind, check.reason
        if all(start in isomer.starts for start in kicked):
            # a flat geometry is as good as it gets; between two wells of one isomer there is a saddle point
            kind = "minimum" if check.kind == "uncertain" else check.kind
            return kind, f"{check.reason}, but kicks come back to it"
        ends = [self._outcomes[start].energy for start in kicked if self._outcomes[start].relaxed]
        drop = isomer.energy - min(ends, default=inf)
        if drop > AS_LOW:
            return check.kind, f"{check.reason}; a kick leads {drop:.5f} hartree down"
        return check.kind, f"{check.reason}; kicks neither come back to it nor lead lower"


def _numbers(values):
    return None if values is None else tuple(values)
