"""Relaxation that keeps a symmetry, on surfaces where the free one leaves it."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from test_open_shells import CUBOCTAHEDRON, SHAPES
from two_sheets import TwoSheets, triangle

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.jahn_teller.symmetric_relaxation import relax_within_group, symmetric_surface
from clusterdft.relaxation.relax import relax
from clusterdft.surfaces.classical import LennardJones
from clusterdft.symmetry.point_group import find_point_group


def atoms(positions, noise=0.0):
    rng = np.random.default_rng(0)
    return Cluster(
        symbols=("Na",) * len(positions), positions=positions + rng.normal(scale=noise, size=positions.shape)
    )


@pytest.mark.parametrize("relaxer", ["quasi-newton", "limited-memory", "steepest-descent"])
def test_every_relaxer_keeps_the_cubo_octahedron(relaxer):
    start = atoms(CUBOCTAHEDRON, noise=0.02)
    group = find_point_group(start)
    end = relax_within_group(start, LennardJones(), group, relaxer=relaxer, fmax=1e-5)
    assert end.relaxed
    found = find_point_group(end.cluster, tolerance=1e-6)
    assert found.name == "Oh"
    one_parameter = min(
        LennardJones().point(atoms(scale * CUBOCTAHEDRON)).energy for scale in np.linspace(0.85, 0.95, 2001)
    )
    assert end.energy == pytest.approx(one_parameter, abs=1e-7)


def test_free_relaxation_leaves_it_for_the_icosahedron():
    end = relax(atoms(CUBOCTAHEDRON, noise=0.1), LennardJones(), fmax=1e-6)
    ico = relax_within_group(
        atoms(SHAPES["Ih"]), LennardJones(), find_point_group(atoms(SHAPES["Ih"])), fmax=1e-6
    )
    assert end.energy == pytest.approx(ico.energy, abs=1e-7)
    assert ico.energy == pytest.approx(
        -44.326801 * 0.01, abs=1e-6
    )  # Hoare and Pal, Adv. Phys. 20, 161 (1971)


def test_a_subgroup_allows_its_own_distortions():
    start = triangle()
    group = find_point_group(start)
    keep = [k for k, p in enumerate(group.permutations) if p[0] == 0]  # C2v of one corner
    bent = start.at(start.positions + [[0.2, 0.1, 0], [0, 0.1, 0], [0, -0.1, 0]])
    end = relax_within_group(bent, TwoSheets(), group, keep, fmax=1e-6)
    assert end.relaxed
    assert find_point_group(end.cluster, tolerance=1e-6).name == "C2v"
    sides = np.linalg.norm(end.cluster.positions - end.cluster.positions[[1, 2, 0]], axis=1)
    assert sides[0] == pytest.approx(sides[2], abs=1e-9)


@dataclass(frozen=True, kw_only=True)
class Pulled(LennardJones):
    """With a pull on the first atom."""

    pull: float

    def point(self, cluster, restart=None):
        point = super().point(cluster)
        return replace(point, forces=point.forces + self.pull * np.eye(len(point.forces))[:, :1])


def test_forces_that_break_the_symmetry_are_refused_where_asked():
    cluster = triangle()
    group = find_point_group(cluster)
    symmetric_surface(Pulled(pull=1e-4), group, strict=True).confirm(cluster)
    with pytest.raises(InputError, match="do not keep the symmetry"):
        symmetric_surface(Pulled(pull=1e-3), group, strict=True).confirm(cluster)
    forces = symmetric_surface(Pulled(pull=1e-3), group).point(cluster).forces
    assert forces == pytest.approx(LennardJones().point(cluster).forces, abs=4e-4)
    radial = np.sum(forces * cluster.positions, axis=1)
    assert np.ptp(radial) < 1e-12  # the symmetric part is left
