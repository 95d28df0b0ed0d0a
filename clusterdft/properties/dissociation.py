"""Atomization, dissociation channels and second differences, from energies of the lowest isomers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from clusterdft.errors import InputError

Fragment: TypeAlias = tuple[int, int]  # atoms, charge
Energies: TypeAlias = Mapping[Fragment, float]  # hartree


@dataclass(frozen=True, kw_only=True)
class Channel:
    """One way a cluster can fall into two.

    Attributes
    ----------
    parent : (atoms, charge)
    fragments : two of (atoms, charge)
        The smaller first; of the same size the more positive first.
    energy : float, hartree
        Of the fragments above the parent; negative where the parent falls apart by itself.
    lowest : bool
        Whether no other known channel of the parent costs less.
    """

    parent: Fragment
    fragments: tuple[Fragment, Fragment]
    energy: float
    lowest: bool


@dataclass(frozen=True, kw_only=True)
class Dissociation:
    """All channels of a cluster.

    Attributes
    ----------
    parent : (atoms, charge)
    channels : tuple of Channel
        The cheapest first.
    missing : tuple of (atoms, charge)
        Fragments that may exist, share the charge without sign change and whose energy is not known; while
        there are any, the lowest channel is the lowest of those known.
    """

    parent: Fragment
    channels: tuple[Channel, ...]
    missing: tuple[Fragment, ...]


def dissociation(energies: Energies, n: int, charge: int = 0) -> Dissociation:
    """All channels of a cluster of n like atoms into two fragments.

        D = E(k, q1) + E(n - k, q2) - E(n, q),   q1 + q2 = q

    Parameters
    ----------
    energies : {(atoms, charge): hartree}
        Of the lowest isomer of each.
    n, charge : int
        Atoms and charge of the parent.

    Returns
    -------
    Dissociation
        Without channels for an atom.

    Raises
    ------
    InputError
        The parent's energy is not given.

    Notes
    -----
    Pairs of ions of a neutral cluster count wherever both energies are given. Nothing is missed in
    fragments that carry too much charge, unless their energy is given: an atom with more than one, or
    larger fragments with one an atom, which leaves those of monovalent metals no electron that could hold
    them together. Of other metals, too, such a fragment costs more than one that shares the charge, as a
    rule.

    References
    ----------
    Martins, Buttet, Car, Phys. Rev. B 31, 1804 (1985), table VI
    """
    own = _energy(energies, n, charge)
    pairs = _pairs(energies, n, charge)
    possible = {pair for pair in pairs if all(f in energies or _can_be(*f) for f in pair)}
    known = {pair for pair in possible if all(fragment in energies for fragment in pair)}
    absent = {fragment for pair in possible - known for fragment in pair if fragment not in energies}
    between = range(min(charge, 0), max(charge, 0) + 1)
    costs = sorted((energies[a] + energies[b] - own, (a, b)) for a, b in known)
    return Dissociation(
        parent=(n, charge),
        channels=tuple(
            Channel(parent=(n, charge), fragments=pair, energy=cost, lowest=cost == costs[0][0])
            for cost, pair in costs
        ),
        missing=tuple(sorted(fragment for fragment in absent if fragment[1] in between)),
    )


def atomization_energy(energies: Energies, n: int, charge: int = 0) -> float:
    """Energy to take a cluster of n like atoms apart into atoms, its charge on single ions.

        E_a = (n - |q|) E(1, 0) + |q| E(1, sign q) - E(n, q)

    Parameters
    ----------
    energies : {(atoms, charge): hartree}
    n, charge : int
        Atoms and charge of the cluster; at most one charge an atom.

    Returns
    -------
    float, hartree

    Raises
    ------
    InputError
        An energy that is needed is not given, or more charges than atoms.

    Notes
    -----
    Equal to the sum of the dissociation energies along any path on which charges keep their sign.
    """
    if abs(charge) > n:
        raise InputError(f"charge {charge:+d} on {n} atoms; give at most one charge an atom")
    ions = abs(charge)
    separated = ions * _energy(energies, 1, charge // ions) if ions else 0.0
    if ions < n:
        separated += (n - ions) * _energy(energies, 1, 0)
    return separated - _energy(energies, n, charge)


def second_differences(energies: Energies, charge: int = 0) -> dict[int, float]:
    """Stability of a size against its two neighbours.

        D2(n) = E(n + 1) + E(n - 1) - 2 E(n)

    Parameters
    ----------
    energies : {(atoms, charge): hartree}
    charge : int
        Of all three.

    Returns
    -------
    {n: hartree}
        Where all three energies are given, ascending; large for a stable size.
    """
    sizes = sorted(n for n, q in energies if q == charge)
    return {
        n: energies[n + 1, charge] + energies[n - 1, charge] - 2 * energies[n, charge]
        for n in sizes
        if (n - 1, charge) in energies and (n + 1, charge) in energies
    }


def _energy(energies: Energies, n: int, charge: int) -> float:
    if (n, charge) not in energies:
        raise InputError(f"no energy of {n} atoms with charge {charge:+d} is given; compute it first")
    return energies[n, charge]


def _can_be(n: int, charge: int) -> bool:
    """Whether a fragment may exist: with fewer charges than atoms, or a singly charged atom."""
    return abs(charge) <= max(n - 1, 1)


def _pairs(energies: Energies, n: int, charge: int) -> set[tuple[Fragment, Fragment]]:
    """All ordered pairs of fragments, with the charges that are given or lie between 0 and the parent's."""
    charges = {q for _, q in energies} | set(range(min(charge, 0), max(charge, 0) + 1))
    charges = {q for q in charges if charge - q in charges}
    pairs = set()
    for k in range(1, n // 2 + 1):
        for q in charges:
            first, second = sorted([(k, q), (n - k, charge - q)], key=lambda f: (f[0], -f[1]))
            pairs.add((first, second))
    return pairs
