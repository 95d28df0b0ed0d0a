"""Static, dynamic or washed out: distortion against zero-point motion, and tunnelling between minima."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.linalg import eigvalsh

from clusterdft.units import ATOMIC_TIME_SECONDS, BOLTZMANN_HARTREE_PER_KELVIN

TIME_SCALE = 1e-8 / ATOMIC_TIME_SECONDS  # 10 ns: hyperfine lines 100 MHz apart merge when jumps are faster
TEMPERATURE = 100.0  # kelvin, vibrations in a cold beam
N_PLANE_WAVES = 30  # to each side
DEEP_BARRIER = 60.0  # barrier in recoil energies from which the asymptotic band width is used


@dataclass(frozen=True, kw_only=True)
class Dynamics:
    """What zero-point motion makes of a distortion.

    Attributes
    ----------
    kind : "static", "dynamic", "washed out", or "none" without a distortion
    reason : in a sentence
    zero_point_energy : hartree, of the active modes of the symmetric state; None where one is imaginary
    amplitude : bohr, their zero-point amplitude (rms of all partners, atoms' unit displacements)
    time_scale : atomic units, that jumps were compared with
    splitting : hartree, of the ground level by tunnelling through the barrier, or None
    jump_time : atomic units, half a period of it, or None
    crossover_temperature : kelvin, above which jumps over the barrier are as fast as the time scale, or None
    """

    kind: str
    reason: str
    zero_point_energy: float | None
    amplitude: float | None
    time_scale: float
    splitting: float | None = None
    jump_time: float | None = None
    crossover_temperature: float | None = None


def tunnelling_splitting(barrier, length):
    """Splitting of the ground level of two wells, from the lowest band of a row of them.

        H = -1/2 d^2/dx^2 + B/2 (1 - cos(2 pi x / D)),   splitting = [E(k = pi/D) - E(k = 0)] / 2

    Parameters
    ----------
    barrier : B, hartree
    length : D, distance between minima along the path in mass-weighted coordinates, bohr electron-mass^(1/2)

    Returns
    -------
    float, hartree

    Notes
    -----
    Mathieu's equation; for deep wells its asymptotic band width, 16/pi^(1/2) E_R s^(3/4)
    exp(-2 s^(1/2)) with s = B / E_R and E_R = pi^2 / (2 D^2)
    """
    recoil = 0.5 * (np.pi / length) ** 2
    depth = barrier / recoil
    if depth > DEEP_BARRIER:
        return float(8 / np.sqrt(np.pi) * recoil * depth**0.75 * np.exp(-2 * np.sqrt(depth)))
    waves = 2.0 * np.arange(-N_PLANE_WAVES, N_PLANE_WAVES + 1)
    steps = np.full(2 * N_PLANE_WAVES, -depth / 4)
    edges = [
        eigvalsh(np.diag((waves + k) ** 2 + depth / 2) + np.diag(steps, 1) + np.diag(steps, -1))[0]
        for k in (0.0, 1.0)
    ]
    return float(0.5 * recoil * (edges[1] - edges[0]))


def crossover_temperature(barrier, frequency, time_scale=TIME_SCALE):
    """Temperature above which thermal jumps over a barrier are faster than a time scale, kelvin.

        k_B T = B / ln(omega t / 2 pi)

    Parameters
    ----------
    barrier : B, hartree
    frequency : omega of the minimum along the path, hartree; time_scale : t, atomic units
    """
    attempts = frequency * time_scale / (2 * np.pi)
    return float(barrier / np.log(attempts) / BOLTZMANN_HARTREE_PER_KELVIN) if attempts > 1 else np.inf


def classify_dynamics(
    modes,
    *,
    stabilisation,
    distortion,
    barrier=None,
    length=None,
    frequency=None,
    time_scale=TIME_SCALE,
    temperature=TEMPERATURE,
):
    """Whether a distortion is static, dynamic, or washed out by zero-point motion.

    Washed out: the zero-point energy of the active modes is above the stabilisation, or their zero-point
    amplitude above the distortion. Dynamic: one well is left for an equivalent one within the time scale, by
    tunnelling or, at the temperature, over the barrier. Else static.

    Parameters
    ----------
    modes : tuple of DegenerateModes, those that the distortion is made of
    stabilisation : hartree, of the distorted minimum;  distortion : bohr
    barrier : hartree, between equivalent minima;  length : as in `tunnelling_splitting`; or None
    frequency : hartree, the lowest of the minimum, or None
    time_scale : atomic units;  temperature : kelvin, by default that of a cold beam

    Returns
    -------
    Dynamics

    References
    ----------
    Martins, Buttet and Car, Phys. Rev. B 31, 1804 (1985), end of Sec. IV
    """
    stable = [m for m in modes if m.frequency > 0]
    zero_point = 0.5 * sum(m.dimension * m.frequency for m in stable) if len(stable) == len(modes) else None
    widest = max((float(np.sqrt(m.dimension) * m.amplitude) for m in stable), default=None)
    verdict = partial(Dynamics, zero_point_energy=zero_point, amplitude=widest, time_scale=time_scale)
    if zero_point is not None and stabilisation <= zero_point:
        reason = "the zero-point energy of the active modes lies above the stabilisation"
        return verdict(kind="washed out", reason=reason)
    if widest is not None and distortion <= widest:
        reason = "the distortion is smaller than the zero-point amplitude of the active modes"
        return verdict(kind="washed out", reason=reason)
    if barrier is None or length is None or frequency is None:
        return verdict(kind="static", reason="no path between equivalent minima was found")
    splitting = tunnelling_splitting(max(barrier, 0.0), length)
    time = float(np.pi / splitting) if splitting > 0 else np.inf
    crossover = crossover_temperature(barrier, frequency, time_scale)
    moves = time <= time_scale or crossover <= temperature
    return verdict(
        kind="dynamic" if moves else "static",
        reason=(
            f"equivalent minima are exchanged within {time_scale * ATOMIC_TIME_SECONDS * 1e9:.3g} ns "
            + ("by tunnelling" if time <= time_scale else f"above {crossover:.0f} K only")
        ),
        splitting=splitting,
        jump_time=time,
        crossover_temperature=crossover,
    )
