"""The isomer that properties are computed of: its electronic state is the one that the search found."""

from dataclasses import replace

import pytest
from studying import entry, series

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.method import Method
from clusterdft.scf.solve_scf import solve_scf
from clusterdft.study.solving import compute, property_key, target_of
from clusterdft.study.target import Target, solved, with_charge
from clusterdft.surfaces.classical import LennardJones
from clusterdft.surfaces.kohn_sham import KohnShamSpec
from clusterdft.work.workplace import NotKept

PAIR = [[0, 0, 0], [0, 0, 5.5]]


def target(energy, n_unpaired=0.0, *, changes=None):
    """A Target of Na2 in the method of the paper."""
    one = entry("Na2", 0, energy, positions=PAIR, n_unpaired=n_unpaired)
    isomer = replace(one.isomers[0], cluster=replace(one.isomers[0].cluster, **(changes or {})))
    return Target(isomer=isomer, spec=KohnShamSpec(Method()), charges=(0, 1))


@pytest.fixture(scope="module")
def singlet():
    return solve_scf(Cluster(symbols=("Na", "Na"), positions=PAIR), Method())


@pytest.fixture(scope="module")
def triplet():
    return solve_scf(Cluster(symbols=("Na", "Na"), positions=PAIR, n_unpaired=2), Method())


def test_the_state_of_the_search_is_taken(singlet):
    assert target(singlet.energy).scf().energy == pytest.approx(singlet.energy, abs=1e-9)


def test_a_spin_that_only_the_search_found_is_fixed(triplet):
    result = target(triplet.energy, 2.0).scf()
    assert result.energy == pytest.approx(triplet.energy, abs=1e-7)
    assert result.n_unpaired == pytest.approx(2.0)


def test_another_state_is_a_failure(singlet):
    with pytest.raises(ScfNotConverged, match="another electronic state"):
        target(singlet.energy - 0.01).scf()
    with pytest.raises(ScfNotConverged, match=r"with 0\.00 unpaired electrons"):
        target(singlet.energy, 1.5).scf()  # no whole number to fix


def test_properties_one_after_the_other_share_a_field():
    cluster = Cluster(symbols=("Na", "Na"), positions=PAIR)
    assert solved(cluster, Method()) is solved(cluster.at(cluster.positions), Method())
    assert solved(cluster, Method()) is not solved(with_charge(cluster, 1), Method())


def test_another_charge_leaves_the_spin_free():
    cluster = Cluster(symbols=("Na", "Na"), positions=PAIR, n_unpaired=2)
    ion = with_charge(cluster, 1)
    assert (ion.charge, ion.n_unpaired) == (1, None)
    assert ion.positions == pytest.approx(cluster.positions)


def test_a_classical_surface_has_no_method():
    one = entry("Na2", 0, -0.4)
    with pytest.raises(InputError, match="the surface lennard-jones has no electrons"):
        _ = target_of(one, series(one)).method


def test_impossible_properties_are_not_kept_and_failed_ones_are(singlet):
    classical = Target(isomer=entry("Na2", 0, -0.4).isomers[0], spec=LennardJones(), charges=(0,))
    impossible = compute(classical, "dipole")
    assert isinstance(impossible, NotKept)
    assert "no electrons" in impossible.result["reason"]
    failed = compute(target(singlet.energy - 0.01), "dipole")
    assert failed.keys() == {"reason"}


def test_keys_depend_on_what_decides_a_property(singlet):
    one = target(singlet.energy)
    keys = {
        property_key(one, "dipole"),
        property_key(one, "levels"),
        property_key(target(singlet.energy, changes={"charge": 1}), "dipole"),
        property_key(target(singlet.energy, changes={"n_unpaired": 2}), "dipole"),
        property_key(replace(one, spec=KohnShamSpec(Method(basis="even-6s5p3d"))), "dipole"),
    }
    assert len(keys) == 5
    assert property_key(target(singlet.energy - 1.0), "dipole") == property_key(one, "dipole")
