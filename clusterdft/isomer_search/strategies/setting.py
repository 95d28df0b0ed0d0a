"""What strategies are made from, and what they ask for: the values between a strategy and the driver."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.isomer_search.outcome import Outcome

MIN_GAIN = 1e-6  # hartree, smaller gains are noise


@dataclass(frozen=True, kw_only=True, eq=False)
class SearchSetting:
    """What is searched for.

    Attributes
    ----------
    symbols : (natom,) chemical symbols
    charge, n_unpaired : as in Cluster
    generate : function (index) -> Cluster
        Random start number `index`, reproducible on its own.
    seeds : tuple of Cluster
        Geometries given by the user: files, neighbouring sizes, other charges. They have any size and charge;
        a strategy adapts them, or raises InputError where it cannot.
    """

    symbols: tuple[str, ...]
    charge: int
    n_unpaired: int | None
    generate: Callable[[int], Cluster]
    seeds: tuple[Cluster, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Proposal:
    """One start to relax.

    Attributes
    ----------
    cluster : Cluster
    origin : str
        A few words for the report: "random", "hop from 12", "cut and splice of 3 and 9".
    parents : tuple of int
        Numbers of the starts whose outcomes it was made from. Hits that share an ancestor are no independent
        evidence (see `stop_rule`); empty for a start that owes nothing to earlier ones.
    role : str
        "start"; "guess" for a known geometry, which is no evidence of how easily a minimum is found; or
        "follow-up" for what no strategy asked for (kicks from saddle points, other spins)
    fmax : hartree/bohr or None
        Force limit of this relaxation; None for that of the search.
    """

    cluster: Cluster
    origin: str
    parents: tuple[int, ...] = ()
    role: str = "start"
    fmax: float | None = None


class Strategy(ABC):
    """What to try next; constructed as Strategy(setting).

    The driver asks for the i-th start when the first i - window have been told, no more and no fewer. So
    what is asked depends on the inputs alone, not on the number of jobs or their speed; a search resumes by
    asking and telling again. Numbers have gaps where follow-ups were made; their outcomes are told too.

    Attributes
    ----------
    learns : bool
        Whether it looks at outcomes; one that does not is asked further ahead where there are more jobs.
    """

    learns: ClassVar[bool] = True

    @property
    def n_known(self) -> int:
        """Starts that do not depend on outcomes, besides random ones."""
        return 0

    @abstractmethod
    def ask(self, index: int, rng: np.random.Generator) -> Proposal | None:
        """Start number `index`, its random numbers from `rng` alone; None for nothing more, ever."""

    def tell(self, outcome: Outcome) -> None:
        """How a start ended, relaxed or failed; called in the order of the indices."""
        return
