"""Chemical formulas.

Not by `ase.formula`: it reads more than compositions (brackets, factors), does not say what is wrong, and
merges only symbols that stand beside each other.
"""

import re
from collections import Counter
from collections.abc import Iterable

from ase.data import atomic_numbers

from clusterdft.errors import InputError, nearest_name_hint

MAX_ATOMS = 10_000  # more are a typing error, not a cluster


def parse_formula(formula: str | Iterable[str]) -> tuple[str, ...]:
    """Chemical symbols of a formula: "Na4" or "Na6K2", in the order given.

    Parameters
    ----------
    formula : str, or chemical symbols
        Symbols are checked and returned.

    Returns
    -------
    tuple of str

    Raises
    ------
    InputError
        What is not a formula, an unknown element, no atoms.
    """
    if not isinstance(formula, str):
        pieces = [(str(symbol), "1") for symbol in formula]
    elif re.fullmatch(r"([A-Z][a-z]?\d*)+", formula):
        pieces = re.findall(r"([A-Z][a-z]?)(\d*)", formula)
    else:
        raise InputError(f"{formula!r} is not a chemical formula; give one such as Na4 or Na6K2")
    symbols = []
    for symbol, count in pieces:
        if symbol not in atomic_numbers or symbol == "X":
            hint = nearest_name_hint(symbol, atomic_numbers, "{} ")
            raise InputError(
                f"unknown element {symbol!r} in {formula!r}; {hint}give chemical symbols such as Na or K"
            )
        if not 1 <= int(count or 1) <= MAX_ATOMS:
            raise InputError(f"{count} atoms of {symbol} in {formula!r}; give between 1 and {MAX_ATOMS}")
        symbols += [symbol] * int(count or 1)
    if not symbols:
        raise InputError("the formula has no atoms; give at least one")
    return tuple(symbols)


def formula_of(symbols: Iterable[str], charge: int = 0) -> str:
    """Formula of a cluster, with its charge as in Na4+ or Na4-2."""
    counts = Counter(symbols)
    formula = "".join(f"{symbol}{count if count > 1 else ''}" for symbol, count in counts.items())
    sign = "" if charge == 0 else "+" if charge > 0 else "-"
    return formula + sign + (str(abs(charge)) if abs(charge) > 1 else "")
