"""Pseudopotential files: which are shipped, what they tell about their making, and one by name or path."""

from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from clusterdft.atom.radial_equation import RELATIVITY
from clusterdft.errors import InputError
from clusterdft.files.toml import read_toml
from clusterdft.pseudo import load_pseudopotential, shipped_elements, shipped_names
from clusterdft.pseudo.bhs import read_bhs
from clusterdft.pseudo.potential import Pseudopotential


@dataclass(frozen=True, kw_only=True)
class ShippedFile:
    """One shipped pseudopotential.

    Attributes
    ----------
    symbol : str
        Chemical symbol.
    z_valence : int
        Charge of the ion.
    name : str
        Of the library.
    has_core_correction : bool
        Whether there is a partial core.
    version : str
        As the file tells it, empty where it does not.
    source : str
        Where the numbers come from.
    file : str
        Path.
    """

    symbol: str
    z_valence: int
    name: str
    has_core_correction: bool
    version: str
    source: str
    file: str


@dataclass(frozen=True, kw_only=True, eq=False)
class FoundPseudopotential:
    """A pseudopotential with the theory that it was made for.

    Attributes
    ----------
    pseudopotential : Pseudopotential
    relativity : "scalar" or "none"
        Of the atom that it was made from.
    functional : str
    """

    pseudopotential: Pseudopotential
    relativity: str
    functional: str


def shipped_files() -> list[ShippedFile]:
    """All shipped pseudopotentials, sorted by name and element.

    Returns
    -------
    list of ShippedFile
    """
    return [_described(symbol, name, path) for name, symbol, path in _shipped_paths()]


def find_pseudopotential(name: str, element: str | None = None) -> FoundPseudopotential:
    """A pseudopotential by the name of a library and an element, or by the path of its file.

    Parameters
    ----------
    name : str
        Such as "bhs", or the path of a .toml file.
    element : str or None
        Chemical symbol; a file tells its own.

    Returns
    -------
    FoundPseudopotential
        Scalar relativity and lda-pz where the file says nothing about its making.

    Raises
    ------
    InputError
        No such file, name or element.
    """
    if name.lower().endswith(".toml"):
        symbol = read_bhs(Path(name), name).symbol if element is None else element
        return _with_theory(load_pseudopotential(symbol, name), _table(Path(name)), name)
    if element is None and name in shipped_names():
        elements = ", ".join(sorted(shipped_elements(name)))
        raise InputError(f"{name} is a library; name an element of it with --element, one of {elements}")
    if element is None:
        raise InputError(
            f"there is no pseudopotential {name!r}; give {' or '.join(shipped_names())} with --element, "
            "or the path of a .toml file"
        )
    pseudopotential = load_pseudopotential(element, name)
    if name not in shipped_names():
        return FoundPseudopotential(pseudopotential=pseudopotential, relativity="scalar", functional="lda-pz")
    path = shipped_elements(name)[element]
    return _with_theory(pseudopotential, _table(path), path)


def _with_theory(
    pseudopotential: Pseudopotential, table: dict[str, Any], path: object
) -> FoundPseudopotential:
    recipe = table.get("recipe", {})
    recipe = recipe if isinstance(recipe, dict) else {}
    relativity = recipe.get("relativity", "scalar")
    functional = recipe.get("functional", "lda-pz")
    if relativity not in RELATIVITY:
        raise InputError(f"{path}: recipe.relativity is {relativity!r}; allowed: {', '.join(RELATIVITY)}")
    if not isinstance(functional, str):
        raise InputError(f"{path}: recipe.functional is {functional!r}; give a name such as 'lda-pz'")
    return FoundPseudopotential(pseudopotential=pseudopotential, relativity=relativity, functional=functional)


def _shipped_paths() -> list[tuple[str, str, Traversable]]:
    """Library, element and file of everything that is shipped."""
    return [
        (name, symbol, path)
        for name in sorted(shipped_names())
        for symbol, path in sorted(shipped_elements(name).items(), key=lambda entry: entry[0])
    ]


def _described(symbol: str, name: str, path: Traversable) -> ShippedFile:
    pseudopotential = load_pseudopotential(symbol, name)
    return ShippedFile(
        symbol=symbol,
        z_valence=pseudopotential.z_valence,
        name=name,
        has_core_correction=len(pseudopotential.partial_core_exponent) > 0,
        version=str(_table(path).get("version", "")),
        source=pseudopotential.source,
        file=str(path),
    )


def _table(path: Path | Traversable) -> dict[str, Any]:
    """A pseudopotential file, already checked by its reader, as a dict."""
    return read_toml(path, "pseudopotential file")
