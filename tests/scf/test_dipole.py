"""The dipole moment against PySCF, symmetry and the definition of its origin."""

from dataclasses import replace

import numpy as np
import pytest
from clusters import rearranged_result
from pyscf import scf
from solved import MIXED, RHOMBUS, TIGHT, TRIMER, molecule, solved

from clusterdft.cluster import Cluster
from clusterdft.method import Method
from clusterdft.properties.density import density
from clusterdft.properties.sampling import box_around
from clusterdft.scf.dipole import dipole_moment
from clusterdft.scf.solve_scf import solve_scf

D_SHELLS = Method(basis="opt-4s3p1d", pseudopotential="bhs-core", tolerance=1e-8)


@pytest.mark.parametrize(("cluster", "method"), [(TRIMER, TIGHT), (MIXED, D_SHELLS)])
def test_against_pyscf(cluster, method):
    result = solved(cluster, method)
    reference = scf.hf.dip_moment(molecule(result), result.dm.sum(axis=0), unit="AU", verbose=0)
    assert dipole_moment(result) == pytest.approx(reference, abs=1e-8)
    assert dipole_moment(result, [3.0, -9.0, 2.0]) == pytest.approx(reference, abs=1e-8)


def test_against_the_density_in_a_box():
    result = solved(MIXED, D_SHELLS)
    box = box_around(MIXED, margin=20.0)
    electrons = density(result, box.points)[..., None] * (box.points - MIXED.positions.mean(axis=0))
    assert dipole_moment(result) == pytest.approx(-electrons.sum(axis=(0, 1, 2)) * box.spacing**3, abs=1e-4)


def test_points_to_the_positive_end():
    """Sodium binds its electron more strongly than caesium."""
    pair = Cluster(symbols=("Na", "Cs"), positions=[[0, 0, 0], [0, 0, 7.3]], n_unpaired=0)
    x, y, z = dipole_moment(solve_scf(pair, D_SHELLS))
    assert (x, y) == pytest.approx((0, 0), abs=1e-8)
    assert z > 0.5


def test_symmetric_clusters_have_none():
    assert dipole_moment(solved(RHOMBUS)) == pytest.approx([0, 0, 0], abs=1e-6)


def test_origin_of_an_ions_moment():
    ion = solve_scf(replace(TRIMER, charge=1), TIGHT)
    shift = np.array([1.0, 2.0, -4.0])
    centre = TRIMER.positions.mean(axis=0)
    assert dipole_moment(ion, centre) == pytest.approx(dipole_moment(ion), abs=1e-10)
    assert dipole_moment(ion, centre + shift) == pytest.approx(dipole_moment(ion) - shift, abs=1e-8)


def test_invariance():
    result = solved(MIXED, D_SHELLS)
    moved, _, move = rearranged_result(result)
    turned = move(dipole_moment(result)[None])[0] - move(np.zeros((1, 3)))[0]
    assert dipole_moment(moved) == pytest.approx(turned, abs=1e-6)
