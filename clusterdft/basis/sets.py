"""Named orbital basis sets: primitive Gaussians on each atom, read from one file an element.

A set has the same shells for every element, so that all of its elements can stand in one cluster.
"""

from functools import lru_cache
from pathlib import Path

from clusterdft.errors import InputError, nearest_name_hint

# sets of the folder pseudopotentials/basis/, the smallest first
BASIS_SETS = ("paper-3s2p", "opt-4s3p1d", "even-6s5p3d")


def is_basis_file(name):
    """Whether a basis name is the path of a TOML file."""
    return name.lower().endswith(".toml")


@lru_cache(maxsize=256)
def load_basis(symbol, name):
    """The set of one element.

    Parameters
    ----------
    symbol : chemical symbol
    name : one of `BASIS_SETS`, or the path of a .toml file (see `read_basis`)

    Returns
    -------
    ElementBasis
        the same object each time

    Raises
    ------
    InputError
        no such set, or the set lacks the element; the message names what there is
    """
    from clusterdft.basis.set_files import read_basis

    if is_basis_file(name):
        elements = read_basis(Path(name))
        if symbol not in elements:
            raise InputError(
                f"basis {name!r} has no functions for {symbol}; it has {', '.join(elements)}, so add a "
                f"table [{symbol}] or take one of {', '.join(BASIS_SETS)}"
            )
        return elements[symbol]
    if name not in BASIS_SETS:
        hint = nearest_name_hint(name, BASIS_SETS, "; {}") or ", or give the path of a .toml file"
        raise InputError(f"unknown basis {name!r}; there are {', '.join(BASIS_SETS)}{hint}")
    files = _files(name)
    if symbol not in files:
        raise InputError(
            f"basis {name!r} has no functions for {symbol}; it has {', '.join(sorted(files))}, or give "
            "the path of a .toml file of your own"
        )
    return read_basis(files[symbol])[symbol]


def _files(name):
    """{chemical symbol: file} of a shipped set."""
    from importlib.resources import files

    folder = files("clusterdft_pseudopotentials") / "basis" / name
    return {entry.name.removesuffix(".toml"): entry for entry in folder.iterdir()}


def orbital_set(symbol, name):
    """Shells of one element.

    Returns
    -------
    tuple of (l, exponent bohr^-2)

    Raises
    ------
    InputError
        no such set, or the set lacks the element; the message names what there is
    """
    return load_basis(symbol, name).shells


def check_valence(symbol, name, z_valence):
    """Raises InputError where a set has no functions for the shells that a pseudopotential leaves to it."""
    valence = load_basis(symbol, name).valence
    if z_valence != valence:
        electrons = "electron" if valence == 1 else "electrons"
        raise InputError(
            f"basis {name!r} describes {valence} valence {electrons} of {symbol}, the pseudopotential "
            f"leaves {z_valence:g}; take one for {valence}, such as bhs or gth-pade-q{valence}"
        )
