"""Linear vibronic coupling constants: the force along an active mode once chosen orbitals are filled.

With equal shares the energy has no slope along an active mode. With whole electrons in chosen orbitals of
the level it has one, V, and in the linear model

    E(Q) = E_f - V Q + K Q^2 / 2,    E_JT = V^2 / (2 K),    Q_min = V / K

E_f, the energy of filling, is what whole electrons cost before anything moves: zero in an exact theory for
one electron, some tenths of an eV for a pair, whose repulsion equal shares hide. The net gain is E_JT - E_f.

V is taken from forces, chosen filling minus equal shares, at both sides of the symmetric geometry. Beside it
stands the estimate to first order in the filling, from the slopes of the levels (Janak: dE/df_i = eps_i):

    V = -sum_i df_i d(eps_i)/dQ

References
----------
Bersuker, The Jahn-Teller Effect (Cambridge, 2006), chap. 3; Janak, Phys. Rev. B 18, 7165 (1978)
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Protocol

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.cluster import Cluster
from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.jahn_teller.degenerate_modes import Direction
from clusterdft.jahn_teller.open_shells import OpenLevel, lowest_sum
from clusterdft.jahn_teller.symmetric_state import STEP_HALVINGS
from clusterdft.surfaces.surface import SurfacePoint

COUPLING_STEP = 0.05  # bohr along a displacement of unit length
SHARE_SPREAD_LIMIT = 1e-3  # electrons
FILLING_ENERGY_TOLERANCE = 2e-5  # hartree: along two modes, one filling costs the same within it


class FillableSurface(Protocol):
    """A surface of the state with equal shares, such as EqualOccupationSurface.

    Its points have "mo_energy" and "occupation", (nspin, nmo) each, among their details.
    """

    def point(self, cluster: Cluster, restart: Any = None) -> SurfacePoint:
        """Energy and forces with equal shares."""
        ...

    def filled(self, point: SurfacePoint, levels: Sequence[OpenLevel], which: int) -> SurfacePoint:
        """The same geometry, with whole electrons in the lowest (1) or highest (-1) orbitals of levels."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class Coupling:
    """Linear coupling along one direction of an active mode.

    Attributes
    ----------
    direction : Direction
    sign : 1 or -1
        Which way along it.
    slopes : tuple of (degeneracy,) hartree/bohr
        For each open level the derivatives of its orbital energies along +direction, ascending.
    force_of_levels : float, hartree/bohr
        V to first order in the filling.
    force_of_filling : float, hartree/bohr
        V with the orbitals filled, or None where that state was not found.
    filling_energy : float, hartree
        E_f, or None.
    step : float, bohr
    """

    direction: Direction
    sign: int
    slopes: tuple[Floats, ...]
    force_of_levels: float
    force_of_filling: float | None
    filling_energy: float | None
    step: float

    @property
    def force(self) -> float:
        """V, hartree/bohr, the better one."""
        return self.force_of_levels if self.force_of_filling is None else self.force_of_filling

    @property
    def stabilisation(self) -> float | None:
        """V^2 / (2 K), hartree; None where the mode is not stable by itself."""
        stiffness = self.direction.modes.force_constant
        return 0.5 * self.force**2 / stiffness if stiffness > 0 else None

    @property
    def distortion(self) -> float | None:
        """V / K, bohr; None where the mode is not stable by itself."""
        stiffness = self.direction.modes.force_constant
        return self.force / stiffness if stiffness > 0 else None


def couplings_along(
    direction: Direction,
    cluster: Cluster,
    levels: Sequence[OpenLevel],
    surface: FillableSurface,
    *,
    step: float = COUPLING_STEP,
) -> tuple[Coupling, ...]:
    """Linear coupling constants along a direction, one Coupling for each of its signs.

    Parameters
    ----------
    direction : Direction
    cluster : Cluster
        The symmetric geometry.
    levels : sequence of OpenLevel
    surface : FillableSurface
        Of the state with equal shares.
    step : float, bohr
        Halved up to two times, until the shares stay equal.

    Returns
    -------
    tuple of Coupling

    Raises
    ------
    InputError
        The shares do not stay equal however small the step.
    ScfNotConverged
        At a displaced geometry.
    """
    step, points = _displaced(cluster, levels, direction, surface, step)
    slopes = tuple(_slopes(level, points[1], points[-1], step) for level in levels)
    couplings = []
    for sign in direction.signs:
        force, energy = _filling(sign, levels, direction, surface, points)
        couplings.append(
            Coupling(
                direction=direction,
                sign=sign,
                slopes=slopes,
                force_of_levels=-sum(lowest_sum(sign * s, lv) for s, lv in zip(slopes, levels, strict=True)),
                force_of_filling=force,
                filling_energy=energy,
                step=step,
            )
        )
    return tuple(couplings)


def _displaced(
    cluster: Cluster,
    levels: Sequence[OpenLevel],
    direction: Direction,
    surface: FillableSurface,
    step: float,
) -> tuple[float, dict[int, SurfacePoint]]:
    """The step that was taken, and the points to either side, {1: point, -1: point}."""
    centre = surface.point(cluster)
    for halving in range(STEP_HALVINGS):
        h = step / 2**halving
        points = {
            side: surface.point(cluster.at(cluster.positions + side * h * direction.vector), centre.restart)
            for side in (1, -1)
        }
        if all(_is_equal(point, level) for point in points.values() for level in levels):
            return h, points
    raise InputError(
        f"the level splits so strongly along {direction.modes.irrep} that its shares do not stay equal "
        f"within {h:g} bohr; give a smaller step"
    )


def _is_equal(point: SurfacePoint, level: OpenLevel) -> bool:
    shares = point.details["occupation"][level.spin][list(level.indices)]
    return float(np.ptp(shares)) < SHARE_SPREAD_LIMIT


def _slopes(level: OpenLevel, plus: SurfacePoint, minus: SurfacePoint, step: float) -> Floats:
    """Slopes of a linearly splitting level: ascending on one side is descending on the other."""
    up, down = (p.details["mo_energy"][level.spin][list(level.indices)] for p in (plus, minus))
    slopes: Floats = (np.sort(up) - np.sort(down)[::-1]) / (2 * step)
    return slopes


def _filling(
    sign: int,
    levels: Sequence[OpenLevel],
    direction: Direction,
    surface: FillableSurface,
    points: Mapping[int, SurfacePoint],
) -> tuple[float | None, float | None]:
    """Mean over both sides of the force along sign * direction and of the energy, beyond equal shares.

    The orbitals that are lowest on the side that the electrons pull to are the highest on the other one.
    """
    forces, energies = [], []
    for side, which in ((sign, 1), (-sign, -1)):
        try:
            filled = surface.filled(points[side], levels, which)
        except ScfNotConverged:
            return None, None
        forces.append(sign * float(np.sum((filled.forces - points[side].forces) * direction.vector)))
        energies.append(filled.energy - points[side].energy)
    return float(np.mean(forces)), float(np.mean(energies))


def linear_stabilisation(couplings: Sequence[Coupling]) -> float | None:
    """Gain in the linear model, at its largest.

        sum of V^2 / 2K over modes of one representation that share an epikernel, less the energy of filling

    Parameters
    ----------
    couplings : sequence of Coupling

    Returns
    -------
    float, hartree
        None without couplings, or with a soft mode.

    Notes
    -----
    An upper bound where a representation couples in two ways, as h does in H x h. A filling that is not
    known along each of these modes is left out.
    """
    if any(coupling.stabilisation is None for coupling in couplings):
        return None
    return max((_gain(shared) for shared in _fillings(couplings)), default=None)


def _gain(couplings: Sequence[Coupling]) -> float:
    """Gain along modes that share a filling, which is paid once; all stable, all energies known."""
    gains = sum(coupling.stabilisation or 0.0 for coupling in couplings)
    return gains - max(coupling.filling_energy or 0.0 for coupling in couplings)


def _fillings(couplings: Sequence[Coupling]) -> Iterator[tuple[Coupling, ...]]:
    """Tuples of couplings with one representation, epikernel and filling, one coupling of each mode.

    Notes
    -----
    Which sign of a direction is which is arbitrary, mode by mode; the same electrons in the same
    orbitals cost the same energy of filling along each.
    """
    shared: dict[Any, dict[Direction, list[Coupling]]] = {}
    for coupling in couplings:
        direction = coupling.direction
        key = (direction.modes.irrep, tuple(direction.subgroup.members))
        shared.setdefault(key, {}).setdefault(direction, []).append(coupling)
    for modes in shared.values():
        yield from (choice for choice in product(*modes.values()) if _is_same_filling(choice))


def _is_same_filling(couplings: Sequence[Coupling]) -> bool:
    energies = [coupling.filling_energy for coupling in couplings if coupling.filling_energy is not None]
    return len(energies) == len(couplings) and float(np.ptp(energies)) < FILLING_ENERGY_TOLERANCE
