"""What a search found, and where it stands while it runs."""

from collections.abc import Mapping
from dataclasses import dataclass

from clusterdft.isomer_search.minimum_check import Check
from clusterdft.isomer_search.outcome import Outcome
from clusterdft.isomer_search.stop_rule import confidence_after, new_isomer_probability
from clusterdft.isomers.pool import Isomer


@dataclass(frozen=True, kw_only=True, eq=False)
class SearchResult:
    """What a search found.

    Attributes
    ----------
    inputs : dict, ready for JSON
    isomers : Isomer, lowest energy first
    outcomes : of all starts and follow-ups in the order they were told, earlier sessions included
    checks : the Checks of isomers
    n_starts : starts asked for; None where another limit decides
    hits_of_lowest : independent hits of the lowest isomer, as in `stop_rule.independent_hits`
    stopped : what ended the search, in words; empty while it runs
    """

    inputs: Mapping
    isomers: tuple[Isomer, ...]
    outcomes: tuple[Outcome, ...]
    n_starts: int | None
    hits_of_lowest: int
    checks: tuple[Check, ...] = ()
    stopped: str = ""

    @property
    def n_ended(self):
        """Starts that have ended, follow-ups not counted."""
        return sum(outcome.role != "follow-up" for outcome in self.outcomes)

    @property
    def failures(self):
        """Outcomes that are not relaxed; each has its reason."""
        return tuple(outcome for outcome in self.outcomes if not outcome.relaxed)

    @property
    def n_force_calls(self):
        return sum(part.n_force_calls for part in (*self.outcomes, *self.checks))

    @property
    def cpu_seconds(self):
        return sum(part.cpu_seconds for part in (*self.outcomes, *self.checks))

    @property
    def confidence(self):
        """Estimated probability that there is no lower isomer than the lowest, see `stop_rule`."""
        if self.isomers and len(self.inputs["symbols"]) == 1:
            return 1.0
        return confidence_after(self.hits_of_lowest)

    @property
    def new_isomer_probability(self):
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
    last : the Outcome or the Check
    resumed : whether it came from the store
    result : SearchResult so far
    seconds_left : about how long the search will go on; None where nothing tells
    """

    last: Outcome | Check
    resumed: bool
    result: SearchResult
    seconds_left: float | None
