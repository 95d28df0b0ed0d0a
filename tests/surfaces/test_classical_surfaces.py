"""The classical surfaces: forces are the gradient, energies do not depend on the frame."""

import numpy as np
import pytest

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.generate import GENERATORS
from clusterdft.surfaces import CLASSICAL_SURFACES
from clusterdft.surfaces.classical import Gupta, LennardJones
from clusterdft.units import HARTREE_EV


def start(natom, index=0):
    return GENERATORS["random-cube"](("Na",) * natom, seed=5, index=index)


@pytest.mark.parametrize("name", CLASSICAL_SURFACES)
@pytest.mark.parametrize("natom", [1, 2, 7])
def test_forces_are_minus_the_gradient(name, natom):
    surface = CLASSICAL_SURFACES[name]().build()
    cluster, h = start(natom), 1e-4
    forces = surface.point(cluster).forces
    for atom in range(natom):
        for axis in range(3):
            shift = np.zeros((natom, 3))
            shift[atom, axis] = h
            up = surface.point(cluster.at(cluster.positions + shift)).energy
            down = surface.point(cluster.at(cluster.positions - shift)).energy
            assert forces[atom, axis] == pytest.approx(-(up - down) / (2 * h), abs=2e-9)


@pytest.mark.parametrize("name", CLASSICAL_SURFACES)
def test_energy_ignores_frame_and_order(name):
    surface = CLASSICAL_SURFACES[name]().build()
    cluster = start(6)
    rotation, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))
    moved = cluster.at(cluster.positions[::-1] @ rotation + [1.0, -2.0, 3.0])
    assert surface.point(moved).energy == pytest.approx(surface.point(cluster).energy, abs=1e-12)


def test_lennard_jones_dimer_has_its_depth_at_its_minimum():
    surface = LennardJones(epsilon=0.02, sigma=5.0)
    dimer = Cluster(symbols=("Na", "Na"), positions=[[0, 0, 0], [0, 0, 5.0 * 2 ** (1 / 6)]])
    assert surface.point(dimer).energy == pytest.approx(-0.02, abs=1e-14)
    assert surface.point(dimer).largest_force < 1e-14


def test_gupta_bulk_sodium_has_its_cohesion():
    """Body-centred cubic sodium: 1.1 eV an atom; the central atom of a large piece stands for it."""
    a = 8.1
    cells = np.array(list(np.ndindex(7, 7, 7)), dtype=float)
    lattice = a * np.concatenate([cells, cells + 0.5])
    centre = np.argmin(np.linalg.norm(lattice - lattice.mean(axis=0), axis=1))
    surface, r = Gupta(), np.linalg.norm(lattice - lattice[centre], axis=1)
    scaled = r[r > 0] / surface.r0 - 1.0
    repulsion = surface.repulsion * np.sum(np.exp(-surface.p * scaled))
    band = surface.hopping * np.sqrt(np.sum(np.exp(-2 * surface.q * scaled)))
    assert (band - repulsion) * HARTREE_EV == pytest.approx(1.1, abs=0.05)


def test_gupta_refuses_other_elements():
    with pytest.raises(InputError, match="K"):
        Gupta().check(Cluster(symbols=("Na", "K"), positions=[[0, 0, 0], [0, 0, 6]]))


@pytest.mark.parametrize("name", CLASSICAL_SURFACES)
def test_key_and_description_follow_the_parameters(name):
    make = CLASSICAL_SURFACES[name]
    field = {"gupta": "r0", "lennard-jones": "sigma"}[name]
    assert make().key == make().key
    assert make(**{field: 6.5}).key != make().key
    assert make(**{field: 6.5}).description != make().description
