"""Geometries given by the user that have the atoms of the search, as starts of it."""

from collections import Counter

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.geometry.formula import formula_of


def seeds_of_same_atoms(setting):
    """The seeds with the atom order, charge and spin of the search, for strategies that do not change sizes.

    Parameters
    ----------
    setting : SearchSetting

    Returns
    -------
    tuple of Cluster

    Raises
    ------
    InputError
        a seed has other atoms than the search
    """
    return tuple(_as_searched(seed, setting) for seed in setting.seeds)


def _as_searched(seed, setting):
    if Counter(seed.symbols) != Counter(setting.symbols):
        raise InputError(
            f"a seed is {formula_of(seed.symbols)}, the search is for {formula_of(setting.symbols)}; this "
            "strategy takes seeds of the same atoms only: give such, or a strategy that adapts them"
        )
    positions = np.empty_like(seed.positions)
    for symbol in set(setting.symbols):
        there = [a == symbol for a in setting.symbols]
        positions[there] = seed.positions[[a == symbol for a in seed.symbols]]
    return Cluster(
        symbols=setting.symbols,
        positions=positions,
        charge=setting.charge,
        n_unpaired=setting.n_unpaired,
    )
