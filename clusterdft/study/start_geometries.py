"""Geometries that a study names, made into starts: of the library, or of files."""

from pathlib import Path

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError, nearest_name_hint
from clusterdft.generate.library import library_geometries
from clusterdft.geometry.formula import formula_of

ALL = "library"
NOISE = 0.05  # bohr: an exactly symmetric start would stay on a saddle point


def seeds_of(names, symbols, charge, n_unpaired, folder, *, seed=0):
    """The geometries of those names for one cluster.

    Parameters
    ----------
    names : "library" for all that the library knows of that size, one of its names, or a file of geometries
    symbols, charge, n_unpaired : as in Cluster
    folder : where relative paths begin
    seed : of the small random displacements that break the symmetry

    Returns
    -------
    tuple of Cluster

    Raises
    ------
    InputError
        an unknown name, a file that cannot be read or has other atoms
    """
    found = []
    for name in names:
        found += _geometries(name, symbols, charge, n_unpaired, folder)
    rng = np.random.default_rng([seed, len(symbols)])
    return tuple(
        cluster.at(cluster.positions + NOISE * rng.normal(size=(cluster.natom, 3))) for cluster in found
    )


def _geometries(name, symbols, charge, n_unpaired, folder):
    state = {"charge": charge, "n_unpaired": n_unpaired}
    if "." in name:
        return [_adopted(name, cluster, symbols, state) for cluster in _read(name, folder)]
    known = dict(library_geometries(symbols, **state))
    if name == ALL:
        return list(known.values())
    if name not in known:
        hint = nearest_name_hint(name, known, "{} ")
        there = ", ".join([ALL, *known])
        raise InputError(f"there is no {name!r} of {len(symbols)} atoms; {hint}there are: {there}, or a file")
    return [known[name]]


def _read(name, folder):
    from clusterdft.files.structures import read_structures

    return read_structures(Path(folder) / name)


def _adopted(name, cluster, symbols, state):
    """A geometry of a file with the charge and spin of the search."""
    if sorted(cluster.symbols) != sorted(symbols):
        raise InputError(f"{name} holds {formula_of(cluster.symbols)}, not {formula_of(symbols)}")
    order = np.argsort(np.argsort(symbols, kind="stable"), kind="stable")
    positions = cluster.positions[np.argsort(cluster.symbols, kind="stable")][order]
    return Cluster(symbols=symbols, positions=positions, **state)
