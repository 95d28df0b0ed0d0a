"""Tunnelling against Mathieu's functions; the three verdicts."""

import numpy as np
import pytest
from scipy.special import mathieu_a, mathieu_b

from clusterdft.jahn_teller.degenerate_modes import DegenerateModes
from clusterdft.jahn_teller.dynamics import (
    DEEP_BARRIER,
    TIME_SCALE,
    Measurement,
    classify_dynamics,
    crossover_temperature,
    tunnelling_splitting,
)
from clusterdft.units import BOLTZMANN_HARTREE_PER_KELVIN, HARTREE_CM1


@pytest.mark.parametrize("depth", [0.0, 0.3, 4.0, 20.0, 55.0])
def test_band_width_by_mathieu(depth):
    length = 400.0
    recoil = np.pi**2 / (2 * length**2)
    expected = 0.5 * recoil * (mathieu_b(1, depth / 4) - mathieu_a(0, depth / 4))
    assert tunnelling_splitting(depth * recoil, length) == pytest.approx(expected, rel=1e-6)


def test_deep_wells_join_on():
    recoil = np.pi**2 / 2
    below, above = (tunnelling_splitting(s * DEEP_BARRIER * recoil, 1.0) for s in (0.999, 1.001))
    assert above == pytest.approx(below, rel=0.15)
    assert tunnelling_splitting(1e4 * recoil, 1.0) > 0


def test_crossover():
    omega, barrier = 50 / HARTREE_CM1, 1e-3
    kelvin = crossover_temperature(barrier, omega)
    rate = omega / (2 * np.pi) * np.exp(-barrier / (BOLTZMANN_HARTREE_PER_KELVIN * kelvin))
    assert rate * TIME_SCALE == pytest.approx(1.0)
    assert crossover_temperature(barrier, 1e-12) == np.inf


def modes(wavenumber=114.0):
    omega, mass = wavenumber / HARTREE_CM1, 41908.0
    return DegenerateModes(
        irrep="E'", frequency=omega, force_constant=mass * omega**2, mass=mass, vectors=np.zeros((2, 3, 3))
    )


@pytest.mark.parametrize(
    ("stabilisation", "distortion", "barrier", "kind"),
    [
        (3e-4, 0.5, 1e-4, "washed out"),  # below 114 cm-1 of two modes, 5.2e-4 hartree
        (3e-3, 0.15, 1e-4, "washed out"),  # below 0.21 bohr
        (3e-3, 0.9, 1e-4, "dynamic"),
        (3e-3, 0.9, 1e-3, "dynamic"),  # by heat
        (3e-2, 0.9, 1e-2, "static"),
    ],
)
def test_verdicts(stabilisation, distortion, barrier, kind):
    found = classify_dynamics(
        (modes(),),
        stabilisation=stabilisation,
        distortion=distortion,
        barrier=barrier,
        length=430.0,
        frequency=50 / HARTREE_CM1,
    )
    assert found.kind == kind
    assert found.zero_point_energy == pytest.approx(114 / HARTREE_CM1)
    assert found.amplitude == pytest.approx(0.2143, abs=1e-3)


@pytest.mark.parametrize(
    ("barrier", "temperature", "time_scale", "kind", "words"),
    [
        (1e-4, 1.0, TIME_SCALE, "dynamic", "by tunnelling"),  # too cold to go over it
        (3e-3, 200.0, TIME_SCALE, "dynamic", "above 99 K only"),  # too wide to tunnel
        (3e-3, 50.0, TIME_SCALE, "static", "above 99 K only"),
        (1e-4, 1.0, 1e-7 * TIME_SCALE, "static", "above inf K only"),  # too short to do either
    ],
)
def test_one_way_of_moving_is_enough(barrier, temperature, time_scale, kind, words):
    found = classify_dynamics(
        (modes(),),
        stabilisation=2 * barrier + 1e-3,
        distortion=0.9,
        barrier=barrier,
        length=430.0,
        frequency=50 / HARTREE_CM1,
        measurement=Measurement(temperature=temperature, time_scale=time_scale),
    )
    assert (found.kind, found.time_scale) == (kind, time_scale)
    assert found.reason.endswith(words)


@pytest.mark.parametrize(("stabilisation", "distortion"), [(1e-4, 1.0), (1e-2, 0.1), (1e-2, 1.0)])
def test_the_time_scale_is_kept_without_a_path_too(stabilisation, distortion):
    measurement = Measurement(time_scale=5.0)
    found = classify_dynamics(
        (modes(),), stabilisation=stabilisation, distortion=distortion, measurement=measurement
    )
    assert found.time_scale == 5.0


def test_without_a_path_nothing_moves():
    assert classify_dynamics((modes(),), stabilisation=1e-2, distortion=1.0).kind == "static"
