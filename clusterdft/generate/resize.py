"""Growth: clusters of one atom more or less, and seeds of any size made into a wanted composition."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.generate.physical import repair
from clusterdft.generate.sites import binding, random_site
from clusterdft.geometry.distances import covalent_radii


def add_atom(cluster: Cluster, symbol: str, rng: np.random.Generator) -> Cluster:
    """One atom more, the last, on a random free surface site; well coordinated sites are preferred.

    Notes
    -----
    The charge stays; the spin is left free, because the parity of the electrons may change.
    """
    site = random_site(cluster, symbol, rng)
    grown = Cluster(
        symbols=(*cluster.symbols, symbol),
        positions=np.vstack([cluster.positions, site]),
        charge=cluster.charge,
    )
    return repair(grown)


def remove_atom(cluster: Cluster, rng: np.random.Generator, symbol: str | None = None) -> Cluster:
    """One atom less, of a given species or of any; weakly bound ones are preferred.

    An atom goes with a probability that falls by e for each neighbour more it has.

    Raises
    ------
    InputError
        No such atom, or no other atom.

    Notes
    -----
    The charge stays; the spin is left free, because the parity of the electrons may change.
    """
    atoms = [i for i, s in enumerate(cluster.symbols) if symbol in (None, s)]
    if not atoms or cluster.natom == 1:
        raise InputError(
            f"no {symbol or 'atom'} can be removed from {' '.join(cluster.symbols)}; "
            "give a larger cluster, or a species that it has"
        )
    strength = binding(cluster)[atoms]
    weight = np.exp(strength.min() - strength)
    gone = atoms[rng.choice(len(atoms), p=weight / weight.sum())]
    rest = [i for i in range(cluster.natom) if i != gone]
    symbols = tuple(cluster.symbols[i] for i in rest)
    return repair(Cluster(symbols=symbols, positions=cluster.positions[rest], charge=cluster.charge))


def adapt(
    cluster: Cluster, symbols: Sequence[str], charge: int, n_unpaired: int | None, rng: np.random.Generator
) -> Cluster:
    """A seed geometry of any size, species and charge made into a start of the wanted composition.

    Random atoms of species that are too many become those that are missing, lengths are scaled by the mean
    covalent radius, then atoms are removed or added one by one.

    Parameters
    ----------
    cluster : Cluster
        The seed.
    symbols : (natom,)
        Chemical symbols, in this order in the result.
    charge : int
        Of the result, as in Cluster.
    n_unpaired : int or None
        Of the result, as in Cluster.
    rng : numpy Generator
        Not used where the composition is the wanted one already.

    Returns
    -------
    Cluster
    """
    seed = _transmuted(cluster, symbols, rng)
    surplus = list((Counter(seed.symbols) - Counter(symbols)).elements())
    missing = list((Counter(symbols) - Counter(seed.symbols)).elements())
    for symbol in surplus:
        seed = remove_atom(seed, rng, symbol)
    for i in rng.permutation(len(missing)) if missing else ():
        seed = add_atom(seed, missing[i], rng)
    of_species = {symbol: [i for i, s in enumerate(seed.symbols) if s == symbol] for symbol in set(symbols)}
    order = [of_species[symbol].pop(0) for symbol in symbols]
    return repair(
        Cluster(symbols=tuple(symbols), positions=seed.positions[order], charge=charge, n_unpaired=n_unpaired)
    )


def _transmuted(cluster: Cluster, symbols: Sequence[str], rng: np.random.Generator) -> Cluster:
    """The seed with as many atoms of the wanted species as it can have, and lengths to fit."""
    labels = list(cluster.symbols)
    missing = list((Counter(symbols) - Counter(labels)).elements())
    surplus = Counter(labels) - Counter(symbols)
    for i in rng.permutation(len(labels)) if missing and surplus else ():
        if missing and surplus[labels[i]] > 0:
            surplus[labels[i]] -= 1
            labels[i] = missing.pop(int(rng.integers(len(missing))))
    scale = float(covalent_radii(labels).mean() / covalent_radii(cluster.symbols).mean())
    return repair(replace(cluster, symbols=tuple(labels), n_unpaired=None), scale * cluster.positions)
