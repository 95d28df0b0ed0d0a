"""What can go wrong. A message says what was given, what is allowed and what to try."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

SIMILARITY = 0.6  # of two names (1 for equal ones), from which one may be meant by the other


class ClusterDftError(Exception):
    """Base class: everything that clusterdft raises on purpose."""


class InputError(ClusterDftError, ValueError):
    """The input is impossible or unknown; nothing was computed."""


class ScfNotConverged(ClusterDftError):
    """The self-consistent field did not converge.

    Parameters
    ----------
    message : str
    last_step : ScfStep or None
        The last step, for inspection only: its energy and forces are not results.
    """

    def __init__(self, message: str, last_step: Any = None) -> None:
        super().__init__(message)
        self.last_step = last_step

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return type(self), (*self.args, self.last_step)


class StoreError(ClusterDftError):
    """The store cannot be opened, written, or belongs to another search."""


def nearest_names(
    name: str, allowed: Iterable[str], *, most: int = 1, similarity: float = SIMILARITY
) -> list[str]:
    """The allowed names that are most like a given one.

    Parameters
    ----------
    name : str
    allowed : iterable of str
    most : int
        How many are wanted at most.
    similarity : float
        From which one name may be meant by another, 1 for equal ones.

    Returns
    -------
    list of str
        The nearest first; none where all are unlike the given one.
    """
    return get_close_matches(name, list(allowed), n=most, cutoff=similarity)


def nearest_name_hint(name: object, allowed: Iterable[str], form: str = "{}") -> str:
    """The question that an error message asks when a name is unknown.

    Parameters
    ----------
    name : what was given
    allowed : iterable of str
        The names that there are.
    form : str
        What stands around the question, such as "; {}".

    Returns
    -------
    str
        Such as "did you mean 'coarse'?"; empty where no allowed name is like the given one.
    """
    near = nearest_names(str(name), allowed)
    return form.format(f"did you mean {near[0]!r}?") if near else ""
