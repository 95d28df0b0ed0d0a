"""The norm-conserving construction of Hamann, Schlueter and Chiang, for one orbital of a radial atom."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from clusterdft.arrays import Floats
from clusterdft.atom import RadialMesh, bound_state
from clusterdft.errors import InputError
from clusterdft.units import MOMENTUM_LETTERS

STEEPNESS = 3.5  # of the cutoff exp(-x^3.5), after Bachelet, Hamann and Schlueter
SMALLEST_CUTOFF = 1e-10  # of the cutoff function; where it is smaller, nothing is changed any more


@dataclass(frozen=True, kw_only=True, eq=False)
class PseudoOrbital:
    """A nodeless orbital and the screened potential that has it as its lowest state.

    Attributes
    ----------
    l : int
        Angular momentum.
    energy : hartree
        The all-electron eigenvalue.
    cutoff_radius : bohr
    orbital : (n,)
        P = r R, equal to the all-electron one outside the cutoff.
    potential : (n,) hartree
        Screened.
    reach : bohr
        The radius beyond which orbital and potential are the all-electron ones.
    """

    l: int  # noqa: E741 - the angular momentum is called l
    energy: float
    cutoff_radius: float
    orbital: Floats
    potential: Floats
    reach: float


def cutoff(r: Floats, cutoff_radius: float) -> Floats:
    """The cutoff function, f(r / rc) = exp(-(r / rc)^3.5).

    Parameters
    ----------
    r : (n,) bohr
    cutoff_radius : bohr

    Returns
    -------
    (n,)
    """
    f: Floats = np.exp(-((r / cutoff_radius) ** STEEPNESS))
    return f


def pseudo_orbital(
    mesh: RadialMesh,
    potential: Floats,
    *,
    l: int,  # noqa: E741
    energy: float,
    orbital: Floats,
    cutoff_radius: float,
) -> PseudoOrbital:
    """Norm-conserving pseudo-orbital and screened pseudopotential.

        V1 = (1 - f) V + c f,  c such that its lowest state w1 has the eigenvalue E
        w2 = g (w1 + d r^(l+1) f),  g = P / w1 outside,  d such that int w2^2 = int P^2 inside
        V2 = V1 + g d r^(l+1) f / (2 w2) { [s^2 x^2s - s (2 l + s + 1) x^s] / r^2 + 2 E - 2 V1 }
        x = r / rc,  s = 3.5

    Parameters
    ----------
    mesh : RadialMesh
    potential : (n,) hartree
        All-electron, screened.
    l, energy, orbital : int, hartree, (n,)
        Angular momentum, eigenvalue and P = r R of the all-electron state.
    cutoff_radius : bohr
        Between the outermost node and the outermost maximum of P.

    Returns
    -------
    PseudoOrbital

    Raises
    ------
    InputError
        The cutoff radius is inside a node or beyond the maximum.

    References
    ----------
    Hamann, Schlueter, Chiang, Phys. Rev. Lett. 43, 1494 (1979);
    Bachelet, Hamann, Schlueter, Phys. Rev. B 26, 4199 (1982), eqs (2.1) to (2.9)
    """
    r = mesh.r
    orbital = with_unit_norm(mesh, orbital)
    check_cutoff(mesh, orbital, l, cutoff_radius)
    f = cutoff(r, cutoff_radius)
    first = (1 - f) * potential + f * _depth(mesh, potential, f, l, energy)
    w1 = bound_state(mesh, first, l=l, nodes=0).orbital
    edge = int(np.argmax(f < SMALLEST_CUTOFF))
    ratio = orbital[edge] / w1[edge]
    bump = r ** (l + 1) * f
    delta = _norm_shift(mesh, orbital, w1, bump, ratio, edge)
    w2 = ratio * (w1 + delta * bump)
    x = (r / cutoff_radius) ** STEEPNESS
    curvature = (STEEPNESS * x) * (STEEPNESS * x - 2 * l - STEEPNESS - 1) / r**2 + 2 * energy - 2 * first
    second = first + np.divide(ratio * delta * bump * curvature, 2 * w2, out=np.zeros_like(r), where=bump > 0)
    return PseudoOrbital(
        l=l, energy=energy, cutoff_radius=cutoff_radius, orbital=w2, potential=second, reach=float(r[edge])
    )


def outermost_node_and_maximum(mesh: RadialMesh, orbital: Floats) -> tuple[float, float]:
    """Radii of the last sign change and of the last maximum of |P|.

    Parameters
    ----------
    mesh : RadialMesh
    orbital : (n,)

    Returns
    -------
    node : bohr
        0 where there is none.
    maximum : bohr
    """
    size = np.abs(orbital)
    seen = np.flatnonzero(size > 1e-6 * size.max())
    signs = np.sign(orbital[seen])
    changes = np.flatnonzero(signs[1:] != signs[:-1])
    last = seen[changes[-1] + 1] if len(changes) else 0
    peak = last + int(np.argmax(size[last:]))
    return (float(mesh.r[last]) if len(changes) else 0.0), float(mesh.r[peak])


def check_cutoff(mesh: RadialMesh, orbital: Floats, l: int, cutoff_radius: float) -> None:  # noqa: E741
    """Refuse a cutoff radius that the construction cannot use.

    Raises
    ------
    InputError
        It is inside the outermost node or beyond the outermost maximum.
    """
    node, peak = outermost_node_and_maximum(mesh, orbital)
    if not node < cutoff_radius <= peak:
        where = "inside the outermost node" if cutoff_radius <= node else "beyond the outermost maximum"
        raise InputError(
            f"the cutoff radius {cutoff_radius:g} bohr for {MOMENTUM_LETTERS[l]} is {where}: "
            f"the orbital has its last node at {node:.3f} and its last maximum at {peak:.3f} bohr; "
            f"take about {max(0.55 * peak, 1.1 * node):.2f}"
        )


def with_unit_norm(mesh: RadialMesh, orbital: Floats) -> Floats:
    """P with unit norm, positive in its tail.

    Parameters
    ----------
    mesh : RadialMesh
    orbital : (n,)

    Returns
    -------
    (n,) bohr^(-1/2)
    """
    _, peak = outermost_node_and_maximum(mesh, orbital)
    sign = np.sign(orbital[np.searchsorted(mesh.r, peak)])
    p: Floats = sign * orbital / np.sqrt(mesh.integrate(orbital**2))
    return p


def _depth(mesh: RadialMesh, potential: Floats, f: Floats, l: int, energy: float) -> float:  # noqa: E741
    """The c of V1 = (1 - f) V + c f with lowest eigenvalue `energy`, hartree."""

    def miss(c: float) -> float:
        return bound_state(mesh, (1 - f) * potential + c * f, l=l, nodes=0).energy - energy

    low, high = energy - 1.0, energy + 1.0
    while miss(low) > 0:
        low -= 2 * (energy - low)
    while _is_below(miss, high):
        high += 2 * (high - energy)
    depth: float = brentq(miss, low, high, xtol=1e-13, rtol=1e-15)
    return depth


def _is_below(miss: Callable[[float], float], c: float) -> bool:
    """Whether the state at this c still lies below the wanted energy; an unbound one lies above."""
    try:
        return miss(c) < 0
    except InputError:
        return False


def norm_inside(mesh: RadialMesh, orbital: Floats, edge: int) -> float:
    """Norm of P from the nucleus to the mesh point `edge`, int P^2 dr.

    Returns
    -------
    float
    """
    return float(mesh.cumulative(orbital**2)[edge])


def _norm_shift(
    mesh: RadialMesh, orbital: Floats, w1: Floats, bump: Floats, ratio: float, edge: int
) -> float:
    """The d of smaller size with int [g (w1 + d bump)]^2 = int P^2, both up to the edge."""
    a = norm_inside(mesh, bump, edge)
    b = float(mesh.cumulative(w1 * bump)[edge])
    c = norm_inside(mesh, w1, edge) - norm_inside(mesh, orbital, edge) / ratio**2
    root = b * b - a * c
    if root < 0:
        raise InputError(
            "no pseudo-orbital has the norm of the all-electron one at this cutoff radius; change it by 10 %"
        )
    return float(-c / (b + np.copysign(np.sqrt(root), b)))
