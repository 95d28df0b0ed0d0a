"""Geometries given by the user, made into starts of the composition that is searched for."""

from collections import Counter

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.generate.physical import bond_lengths
from clusterdft.generate.resize import adapt
from clusterdft.generate.sites import surface_sites
from clusterdft.geometry.formula import formula_of
from clusterdft.isomer_search.strategies.setting import Proposal
from clusterdft.isomers.identity import fingerprint, fingerprint_distance

MOST_DIFFERING = 0.5  # of the atoms of the search: a seed that lacks or has more is no use
MOST_SITES = 24  # distinct places of one seed that an atom is put on or taken from
ALIKE = 0.02  # mean bond lengths between the fingerprints of two starts that are one
TRIES = 3  # adaptations of a seed that differs by several atoms


def check_seeds(setting):
    """Raises InputError where a seed differs from the search by more than half of its atoms."""
    for seed in setting.seeds:
        if _differing(seed, setting) > max(1, MOST_DIFFERING * len(setting.symbols)):
            raise InputError(
                f"a seed is {formula_of(seed.symbols)}, the search is for {formula_of(setting.symbols)}; "
                "give seeds that differ by no more than half of the atoms"
            )


def seed_starts(setting, rng):
    """Proposals from the seeds of a SearchSetting, the most promising first.

    A seed of the same atoms, of whatever charge and spin, is one start as it is. A seed with one atom less
    gives a start for every distinct surface site, best coordinated first, one with an atom more a start for
    every distinct atom that can go. Any other is adapted at random, three times.

    Returns
    -------
    list of Proposal
    """
    return [start for seed in _by_likeness(setting) for start in _starts_of(seed, setting, rng)]


def _by_likeness(setting):
    """Seeds of the same atoms first, of charges near the wanted one, then by size, larger before smaller."""
    return sorted(
        setting.seeds,
        key=lambda seed: (_differing(seed, setting), -seed.natom, abs(seed.charge - setting.charge)),
    )


def _differing(seed, setting):
    """Atoms that the seed lacks, and those it has too many."""
    wanted, other = Counter(setting.symbols), Counter(seed.symbols)
    return (wanted - other).total() + (other - wanted).total()


def _starts_of(seed, setting, rng):
    wanted, there = Counter(setting.symbols), Counter(seed.symbols)
    missing, surplus = list((wanted - there).elements()), list((there - wanted).elements())
    name = formula_of(seed.symbols, seed.charge)
    if not missing and not surplus:
        return [_proposal(seed, setting, rng, f"seed {name}")]
    if len(missing) == 1 and not surplus:
        return [_proposal(c, setting, rng, f"grown from {name}") for c in _larger(seed, missing[0], rng)]
    if len(surplus) == 1 and not missing:
        return [_proposal(c, setting, rng, f"cut from {name}") for c in _smaller(seed, surplus[0])]
    return [_proposal(seed, setting, rng, f"adapted from {name}") for _ in range(TRIES)]


def _proposal(cluster, setting, rng, origin):
    """The proposal of a geometry with the atom order, charge and spin of the search."""
    return Proposal(
        cluster=adapt(cluster, setting.symbols, setting.charge, setting.n_unpaired, rng),
        origin=origin,
        role="guess",
    )


def _larger(seed, symbol, rng):
    """The seed with an atom on each distinct surface site."""
    sites, coordination = surface_sites(seed, symbol, rng)
    order = np.argsort(-coordination, kind="stable")
    grown = (
        Cluster(symbols=(*seed.symbols, symbol), positions=np.vstack([seed.positions, sites[k]]))
        for k in order
    )
    return _distinct(grown)


def _smaller(seed, symbol):
    """The seed without each distinct atom of a species."""
    rest = [
        [i for i in range(seed.natom) if i != gone]
        for gone in range(seed.natom)
        if seed.symbols[gone] == symbol
    ]
    return _distinct(
        Cluster(symbols=tuple(seed.symbols[i] for i in atoms), positions=seed.positions[atoms])
        for atoms in rest
    )


def _distinct(clusters):
    """Those that are unlike all before, at most `MOST_SITES`."""
    kept = []
    for cluster in clusters:
        mark = fingerprint(cluster)
        reach = ALIKE * bond_lengths(cluster.symbols).mean()
        if all(fingerprint_distance(mark, other) > reach for _, other in kept):
            kept.append((cluster, mark))
        if len(kept) == MOST_SITES:
            break
    return [cluster for cluster, _ in kept]
