"""Overlays: the permutation and the rotation that lay one geometry over another."""

from itertools import permutations

import numpy as np
import pytest
from isomer_copies import copy_of, random_cluster

from clusterdft.isomers.overlay import align


@pytest.mark.parametrize("mirrored", [False, True])
def test_alignment_undoes_permutation_and_rotation(mirrored):
    rng = np.random.default_rng(2)
    for index in range(20):
        a = random_cluster(("Na",) * 6 + ("K",) * 3, index)
        b = copy_of(a, rng, mirrored=mirrored)
        found = align(a, b, mirrored=mirrored)
        centred = b.positions[found.order] - b.positions.mean(axis=0)
        assert centred @ found.rotation == pytest.approx(a.positions - a.positions.mean(axis=0), abs=1e-9)
        assert [b.symbols[i] for i in found.order] == list(a.symbols)
        assert np.linalg.det(found.rotation) == pytest.approx(-1 if mirrored else 1)
        assert found.rotation.T @ found.rotation == pytest.approx(np.eye(3), abs=1e-12)


def best_of_all_permutations(a, b):
    """Oracle: the rms over all permutations, each with its best rotation."""
    xa, xb = (x.positions - x.positions.mean(axis=0) for x in (a, b))
    least = np.inf
    for order in permutations(range(a.natom)):
        u, s, v = np.linalg.svd(xb[list(order)].T @ xa)
        overlap = s[0] + s[1] + s[2] * np.sign(np.linalg.det(u) * np.linalg.det(v))
        least = min(least, np.sum(xa**2) + np.sum(xb**2) - 2 * overlap)
    return np.sqrt(max(least, 0) / a.natom)


def test_no_permutation_fits_better():
    rng = np.random.default_rng(3)
    for index in range(12):
        a = random_cluster(("Na",) * 5, index)
        b = copy_of(a, rng, noise=0.3)
        assert align(a, b).rms == pytest.approx(best_of_all_permutations(a, b), abs=1e-6)
