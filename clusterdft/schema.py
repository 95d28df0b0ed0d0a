"""Values that people write, checked: every mistake at once, with its path and what is allowed.

A *kind* is a function that takes what was written and gives the checked value, or raises an InputError; a
table of kinds is a kind itself. Ours rather than msgspec, which stops at the first mistake, or pydantic,
which takes longer to import than the whole command line, knows no nearest name, and whose every message would
have to be put into other words.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Final, TypeAlias

from clusterdft.errors import InputError, nearest_name_hint

Kind: TypeAlias = Callable[[Any], Any]
LONGEST_SHOWN = 60  # characters of a value in a message
LARGEST_NUMBER = 1e300  # numbers beyond it are no more finite than infinity


class Missing:
    """Stands for a value that was not written."""

    def __repr__(self) -> str:
        return "missing"


MISSING: Final = Missing()


class Refused(InputError):
    """A value is refused; the message goes on where the path of the value ends: "is 3; give a name".

    Parameters
    ----------
    reason : str
    advice : str
        What to give instead; "{path}" in it becomes that of the value.
    """

    def __init__(self, reason: str, advice: str = "") -> None:
        super().__init__(f"{reason}; {advice}" if advice else reason)
        self.reason, self.advice = reason, advice

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return type(self), (self.reason, self.advice)

    def at(self, path: str) -> str:
        """The message with the path of the value before it."""
        return str(Refused(f"{path} {self.reason}", self.advice.replace("{path}", path)))


class Mistakes(InputError):
    """Several values of a table are refused.

    Parameters
    ----------
    problems : sequence of (path, InputError)
        The path is a tuple of keys below the table.
    right : mapping or None
        The values that are not refused.
    """

    def __init__(
        self, problems: Sequence[tuple[tuple[str, ...], InputError]], right: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__("; ".join(_sentence(path, error) for path, error in problems))
        self.problems, self.right = list(problems), dict(right or {})

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return type(self), (self.problems, self.right)


def read(value: Any, kind: Kind, path: str, problems: list[str]) -> Any:
    """The checked value; a sentence on each mistake is added to `problems`.

    Parameters
    ----------
    value : what was written
    kind : kind
    path : str
        What messages call the value: its keys with points between them; empty for the whole of a file.
    problems : list of str

    Returns
    -------
    the checked value
        Of a table the values that are right; None for any other that is refused.
    """
    above = (path,) if path else ()
    try:
        return kind(value)
    except Mistakes as mistakes:
        problems += [_sentence((*above, *below), error) for below, error in mistakes.problems]
        return mistakes.right
    except InputError as error:
        problems.append(_sentence(above, error))
        return None


def _sentence(path: tuple[str, ...], error: InputError) -> str:
    where = ".".join(key if key.isprintable() else repr(key) for key in path)
    if not where:
        return str(error)
    return error.at(where) if isinstance(error, Refused) else f"{where}: {error}"


def refused(value: Any, advice: str) -> Refused:
    """The error for a value, with what to give instead; "{path}" in the advice becomes that of the value."""
    text = repr(value)
    shown = text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}..."
    return Refused(f"is {shown}", advice)


def unknown_key(key: str, allowed: Iterable[str]) -> str:
    """What to say of an unknown key, with the nearest of those that there are."""
    allowed = list(allowed)
    hint = nearest_name_hint(key, allowed) or f"allowed: {', '.join(allowed)}"
    return f"unknown key {key!r}; {hint}"


@dataclass(frozen=True)
class Table:
    """Kind of a table: a kind for each of its keys.

    Parameters
    ----------
    kinds : {key: kind}
    required : keys
        Keys that must be there.
    advice : str
        What to say of a value that is no table.
    is_open : bool
        Whether other keys may stand there too; they are left out.
    """

    kinds: Mapping[str, Kind]
    required: tuple[str, ...] = ()
    advice: str = "give a table [{path}]"
    is_open: bool = False

    def __call__(self, value: Any) -> dict[str, Any]:
        """The values of a table."""
        if not isinstance(value, Mapping):
            raise Mistakes([((), refused(value, self.advice))])
        wanted = {key: value[key] for key in value if key in self.kinds}
        wanted |= {key: MISSING for key in self.required if key not in value}
        unknown = [] if self.is_open else [key for key in value if key not in self.kinds]
        problems: list[tuple[tuple[str, ...], InputError]] = [
            ((), InputError(unknown_key(str(key), self.kinds))) for key in unknown
        ]
        return _collected(wanted, lambda key: self.kinds[key], problems)


@dataclass(frozen=True)
class Each:
    """Kind of a table with any keys.

    Parameters
    ----------
    kind_of : function (key) -> kind
        The kind of the value under a key.
    advice : str
        What to say of a value that is no table.
    """

    kind_of: Callable[[str], Kind]
    advice: str = "give a table [{path}]"

    def __call__(self, value: Any) -> dict[str, Any]:
        """The values of a table."""
        if not isinstance(value, Mapping):
            raise Mistakes([((), refused(value, self.advice))])
        return _collected(value, self.kind_of, [])


def _collected(
    wanted: Mapping[str, Any],
    kind_of: Callable[[str], Kind],
    problems: list[tuple[tuple[str, ...], InputError]],
) -> dict[str, Any]:
    """The values under all keys; raises the Mistakes in them together with those that were found before."""
    right = {}
    for key, value in wanted.items():
        try:
            right[key] = kind_of(key)(value)
        except Mistakes as mistakes:
            problems += [((str(key), *below), error) for below, error in mistakes.problems]
            right[key] = mistakes.right
        except InputError as error:
            problems.append(((str(key),), error))
    if problems:
        raise Mistakes(problems, right)
    return right


def text(advice: str = "give a name in quotes") -> Kind:
    """Kind of a text that is not blank.

    Parameters
    ----------
    advice : str
        What to say of anything else.

    Returns
    -------
    kind
    """

    def check(value: Any) -> str:
        if isinstance(value, str) and not value:
            raise Refused("is empty", advice)
        if not isinstance(value, str) or not value.strip():
            raise refused(value, advice)
        return value

    return check


def one_of(names: Iterable[str]) -> Kind:
    """Kind of one name among several."""
    allowed = tuple(names)

    def check(value: Any) -> str:
        listed = f"allowed: {', '.join(allowed)}"
        if not isinstance(value, str):
            raise refused(value, f"give a name in quotes, {listed}")
        if value not in allowed:
            raise refused(value, listed + nearest_name_hint(value, allowed, "; {}"))
        return value

    return check


def flag(value: Any) -> bool:
    """Kind of what is true or false."""
    if not isinstance(value, bool):
        raise refused(value, "give true or false")
    return value


def whole(low: int | None = None, high: int | None = None) -> Kind:
    """Kind of a whole number from `low` to `high`, both included; True is none."""
    span = _span(low, high)

    def check(value: Any) -> int:
        least, most = -inf if low is None else low, inf if high is None else high
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise refused(value, f"give a whole number{span}")
        return value

    return check


def number(low: float = -LARGEST_NUMBER, high: float = LARGEST_NUMBER, *, what: str = "a number") -> Kind:
    """Kind of a finite number from `low` to `high`, both included; True is none.

    Parameters
    ----------
    low, high : float
    what : str
        What messages call it.

    Returns
    -------
    kind
        Its values are floats.
    """
    span = _span(None if low == -LARGEST_NUMBER else low, None if high == LARGEST_NUMBER else high)

    def check(value: Any) -> float:
        if not is_number(value):
            raise refused(value, f"give {what}{span}")
        if not low <= value <= high:
            raise refused(value, f"give {'one' if span else 'a finite number'}{span}")
        return float(value)

    return check


def between(low: float, high: float, such_as: float) -> Kind:
    """Kind of a number above `low` and below `high`, neither included."""
    span = f"above {low:g}" + (f" and below {high:g}" if high < inf else "")

    def check(value: Any) -> float:
        if not is_number(value) or not low < value < min(high, LARGEST_NUMBER):
            raise refused(value, f"give a number {span}, such as {such_as:g}")
        return float(value)

    return check


def list_of(kind: Kind, advice: str, *, least: int = 1, most: float = inf) -> Kind:
    """Kind of a list.

    Parameters
    ----------
    kind : kind
        Of each item.
    advice : str
        What to say of a value that is no list, or is too short or too long.
    least, most : int
        How many items it has.

    Returns
    -------
    kind
    """

    def check(value: Any) -> list[Any]:
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise refused(value, advice)
        return [kind(item) for item in value]

    return check


def is_number(value: Any) -> bool:
    """Whether a value is an integer or a floating-point number, and no truth value."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _span(low: float | None, high: float | None) -> str:
    """The limits in words, with a blank before; empty where there are none."""
    least, most = (str(limit) if isinstance(limit, int) else f"{limit:g}" for limit in (low or 0, high or 0))
    if low is not None and high is not None:
        return f" from {least} to {most}"
    if low is not None:
        return f" of at least {least}"
    return "" if high is None else f" of at most {most}"
