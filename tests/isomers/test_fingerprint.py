"""Fingerprints: blind to frame, order and handedness, and not to anything else."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterdft.cluster import Cluster
from clusterdft.generate import GENERATORS
from clusterdft.isomers.fingerprint import (
    DISTANCE_TOLERANCE,
    distance_tolerance,
    fingerprint,
    fingerprint_distance,
)
from clusterdft.relaxation.relax import relax
from clusterdft.surfaces.classical import Gupta


def random_cluster(symbols, index):
    return GENERATORS["random-cube"](symbols, seed=9, index=index)


def copy_of(cluster, rng, *, noise=0.0):
    """The cluster rotated, perhaps mirrored, shifted, permuted and shaken."""
    rotation, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    order = rng.permutation(cluster.natom)
    positions = cluster.positions[order] @ rotation + rng.normal(size=3) * 10
    positions = positions + noise * rng.normal(size=positions.shape)
    return Cluster(symbols=tuple(cluster.symbols[i] for i in order), positions=positions)


@settings(max_examples=200, deadline=None)
@given(
    symbols=st.lists(st.sampled_from(["Na", "K"]), min_size=1, max_size=12),
    index=st.integers(0, 1000),
    seed=st.integers(0, 2**32),
)
def test_frame_order_and_handedness_do_not_matter(symbols, index, seed):
    cluster = random_cluster(symbols, index)
    other = copy_of(cluster, np.random.default_rng(seed))
    assert fingerprint_distance(fingerprint(cluster), fingerprint(other)) < 1e-9


@settings(max_examples=200, deadline=None)
@given(natom=st.integers(2, 13), index=st.integers(0, 1000), seed=st.integers(0, 2**32))
def test_noise_of_a_relaxation_is_tolerated(natom, index, seed):
    cluster = random_cluster(("Na",) * natom, index)
    other = copy_of(cluster, np.random.default_rng(seed), noise=0.03)
    assert fingerprint_distance(fingerprint(cluster), fingerprint(other)) < distance_tolerance(natom)


@settings(max_examples=100, deadline=None)
@given(
    natom=st.integers(2, 10), index=st.integers(0, 500), size=st.floats(0.0, 1.0), seed=st.integers(0, 2**32)
)
def test_fingerprints_move_no_more_than_the_atoms(natom, index, size, seed):
    cluster = random_cluster(("Na",) * natom, index)
    shift = np.random.default_rng(seed).normal(size=(natom, 3))
    shift *= size / np.linalg.norm(shift, axis=1).max()
    distance = fingerprint_distance(fingerprint(cluster), fingerprint(cluster.at(cluster.positions + shift)))
    assert distance <= 2 * size + 1e-12


def test_random_geometries_are_told_apart():
    marks = [fingerprint(random_cluster(("Na",) * 6, index)) for index in range(60)]
    assert min(fingerprint_distance(a, b) for a, b in combinations(marks, 2)) > 0.05


def test_exchanged_species_are_told_apart():
    here = random_cluster(("Na", "Na", "Na", "K"), 3)
    there = Cluster(symbols=("K", "Na", "Na", "Na"), positions=here.positions)
    assert fingerprint_distance(fingerprint(here), fingerprint(there)) > DISTANCE_TOLERANCE


def test_other_compositions_are_infinitely_far():
    a, b = random_cluster(("Na",) * 3, 0), random_cluster(("Na", "Na", "K"), 0)
    assert fingerprint_distance(fingerprint(a), fingerprint(b)) == np.inf


@pytest.mark.parametrize("natom", [7, 10])
def test_converged_minima_are_the_same_or_clearly_apart(natom):
    """Relaxed tightly, minima of the model potential leave the tolerance free: none lies near it."""
    ends = [
        relax(random_cluster(("Na",) * natom, index), Gupta(), fmax=2e-6, max_calls=400)
        for index in range(15)
    ]
    marks = [fingerprint(end.cluster) for end in ends if end.relaxed]
    distances = [fingerprint_distance(a, b) for a, b in combinations(marks, 2)]
    limit = distance_tolerance(natom)
    assert any(distance < 0.02 for distance in distances)
    assert not any(0.1 * limit < distance < limit for distance in distances)
