"""Planes and boxes."""

import numpy as np
import pytest
from clusters import rearranged
from solved import RHOMBUS, SEPTAMER, TRIMER

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.properties.sampling import box_around, plane_through


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
