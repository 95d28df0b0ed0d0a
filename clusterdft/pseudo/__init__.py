"""Pseudopotentials by name: shipped files, tables from the literature, files of one's own."""

from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from clusterdft.errors import InputError
from clusterdft.files.toml import file_bytes, parse_toml
from clusterdft.pseudo.bhs import PSEUDOPOTENTIAL_FILE, bhs_of_table, read_bhs
from clusterdft.pseudo.gth import read_gth
from clusterdft.pseudo.potential import Pseudopotential, Semilocal, Separable

__all__ = [
    "Pseudopotential",
    "Semilocal",
    "Separable",
    "load_pseudopotential",
    "shipped_elements",
    "shipped_names",
]

SHIPPED = ("bhs", "bhs-core")  # without and with partial core; folders of the data package


def load_pseudopotential(symbol: str, name: str) -> Pseudopotential:
    """The pseudopotential of an element.

    Parameters
    ----------
    symbol : str
        Chemical symbol.
    name : str
        "bhs" or "bhs-core" (shipped files), a table such as "gth-pade-q1", or the path of a .toml file.

    Returns
    -------
    Pseudopotential
        The same object each time, as long as a file of one's own holds the same.

    Raises
    ------
    InputError
        No such element, name or file; the message names what there is.
    """
    if name not in SHIPPED and name.lower().endswith(".toml"):
        return _own(symbol, name, file_bytes(name, PSEUDOPOTENTIAL_FILE))
    return _named(symbol, name)


@lru_cache(maxsize=64)
def _own(symbol: str, name: str, content: bytes) -> Pseudopotential:
    """Remembered by what the file holds: another calculation is not given what it held before."""
    return _of_element(
        symbol, bhs_of_table(parse_toml(content, Path(name), PSEUDOPOTENTIAL_FILE), name, Path(name))
    )


@lru_cache(maxsize=64)
def _named(symbol: str, name: str) -> Pseudopotential:
    if name in SHIPPED:
        return _shipped(symbol, name)
    if name.lower().startswith("gth"):
        return read_gth(symbol, name)
    raise InputError(
        f"unknown pseudopotential {name!r}; "
        f"give {' or '.join(map(repr, SHIPPED))}, a table such as 'gth-pade-q1', or the path of a .toml file"
    )


def shipped_names() -> tuple[str, ...]:
    """Names of the shipped libraries."""
    return SHIPPED


def shipped_elements(name: str = "bhs") -> dict[str, Traversable]:
    """{chemical symbol: file} of a shipped library."""
    folder = files("clusterdft_pseudopotentials") / name / "lda"
    return {entry.name.split("-")[0]: entry for entry in folder.iterdir() if entry.name.endswith(".toml")}


def _shipped(symbol: str, name: str) -> Pseudopotential:
    shipped = shipped_elements(name)
    if symbol not in shipped:
        raise InputError(
            f"there is no {name} pseudopotential for {symbol}; there is one for "
            f"{', '.join(sorted(shipped))}; try a table such as 'gth-pade-q1' or a .toml file of your own"
        )
    return _of_element(symbol, read_bhs(shipped[symbol], name))


def _of_element(symbol: str, pseudopotential: Pseudopotential) -> Pseudopotential:
    if pseudopotential.symbol != symbol:
        raise InputError(
            f"the pseudopotential {pseudopotential.name} is for {pseudopotential.symbol}, not for {symbol}; "
            "give the file of that element"
        )
    return pseudopotential
