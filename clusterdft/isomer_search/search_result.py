"""What a search found, and where it stands while it runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from clusterdft.isomer_search.minimum_check import Check
from clusterdft.isomer_search.outcome import Outcome
from clusterdft.isomer_search.spin_scan import SpinScan
from clusterdft.isomer_search.stop_rule import confidence_after, new_isomer_probability
from clusterdft.isomers.pool import Isomer


@dataclass(frozen=True, kw_only=True, eq=False)
class CheckedIsomer(Isomer):
    """An isomer with what checks and scans say of it, as far as there were any.

    Attributes
    ----------
    verdict, verdict_reason : str
        "minimum", "saddle" or "uncertain" as its vibrations have it, and why not a minimum; empty where they
        were not computed
    frequencies : (nmode,) hartree or None
        Imaginary ones negative; None where they were not computed.
    absorption : (nmode,) km/mol or None
        Of infrared light; None where it was not computed.
    spin_scan : SpinScan or None
    electrons : dict or None
        state and shells, with the label of the "state"; None on a surface without electrons
    """

    verdict: str = ""
    verdict_reason: str = ""
    frequencies: tuple[float, ...] | None = None
    absorption: tuple[float, ...] | None = None
    spin_scan: SpinScan | None = None
    electrons: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class SearchResult:
    """What a search found.

    Attributes
    ----------
    inputs : mapping
        Ready for JSON.
    isomers : CheckedIsomers, lowest energy first
    outcomes : of all starts and follow-ups in the order in which they ended, earlier sessions included
    checks : the Checks of isomers
    n_starts : int or None
        Starts asked for; None where another limit decides.
    hits_of_lowest : int
        Independent hits of the lowest isomer, as in `stop_rule.independent_hits`.
    stopped : str
        What ended the search, in words; empty while it runs.
    """

    inputs: Mapping[str, Any]
    isomers: tuple[CheckedIsomer, ...]
    outcomes: tuple[Outcome, ...]
    n_starts: int | None
    hits_of_lowest: int
    checks: tuple[Check, ...] = ()
    stopped: str = ""

    @property
    def n_ended(self) -> int:
        """Starts that have ended, follow-ups not counted."""
        return sum(outcome.role != "follow-up" for outcome in self.outcomes)

    @property
    def failures(self) -> tuple[Outcome, ...]:
        """Outcomes that are not relaxed; each has its reason."""
        return tuple(outcome for outcome in self.outcomes if not outcome.relaxed)

    @property
    def _parts(self) -> tuple[Outcome | Check, ...]:
        return *self.outcomes, *self.checks

    @property
    def n_force_calls(self) -> int:
        """Of all outcomes and checks."""
        return sum(part.n_force_calls for part in self._parts)

    @property
    def cpu_seconds(self) -> float:
        """Of all outcomes and checks."""
        return sum(part.cpu_seconds for part in self._parts)

    @property
    def confidence(self) -> float:
        """Estimated probability that there is no lower isomer than the lowest, see `stop_rule`."""
        if self.isomers and len(self.inputs["symbols"]) == 1:
            return 1.0
        return confidence_after(self.hits_of_lowest)

    @property
    def new_isomer_probability(self) -> float | None:
        """Estimated probability that the next start ends in an isomer not seen so far.

        None where starts were made from earlier outcomes or of what is known: it holds for independent ones.
        """
        if any(outcome.parents or outcome.role != "start" for outcome in self.outcomes):
            return None
        return new_isomer_probability(len(self.isomers), len(self.outcomes) - len(self.failures))


@dataclass(frozen=True, kw_only=True, eq=False)
class Progress:
    """A start or a check has ended, or was found in the store: where the search stands.

    Attributes
    ----------
    last : Outcome or Check
    resumed : bool
        Whether it came from the store.
    result : SearchResult
        So far.
    seconds_left : float or None
        About how long the search will go on; None where nothing tells.
    """

    last: Outcome | Check
    resumed: bool
    result: SearchResult
    seconds_left: float | None


class OnChange(Protocol):
    """What a search calls whenever its result has changed, to have it kept somewhere."""

    def __call__(self, result: SearchResult, seconds_left: float | None, *, at_end: bool) -> None:
        """Hears of a change.

        Parameters
        ----------
        result : SearchResult
            So far.
        seconds_left : float or None
            About how long the search will go on.
        at_end : bool
            Whether all starts, or all follow-ups, have ended or were interrupted: this result may be the last
        """
