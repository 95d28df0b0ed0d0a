"""Planes and boxes."""

import numpy as np
import pytest
from clusters import rearranged
from solved import RHOMBUS, SEPTAMER, TRIMER

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.properties.sampling import box_around, plane_across, plane_through


def test_plane_of_a_planar_cluster_holds_its_atoms():
    moved, _, _ = rearranged(RHOMBUS)
    plane = plane_through(moved, margin=5.0, spacing=0.5)
    u, v, height = plane.coordinates_of(moved.positions).T
    assert height == pytest.approx(0, abs=1e-10)
    assert np.ptp(u) == pytest.approx(11.2)  # the long diagonal lies along u
    assert (plane.u[-1] - plane.u[0], plane.v[-1] - plane.v[0]) == pytest.approx((21.2, 15.46))
    assert np.abs(v).max() < plane.v[-1] - 4.99


def test_points_of_a_plane():
    plane = plane_through(TRIMER, spacing=1.0)
    points = plane.points
    assert points.shape == (len(plane.v), len(plane.u), 3)
    u, v, height = plane.coordinates_of(points[3, 5][None])[0]
    assert (u, v, height) == pytest.approx((plane.u[5], plane.v[3], 0), abs=1e-12)
    assert plane.normal == pytest.approx([0, 0, plane.normal[2]])
    assert abs(plane.normal[2]) == pytest.approx(1)


def test_plane_of_some_atoms():
    plane = plane_through(SEPTAMER, [0, 5, 6])
    heights = plane.coordinates_of(SEPTAMER.positions)[:, 2]
    assert heights[[0, 5, 6]] == pytest.approx(0, abs=1e-10)
    assert np.sort(np.abs(heights[1:5])) == pytest.approx(
        5.25 * np.sin([np.pi / 5, np.pi / 5, 2 * np.pi / 5, 2 * np.pi / 5])
    )


def test_linear_clusters_have_a_plane_too():
    chain = Cluster(symbols=("Na",) * 3, positions=[[0, 0, 0], [0, 0, 6], [0, 0, 12]])
    assert plane_through(chain).coordinates_of(chain.positions)[:, 1:] == pytest.approx(0, abs=1e-10)
    assert abs(plane_through(Cluster(symbols=("Na",), positions=[[1, 2, 3]])).normal).max() > 0.5
    with pytest.raises(InputError, match="on a line"):
        plane_through(chain, [0, 1, 2])


def test_a_plane_with_a_normal_reaches_along_the_atoms():
    moved, _, _ = rearranged(SEPTAMER)
    normal = np.array([1.0, -2.0, 0.5])
    plane = plane_across(moved, 3 * normal, margin=4.0, spacing=0.5)
    assert np.cross(plane.normal, normal) == pytest.approx(0, abs=1e-12)
    u, v, height = plane.coordinates_of(moved.positions).T
    assert height.mean() == pytest.approx(0, abs=1e-12)  # through the mean of the nuclei
    assert np.sum(u * v) == pytest.approx(0, abs=0.01)
    assert np.sum(u**2) > np.sum(v**2)
    assert (plane.u[0], plane.u[-1]) == pytest.approx((u.min() - 4, u.max() + 4))
    elsewhere = plane_across(moved, normal, moved.positions[2], margin=4.0)
    assert elsewhere.coordinates_of(moved.positions)[2] == pytest.approx(0, abs=1e-12)


def test_a_plane_across_a_chain_is_the_same_however_the_chain_came_about():
    chain = Cluster(symbols=("Na",) * 3, positions=[[0, 0, 0], [0, 0, 6], [0, 0, 12]])
    nearly = chain.at(chain.positions + 1e-9 * np.array([[0, 1.0, 0], [0, 0, 0], [1.0, 0, 0]]))
    exact, noisy = (plane_across(c, [0, 0, 1.0]) for c in (chain, nearly))
    assert np.abs(noisy.axes) == pytest.approx(np.abs(exact.axes), abs=1e-6)


@pytest.mark.parametrize(("normal", "through"), [([0, 0, 0], None), ([1.0, 0], None), ([0, 0, 1.0], [0, 0])])
def test_no_direction_or_no_point(normal, through):
    with pytest.raises(InputError, match="three numbers each"):
        plane_across(TRIMER, normal, through)


def test_maps_without_width_and_with_too_many_points_are_refused():
    atom = Cluster(symbols=("Na",), positions=[[1, 2, 3]])
    with pytest.raises(InputError, match="without width"):
        plane_through(atom, margin=0.0)
    with pytest.raises(InputError, match="more than 3e"):
        box_around(TRIMER, spacing=0.001)


def test_box():
    box = box_around(TRIMER, margin=4.0, spacing=0.7)
    points = box.points
    assert points.shape == (*box.shape, 3)
    assert points[1, 2, 3] - box.origin == pytest.approx([0.7, 1.4, 2.1])
    low, high = points.min(axis=(0, 1, 2)), points.max(axis=(0, 1, 2))
    assert np.all(low <= TRIMER.positions.min(axis=0) - 4)
    assert np.all(high >= TRIMER.positions.max(axis=0) + 4)
    gaussian = np.exp(-np.sum((points - TRIMER.positions[0]) ** 2, axis=-1))
    assert box.integrate(gaussian) == pytest.approx(np.pi**1.5, rel=1e-6)


@pytest.mark.parametrize("wrong", [{"margin": -1.0}, {"spacing": 0.0}])
def test_impossible(wrong):
    with pytest.raises(InputError, match="above 0"):
        box_around(TRIMER, **wrong)
    with pytest.raises(InputError, match="above 0"):
        plane_through(TRIMER, **wrong)
    with pytest.raises(InputError, match="from 0 to 2"):
        plane_through(TRIMER, [0, 1, 3])
