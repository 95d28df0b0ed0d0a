"""Crossover: two parents cut by planes and joined."""

import numpy as np
from scipy.spatial.transform import Rotation

from clusterdft.arrays import Floats
from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.generate.moves import displace_all, part_size
from clusterdft.generate.physical import repair, slid_apart

N_ORIENTATIONS = 8  # of the second parent of a mixed cluster, of which the cleanest cut is used


def cut_and_splice(a: Cluster, b: Cluster, rng: np.random.Generator) -> Cluster:
    """A child with the upper part of one parent and the lower part of the other, both turned at random.

    The plane through `a` leaves a random number of atoms above it. From `b` come, of each species, the
    lowest atoms, as many as are missing. Both cuts are put at the same height, and the parts are moved apart
    where they overlap.

    Parameters
    ----------
    a, b : Cluster
        Of the same composition, in whatever order.
    rng : numpy Generator

    Returns
    -------
    Cluster
        Symbols, charge and spin of `a`; atoms taken from `a` keep their index.

    Raises
    ------
    InputError
        The parents differ in composition.

    Notes
    -----
    For several species no plane through `b` need keep the composition; of several orientations
    the one is used whose species are cut at the most similar heights.

    References
    ----------
    Deaven and Ho, Phys. Rev. Lett. 75, 288 (1995)
    """
    if sorted(a.symbols) != sorted(b.symbols):
        raise InputError(
            f"parents {' '.join(a.symbols)} and {' '.join(b.symbols)} differ in composition; "
            "give two of the same, or adapt one"
        )
    if a.natom < 3:
        return displace_all(a, rng)
    upper = _turned(a.positions, rng)
    order = np.argsort(upper[:, 2], kind="stable")
    n_lower = part_size(a.natom, rng)
    lost = order[:n_lower]
    lower, taken, height = _lower_part(b, [a.symbols[atom] for atom in lost], rng)
    upper[:, 2] -= 0.5 * (upper[order[n_lower - 1], 2] + upper[order[n_lower], 2])
    lower[:, 2] -= height
    for symbol in sorted(set(a.symbols)):
        upper[[i for i in lost if a.symbols[i] == symbol]] = lower[
            [i for i in taken if b.symbols[i] == symbol]
        ]
    return repair(a, slid_apart(a.symbols, upper, lost, np.array([0.0, 0.0, -1.0])))


def _turned(positions: Floats, rng: np.random.Generator) -> Floats:
    """Positions about their centroid in a random orientation."""
    turned: Floats = Rotation.random(random_state=rng).apply(positions - positions.mean(axis=0))
    return turned


def _lower_part(b: Cluster, wanted: list[str], rng: np.random.Generator) -> tuple[Floats, list[int], float]:
    """Turned positions, the atoms to take (the lowest of each wanted species) and the height of the cut."""
    parts = []
    for _ in range(N_ORIENTATIONS if len(set(b.symbols)) > 1 else 1):
        x = _turned(b.positions, rng)
        order = np.argsort(x[:, 2], kind="stable")
        taken: list[int] = []
        for symbol in sorted(set(wanted)):
            taken += [i for i in order if b.symbols[i] == symbol][: wanted.count(symbol)]
        left = np.setdiff1d(order, taken)
        top, bottom = x[taken, 2].max(), x[left, 2].min()
        parts.append((top - bottom, x, taken, 0.5 * (top + bottom)))
    _, x, taken, height = min(parts, key=lambda part: part[0])
    return x, taken, height
