"""When a search may stop: how sure it is of the lowest minimum, and what it may cost."""

from collections.abc import Iterable, Mapping, Sized
from dataclasses import dataclass
from math import inf, isfinite
from typing import Protocol

from clusterdft.errors import InputError
from clusterdft.isomer_search.outcome import Outcome

DEFAULT_STARTS = 12  # of a search that is given neither a number nor a confidence
CONFIDENCE_ROUNDING = 1e-12  # as few hits as reach a confidence are enough for it
GUESS_FOUNDERS = frozenset([-1])  # the founders of starts from known geometries


class Standing(Protocol):
    """Where a search stands, as far as its limits look at it; a SearchResult does."""

    @property
    def isomers(self) -> Sized:
        """Those that were reached so far."""

    @property
    def n_ended(self) -> int:
        """Starts that have ended."""

    @property
    def n_force_calls(self) -> int:
        """Of all starts and checks."""

    @property
    def hits_of_lowest(self) -> int:
        """Independent hits of the lowest isomer."""

    @property
    def confidence(self) -> float:
        """Probability that there is no lower isomer."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What ends a search; whichever is reached first does. None is no limit.

    Parameters
    ----------
    starts : int or None
        Start geometries, at least 1.
    confidence : float or None
        Between 0 and 1, as in `confidence_after`.
    max_total_calls : int or None
        Force calls of all starts and checks, at least 1; the start that reaches it is counted.
    max_time : seconds or None
        Of this session, positive; the relaxation that is running then is finished.

    Raises
    ------
    InputError
        A limit out of its range, or fewer starts than the confidence needs hits.
    """

    starts: int | None = None
    confidence: float | None = None
    max_total_calls: int | None = None
    max_time: float | None = None

    def __post_init__(self) -> None:
        if self.starts is not None and self.starts < 1:
            raise InputError(f"{self.starts} starts; give at least 1")
        if self.confidence is not None and not 0 < self.confidence < 1:
            raise InputError(f"confidence {self.confidence}; give a number above 0 and below 1, such as 0.95")
        if self.starts is not None and self.confidence is not None:
            hits = hits_needed(self.confidence)
            if hits > self.starts:
                raise InputError(
                    f"confidence {self.confidence} from {self.starts} starts; it takes {hits} independent "
                    f"hits, so give at least {hits} starts, less confidence, or only one of the two"
                )
        if self.max_total_calls is not None and self.max_total_calls < 1:
            raise InputError(f"at most {self.max_total_calls} force calls in total; give at least 1")
        if self.max_time is not None and not (self.max_time > 0 and isfinite(self.max_time)):
            raise InputError(f"at most {self.max_time} seconds; give a positive number")

    def reached(self, result: Standing, seconds: float) -> str:
        """Which limit a search has reached, in words; empty when it should go on.

        Parameters
        ----------
        result : SearchResult
            So far.
        seconds : float
            Since the session began.

        Returns
        -------
        str
        """
        if self.confidence is not None and result.confidence >= self.confidence - CONFIDENCE_ROUNDING:
            return f"the confidence reached {100 * self.confidence:g} %"
        if self.max_total_calls is not None and result.n_force_calls >= self.max_total_calls:
            return f"{result.n_force_calls} force calls reached the limit of {self.max_total_calls}"
        if self.max_time is not None and seconds >= self.max_time:
            return f"the time limit of {self.max_time:g} s was reached"
        if self.starts is not None and result.n_ended >= self.starts:
            return f"all {self.starts} starts ended"
        if self.starts is None and result.n_ended >= DEFAULT_STARTS and not result.isomers:
            return f"none of the first {DEFAULT_STARTS} starts relaxed"
        return ""

    def starts_left(self, result: Standing) -> float | None:
        """About how many starts are left at the present rate of hits and calls; None where nothing tells."""
        n_ended = result.n_ended
        ends: list[float] = []
        if self.starts is not None:
            ends.append(self.starts)
        if self.confidence is not None and result.hits_of_lowest:
            ends.append(n_ended * hits_needed(self.confidence) / result.hits_of_lowest)
        if self.max_total_calls is not None and result.n_force_calls:
            ends.append(n_ended * self.max_total_calls / result.n_force_calls)
        return max(0.0, min(ends) - n_ended) if ends else None


def confidence_after(hits: int) -> float:
    """Probability that no minimum lower than the lowest found has been missed, when that was hit so often.

        P(missed) <= sum_(m >= 1) E[x_m^h] = sum_(m >= 1) h! m! / (h + m)! = 1 / (h - 1)

    A search that stops when its lowest minimum has h hits is wrong if, for some m, the minimum number m + 1
    in energy is hit h times before each of the m below it is hit once. Of the hits that fall on those
    m + 1 minima, a share x_m goes to number m + 1. Each of h hits goes there with probability x_m^h. Where
    nothing is known of the shares, all divisions are equally likely (the uniform Dirichlet distribution), x_m
    follows Beta(1, m), and the average of x_m^h is h! m! / (h + m)!. The sum over all m bounds the whole.

    Parameters
    ----------
    hits : int
        Independent hits of the lowest minimum, as `independent_hits` counts them.

    Returns
    -------
    float
        0 up to two hits, 0.75 for 5, 0.9 for 11, 0.95 for 21, 0.99 for 101

    Notes
    -----
    What is assumed: starts are independent and alike; how easily a minimum is hit has nothing to do
    with its energy; failed starts would not have ended lower. Where low minima are hit more often than
    high ones, as random starts of clusters mostly do, it is on the safe side. It is not where the lowest
    minimum is much harder to reach than the others (a second funnel): no count of hits can tell what no
    start has come near. How many high minima are left unseen plays no part. In simulated searches stopped
    at 95 %, the lowest is missed in 0 to 6 % (shares equal, uniform, log-normal of width 1, Zipf), and
    in 10 to 20 % where shares spread wider than the prior thinks (log-normal of width 2).

    References
    ----------
    The prior is that of Boender and Rinnooy Kan, Math. Program. 37, 59 (1987), used here for the
    lowest minimum instead of for all of them.
    """
    return 1.0 - 1.0 / (hits - 1) if hits > 2 else 0.0


def hits_needed(confidence: float) -> int:
    """Hits of the lowest minimum that give so much confidence.

    Parameters
    ----------
    confidence : float
        Above 0 and below 1.

    Returns
    -------
    int
    """
    hits = int(1.0 + 1.0 / (1.0 - confidence))
    return hits if confidence_after(hits) >= confidence - CONFIDENCE_ROUNDING else hits + 1


def independent_hits(starts: Iterable[int], founders: Mapping[int, frozenset[int]]) -> int:
    """How many of the starts that ended in one minimum found it independently.

    A start that was made from earlier outcomes (a hop, a cross) goes back to founders that were made
    from none. Starts that share a founder count once: an adaptive strategy that returns to its best minimum
    again and again learns nothing new by it. Starts are taken in the order of their numbers.

    Parameters
    ----------
    starts : numbers of the starts
    founders : mapping
        From the number of a start to the set of its founders.

    Returns
    -------
    int
    """
    seen: set[int] = set()
    hits = 0
    for index in sorted(starts):
        if seen.isdisjoint(founders[index]):
            hits += 1
            seen |= founders[index]
    return hits


def founders_of(outcome: Outcome, founders: Mapping[int, frozenset[int]]) -> frozenset[int]:
    """The founders of an outcome's start, given those of all earlier ones: itself if it has no parents.

    All known geometries (the role "guess") count as one founder: that a literature full of one minimum leads
    to it again and again says nothing of what else there may be.

    Parameters
    ----------
    outcome : Outcome
    founders : mapping
        From the number of a start to the set of its founders.

    Returns
    -------
    frozenset of int
    """
    if not outcome.parents:
        return GUESS_FOUNDERS if outcome.role == "guess" else frozenset([outcome.index])
    return frozenset[int]().union(*(founders[parent] for parent in outcome.parents))


def new_isomer_probability(n_isomers: int, n_hits: int) -> float:
    """Expected probability that one more start would end in a minimum not seen so far.

        P = w (w + 1) / (n (n - 1))

    Parameters
    ----------
    n_isomers, n_hits : int
        w minima, and the n starts that ended in them

    Returns
    -------
    float
        1 where there are too few starts to tell

    Notes
    -----
    The same prior as in `confidence_after`, for starts that are independent and alike.

    References
    ----------
    Boender and Rinnooy Kan, Math. Program. 37, 59 (1987)
    """
    if n_hits < 2:
        return 1.0
    return min(1.0, n_isomers * (n_isomers + 1) / (n_hits * (n_hits - 1)))


def seconds_left(limits: Limits, result: Standing, seconds: float, n_fresh: int) -> float | None:
    """About how long a search will go on; None where nothing tells.

    Parameters
    ----------
    limits, result : Limits, SearchResult
        So far.
    seconds : float
        Since the session began.
    n_fresh : int
        Starts that ended in them.

    Returns
    -------
    float or None
    """
    starts = limits.starts_left(result)
    ends = [inf if limits.max_time is None else limits.max_time - seconds]
    if starts is not None and n_fresh:
        ends.append(starts * seconds / n_fresh)
    return max(0.0, min(ends)) if min(ends) < inf else None
