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

from dataclasses import dataclass

import numpy as np

from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.jahn_teller.degenerate_modes import Direction
from clusterdft.jahn_teller.open_shells import lowest_sum

STEP = 0.05  # bohr along a displacement of unit length
HALVINGS = 3  # of the step, where the level splits by so much that its shares are no longer equal
SHARE_SPREAD_LIMIT = 1e-3  # electrons


@dataclass(frozen=True, kw_only=True, eq=False)
class Coupling:
    """Linear coupling along one direction of an active mode.

    Attributes
    ----------
    direction : Direction
    sign : 1 or -1, which way along it
    slopes : for each open level the (degeneracy,) derivatives of its orbital energies along +direction,
        hartree/bohr, ascending
    force_of_levels : V to first order in the filling, hartree/bohr
    force_of_filling : V with the orbitals filled, or None where that state was not found
    filling_energy : E_f, hartree, or None
    step : bohr
    """

    direction: Direction
    sign: int
    slopes: tuple[np.ndarray, ...]
    force_of_levels: float
    force_of_filling: float | None
    filling_energy: float | None
    step: float

    @property
    def force(self):
        """V, hartree/bohr, the better one."""
        return self.force_of_levels if self.force_of_filling is None else self.force_of_filling

    @property
    def stabilisation(self):
        """V^2 / (2 K), hartree; None where the mode is not stable by itself."""
        stiffness = self.direction.modes.force_constant
        return 0.5 * self.force**2 / stiffness if stiffness > 0 else None

    @property
    def distortion(self):
        """V / K, bohr; None where the mode is not stable by itself."""
        stiffness = self.direction.modes.force_constant
        return self.force / stiffness if stiffness > 0 else None


def coupling(cluster, levels, direction, equal, *, step=STEP):
    """Linear coupling constants along a direction, one Coupling for each of its signs.

    Parameters
    ----------
    cluster : Cluster, the symmetric geometry
    levels : tuple of OpenLevel
    direction : Direction
    equal : EqualOccupationSurface, or another whose points have "mo_energy" and "occupation" among their
        details and whose method `filled` gives the same geometry with whole electrons
    step : bohr

    Returns
    -------
    tuple of Coupling

    Raises
    ------
    InputError
        the shares do not stay equal however small the step
    ScfNotConverged
        at a displaced geometry
    """
    step, points = _displaced(cluster, levels, direction, equal, step)
    slopes = tuple(_slopes(level, points[1], points[-1], step) for level in levels)
    found = []
    for sign in direction.signs:
        force, energy = _filling(sign, levels, direction, equal, points)
        found.append(
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
    return tuple(found)


def _displaced(cluster, levels, direction, equal, step):
    """The step that was taken, and the points to either side, {1: point, -1: point}."""
    centre = equal.point(cluster)
    for halving in range(HALVINGS):
        h = step / 2**halving
        points = {
            side: equal.point(cluster.at(cluster.positions + side * h * direction.vector), centre.restart)
            for side in (1, -1)
        }
        if all(_is_equal(point, level) for point in points.values() for level in levels):
            return h, points
    raise InputError(
        f"the level splits so strongly along {direction.modes.irrep} that its shares do not stay equal "
        f"within {h:g} bohr; give a smaller step"
    )


def _is_equal(point, level):
    shares = point.details["occupation"][level.spin][list(level.indices)]
    return float(np.ptp(shares)) < SHARE_SPREAD_LIMIT


def _slopes(level, plus, minus, step):
    """Slopes of a linearly splitting level: ascending on one side is descending on the other."""
    up, down = (p.details["mo_energy"][level.spin][list(level.indices)] for p in (plus, minus))
    return (np.sort(up) - np.sort(down)[::-1]) / (2 * step)


def _filling(sign, levels, direction, equal, points):
    """Mean over both sides of the force along sign * direction and of the energy, beyond equal shares.

    The orbitals that are lowest on the side that the electrons pull to are the highest on the other one.
    """
    forces, energies = [], []
    for side, which in ((sign, 1), (-sign, -1)):
        try:
            filled = equal.filled(points[side], levels, which)
        except ScfNotConverged:
            return None, None
        forces.append(sign * float(np.sum((filled.forces - points[side].forces) * direction.vector)))
        energies.append(filled.energy - points[side].energy)
    return float(np.mean(forces)), float(np.mean(energies))
