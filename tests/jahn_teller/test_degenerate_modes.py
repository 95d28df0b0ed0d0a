"""Degenerate mode sets and the directions of epikernels, on springs whose modes are known."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from two_sheets import TwoSheets, triangle

from clusterdft.cluster import Cluster
from clusterdft.jahn_teller.degenerate_modes import degenerate_modes, directions
from clusterdft.properties.vibrations import vibrations
from clusterdft.surfaces.classical import LennardJones
from clusterdft.symmetry.actions import images_of_vectors
from clusterdft.symmetry.irreps import motion_irreps
from clusterdft.symmetry.point_group import find_point_group
from clusterdft.units import DALTON_ELECTRON_MASS

SODIUM = 22.98976928 * DALTON_ELECTRON_MASS
TETRAHEDRON = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) * 6.0 / 8**0.5
SQUARE = np.array([[1, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0]]) * 6.0 / 2**0.5


def sets_of(positions, surface=None, turn=None):
    positions = positions if turn is None else positions @ turn.T
    cluster = Cluster(symbols=("Na",) * len(positions), positions=positions)
    group = find_point_group(cluster)
    found = vibrations(cluster, surface or LennardJones(), step=0.02)
    return group, degenerate_modes(group, found, motion_irreps(group)[1])


def test_springs_of_a_tetrahedron():
    # 1 : 2 : 4 in squared frequencies, k = 72 epsilon / 2^(1/3) sigma^2 at the minimum
    well = LennardJones()
    stiffness = 72 * well.epsilon / (2 ** (1 / 3) * well.sigma**2)
    turn = Rotation.random(random_state=2).as_matrix()
    _, found = sets_of(TETRAHEDRON, turn=turn)
    assert [(m.irrep, m.dimension) for m in found] == [("E", 2), ("T2", 3), ("A1", 1)]
    square = np.array([m.frequency**2 for m in found]) * SODIUM / stiffness
    assert square == pytest.approx([1, 2, 4], rel=2e-3)
    for m in found:
        vectors = m.vectors.reshape(m.dimension, -1)
        assert vectors @ vectors.T == pytest.approx(np.eye(m.dimension), abs=1e-9)
        assert m.mass == pytest.approx(SODIUM)
        assert m.force_constant == pytest.approx(m.mass * m.frequency**2)


def test_epikernels_of_the_triangle():
    group, found = sets_of(triangle().positions, TwoSheets(equal=True))
    (soft,) = (m for m in found if m.irrep == "E'")
    c2v, cs, *_ = directions(group, soft, np.random.default_rng(0))
    assert (c2v.subgroup.name, c2v.unique, c2v.signs) == ("C2v", True, (1, -1))
    assert (cs.subgroup.name, cs.unique) == ("Cs", False)


def test_epikernels_of_the_tetrahedron():
    group, found = sets_of(TETRAHEDRON)
    by_irrep = {m.irrep: m for m in found}
    rng = np.random.default_rng(1)
    assert [d.subgroup.name for d in directions(group, by_irrep["E"], rng) if d.unique] == ["D2d"]
    unique = {d.subgroup.name: d.signs for d in directions(group, by_irrep["T2"], rng) if d.unique}
    assert unique == {"C3v": (1, -1), "C2v": (1,)}  # an S4 turns one C2v distortion into the opposite


def test_directions_are_kept_by_their_subgroup_and_by_no_other_operation():
    group, found = sets_of(TETRAHEDRON)
    for modes in found[:2]:
        for d in directions(group, modes, np.random.default_rng(2)):
            images = images_of_vectors(group.operations, group.permutations, d.vector)
            kept = np.flatnonzero(np.abs(images - d.vector).max(axis=(1, 2)) < 1e-6)
            assert kept.tolist() == sorted(d.subgroup.members.tolist())


def test_an_accidental_degeneracy_is_taken_apart():
    group, found = sets_of(TETRAHEDRON)
    e, t2 = found[0], found[1]
    assert abs(np.einsum("kix,lix->kl", e.vectors, t2.vectors)).max() < 1e-9
    assert e.amplitude == pytest.approx((2 * e.mass * e.frequency) ** -0.5)
    assert group.name == "Td"


def test_directions_do_not_depend_on_the_partners_that_were_found():
    group, found = sets_of(TETRAHEDRON)
    for irrep in ("E", "T2"):
        modes = next(one for one in found if one.irrep == irrep)
        mixed = np.linalg.qr(np.random.default_rng(1).normal(size=(modes.dimension,) * 2))[0]
        others = replace(modes, vectors=np.einsum("nm,mix->nix", mixed, modes.vectors))
        one, two = (directions(group, sets, np.random.default_rng(3)) for sets in (modes, others))
        assert len([d for d in one if not d.unique]) >= 2
        for a, b in zip(one, two, strict=True):
            assert a.vector == pytest.approx(b.vector, abs=1e-9)
