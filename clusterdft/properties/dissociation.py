"""Atomization, dissociation channels and second differences, from energies of the lowest isomers."""

from dataclasses import dataclass

from clusterdft.errors import InputError


@dataclass(frozen=True, kw_only=True)
class Channel:
    """One way a cluster can fall into two.

    Attributes
    ----------
    parent : (atoms, charge)
    fragments : two of (atoms, charge), the smaller first; of the same size the more positive first
    energy : hartree, of the fragments above the parent; negative where the parent falls apart by itself
    lowest : whether no other known channel of the parent costs less
    """

    parent: tuple[int, int]
    fragments: tuple[tuple[int, int], tuple[int, int]]
    energy: float
    lowest: bool


@dataclass(frozen=True, kw_only=True)
class Dissociation:
    """All channels of a cluster.

    Attributes
    ----------
    parent : (atoms, charge)
    channels : tuple of Channel, the cheapest first
    missing : (atoms, charge) of fragments that may exist, share the charge without sign change and whose
        energy is not known; while there are any, the lowest channel is the lowest of those known
    """

    parent: tuple[int, int]
    channels: tuple[Channel, ...]
    missing: tuple[tuple[int, int], ...]


def dissociation(energies, n, charge=0):
    """All channels of a cluster of n like atoms into two fragments.

        D = E(k, q1) + E(n - k, q2) - E(n, q),   q1 + q2 = q

    Parameters
    ----------
    energies : {(atoms, charge): hartree}, the lowest isomer of each
    n, charge : of the parent

    Returns
    -------
    Dissociation; without channels for an atom

    Raises
    ------
    InputError
        the parent's energy is not given

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
    possible = {pair for pair in pairs if all(one in energies or _can_be(*one) for one in pair)}
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
        missing=tuple(sorted(one for one in absent if one[1] in between)),
    )


def atomization_energy(energies, n, charge=0):
    """Energy to take a cluster of n like atoms apart into atoms, its charge on single ions.

        E_a = (n - |q|) E(1, 0) + |q| E(1, sign q) - E(n, q)

    Parameters
    ----------
    energies : {(atoms, charge): hartree}
    n, charge : of the cluster; at most one charge an atom

    Returns
    -------
    float, hartree

    Raises
    ------
    InputError
        an energy that is needed is not given, or more charges than atoms

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


def second_differences(energies, charge=0):
    """Stability of a size against its two neighbours.

        D2(n) = E(n + 1) + E(n - 1) - 2 E(n)

    Parameters
    ----------
    energies : {(atoms, charge): hartree}
    charge : of all three

    Returns
    -------
    {n: hartree} where all three energies are given, ascending; large for a stable size
    """
    sizes = sorted(n for n, q in energies if q == charge)
    return {
        n: energies[n + 1, charge] + energies[n - 1, charge] - 2 * energies[n, charge]
        for n in sizes
        if (n - 1, charge) in energies and (n + 1, charge) in energies
    }


def _energy(energies, n, charge):
    if (n, charge) not in energies:
        raise InputError(f"no energy of {n} atoms with charge {charge:+d} is given; compute it first")
    return energies[n, charge]


def _can_be(n, charge):
    """Whether a fragment may exist: with fewer charges than atoms, or a singly charged atom."""
    return abs(charge) <= max(n - 1, 1)


def _pairs(energies, n, charge):
    """All ordered pairs of fragments, with the charges that are given or lie between 0 and the parent's."""
    charges = {q for _, q in energies} | set(range(min(charge, 0), max(charge, 0) + 1))
    charges = {q for q in charges if charge - q in charges}
    found = set()
    for k in range(1, n // 2 + 1):
        for q in charges:
            pair = ((k, q), (n - k, charge - q))
            found.add(tuple(sorted(pair, key=lambda one: (one[0], -one[1]))))
    return found
