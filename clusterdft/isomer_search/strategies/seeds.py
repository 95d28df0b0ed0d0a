"""Geometries given by the user, made into starts of the composition that is searched for."""

from collections import Counter
from collections.abc import Iterable

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.generate.physical import bond_lengths
from clusterdft.generate.resize import adapt
from clusterdft.generate.sites import surface_sites
from clusterdft.geometry.formula import formula_of
from clusterdft.isomer_search.strategies.setting import Proposal, SearchSetting
from clusterdft.isomers.identity import Fingerprint, fingerprint, fingerprint_distance

MAX_DIFFERENCE = 0.5  # of the atoms of the search: a seed that lacks or has more is no use
MAX_SITES = 24  # distinct places of one seed that an atom is put on or taken from
SAME_START_DISTANCE = 0.02  # mean bond lengths between the fingerprints of two starts that are one
N_ADAPTATIONS = 3  # of a seed that differs by several atoms


def check_seeds(setting: SearchSetting) -> None:
    """Raises InputError where a seed differs from the search by more than half of its atoms."""
    for seed in setting.seeds:
        if _differing(seed, setting) > max(1, MAX_DIFFERENCE * len(setting.symbols)):
            raise InputError(
                f"a seed is {formula_of(seed.symbols)}, the search is for {formula_of(setting.symbols)}; "
                "give seeds that differ by no more than half of the atoms"
            )


def seeds_of_same_atoms(setting: SearchSetting) -> tuple[Cluster, ...]:
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
        A seed has other atoms than the search.
    """
    return tuple(_as_searched(seed, setting) for seed in setting.seeds)


def _as_searched(seed: Cluster, setting: SearchSetting) -> Cluster:
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


def seed_starts(setting: SearchSetting, rng: np.random.Generator) -> list[Proposal]:
    """Proposals from the seeds of a SearchSetting, the most promising first.

    A seed of the same atoms, of whatever charge and spin, is one start as it is. A seed with one atom less
    gives a start for every distinct surface site, best coordinated first, one with an atom more a start for
    every distinct atom that can go. Any other is adapted at random, three times.

    Returns
    -------
    list of Proposal
    """
    return [start for seed in _by_likeness(setting) for start in _starts_of(seed, setting, rng)]


def _by_likeness(setting: SearchSetting) -> list[Cluster]:
    """Seeds of the same atoms first, of charges near the wanted one, then by size, larger before smaller."""
    return sorted(
        setting.seeds,
        key=lambda seed: (_differing(seed, setting), -seed.natom, abs(seed.charge - setting.charge)),
    )


def _differing(seed: Cluster, setting: SearchSetting) -> int:
    """Atoms that the seed lacks, and those it has too many."""
    wanted, other = Counter(setting.symbols), Counter(seed.symbols)
    return (wanted - other).total() + (other - wanted).total()


def _starts_of(seed: Cluster, setting: SearchSetting, rng: np.random.Generator) -> list[Proposal]:
    wanted, there = Counter(setting.symbols), Counter(seed.symbols)
    missing, surplus = list((wanted - there).elements()), list((there - wanted).elements())
    name = formula_of(seed.symbols, seed.charge)
    if not missing and not surplus:
        return [_proposal(seed, setting, rng, f"seed {name}")]
    if len(missing) == 1 and not surplus:
        return [_proposal(c, setting, rng, f"grown from {name}") for c in _larger(seed, missing[0], rng)]
    if len(surplus) == 1 and not missing:
        return [_proposal(c, setting, rng, f"cut from {name}") for c in _smaller(seed, surplus[0])]
    return [_proposal(seed, setting, rng, f"adapted from {name}") for _ in range(N_ADAPTATIONS)]


def _proposal(cluster: Cluster, setting: SearchSetting, rng: np.random.Generator, origin: str) -> Proposal:
    """The proposal of a geometry with the atom order, charge and spin of the search."""
    return Proposal(
        cluster=adapt(cluster, setting.symbols, setting.charge, setting.n_unpaired, rng),
        origin=origin,
        role="guess",
    )


def _larger(seed: Cluster, symbol: str, rng: np.random.Generator) -> list[Cluster]:
    """The seed with an atom on each distinct surface site."""
    sites, coordination = surface_sites(seed, symbol, rng)
    order = np.argsort(-coordination, kind="stable")
    grown = (
        Cluster(symbols=(*seed.symbols, symbol), positions=np.vstack([seed.positions, sites[k]]))
        for k in order
    )
    return _distinct(grown)


def _smaller(seed: Cluster, symbol: str) -> list[Cluster]:
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


def _distinct(clusters: Iterable[Cluster]) -> list[Cluster]:
    """Those that are unlike all before, at most `MAX_SITES`."""
    kept: list[tuple[Cluster, Fingerprint]] = []
    for cluster in clusters:
        own = fingerprint(cluster)
        reach = SAME_START_DISTANCE * bond_lengths(cluster.symbols).mean()
        if all(fingerprint_distance(own, other) > reach for _, other in kept):
            kept.append((cluster, own))
        if len(kept) == MAX_SITES:
            break
    return [cluster for cluster, _ in kept]
