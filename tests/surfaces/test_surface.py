"""What surfaces and their specs know without saying it, and the energy of separated atoms."""

from dataclasses import dataclass

import numpy as np
import pytest

from clusterdft.cluster import Cluster
from clusterdft.errors import ScfNotConverged
from clusterdft.surfaces.classical import ClassicalSurface, LennardJones
from clusterdft.surfaces.kohn_sham import KohnShamSpec
from clusterdft.surfaces.surface import Surface, SurfacePoint, SurfaceSpec, separated_energy

DIMER = Cluster(symbols=("Na", "K"), positions=[[0, 0, 0], [0, 0, 6.0]], charge=3, n_unpaired=7)


@dataclass(frozen=True)
class Atoms(ClassicalSurface):
    """Atoms whose ions cost different energies; none of charge -1 for potassium."""

    key = "atoms"
    description = {"surface": "atoms"}  # noqa: RUF012

    def atom_energy(self, symbol, charge=0):
        if (symbol, charge) == ("K", -1):
            raise ScfNotConverged("its last electron is not bound")
        return {("Na", 0): -0.19, ("Na", 1): 0.0, ("K", 0): -0.16, ("K", 1): 0.0, ("Na", -1): -0.21}[
            symbol, charge
        ]

    def point(self, cluster, restart=None):
        return SurfacePoint(energy=0.0, forces=np.array([[3.0, 4.0, 0.0], [0.0, 0.0, -1.0]]))


@pytest.mark.parametrize(
    ("symbols", "charge", "energy"),
    [
        (["Na"] * 3, 0, -0.57),
        (["Na"] * 3, 1, -0.38),
        (["Na"] * 3, -1, -0.59),
        (["Na", "K"], 1, -0.19),
        (["Na", "K", "K"], 2, -0.19),
        (["Na"], 2, None),
        (["Na", "K"], -1, None),
    ],
)
def test_binding_counts_from_the_cheapest_ions(symbols, charge, energy):
    assert separated_energy(Atoms(), symbols, charge) == (None if energy is None else pytest.approx(energy))


def test_a_surface_needs_only_its_points():
    surface = Atoms()
    assert surface.build() is surface
    assert surface.confirm(DIMER) is None
    assert surface.electronic_result(DIMER) is None
    assert surface.precise_point(DIMER, "any").energy == surface.point(DIMER).energy
    assert not surface.has_electrons
    assert KohnShamSpec.has_electrons
    surface.warm_up()
    surface.check(DIMER)
    assert LennardJones().atom_energy("Na", 1) == 0.0


def test_the_largest_force_is_that_on_an_atom():
    assert Atoms().point(DIMER).largest_force == 5.0


@pytest.mark.parametrize("base", [Surface, SurfaceSpec])
def test_what_has_no_default_must_be_given(base):
    with pytest.raises(TypeError, match="abstract"):
        base()
