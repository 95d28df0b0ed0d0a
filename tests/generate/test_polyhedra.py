"""Building blocks of shapes: edges of length 1."""

import numpy as np
import pytest

from clusterdft.generate.polyhedra import (
    antiprism,
    cap,
    cap_ends,
    cap_two_faces,
    faces,
    lattice_tetrahedron,
    on_axis,
    prism,
    ring,
    rows,
    signs,
    stack,
    with_unit_distance,
)


def edges(x):
    """Distances of all pairs, ascending."""
    i, j = np.triu_indices(len(x), 1)
    return np.sort(np.linalg.norm(x[i] - x[j], axis=1))


@pytest.mark.parametrize(("n", "count"), [(3, 3), (4, 4), (5, 5), (6, 6)])
def test_rings_have_as_many_edges_as_corners(n, count):
    assert np.sum(np.isclose(edges(ring(n)), 1)) == count
    turned = ring(n, z=0.5, turned=True, radius=2.0)
    assert np.linalg.norm(turned[:, :2], axis=1) == pytest.approx(2.0)
    assert np.arctan2(turned[0, 1], turned[0, 0]) == pytest.approx(np.pi / n)


@pytest.mark.parametrize(("shape", "contacts"), [(prism(3), 9), (antiprism(3), 12), (antiprism(5), 20)])
def test_edges_of_prisms(shape, contacts):
    assert edges(shape)[:contacts] == pytest.approx(1)
    assert edges(shape)[contacts] > 1.1


def test_stacks_stand_about_the_origin():
    assert stack(4, 3).mean(axis=0) == pytest.approx(0, abs=1e-12)
    assert np.sum(np.isclose(edges(stack(4, 3)), 1)) == 3 * 4 + 2 * 8


def test_caps_are_one_edge_away_on_the_outer_side():
    octahedron = antiprism(3)
    for face in faces(octahedron):
        capped = cap(octahedron, face)
        r = np.linalg.norm(capped[-1] - octahedron, axis=1)
        assert np.sort(r)[:3] == pytest.approx(1)
        assert np.linalg.norm(capped[-1]) > np.linalg.norm(octahedron, axis=1).max()
    assert len(cap_ends(stack(5, 3), 5)) == 17


def test_faces_of_deltahedra():
    assert len(faces(antiprism(3))) == 8
    assert len(faces(cap(ring(3), range(3)))) == 4
    assert len(faces(cap_ends(antiprism(5), 5))) == 20
    assert len(faces(rows(3, 2, 1))) == 4  # flat: every triangle of touching atoms


@pytest.mark.parametrize("shared", [0, 1, 2])
def test_caps_that_share_corners(shared):
    x = cap_two_faces(antiprism(3), shared)
    touched = [set(np.flatnonzero(np.isclose(np.linalg.norm(x[:6] - x[k], axis=1), 1))) for k in (6, 7)]
    assert len(touched[0] & touched[1]) == shared


def test_lattices():
    assert [len(lattice_tetrahedron(edge)) for edge in (1, 2, 3, 4)] == [1, 4, 10, 20]
    assert edges(lattice_tetrahedron(3))[:24] == pytest.approx(1)
    assert edges(rows(2, 3, 2))[:12] == pytest.approx(1)


def test_signs_make_all_corners():
    assert len(signs(1.0, 1.0, 1.0)) == 8
    assert len(signs(1.0, 0.0, 0.0)) == 6
    assert len(signs(0.0, 1.0, 2.0)) == 12
    assert {tuple(np.abs(p)) for p in signs(3.0, 1.0, 1.0)} == {(3, 1, 1), (1, 3, 1), (1, 1, 3)}


def test_normalised_shapes():
    x = with_unit_distance(3.0 * on_axis(1.0, 2.0, 4.0))
    assert x.mean(axis=0) == pytest.approx(0)
    assert edges(x) == pytest.approx([1, 2, 3])
    assert with_unit_distance(on_axis(5.0)) == pytest.approx(0)
