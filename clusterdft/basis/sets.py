"""Named orbital basis sets: primitive Gaussians on each atom, read from one file an element.

A set has the same shells for every element, so that all of its elements can stand in one cluster.
"""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from clusterdft.errors import InputError, nearest_name_hint
from clusterdft.files.toml import file_bytes, parse_toml

if TYPE_CHECKING:  # `clusterdft --help` names the sets and reads none
    from importlib.resources.abc import Traversable

    from clusterdft.basis.set_files import ElementBasis, ShellSet

# sets of the folder pseudopotentials/basis/, the smallest first
BASIS_SETS = ("paper-3s2p", "opt-4s3p1d", "even-6s5p3d")


def is_basis_file(name: str) -> bool:
    """Whether a basis name is the path of a TOML file."""
    return name.lower().endswith(".toml")


def load_basis(symbol: str, name: str) -> "ElementBasis":
    """The set of one element.

    Parameters
    ----------
    symbol : str
        Chemical symbol.
    name : str
        One of `BASIS_SETS`, or the path of a .toml file (see `read_basis`).

    Returns
    -------
    ElementBasis
        The same object each time, as long as a file of one's own holds the same.

    Raises
    ------
    InputError
        No such set, or the set lacks the element; the message names what there is.
    """
    if not is_basis_file(name):
        return _shipped(symbol, name)
    from clusterdft.basis.set_files import BASIS_FILE

    elements = _own(name, file_bytes(name, BASIS_FILE))
    if symbol not in elements:
        raise InputError(
            f"basis {name!r} has no functions for {symbol}; it has {', '.join(elements)}, so add a "
            f"table [{symbol}] or take one of {', '.join(BASIS_SETS)}"
        )
    return elements[symbol]


@lru_cache(maxsize=64)
def _own(name: str, content: bytes) -> "dict[str, ElementBasis]":
    """Remembered by what the file holds: another calculation is not given what it held before."""
    from clusterdft.basis.set_files import BASIS_FILE, basis_of_table

    return basis_of_table(parse_toml(content, Path(name), BASIS_FILE), Path(name))


@lru_cache(maxsize=256)
def _shipped(symbol: str, name: str) -> "ElementBasis":
    if name not in BASIS_SETS:
        hint = nearest_name_hint(name, BASIS_SETS, "; {}") or ", or give the path of a .toml file"
        raise InputError(f"unknown basis {name!r}; there are {', '.join(BASIS_SETS)}{hint}")
    from clusterdft.basis.set_files import read_basis

    elements = _files(name)
    if symbol not in elements:
        raise InputError(
            f"basis {name!r} has no functions for {symbol}; it has {', '.join(sorted(elements))}, or give "
            "the path of a .toml file of your own"
        )
    return read_basis(elements[symbol])[symbol]


def _files(name: str) -> "dict[str, Traversable]":
    """{chemical symbol: file} of a shipped set."""
    from importlib.resources import files  # slow to import, and `clusterdft --help` reads no file

    folder = files("clusterdft_pseudopotentials") / "basis" / name
    return {entry.name.removesuffix(".toml"): entry for entry in folder.iterdir()}


def orbital_set(symbol: str, name: str) -> "ShellSet":
    """Shells of one element.

    Parameters
    ----------
    symbol, name : as in `load_basis`

    Returns
    -------
    tuple of (l, exponent bohr^-2)

    Raises
    ------
    InputError
        No such set, or the set lacks the element; the message names what there is.
    """
    return load_basis(symbol, name).shells


def check_valence(symbol: str, name: str, z_valence: int) -> None:
    """Refuses a set that has no functions for the shells that a pseudopotential leaves to it.

    Parameters
    ----------
    symbol, name : str
        As in `load_basis`.
    z_valence : int
        Electrons that the pseudopotential leaves.

    Raises
    ------
    InputError
        It leaves another number than the set is made for.
    """
    valence = load_basis(symbol, name).valence
    if z_valence != valence:
        electrons = "electron" if valence == 1 else "electrons"
        raise InputError(
            f"basis {name!r} describes {valence} valence {electrons} of {symbol}, the pseudopotential "
            f"leaves {z_valence:g}; take one for {valence}, such as bhs or gth-pade-q{valence}"
        )
