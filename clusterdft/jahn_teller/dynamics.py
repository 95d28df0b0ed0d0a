"""Static, dynamic or washed out: distortion against zero-point motion, and tunnelling between minima."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.linalg import eigvalsh

from clusterdft.jahn_teller.degenerate_modes import DegenerateModes
from clusterdft.units import ATOMIC_TIME_SECONDS, BOLTZMANN_HARTREE_PER_KELVIN

TIME_SCALE = 1e-8 / ATOMIC_TIME_SECONDS  # 10 ns: hyperfine lines 100 MHz apart merge when jumps are faster
BEAM_TEMPERATURE = 100.0  # kelvin, vibrations in a cold beam
N_PLANE_WAVES = 30  # to each side
DEEP_BARRIER = 60.0  # in recoil energies, from which the asymptotic band width is used


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """What decides whether a distortion that moves is seen to move.

    Attributes
    ----------
    time_scale : float, atomic units
        Jumps that are faster are not resolved; by default that of hyperfine lines.
    temperature : float, kelvin
        Of the vibrations; by default that of a cold beam.
    """

    time_scale: float = TIME_SCALE
    temperature: float = BEAM_TEMPERATURE


COLD_BEAM = Measurement()


@dataclass(frozen=True, kw_only=True)
class Dynamics:
    """What zero-point motion makes of a distortion.

    Attributes
    ----------
    kind : str
        "static", "dynamic", "washed out", or "none" without a distortion.
    reason : str
        In a sentence.
    zero_point_energy : float, hartree
        Of the active modes of the symmetric state; None where one is imaginary.
    amplitude : float, bohr
        Their zero-point amplitude (rms of all partners, atoms' unit displacements).
    time_scale : float, atomic units
        That jumps were compared with.
    splitting : float, hartree
        Of the ground level by tunnelling through the barrier, or None.
    jump_time : float, atomic units
        Half a period of it, or None.
    crossover_temperature : float, kelvin
        Above which jumps over the barrier are as fast as the time scale, or None.
    """

    kind: str
    reason: str
    zero_point_energy: float | None
    amplitude: float | None
    time_scale: float
    splitting: float | None = None
    jump_time: float | None = None
    crossover_temperature: float | None = None


def tunnelling_splitting(barrier: float, length: float) -> float:
    """Splitting of the ground level of two wells, from the lowest band of a row of them.

        H = -1/2 d^2/dx^2 + B/2 (1 - cos(2 pi x / D)),   splitting = [E(k = pi/D) - E(k = 0)] / 2

    Parameters
    ----------
    barrier : float, hartree
        B.
    length : float, bohr electron-mass^(1/2)
        D, distance between minima along the path in mass-weighted coordinates.

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


def crossover_temperature(barrier: float, frequency: float, time_scale: float = TIME_SCALE) -> float:
    """Temperature above which thermal jumps over a barrier are faster than a time scale.

        k_B T = B / ln(omega t / 2 pi)

    Parameters
    ----------
    barrier : float, hartree
        B.
    frequency : float, hartree
        omega of the minimum along the path.
    time_scale : float, atomic units
        t.

    Returns
    -------
    float, kelvin
        Infinite where the time is shorter than an attempt.
    """
    attempts = frequency * time_scale / (2 * np.pi)
    return float(barrier / np.log(attempts) / BOLTZMANN_HARTREE_PER_KELVIN) if attempts > 1 else np.inf


def classify_dynamics(
    modes: Sequence[DegenerateModes],
    *,
    stabilisation: float,
    distortion: float,
    barrier: float | None = None,
    length: float | None = None,
    frequency: float | None = None,
    measurement: Measurement = COLD_BEAM,
) -> Dynamics:
    """Whether a distortion is static, dynamic, or washed out by zero-point motion.

    Washed out: the zero-point energy of the active modes is above the stabilisation, or their zero-point
    amplitude above the distortion. Dynamic: one well is left for an equivalent one within the time scale, by
    tunnelling or, at the temperature, over the barrier. Else static.

    Parameters
    ----------
    modes : sequence of DegenerateModes
        Those that the distortion is made of.
    stabilisation : float, hartree
        Of the distorted minimum.
    distortion : float, bohr
        Its length.
    barrier, length
        Between equivalent minima, as in `tunnelling_splitting`, or None.
    frequency : float, hartree
        The lowest of the minimum, or None.
    measurement : Measurement
        What jumps are compared with.

    Returns
    -------
    Dynamics

    References
    ----------
    Martins, Buttet and Car, Phys. Rev. B 31, 1804 (1985), end of Sec. IV
    """
    time_scale = measurement.time_scale
    zero_point, widest = _zero_point_motion(modes)
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
    return verdict(
        kind="dynamic" if time <= time_scale or crossover <= measurement.temperature else "static",
        reason=_exchange(time <= time_scale, crossover, time_scale),
        splitting=splitting,
        jump_time=time,
        crossover_temperature=crossover,
    )


def _exchange(tunnels: bool, crossover: float, time_scale: float) -> str:
    """How equivalent minima are exchanged within a time scale, in a sentence."""
    way = "by tunnelling" if tunnels else f"above {crossover:.0f} K only"
    nanoseconds = time_scale * ATOMIC_TIME_SECONDS * 1e9
    return f"equivalent minima are exchanged within {nanoseconds:.3g} ns {way}"


def _zero_point_motion(modes: Sequence[DegenerateModes]) -> tuple[float | None, float | None]:
    """Zero-point energy of modes, None where one is imaginary; largest amplitude of the others, or None."""
    stable = [m for m in modes if m.frequency > 0]
    energy = 0.5 * sum(m.dimension * m.frequency for m in stable) if len(stable) == len(modes) else None
    return energy, max((float(np.sqrt(m.dimension) * m.amplitude) for m in stable), default=None)
