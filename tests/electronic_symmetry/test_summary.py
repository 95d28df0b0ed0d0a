"""The values of an electronic structure, in every orientation."""

import json

import numpy as np
import pytest
from reference_geometries import moved, reference_geometries

from clusterdft.cluster import Cluster
from clusterdft.electronic_symmetry.summary import electronic_values
from clusterdft.method import Method
from clusterdft.properties.vibrations import vibrations
from clusterdft.scf.solve_scf import solve_scf
from clusterdft.surfaces.classical import LennardJones
from clusterdft.symmetry.point_group import find_point_group

REFERENCE = reference_geometries()
EQUAL = Method(occupation="equal")
LJ = LennardJones()


def shape(name, **state):
    start = REFERENCE[name][1]
    return Cluster(symbols=start.symbols, positions=start.positions, **state)


def rearranged(cluster, seed):
    order = np.random.default_rng(seed).permutation(cluster.natom)
    there = moved(cluster, np.random.default_rng(seed))
    return Cluster(
        symbols=tuple(cluster.symbols[i] for i in order),
        positions=there.positions[order],
        charge=cluster.charge,
        n_unpaired=cluster.n_unpaired,
    )


REPORTED = ["dimer", "equilateral triangle", "obtuse triangle", "rhombus", "square", "tetrahedron"]


@pytest.mark.parametrize("name", REPORTED)
def test_report_does_not_depend_on_the_orientation(name):
    """Turned, shifted and renumbered; B1, B2 and B3 of flat clusters follow the standard frame."""
    reports = []
    for seed in (None, 1, 2):
        cluster = shape(name) if seed is None else rearranged(shape(name), seed)
        group = find_point_group(cluster)
        modes = vibrations(cluster, LJ, step=0.02)
        reports.append(electronic_values(solve_scf(cluster, EQUAL), group, modes))
    first, *others = reports
    occupied = [k for k, one in enumerate(first["orbitals"]) if sum(one["occupation"]) > 0.5]
    for other in others:
        assert other["state"] == first["state"]
        assert other["shells"] == pytest.approx(first["shells"], abs=1e-4)
        for one, same in zip(first["modes"], other["modes"], strict=True):
            assert (one["label"], one["indices"]) == (same["label"], same["indices"])
            assert np.array(same["frequencies_hartree"]) == pytest.approx(
                one["frequencies_hartree"], rel=5e-3
            )
        for k in occupied:
            one, same = first["orbitals"][k], other["orbitals"][k]
            assert {key: one[key] for key in ("label", "spin", "indices", "shell")} == {
                key: same[key] for key in ("label", "spin", "indices", "shell")
            }
            assert same["energies_hartree"] == pytest.approx(one["energies_hartree"], abs=1e-4)
    assert json.loads(json.dumps(first)) == first


def test_report_names_the_state_of_the_density():
    """An electron of Na3 in one component of e'."""
    cluster = moved(shape("equilateral triangle"), np.random.default_rng(0), 0.04)
    group = find_point_group(cluster)
    state = electronic_values(solve_scf(cluster, Method()), group)["state"]
    assert (state["label"], state["density_group"]) == ("2E'", "C2v")
    assert state["label_in_density_group"] in ("2A1", "2B2")
    assert state["terms"] == {"2E'": 1}
