"""Thermal shares of isomers against sums over states, analytic cases and the limits of temperature."""

import numpy as np
import pytest

from clusterdft.errors import InputError
from clusterdft.generate import GENERATORS
from clusterdft.geometry.shape import shape
from clusterdft.properties.thermal import log_partition, multiplicity, thermal_weights
from clusterdft.properties.vibrations import vibrations
from clusterdft.relaxation.relax import relax
from clusterdft.surfaces.classical import LennardJones
from clusterdft.units import BOLTZMANN_HARTREE_PER_KELVIN

KB = BOLTZMANN_HARTREE_PER_KELVIN
MODES = np.array([2e-4, 5e-4, 7e-4])
MOMENTS = np.array([6e5, 7e5, 1.3e6])
SAME = {
    "energies": [0.0, 0.0],
    "frequencies": [MODES, MODES],
    "moments_of_inertia": [MOMENTS, MOMENTS],
    "symmetry_numbers": [1, 1],
    "multiplicities": [1, 1],
}


def test_equal_isomers_share_equally():
    assert thermal_weights(300.0, **SAME) == pytest.approx([0.5, 0.5], abs=1e-15)


@pytest.mark.parametrize(
    ("change", "ratio"),
    [
        ({"energies": [0.0, 300 * KB]}, np.e),
        ({"symmetry_numbers": [1, 6]}, 6.0),
        ({"multiplicities": [3, 1]}, 3.0),
        ({"mirror_images": [2, 1]}, 2.0),
        ({"moments_of_inertia": [MOMENTS, 4 * MOMENTS]}, 1 / 8),
        ({"moments_of_inertia": [MOMENTS, MOMENTS * [1, 1, 9]]}, 1 / 3),
    ],
)
def test_two_isomers_that_differ_in_one_thing(change, ratio):
    first, second = thermal_weights(300.0, **{**SAME, **change})
    assert first / second == pytest.approx(ratio, rel=1e-12)
    assert first + second == pytest.approx(1.0, abs=1e-15)


def test_zero_point_energy_and_excited_levels():
    """Both come out as the sum over the levels (n + 1/2) w of each mode."""
    kt, w = 50 * KB, np.array([4e-4, 9e-4])
    levels = sum(np.exp(-w * (n + 0.5) / kt) for n in range(200))
    atom = np.zeros(3)
    assert log_partition(50.0, w, atom, 1) == pytest.approx(np.log(levels).sum(), rel=1e-12)


@pytest.mark.parametrize("symmetry_number", [1, 2])
def test_linear_rotor_is_the_sum_over_its_levels(symmetry_number):
    """sum_J (2 J + 1) exp(-J (J + 1) / 2 I kT), every second J where two ends are the same."""
    inertia, temperature = 6e5, 40.0
    j = np.arange(0, 4000, symmetry_number)
    terms = (2 * j + 1) * np.exp(-j * (j + 1) / (2 * inertia * KB * temperature))
    found = log_partition(temperature, [], [0.0, inertia, inertia], symmetry_number)
    assert found == pytest.approx(np.log(terms.sum()), abs=0.01)


def test_spherical_rotor_is_the_sum_over_its_levels():
    inertia, temperature = 6e5, 40.0
    j = np.arange(4000)
    terms = (2 * j + 1) ** 2 * np.exp(-j * (j + 1) / (2 * inertia * KB * temperature))
    found = log_partition(temperature, [], 3 * [inertia], 1)
    assert found == pytest.approx(np.log(terms.sum()), abs=0.01)


def test_hot_isomers_are_classical():
    """p1/p2 = (sigma2/sigma1) prod I^(1/2) ratio prod (w2/w1): the softer, less symmetric one takes over."""
    soft, stiff = MODES / [2, 1, 3], MODES
    given = {**SAME, "frequencies": [stiff, soft], "symmetry_numbers": [6, 2], "energies": [0.0, 1e-3]}
    cold, hot = thermal_weights([1.0, 1e6], **given)
    assert cold == pytest.approx([1, 0], abs=1e-12)
    assert hot[1] / hot[0] == pytest.approx(3 * 6 * np.exp(-1e-3 / (1e6 * KB)), rel=1e-6)


def test_order_of_isomers_and_zero_of_energy_do_not_matter():
    rng = np.random.default_rng(2)
    given = {
        "energies": rng.uniform(0, 2e-3, 5),
        "frequencies": rng.uniform(1e-4, 8e-4, (5, 6)),
        "moments_of_inertia": rng.uniform(5e5, 2e6, (5, 3)),
        "symmetry_numbers": rng.integers(1, 7, 5),
        "multiplicities": rng.integers(1, 4, 5),
    }
    weights = thermal_weights([100.0, 400.0], **given)
    assert weights.shape == (2, 5)
    order = rng.permutation(5)
    turned = {name: values[order] for name, values in given.items()}
    turned["energies"] = turned["energies"] - 77.0
    assert thermal_weights([100.0, 400.0], **turned) == pytest.approx(weights[:, order], rel=1e-9)


def test_cold_weights_do_not_underflow():
    weights = thermal_weights(0.01, **{**SAME, "energies": [0.3, 0.0]})
    assert weights == pytest.approx([0, 1])


def test_shares_of_two_isomers_with_their_vibrations():
    """A pentagonal bipyramid with ten rotations, and a chiral isomer with two that stands for two."""
    surface = LennardJones()
    starts = [GENERATORS["random-cube"](("Na",) * 7, seed=5, index=index) for index in (3, 0)]
    isomers = [relax(start, surface, fmax=1e-8, max_calls=500).cluster for start in starts]
    found = [vibrations(cluster, surface, step=0.01) for cluster in isomers]
    kt = 3000 * KB
    sums = [np.prod(0.5 / np.sinh(one.frequencies / (2 * kt))) for one in found]
    turning = [np.sqrt(np.prod(shape(cluster).moments_of_inertia)) for cluster in isomers]
    boltzmann = [np.exp(-(one.energy - found[0].energy) / kt) for one in found]
    first, second = np.array(sums) * turning * boltzmann * [1 / 10, 2 / 2]
    assert 0.05 < second / (first + second) < 0.95
    weights = thermal_weights(
        3000.0,
        energies=[one.energy for one in found],
        frequencies=[one.frequencies for one in found],
        moments_of_inertia=[shape(cluster).moments_of_inertia for cluster in isomers],
        symmetry_numbers=[10, 2],
        multiplicities=[1, 1],
        mirror_images=[1, 2],
    )
    assert weights == pytest.approx(np.array([first, second]) / (first + second), rel=1e-6)


@pytest.mark.parametrize(("unpaired", "expected"), [(0.0, 1), (1.0, 2), (-2.001, 3)])
def test_multiplicity(unpaired, expected):
    assert multiplicity(unpaired) == expected


@pytest.mark.parametrize(
    "wrong",
    [
        {"energies": [0.0]},
        {"frequencies": [MODES, -MODES]},
        {"frequencies": [MODES, 0 * MODES]},
        {"symmetry_numbers": [1, 0]},
        {"multiplicities": [0, 1]},
        {"temperatures_kelvin": 0.0},
        {"temperatures_kelvin": np.nan},
    ],
)
def test_impossible_inputs(wrong):
    with pytest.raises(InputError, match=r"give|relax first"):
        thermal_weights(**{"temperatures_kelvin": 300.0, **SAME, **wrong})


def test_half_an_unpaired_electron():
    with pytest.raises(InputError, match="no multiplicity"):
        multiplicity(0.5)
