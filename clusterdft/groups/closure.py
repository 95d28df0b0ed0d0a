"""Groups among permutations: products, closure, and the largest group inside a set that is none."""

import numpy as np

from clusterdft.arrays import Bools, Floats, Ints

NO_OPERATION = -1  # in a product table: the product is not among the operations


def product_table(permutations: Ints, hands: Floats) -> Ints:
    """Index of g h for every pair of operations, or -1 where it is not among them.

    Parameters
    ----------
    permutations : (m, natom)
        Atom indices.
    hands : (m,)
        1 for rotations, -1 for the others

    Returns
    -------
    (m, m)
        (g h)(i) = g[h[i]]
    """
    index = {_key(p, h): k for k, (p, h) in enumerate(zip(permutations, hands, strict=True))}
    table = np.empty((len(hands),) * 2, dtype=np.int64)
    for g, (p, hand) in enumerate(zip(permutations, hands, strict=True)):
        products = p[permutations]
        table[g] = [index.get(_key(q, hand * h), NO_OPERATION) for q, h in zip(products, hands, strict=True)]
    return table


def _key(permutation: Ints, hand: float) -> tuple[bytes, bool]:
    return permutation.tobytes(), hand > 0


def largest_group(table: Ints) -> Ints:
    """Members of the largest group found among operations that are ranked by their accuracy.

    Parameters
    ----------
    table : (m, m)
        As from `product_table`; the identity is operation 0.

    Returns
    -------
    (order,)
        Indices, ascending.

    Notes
    -----
    Every operation in turn is the seed to which the others are added, best first, as long as all
    products are there; operations whose powers are not all there are left out beforehand.
    """
    kept = np.arange(len(table))
    while True:
        cyclic, whole = _powers(table)
        if whole.all():
            return kept[_largest(table, cyclic)]
        left = np.flatnonzero(whole)
        kept, table = kept[left], restricted_table(table, left)


def _powers(table: Ints) -> tuple[Bools, Bools]:
    """(m, m) whether an operation (column) is a power of another (row); (m,) whether all powers are there."""
    count = np.arange(len(table))
    powers = np.zeros(table.shape, dtype=bool)
    power = count
    while (power > 0).any():
        powers[count, power] = True
        power = np.where(power > 0, table[power, count], power)
    powers[:, 0] = True
    return powers, power != NO_OPERATION


def _largest(table: Ints, cyclic: Bools) -> Ints:
    """`largest_group` of operations whose powers are all there, (m, m) as from `_powers`."""
    if (table != NO_OPERATION).all():
        return np.arange(len(table))
    together = (table != NO_OPERATION) & (table.T != NO_OPERATION)
    alike = np.unique(cyclic, axis=0, return_inverse=True)[1].ravel()  # equal where the cyclic groups are
    best: Ints = np.array([0])
    seeds: set[int] = set()
    for seed in range(1, len(table)):
        # a larger group has operations outside the best one
        if seed not in best and int(alike[seed]) not in seeds:
            seeds.add(int(alike[seed]))
            group = _grown(table, together, alike, np.flatnonzero(cyclic[seed]), len(best))
            best = group if len(group) > len(best) else best
    return best


def _grown(table: Ints, together: Bools, alike: Ints, group: Ints, least: int) -> Ints:
    """A group around another that no further operation enlarges, or one that cannot exceed `least`."""
    refused = np.zeros(len(table), dtype=bool)
    while True:
        refused[group] = True
        possible = np.flatnonzero(together[:, group].all(axis=1) & ~refused)
        if not len(possible) or len(group) + len(possible) <= least:
            return group
        larger = generated_group(table, np.append(group, possible[0]))
        refused |= alike == alike[possible[0]]
        group = group if larger is None else larger


def generated_group(table: Ints, members: Ints) -> Ints | None:
    """The group that operations generate, (order,) ascending, or None where a product is missing."""
    inside = np.zeros(len(table) + 1, dtype=bool)  # the last place is for a missing product
    inside[members] = True
    while True:
        group = np.flatnonzero(inside[:-1])
        inside[table[group[:, None], members]] = True
        if inside[NO_OPERATION]:
            return None
        if np.count_nonzero(inside) == len(group):
            return group


def restricted_table(table: Ints, members: Ints) -> Ints:
    """The table of some of the operations, (n,) ascending indices, in their own numbering."""
    new = np.full(len(table) + 1, NO_OPERATION)
    new[members] = np.arange(len(members))
    restricted: Ints = new[table[np.ix_(members, members)]]
    return restricted
