"""The spin scan on a surface whose wells depend on the spin, and on small sodium clusters."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from spin_scans import spin_scan

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.method import Method
from clusterdft.relaxation.relax import relax
from clusterdft.surfaces.classical import ClassicalSurface, Gupta, LennardJones
from clusterdft.units import HARTREE_EV

TETRAHEDRON = 2.12132 * np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]])


@dataclass(frozen=True)
class SpinWells(ClassicalSurface):
    """Lennard-Jones wells that depend on the spin: (n_unpaired, (depth, bond length, height)) for each."""

    wells: tuple
    electrons: int = 4
    free: float = 0.0
    key = "spin-wells"
    description = {"surface": "spin-wells"}  # noqa: RUF012

    def check(self, cluster):
        spin = cluster.n_unpaired
        if spin is not None and (spin > self.electrons or (self.electrons - spin) % 2):
            raise InputError(f"{spin} unpaired electrons are impossible; give others")

    def point(self, cluster, restart=None):
        spin = self.free if cluster.n_unpaired is None else cluster.n_unpaired
        well = dict(self.wells)[round(spin)]
        if well is None:
            raise ScfNotConverged("the density oscillates")
        depth, distance, height = well
        point = LennardJones(epsilon=depth, sigma=distance / 2 ** (1 / 6)).point(cluster)
        return replace(point, energy=point.energy + height, n_unpaired=float(spin))


def sodium(positions, **others):
    return Cluster(symbols=("Na",) * len(positions), positions=positions, **others)


def kinds(scan):
    return {state.n_unpaired: state.kind for state in scan.states}


def test_neighbouring_spins_are_scanned_vertically_and_relaxed():
    wells = ((0, (0.01, 6.0, 0.0)), (2, (0.009, 6.3, 0.0)), (4, (0.008, 6.0, 0.0)))
    scan = spin_scan(sodium(TETRAHEDRON), SpinWells(wells))
    assert kinds(scan) == {0: "bound", 2: "bound"}
    assert scan.ground.n_unpaired == 0
    singlet, triplet = scan.states
    assert singlet.energy == pytest.approx(-0.06, abs=1e-5)
    assert triplet.energy == pytest.approx(-0.054, abs=1e-5)
    squeezed = 0.009 * 6 * (1.05**12 - 2 * 1.05**6)
    assert triplet.vertical_energy == pytest.approx(squeezed, abs=1e-5)
    assert triplet.vertical_energy > triplet.energy
    assert singlet.same_geometry
    assert triplet.same_geometry
    assert triplet.cluster.n_unpaired == 2
    assert scan.crossings == ()
    assert scan.n_force_calls == sum(state.n_force_calls for state in scan.states)


def test_the_scan_goes_on_while_the_ground_state_is_at_its_end():
    wells = ((0, (0.01, 6.0, 0.0)), (2, (0.012, 6.0, 0.0)), (4, (0.013, 6.0, 0.0)), (6, (0.009, 6.0, 0.0)))
    scan = spin_scan(sodium(TETRAHEDRON), SpinWells(wells, electrons=8))
    assert list(kinds(scan)) == [0, 2, 4, 6]
    assert scan.ground.n_unpaired == 4
    down = spin_scan(sodium(TETRAHEDRON), SpinWells(wells, electrons=8, free=6.0), spins=(6, 4))
    assert list(kinds(down)) == [4, 6]


def test_the_free_spin_may_be_fractional_and_odd():
    wells = ((1, (0.01, 6.0, 0.0)), (2, (0.01, 6.0, 0.0)), (3, (0.008, 6.0, 0.0)), (5, (0.002, 6.0, 0.0)))
    scan = spin_scan(sodium(TETRAHEDRON, n_unpaired=3), SpinWells(wells, electrons=5, free=1.6))
    assert list(kinds(scan)) == [1, 3]
    assert scan.free_n_unpaired == 1.6
    assert scan.cluster.n_unpaired is None


def test_more_spins_than_electrons_are_not_possible():
    wells = ((0, (0.01, 6.0, 0.0)), (2, (0.009, 6.0, 0.0)), (4, (0.02, 6.0, 0.0)))
    scan = spin_scan(sodium(TETRAHEDRON), SpinWells(wells), spins=(0, 1, 4, 6))
    assert kinds(scan) == {0: "bound", 1: "not possible", 4: "bound", 6: "not possible"}
    assert "impossible" in scan.states[-1].reason
    assert scan.states[-1].energy is None
    assert scan.ground.n_unpaired == 4


def test_crossings():
    """The triplet is higher where the singlet has its minimum, and lower at its own."""
    wells = ((0, (0.01, 6.0, 0.0)), (2, (0.011, 6.8, 0.0)), (4, (0.009, 6.0, 0.0)))
    scan = spin_scan(sodium(TETRAHEDRON), SpinWells(wells))
    assert scan.states[1].vertical_energy > scan.states[0].vertical_energy
    assert scan.ground.n_unpaired == 2
    assert scan.crossings == ((0, 2), (2, 4))


def test_weakly_bound_states_are_told_from_bound_ones():
    wells = ((0, (0.01, 6.0, 0.0)), (2, (0.002, 8.0, 0.0)))
    assert kinds(spin_scan(sodium(TETRAHEDRON), SpinWells(wells))) == {0: "bound", 2: "loose"}


def test_states_that_fall_apart_and_that_fail():
    wells = ((0, (0.01, 6.0, 0.0)), (2, (0.01, 16.0, 0.0)), (4, None))
    scan = spin_scan(sodium(TETRAHEDRON), SpinWells(wells), spins=(0, 2, 4))
    assert kinds(scan) == {0: "bound", 2: "apart", 4: "failed"}
    assert "fell apart" in scan.states[1].reason
    assert scan.states[1].energy is None
    assert scan.states[1].vertical_energy is not None
    assert scan.states[2].reason == "the density oscillates"
    assert scan.states[2].vertical_energy is None


def test_without_spins_all_states_are_equal_and_the_lowest_spin_is_the_ground_state():
    scan = spin_scan(relax(sodium(TETRAHEDRON), Gupta()).cluster, Gupta())
    assert kinds(scan) == {0: "bound", 2: "bound"}
    assert scan.ground.n_unpaired == 0
    assert scan.crossings == ()


def test_sodium_dimer_and_trimer():
    """The triplet of Na2 has a shallow well far out; with two electrons there is no quintet."""
    method = Method()
    dimer = spin_scan(sodium([[0, 0, 0], [0, 0, 5.5]]), method, spins=(0, 2, 4))
    assert kinds(dimer) == {0: "bound", 2: "loose", 4: "not possible"}
    triplet = dimer.states[1]
    assert triplet.vertical_energy > triplet.energy > dimer.ground.energy
    assert np.linalg.norm(triplet.cluster.positions[0] - triplet.cluster.positions[1]) > 7.0
    assert dimer.ground.energy == pytest.approx(dimer.free_energy, abs=1e-5)
    trimer = relax(sodium([[0, 0, 0], [6.1, 0, 0], [-2.0, 5.8, 0]]), method).cluster
    trimer = spin_scan(trimer, method)
    assert kinds(trimer) == {1: "bound", 3: "loose"}
    gap = (trimer.states[1].vertical_energy - trimer.states[0].vertical_energy) * HARTREE_EV
    assert gap == pytest.approx(1.27, abs=0.05)


@pytest.mark.slow
def test_sodium_tetramer_and_its_triplet():
    """The triplet is bound, a square-like rhombus, 0.36 eV higher; only the quintet is loose."""
    start = sodium([[3.0, 0, 0], [-3.0, 0, 0], [0, 5.3, 0], [0, -5.3, 0]])
    scan = spin_scan(relax(start, Method()).cluster, Method(), spins=(0, 2, 4))
    assert kinds(scan) == {0: "bound", 2: "bound", 4: "loose"}
    assert (scan.states[1].energy - scan.ground.energy) * HARTREE_EV == pytest.approx(0.36, abs=0.03)
