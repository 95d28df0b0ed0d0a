"""What a study reads off a cluster depends neither on its place and direction nor on the numbering."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from clusterdft.cluster import Cluster
from clusterdft.method import Method
from clusterdft.study.map_planes import plane_of
from clusterdft.study.series import entry_of
from clusterdft.study.solving import compute
from clusterdft.study.target import Target, solved
from clusterdft.surfaces.classical import LennardJones
from clusterdft.surfaces.kohn_sham import KohnShamSpec

EXACT = 1e-6  # in the unit of each property
ENERGY = 1e-8  # hartree, of total energies
COMPARED = {
    "populations": ["mulliken_charge", "mulliken_spin", "loewdin_charge", "loewdin_spin"],
    "spin-populations": ["isotropic"],
    "levels": ["energy_ev", "occupation", "character"],
    "dipole": ["dipole_length_electron_bohr"],
    "vertical-ionization": ["energy_hartree", "n_unpaired"],
}
COUNTS = (
    "starts_finished",
    "stopped",
    "confidence",
    "independent_hits_of_lowest",
    "n_force_calls",
    "cpu_seconds",
)
BY_ATOM = {
    "coordination",
    "mulliken_spin",
    "mulliken_charge",
    "loewdin_spin",
    "loewdin_charge",
    "isotropic",
}  # follow the numbering; all else does not know of it
TIGHT = Method(tolerance=1e-9)
TURN, SHIFT = Rotation.random(random_state=3).as_matrix(), [3.0, -7.0, 1.5]
TRIMER = Cluster(symbols=("Na",) * 3, positions=[[0, 0, 0], [5.75, 0, 0], [0.9, 5.68, 0]])
HEPTAMER = Cluster(
    symbols=("Na",) * 7,
    positions=[
        *[[5.25 * np.cos(a), 5.25 * np.sin(a), 0] for a in 2 * np.pi * np.arange(5) / 5],
        [0, 0, 3.25],
        [0, 0, -3.25],
    ],
)


def rearranged(cluster, order):
    return Cluster(symbols=cluster.symbols, positions=cluster.positions[list(order)] @ TURN.T + SHIFT)


def read(name, cluster, spec, energy=None):
    """A property of a cluster, as of the only isomer of a search."""
    isomer = {
        "symbols": cluster.symbols,
        "positions_bohr": cluster.positions.tolist(),
        "charge": cluster.charge,
        "energy_hartree": solved(cluster, TIGHT).energy if energy is None else energy,
        "n_unpaired": 1.0,
        "n_hits": 1,
    }
    summary = {name: 0 for name in COUNTS} | {
        "inputs": {"symbols": cluster.symbols, "charge": cluster.charge, "n_unpaired": "auto"},
        "isomers": [isomer],
        "failures": [],
    }
    return compute(Target(isomer=entry_of(summary).isomers[0], spec=spec, charges=(0, 1)), name)


@pytest.mark.parametrize("cluster", [TRIMER, HEPTAMER])
@pytest.mark.parametrize("name", ["distances", "shape"])
def test_what_geometry_decides(name, cluster):
    order = np.random.default_rng(1).permutation(cluster.natom)
    one, two = (read(name, c, LennardJones(), 0.0) for c in (cluster, rearranged(cluster, order)))
    assert one.keys() == two.keys()
    for key, value in one.items():
        expected = np.array(value)[order] if key in BY_ATOM else value
        assert two[key] == (value if isinstance(value, str) else pytest.approx(expected, abs=EXACT, rel=1e-9))


@pytest.mark.parametrize("rule", ["principal", "axial"])
def test_planes_of_maps(rule):
    """The same atoms lie at the same heights, whatever the numbering; mirror images and turns are equal."""
    order = np.array([5, 3, 1, 0, 6, 2, 4])
    heights = []
    for cluster in (HEPTAMER, rearranged(HEPTAMER, order)):
        plane, _ = plane_of(cluster, rule)
        heights.append(np.sort(np.abs(plane.coordinates_of(cluster.positions)[:, 2])))
    assert heights[0] == pytest.approx(heights[1], abs=EXACT)
    assert np.sum(heights[0] < EXACT) == {"principal": 5, "axial": 3}[rule]


@pytest.mark.parametrize("cluster", [TRIMER, pytest.param(HEPTAMER, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", COMPARED)
def test_what_is_solved(name, cluster):
    """Converged to 1e-9 on the usual grid, which a cluster meets in the same direction however it was given.

    The ring of five may come out turned by a fifth: its atoms are equivalent, but not to the grid.
    """
    order = np.random.default_rng(1).permutation(cluster.natom)
    one, two = (read(name, c, KohnShamSpec(TIGHT)) for c in (cluster, rearranged(cluster, order)))
    bound = np.array(one["energy_ev"]) < 0 if name == "levels" else ...
    for key in COMPARED[name]:
        before, after = np.array(one[key]), np.array(two[key])
        if key in BY_ATOM:
            before = before[order]
            if cluster is HEPTAMER:
                before, after = np.sort(before), np.sort(after)
        within = ENERGY if key == "energy_hartree" else EXACT
        assert after[bound] == pytest.approx(before[bound], abs=within, rel=0), key
