"""Geometries that a study names, made into starts: of the library, or of files."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError, nearest_name_hint
from clusterdft.generate.library import library_geometries
from clusterdft.geometry.formula import formula_of

WHOLE_LIBRARY = "library"  # stands for all names of the library
DISPLACEMENT = 0.05  # bohr, standard deviation: an exactly symmetric start would stay on a saddle point


def seeds_of(
    names: Iterable[str],
    symbols: Sequence[str],
    charge: int,
    n_unpaired: int | None,
    folder: str,
    *,
    seed: int = 0,
) -> tuple[Cluster, ...]:
    """The geometries of those names for one cluster.

    Parameters
    ----------
    names : iterable of str
        "library" for all that the library knows of that size, one of its names, or a file of geometries.
    symbols, charge, n_unpaired
        As in Cluster.
    folder : str
        Where relative paths begin.
    seed : int
        Of the small random displacements that break the symmetry.

    Returns
    -------
    tuple of Cluster

    Raises
    ------
    InputError
        An unknown name, a file that cannot be read or has other atoms.
    """
    starts: list[Cluster] = []
    for name in names:
        starts += _geometries(name, tuple(symbols), charge, n_unpaired, folder)
    rng = np.random.default_rng([seed, len(symbols)])
    return tuple(
        cluster.at(cluster.positions + DISPLACEMENT * rng.normal(size=(cluster.natom, 3)))
        for cluster in starts
    )


def _geometries(
    name: str, symbols: tuple[str, ...], charge: int, n_unpaired: int | None, folder: str
) -> list[Cluster]:
    if "." in name:
        return [_in_order_of(symbols, cluster, name, charge, n_unpaired) for cluster in _read(name, folder)]
    known = dict(library_geometries(symbols, charge=charge, n_unpaired=n_unpaired))
    if name == WHOLE_LIBRARY:
        return list(known.values())
    if name not in known:
        hint = nearest_name_hint(name, known, "{} ")
        there = ", ".join([WHOLE_LIBRARY, *known])
        raise InputError(f"there is no {name!r} of {len(symbols)} atoms; {hint}there are: {there}, or a file")
    return [known[name]]


def _read(name: str, folder: str) -> tuple[Cluster, ...]:
    from clusterdft.files.structures import read_structures

    return read_structures(Path(folder) / name)


def _in_order_of(
    symbols: tuple[str, ...], cluster: Cluster, name: str, charge: int, n_unpaired: int | None
) -> Cluster:
    """A geometry of the file `name` with the order of atoms, charge and spin of the search."""
    if sorted(cluster.symbols) != sorted(symbols):
        raise InputError(f"{name} holds {formula_of(cluster.symbols)}, not {formula_of(symbols)}")
    order = np.argsort(np.argsort(symbols, kind="stable"), kind="stable")
    positions = cluster.positions[np.argsort(cluster.symbols, kind="stable")][order]
    return Cluster(symbols=symbols, positions=positions, charge=charge, n_unpaired=n_unpaired)
