"""Pseudopotentials by name: shipped files, tables from the literature, files of one's own."""

from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from clusterdft.errors import InputError
from clusterdft.pseudo.bhs import read_bhs
from clusterdft.pseudo.potential import Pseudopotential, Semilocal, Separable

__all__ = ["Pseudopotential", "Semilocal", "Separable", "load_pseudopotential", "shipped_elements"]


@lru_cache(maxsize=64)
def load_pseudopotential(symbol, name):
    """The pseudopotential of an element.

    Parameters
    ----------
    symbol : chemical symbol
    name : "bhs" (a shipped file), a table such as "gth-pade-q1", or the path of a .toml file
    Returns
    -------
    Pseudopotential   the same object each time
    Raises
    ------
    InputError   no such element, name or file; the message names what there is
    """
    if name == "bhs":
        return _shipped(symbol)
    if name.lower().endswith(".toml"):
        return _of_element(symbol, read_bhs(Path(name), name))
    if name.lower().startswith("gth"):
        from clusterdft.pseudo.gth import read_gth  # PySCF takes a second to import

        return read_gth(symbol, name)
    raise InputError(
        f"unknown pseudopotential {name!r}; "
        "give 'bhs', a table such as 'gth-pade-q1', or the path of a .toml file"
    )


def shipped_elements():
    """{chemical symbol: file} of the shipped "bhs" pseudopotentials."""
    folder = files("clusterdft_pseudopotentials") / "bhs" / "lda"
    return {entry.name.split("-")[0]: entry for entry in folder.iterdir() if entry.name.endswith(".toml")}


def _shipped(symbol):
    shipped = shipped_elements()
    if symbol not in shipped:
        raise InputError(
            f"there is no bhs pseudopotential for {symbol}; there is one for {', '.join(sorted(shipped))}; "
            "try a table such as 'gth-pade-q1' or a .toml file of your own"
        )
    return _of_element(symbol, read_bhs(shipped[symbol]))


def _of_element(symbol, pseudopotential):
    if pseudopotential.symbol != symbol:
        raise InputError(
            f"the pseudopotential {pseudopotential.name} is for {pseudopotential.symbol}, not for {symbol}; "
            "give the file of that element"
        )
    return pseudopotential
